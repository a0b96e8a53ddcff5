/* A growing buffer that MessagePack is written to, and a reader of it.
 *
 * Source: https://github.com/msgpack/msgpack/blob/master/spec.md
 */
#ifndef VX_JS_BYTES_H
#define VX_JS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that one value may take when packed, in bytes. */
#define VX_JS_PACKED_MAX ((size_t)32 * 1024 * 1024)

typedef struct vx_js_bytes {
    char *data;
    size_t len, cap;
    bool failed; /* no memory, or too long: everything after it is lost */
} vx_js_bytes;

void vx_js_bytes_free(vx_js_bytes *b);
void vx_js_put_raw(vx_js_bytes *b, const void *data, size_t len);
void vx_js_put_nil(vx_js_bytes *b);
void vx_js_put_bool(vx_js_bytes *b, bool value);
void vx_js_put_int(vx_js_bytes *b, int64_t value);
/* A whole number as an integer; anything else, and -0, as a double. */
void vx_js_put_number(vx_js_bytes *b, double value);
/* UTF-8, in which halves of surrogate pairs (as the engine writes them) become U+FFFD. */
void vx_js_put_text(vx_js_bytes *b, const char *text, size_t len);
void vx_js_put_binary(vx_js_bytes *b, const void *data, size_t len);
void vx_js_put_ext(vx_js_bytes *b, int type, const void *data, size_t len);
void vx_js_put_ext_int(vx_js_bytes *b, int type, int32_t value);
/* An array, map or extension whose length is known later: the place for vx_js_close_*. */
size_t vx_js_open(vx_js_bytes *b);
void vx_js_close_array(vx_js_bytes *b, size_t place, uint32_t count);
void vx_js_close_map(vx_js_bytes *b, size_t place, uint32_t count);
/* An extension's place is one byte longer. */
size_t vx_js_open_ext(vx_js_bytes *b);
void vx_js_close_ext(vx_js_bytes *b, size_t place, int type);

/* One item as it is read. */
typedef enum vx_js_item_kind {
    VX_JS_ITEM_END, /* nothing left, or malformed */
    VX_JS_ITEM_NIL,
    VX_JS_ITEM_BOOL,
    VX_JS_ITEM_INT,
    VX_JS_ITEM_DOUBLE,
    VX_JS_ITEM_TEXT,
    VX_JS_ITEM_BINARY,
    VX_JS_ITEM_ARRAY, /* `len` items follow */
    VX_JS_ITEM_MAP,   /* `len` pairs follow */
    VX_JS_ITEM_EXT,
} vx_js_item_kind;

typedef struct vx_js_item {
    vx_js_item_kind kind;
    int type; /* of an extension */
    int64_t integer;
    double number;
    const char *data;
    uint32_t len;
} vx_js_item;

typedef struct vx_js_reader {
    const char *at, *end;
} vx_js_reader;

vx_js_item vx_js_read(vx_js_reader *r);
/* The integer in an extension of four bytes. */
int32_t vx_js_ext_int(const vx_js_item *item);

#endif
