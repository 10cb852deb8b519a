/* Runs the plugin over a file, over every beginning of it, and over texts made at random out of its characters and those that the plugin looks for. Each text lies in
 * memory of exactly its length, so that under the sanitizers one byte read too far ends the program. */
#include "factbox.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const fbx_plugin *factbox_plugin_v1(uint32_t host_minor);

static size_t text_length, found;

static fbx_status emit(const fbx_sink *sink, uint32_t layer, const fbx_ann *anns, size_t n, const fbx_attr *attrs, size_t n_attrs) {
  (void)sink, (void)layer, (void)n_attrs;
  for (size_t i = 0; i < n; i++) {
    if (anns[i].start >= anns[i].end || anns[i].end > text_length) abort();
    unsigned sum = 0;
    for (size_t j = 0; j < attrs[i].v.s.len; j++) sum += attrs[i].v.s.ptr[j];
    found += sum > 0;
  }
  return FBX_OK;
}

static uint32_t intern(void *ctx, fbx_str name) {
  (void)name;
  return ++*(uint32_t *)ctx;
}

static void run(void *instance, const fbx_sink *sink, const char *bytes, size_t n) {
  uint8_t *text = malloc(n ? n : 1);
  if (!text) abort();
  memcpy(text, bytes, n);
  fbx_doc doc = {.size = sizeof doc, .text = {text, n}};
  text_length = n;
  if (factbox_plugin_v1(0)->process(instance, &doc, sink) != FBX_OK) abort();
  free(text);
}

int main(int argc, char **argv) {
  static char article[1 << 16];
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 2;
  size_t n = fread(article, 1, sizeof article, file);
  fclose(file);
  uint32_t names = 0;
  fbx_sink sink = {.size = sizeof sink, .emit = emit};
  fbx_host host = {.size = sizeof host, .intern = intern, .intern_ctx = &names, .sink = &sink};
  const char *config = "{\"kinds\":[\"email\",\"url\",\"phone\"],\"min-digits\":7}";
  void *instance = NULL;
  if (factbox_plugin_v1(0)->create(&host, (fbx_str){(const uint8_t *)config, strlen(config)}, &instance) != FBX_OK) return 3;
  for (size_t end = 0; end <= n; end++) run(instance, &sink, article, end);
  static const char *const pieces[] = {"@", ".", "www.", "https://", "http://", ":", "/", "(", ")", "+", "-", " ", "1", "555", "0100", "a", "Zz", "_", "\xc3\xa9", "\xe2\x80\x94", "com", ",", "%", "'", "\n", "\0"};
  uint64_t state = 88172645463325252u;
  for (int round = 0; round < 200000; round++) {
    char text[256];
    size_t length = 0;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    size_t want = state % 40;
    for (size_t i = 0; i < want; i++) {
      state ^= state << 13, state ^= state >> 7, state ^= state << 17;
      const char *piece = pieces[state % (sizeof pieces / sizeof *pieces)];
      size_t m = *piece ? strlen(piece) : 1;
      if (length + m > sizeof text) break;
      memcpy(text + length, piece, m), length += m;
    }
    run(instance, &sink, text, length);
  }
  factbox_plugin_v1(0)->destroy(instance);
  printf("%zu found\n", found);
  return found == 0;
}
