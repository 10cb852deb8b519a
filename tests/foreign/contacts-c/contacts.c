/* factbox plugin `contacts`: e-mail addresses, addresses of the web and phone numbers.
 *
 * One pass over the bytes. Each kind has a character that gives it away: `@`, the colon of `://` or the dot of `www.`, a digit or `+` that no word runs into. Around
 * it a bounded stretch is looked at, so the time is linear whatever the text. Nothing is allocated per article, nothing is read past the text's
 * end, and nothing but ASCII is compared, so every span begins and ends on a character. */
#include "factbox.h"
#include <stdlib.h>
#include <string.h>

FBX_META("{\"factbox\":1,\"abi\":[1,0],\"id\":\"contacts\",\"version\":\"0.1.0\","
         "\"summary\":\"e-mail addresses, web addresses and phone numbers\",\"requires\":[],"
         "\"provides\":[{\"layer\":\"contacts\",\"prefix\":\"k\",\"doc\":\"ways to get in touch\",\"kind\":\"kind\","
         "\"kinds\":[\"email\",\"url\",\"phone\"],\"attributes\":["
         "{\"name\":\"host\",\"type\":\"string\",\"doc\":\"of addresses: the host in lower case\"},"
         "{\"name\":\"number\",\"type\":\"string\",\"doc\":\"of phone numbers: the digits, with + where it is international\"}]}],"
         "\"options\":[{\"name\":\"kinds\",\"type\":\"list\",\"default\":[\"email\",\"url\",\"phone\"],"
         "\"values\":[\"email\",\"url\",\"phone\"],\"doc\":\"what to find\"},"
         "{\"name\":\"min-digits\",\"type\":\"integer\",\"default\":7,\"min\":5,\"max\":15,\"doc\":\"digits a phone number must have\"}]}");

enum { EMAIL, URL, PHONE, KINDS };
enum { LONGEST_LOCAL = 64, LONGEST_HOST = 253, LONGEST_URL = 2048, LONGEST_PHONE = 40, MOST_DIGITS = 15 };

struct instance {
  uint32_t kind[KINDS], host, number;
  int wanted[KINDS];
  size_t min_digits;
};

static fbx_str str(const char *text) { return (fbx_str){(const uint8_t *)text, strlen(text)}; }

/* The place behind `key` in JSON that the host wrote itself, without spaces; 0 if it is not there. */
static size_t behind(fbx_str json, const char *key) {
  size_t n = strlen(key);
  for (size_t i = 0; i + n <= json.len; i++)
    if (memcmp(json.ptr + i, key, n) == 0) return i + n;
  return 0;
}

static fbx_status create(const fbx_host *host, fbx_str config, void **out) {
  static const char *const names[KINDS] = {"email", "url", "phone"};
  static const char *const quoted[KINDS] = {"\"email\"", "\"url\"", "\"phone\""};
  struct instance *self = calloc(1, sizeof *self);
  if (!self) return FBX_ERROR;
  size_t from = behind(config, "\"kinds\":["), to = from; /* the host has filled in every option */
  while (to < config.len && config.ptr[to] != ']') to++;
  fbx_str list = {config.ptr + from, to - from};
  for (int k = 0; k < KINDS; k++) {
    self->kind[k] = host->intern(host->intern_ctx, str(names[k]));
    self->wanted[k] = behind(list, quoted[k]) > 0;
  }
  self->host = host->intern(host->intern_ctx, str("host"));
  self->number = host->intern(host->intern_ctx, str("number"));
  for (size_t i = behind(config, "\"min-digits\":"); i < config.len && config.ptr[i] >= '0' && config.ptr[i] <= '9'; i++)
    self->min_digits = self->min_digits * 10 + (size_t)(config.ptr[i] - '0');
  *out = self;
  return FBX_OK;
}

static int digit(uint8_t c) { return c >= '0' && c <= '9'; }
static int letter(uint8_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static int alnum(uint8_t c) { return letter(c) || digit(c); }
static int one_of(uint8_t c, const char *set) { return c != 0 && c < 0x80 && strchr(set, c) != NULL; }
static uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c; }

/* The end of a host name that begins at `at`: labels of letters, digits and hyphens, the last of two letters or more. `at` if there is none. */
static size_t host_end(fbx_str text, size_t at) {
  size_t limit = text.len - at < LONGEST_HOST ? text.len : at + LONGEST_HOST;
  size_t end = at, label = at, i = at;
  int labels = 0, letters = 1;
  for (;; i++) {
    int inside = i < limit && (alnum(text.ptr[i]) || (text.ptr[i] == '-' && i > label));
    if (inside) {
      letters &= letter(text.ptr[i]);
      continue;
    }
    if (i == label || text.ptr[i - 1] == '-') break;
    labels++;
    if (labels > 1 && letters && i - label >= 2) end = i;
    if (i + 1 >= limit || text.ptr[i] != '.') break;
    label = i + 1;
    letters = 1;
  }
  /* A name cut off by the limit or running on in another script is none. */
  if (end == i && i < text.len && text.ptr[i] >= 0x80) return at;
  return end;
}

struct found {
  size_t start, end, host_start, host_end;
};

/* The e-mail address around the `@` at `at`; nothing before `from` belongs to it. */
static int email(fbx_str text, size_t at, size_t from, struct found *f) {
  size_t start = at;
  while (start > from && at - start < LONGEST_LOCAL && (alnum(text.ptr[start - 1]) || one_of(text.ptr[start - 1], "._%+-'"))) start--;
  while (start < at && one_of(text.ptr[start], ".'-")) start++;
  if (start == at || text.ptr[at - 1] == '.' || text.ptr[at - 1] == '\'') return 0;
  if (start > from && text.ptr[start - 1] >= 0x80) return 0;
  size_t end = host_end(text, at + 1);
  if (end == at + 1) return 0;
  *f = (struct found){start, end, at + 1, end};
  return 1;
}

static int begins(fbx_str text, size_t at, const char *word) {
  size_t n = strlen(word);
  if (text.len - at < n) return 0;
  for (size_t i = 0; i < n; i++)
    if (lower(text.ptr[at + i]) != (uint8_t)word[i]) return 0;
  return 1;
}

/* The web address that begins at `at`, with or without a scheme. */
static int url(fbx_str text, size_t at, struct found *f) {
  size_t scheme = begins(text, at, "https://") ? 8 : begins(text, at, "http://") ? 7 : 0;
  if (scheme == 0 && !begins(text, at, "www.")) return 0;
  size_t host = at + scheme, end = host_end(text, host);
  if (end == host) return 0;
  f->start = at, f->host_start = host, f->host_end = end;
  if (end < text.len && one_of(text.ptr[end], ":/?#")) {
    size_t limit = text.len - at < LONGEST_URL ? text.len : at + LONGEST_URL, i = end, open = 0;
    for (; i < limit && (alnum(text.ptr[i]) || one_of(text.ptr[i], "-._~:/?#[]@!$&'()*+,;=%")); i++) {
      if (text.ptr[i] == '(') open++;
      if (text.ptr[i] == ')' && open-- == 0) break;
    }
    /* Punctuation at the end belongs to the sentence. */
    while (i > end && one_of(text.ptr[i - 1], ".,;:!?'")) i--;
    end = i;
  }
  f->end = end;
  return 1;
}

/* The phone number that begins at `at`: groups of digits with single joints. It is international, or its groups look like a number that is dialled:
 * three or more of them, or an area code in brackets. Dates, sums and ranges of years do not. */
static int phone(fbx_str text, size_t at, size_t min_digits, struct found *f, uint8_t *number, size_t *n) {
  size_t i = at, digits = 0, groups = 0, group = 0, longest = 0, last = 0, end = at;
  int plus = text.ptr[at] == '+', bracket = 0, point = 0, sum = 1;
  size_t limit = text.len - at < LONGEST_PHONE ? text.len : at + LONGEST_PHONE;
  *n = 0;
  if (plus) number[(*n)++] = '+', i++;
  while (i < limit) {
    uint8_t c = text.ptr[i];
    if (digit(c)) {
      if (digits == MOST_DIGITS) return 0;
      if (group++ == 0) groups++;
      if (group > longest) longest = group;
      last = group;
      number[(*n)++] = c;
      digits++, i++, end = i;
      continue;
    }
    /* Groups of three behind the first: a sum such as 1 250 000. */
    if (groups > 1 && group != 3) sum = 0;
    group = 0;
    int next = i + 1 < limit && (digit(text.ptr[i + 1]) || (text.ptr[i + 1] == '(' && i + 2 < limit && digit(text.ptr[i + 2])));
    if (c == '(' && !bracket && i + 1 < limit && digit(text.ptr[i + 1])) bracket = 1, i++;
    else if (c == ')' && bracket == 1 && i + 1 < limit && (digit(text.ptr[i + 1]) || (one_of(text.ptr[i + 1], " -") && i + 2 < limit && digit(text.ptr[i + 2]))))
      bracket = 2, i += digit(text.ptr[i + 1]) ? 1 : 2;
    else if (one_of(c, " -.") && next && bracket != 1) point |= c == '.', i++;
    else break;
  }
  if (bracket == 1) return 0;
  if (end < text.len && (alnum(text.ptr[end]) || text.ptr[end] >= 0x80 || one_of(text.ptr[end], "%$/"))) return 0;
  if (end + 1 < text.len && one_of(text.ptr[end], ",:-") && digit(text.ptr[end + 1])) return 0;
  if (digits < min_digits) return 0;
  if (plus ? groups > 7 : !((groups >= 3 && groups <= 6 && longest >= 3 && !(digits == 8 && longest == 4 && groups == 3)) || bracket == 2)) return 0;
  if (groups > 1 && last != 3) sum = 0;
  if (!plus && bracket == 0 && (sum || (point && !(digits == 10 && last == 4)))) return 0;
  *f = (struct found){at, end, at, at};
  return 1;
}

static void tell(const fbx_sink *sink, uint32_t kind, const struct found *f, uint32_t key, const uint8_t *value, size_t n) {
  fbx_attr attr = {.key = key, .tag = FBX_STR, .v.s = {value, n}};
  fbx_ann ann = {.start = (uint32_t)f->start, .end = (uint32_t)f->end, .kind = kind, .score = __builtin_nanf(""), .attr_first = 0, .attr_count = 1};
  sink->emit(sink, 0, &ann, 1, &attr, 1);
}

static fbx_status process(void *instance, const fbx_doc *doc, const fbx_sink *sink) {
  const struct instance *self = instance;
  fbx_str text = doc->text;
  uint8_t buffer[LONGEST_HOST + 1];
  size_t done = 0; /* what was found ends here */
  for (size_t i = 0; i < text.len; i++) {
    uint8_t c = text.ptr[i];
    struct found f;
    size_t n = 0;
    int kind = KINDS;
    uint8_t before = i > done ? text.ptr[i - 1] : ' ';
    if ((i & 0xfff) == 0 && doc->cancel && __atomic_load_n(doc->cancel, __ATOMIC_RELAXED)) return FBX_CANCELLED;
    if (c == '@' && self->wanted[EMAIL] && email(text, i, done, &f)) kind = EMAIL;
    else if ((lower(c) == 'h' || lower(c) == 'w') && self->wanted[URL] && !alnum(before) && before < 0x80 && before != '@' && before != '.' && url(text, i, &f)) kind = URL;
    else if ((c == '+' || c == '(' || digit(c)) && self->wanted[PHONE] && !alnum(before) && before < 0x80 && !one_of(before, "+.,-/$#:@_(") &&
             phone(text, i, self->min_digits, &f, buffer, &n)) kind = PHONE;
    else if (digit(c)) {
      /* The digits of a number that is none are passed over at once. */
      while (i + 1 < text.len && digit(text.ptr[i + 1])) i++;
    }
    if (kind == KINDS) continue;
    if (kind != PHONE)
      for (size_t j = f.host_start; j < f.host_end; j++) buffer[n++] = lower(text.ptr[j]);
    tell(sink, self->kind[kind], &f, kind == PHONE ? self->number : self->host, buffer, n);
    done = f.end;
    i = f.end - 1;
  }
  return FBX_OK;
}

static void destroy(void *instance) { free(instance); }

static const fbx_plugin plugin = {sizeof plugin, FBX_ABI_MINOR, 0, 0, create, process, destroy};

FBX_EXPORT const fbx_plugin *factbox_plugin_v1(uint32_t host_minor) {
  (void)host_minor; /* nothing newer than minor 0 is used, so every host of the major serves */
  return &plugin;
}
