/* factbox plugin `{{id}}`. As `factbox plugin new` wrote it: words in capitals of a minimum length. Put your idea in place of `process`.
 *
 * The text is UTF-8, a pointer and a length, with no NUL at its end. Offsets are bytes. What is emitted is copied before `emit` returns. */
#include "factbox.h"
#include <stdlib.h>
#include <string.h>

FBX_META("{\"factbox\":1,\"abi\":[1,0],\"id\":\"{{id}}\",\"version\":\"0.1.0\",\"summary\":\"words in capitals\","
         "\"requires\":[{{requires_c}}],"
         "\"provides\":[{\"layer\":\"{{layer}}\",\"prefix\":\"{{prefix}}\",\"doc\":\"words in capitals\","
         "\"attributes\":[{\"name\":\"length\",\"type\":\"integer\",\"doc\":\"letters it has\"}]}],"
         "\"options\":[{\"name\":\"min-length\",\"type\":\"integer\",\"default\":4,\"min\":1,\"max\":100,"
         "\"doc\":\"letters a word must have\"}]}");

struct instance {
  long min_length;
  uint32_t length;
};

static fbx_str str(const char *text) { return (fbx_str){(const uint8_t *)text, strlen(text)}; }

/* The whole number that stands behind "key": in the options, which the host has checked and written without spaces. */
static long option_integer(fbx_str config, const char *key, long otherwise) {
  size_t n = strlen(key);
  for (size_t i = 0; i + n <= config.len; i++) {
    if (memcmp(config.ptr + i, key, n) != 0) continue;
    long value = 0;
    for (i += n; i < config.len && config.ptr[i] >= '0' && config.ptr[i] <= '9'; i++) value = value * 10 + (config.ptr[i] - '0');
    return value;
  }
  return otherwise;
}

static fbx_status create(const fbx_host *host, fbx_str config, void **out) {
  struct instance *self = malloc(sizeof *self);
  if (!self) return FBX_ERROR;
  self->min_length = option_integer(config, "\"min-length\":", 4);
  self->length = host->intern(host->intern_ctx, str("length"));
  *out = self;
  return FBX_OK;
}

static int upper(uint8_t c) { return c >= 'A' && c <= 'Z'; }
static int wordlike(uint8_t c) { return upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80; }

static fbx_status process(void *instance, const fbx_doc *doc, const fbx_sink *sink) {
  const struct instance *self = instance;
  const uint8_t *text = doc->text.ptr;
  size_t i = 0;
  while (i < doc->text.len) {
    if (!wordlike(text[i])) {
      i++;
      continue;
    }
    size_t start = i;
    int capitals = 1;
    for (; i < doc->text.len && wordlike(text[i]); i++) capitals &= upper(text[i]);
    if (capitals && (long)(i - start) >= self->min_length) {
      fbx_attr length = {.key = self->length, .tag = FBX_INT, .v.i = (int64_t)(i - start)};
      fbx_ann ann = {.start = (uint32_t)start, .end = (uint32_t)i, .score = 0.0f / 0.0f, .attr_first = 0, .attr_count = 1};
      sink->emit(sink, 0, &ann, 1, &length, 1);
    }
    if (doc->cancel && __atomic_load_n(doc->cancel, __ATOMIC_RELAXED)) return FBX_CANCELLED;
  }
  return FBX_OK;
}

static void destroy(void *instance) { free(instance); }

static const fbx_plugin plugin = {sizeof plugin, FBX_ABI_MINOR, 0, 0, create, process, destroy};

FBX_EXPORT const fbx_plugin *factbox_plugin_v1(uint32_t host_minor) {
  (void)host_minor; /* nothing newer than minor 0 is used, so every host of the major serves */
  return &plugin;
}
