/* factbox.h: the factbox plugin ABI, major 1, minor 0.
 *
 * A plugin is a shared library with two exported symbols: factbox_plugin_meta (data, read WITHOUT loading the library) and
 * factbox_plugin_v1 (a function). Everything a plugin reads or writes is a layer: a list of annotations of the article's text.
 *
 * RULES
 *  1. A new major gets a new function name (factbox_plugin_v2); one library may export both.
 *  2. Every struct that may grow begins with `size` = sizeof as its writer knew it. Fields are only appended. A reader never touches
 *     a field beyond `size`; missing fields mean zero. Reserved bits are zero.
 *  3. OWNERSHIP: whoever allocates frees. The host's pointers are valid only during the call that hands them over. What a plugin
 *     emits is copied by the host's sink before `emit` returns; neither side ever frees the other's memory.
 *  4. Text is UTF-8 (ptr, len), not NUL-terminated. Offsets are BYTE offsets into fbx_doc.text, end exclusive, on character
 *     boundaries. The host checks them and drops what does not hold; it never trusts them.
 *  5. THREADS: the host makes one instance per worker thread; the calls of one instance never overlap. create and destroy are called
 *     from one thread at a time. An instance may move between threads between two calls.
 *  6. No unwinding may cross any function here. A plugin that fails inside returns a negative status; the instance is then
 *     destroyed and made anew, never used again.
 *  7. The host never unloads a library.
 *  8. A plugin writes nothing to stdout: stdout belongs to the records. Use fbx_sink.log. */
#ifndef FACTBOX_H
#define FACTBOX_H
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

#define FBX_ABI_MAJOR 1
#define FBX_ABI_MINOR 0

/* UTF-8, borrowed. ptr may be NULL where len is 0. */
typedef struct {
  const uint8_t *ptr;
  size_t len;
} fbx_str;

/* 0 ok; > 0 soft: this article was not finished; < 0: the instance failed and is made anew. */
typedef int32_t fbx_status;
enum {
  FBX_OK = 0,
  FBX_CANCELLED = 1,   /* the plugin saw *doc.cancel != 0 and stopped */
  FBX_BAD_DOC = 2,     /* this article cannot be processed; say why through sink.error */
  FBX_ERROR = -1,      /* say why through sink.error */
  FBX_BAD_CONFIG = -2, /* from create: say which option through sink.error's key_path */
  FBX_PANIC = -3,
  FBX_BAD_SPAN = -4, /* from emit: an annotation was dropped (the others of the batch were taken) */
  FBX_LIMIT = -5     /* from emit: too many annotations or attributes */
};

/* One annotation, 24 bytes. Its attributes are attrs[attr_first .. attr_first + attr_count] of the same batch or layer.
 * `kind` is an interned name (0: none). `score` is a confidence between 0 and 1; NaN means none given. */
typedef struct {
  uint32_t start, end;
  uint32_t kind;
  float score;
  uint32_t attr_first, attr_count;
} fbx_ann;

enum {
  FBX_INT = 0,
  FBX_FLOAT = 1,
  FBX_STR = 2,
  FBX_SPAN = 3, /* v.p = start, end in the text */
  FBX_REF = 4,  /* v.p = interned layer name, index of the annotation in that layer */
  FBX_BOOL = 5, /* v.i = 0 or 1 */
  FBX_JSON = 6  /* v.s = one JSON value without line ends */
};

/* One attribute, 24 bytes. `key` is an interned name. A key `a.b` becomes field b of object a in the record, a key that ends in `[]`
 * may repeat and becomes a list. The attributes of one object, and of one list, stand side by side. */
typedef struct {
  uint32_t key, tag;
  union {
    int64_t i;
    double f;
    fbx_str s;
    struct {
      uint32_t a, b;
    } p;
  } v;
} fbx_attr;

/* A read-only layer: zones, paragraphs, sentences, tokens (the host's), or what a plugin upstream provided. */
typedef struct {
  uint32_t size, flags;
  fbx_str name; /* empty ptr: an optional layer that nobody provides */
  const fbx_ann *anns;
  size_t n_anns;
  const fbx_attr *attrs;
  size_t n_attrs;
} fbx_layer;

/* The host's layers carry: tokens: exactly three attributes each, in this order: `lower` (STR: the lower-case form, typographic
 * apostrophes folded), `shape` (INT: the bits of factbox_text::Shape), `hash` (INT: FNV-1a 64 of `lower`).
 * zones, paragraphs: one, `zone` (INT): 0 body, 1 headline, 2 subhead, 3 date, 4 byline, 5 dateline, 6 caption, 7 table, 8 boilerplate.
 * sentences: none. */
typedef struct {
  uint32_t size, flags;
  fbx_str id, lang, text, meta_json; /* lang: ISO 639-1; meta_json: the record's `meta` object */
  const fbx_layer *layers;           /* the layers the plugin listed in `requires`, in that order */
  size_t n_layers;
  const uint8_t *cancel; /* poll with a relaxed atomic load: nonzero = return FBX_CANCELLED soon */
} fbx_doc;

typedef struct fbx_sink fbx_sink;
struct fbx_sink {
  uint32_t size, flags;
  void *ctx;
  /* `layer` counts within the plugin's `provides`. Copies. May be called any number of times; indices of references go on counting
   * from batch to batch. A negative status tells that something was dropped; the host has already noted it. */
  fbx_status (*emit)(const fbx_sink *, uint32_t layer, const fbx_ann *, size_t n_anns, const fbx_attr *, size_t n_attrs);
  void (*error)(const fbx_sink *, fbx_str message, fbx_str key_path /* an option's name, may be empty */);
  void (*log)(const fbx_sink *, uint32_t level /* 0 error .. 4 trace */, fbx_str message);
};

typedef struct {
  uint32_t size, abi_minor;
  uint32_t (*intern)(void *intern_ctx, fbx_str name); /* only during create; the same name gives the same id everywhere, never 0 */
  void *intern_ctx;
  const fbx_sink *sink; /* error and log only; valid during create */
  fbx_str data_dir;     /* the folder the library was found in */
} fbx_host;

/* Filled by the plugin, valid for ever. */
typedef struct {
  uint32_t size, abi_minor;
  uint32_t flags; /* reserved, 0 */
  uint32_t reserved;
  /* config_json: every option of the metadata with its value, defaults filled in, checked by the host. */
  fbx_status (*create)(const fbx_host *, fbx_str config_json, void **instance);
  fbx_status (*process)(void *instance, const fbx_doc *, const fbx_sink *);
  void (*destroy)(void *instance);
} fbx_plugin;

/* Returns NULL if it cannot serve host_minor; the host then prints both versions from the metadata. */
typedef const fbx_plugin *(*factbox_plugin_v1_fn)(uint32_t host_minor);

#if defined(_WIN32)
#define FBX_EXPORT __declspec(dllexport)
#else
#define FBX_EXPORT __attribute__((visibility("default")))
#endif
#if defined(__APPLE__)
#define FBX_META_SECTION "__DATA,__factbox"
#else
#define FBX_META_SECTION ".factbox" /* <= 8 characters: fits a PE section name */
#endif

/* The metadata, one JSON object:
 * {"factbox":1,"abi":[1,0],"id":"contacts","version":"0.1.0","summary":"...",
 *  "requires":["tokens","entities?"],                      a `?` marks a layer that may be missing
 *  "provides":[{"layer":"contacts","prefix":"c","doc":"...","kind":"kind","kinds":["email","url"],"score":"confidence",
 *               "attributes":[{"name":"host","type":"string","doc":"..."}]}],
 *  "options":[{"name":"min-length","type":"integer","default":3,"min":1,"doc":"..."}]}
 * Attribute types: integer float string span reference bool json; a reference names its `layer`.
 * Option types: bool integer float string path list (of strings); `values` lists the words a string may be. */
#define FBX_META(json) __attribute__((section(FBX_META_SECTION), used)) FBX_EXPORT const char factbox_plugin_meta[] = json

#ifdef __cplusplus
}
#endif
#endif
