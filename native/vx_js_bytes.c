#include "vx_js_bytes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "vx_js_stop.h"

/* Whole numbers up to this have an exact double. */
#define WHOLE 9007199254740992.0

void vx_js_bytes_free(vx_js_bytes *b)
{
    vx_js_heap_free(b->data);
    *b = (vx_js_bytes){ 0 };
}

static char *room(vx_js_bytes *b, size_t len)
{
    if (b->failed || len > VX_JS_PACKED_MAX || b->len + len > VX_JS_PACKED_MAX) {
        b->failed = true;
        return NULL;
    }
    if (b->len + len > b->cap) {
        size_t cap = b->cap ? b->cap : 1024;
        while (cap < b->len + len)
            cap *= 2;
        char *data = vx_js_realloc(b->data, cap);
        if (data == NULL) {
            b->failed = true;
            return NULL;
        }
        b->data = data;
        b->cap = cap;
    }
    char *at = b->data + b->len;
    b->len += len;
    return at;
}

static void store(char *at, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, value >>= 8)
        at[i] = (char)value;
}

static void put(vx_js_bytes *b, unsigned head, uint64_t value, int bytes)
{
    char *at = room(b, 1 + (size_t)bytes);
    if (at != NULL) {
        at[0] = (char)head;
        store(at + 1, value, bytes);
    }
}

void vx_js_put_raw(vx_js_bytes *b, const void *data, size_t len)
{
    char *at = room(b, len);
    if (at != NULL && len)
        memcpy(at, data, len);
}

void vx_js_put_nil(vx_js_bytes *b)
{
    put(b, 0xc0, 0, 0);
}

void vx_js_put_bool(vx_js_bytes *b, bool value)
{
    put(b, value ? 0xc3 : 0xc2, 0, 0);
}

void vx_js_put_int(vx_js_bytes *b, int64_t value)
{
    if (value >= -32 && value < 128)
        put(b, (unsigned char)value, 0, 0);
    else
        put(b, 0xd3, (uint64_t)value, 8);
}

void vx_js_put_number(vx_js_bytes *b, double value)
{
    bool negative_zero = value == 0 && signbit(value);
    if (value >= -WHOLE && value <= WHOLE && value == floor(value) && !negative_zero) {
        vx_js_put_int(b, (int64_t)value);
        return;
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(b, 0xcb, bits, 8);
}

static void put_head(vx_js_bytes *b, unsigned fixed, unsigned fixed_max, unsigned head16,
                     size_t len)
{
    if (len <= fixed_max)
        put(b, fixed | (unsigned)len, 0, 0);
    else if (len <= 0xffff)
        put(b, head16, len, 2);
    else
        put(b, head16 + 1, len, 4);
}

void vx_js_put_text(vx_js_bytes *b, const char *text, size_t len)
{
    put_head(b, 0xa0, 31, 0xda, len);
    char *at = room(b, len);
    if (at == NULL || len == 0)
        return;
    memcpy(at, text, len);
    /* U+D800 to U+DFFF are ED A0..BF xx; U+FFFD has three bytes, too. */
    for (char *p = at; (p = memchr(p, '\xed', (size_t)(at + len - p))) != NULL; p++)
        if (at + len - p >= 3 && (unsigned char)p[1] >= 0xa0)
            memcpy(p, "\xef\xbf\xbd", 3);
}

void vx_js_put_binary(vx_js_bytes *b, const void *data, size_t len)
{
    put(b, 0xc6, len, 4);
    vx_js_put_raw(b, data, len);
}

void vx_js_put_ext(vx_js_bytes *b, int type, const void *data, size_t len)
{
    size_t place = vx_js_open_ext(b);
    vx_js_put_raw(b, data, len);
    vx_js_close_ext(b, place, type);
}

void vx_js_put_ext_int(vx_js_bytes *b, int type, int32_t value)
{
    char *at = room(b, 6);
    if (at != NULL) {
        at[0] = '\xd6';
        at[1] = (char)type;
        store(at + 2, (uint32_t)value, 4);
    }
}

size_t vx_js_open(vx_js_bytes *b)
{
    size_t place = b->len;
    room(b, 5);
    return place;
}

static void close_at(vx_js_bytes *b, size_t place, unsigned head, uint32_t count)
{
    if (!b->failed) {
        b->data[place] = (char)head;
        store(b->data + place + 1, count, 4);
    }
}

void vx_js_close_array(vx_js_bytes *b, size_t place, uint32_t count)
{
    close_at(b, place, 0xdd, count);
}

void vx_js_close_map(vx_js_bytes *b, size_t place, uint32_t count)
{
    close_at(b, place, 0xdf, count);
}

size_t vx_js_open_ext(vx_js_bytes *b)
{
    size_t place = b->len;
    room(b, 6);
    return place;
}

void vx_js_close_ext(vx_js_bytes *b, size_t place, int type)
{
    if (!b->failed) {
        close_at(b, place, 0xc9, (uint32_t)(b->len - place - 6));
        b->data[place + 5] = (char)type;
    }
}

static bool take(vx_js_reader *r, size_t bytes, uint64_t *value)
{
    if ((size_t)(r->end - r->at) < bytes)
        return false;
    *value = 0;
    for (size_t i = 0; i < bytes; i++)
        *value = *value << 8 | (unsigned char)r->at[i];
    r->at += bytes;
    return true;
}

static bool take_data(vx_js_reader *r, vx_js_item *item, size_t length_bytes, uint64_t len)
{
    if (length_bytes && !take(r, length_bytes, &len))
        return false;
    if ((size_t)(r->end - r->at) < len)
        return false;
    item->data = r->at;
    item->len = (uint32_t)len;
    r->at += len;
    return true;
}

static bool take_ext(vx_js_reader *r, vx_js_item *item, size_t length_bytes, uint64_t len)
{
    uint64_t type;
    if (length_bytes && !take(r, length_bytes, &len))
        return false;
    if (!take(r, 1, &type))
        return false;
    item->type = (int8_t)type;
    return take_data(r, item, 0, len);
}

static bool take_count(vx_js_reader *r, vx_js_item *item, size_t length_bytes)
{
    uint64_t count;
    if (!take(r, length_bytes, &count))
        return false;
    item->len = (uint32_t)count;
    return true;
}

static bool take_int(vx_js_reader *r, vx_js_item *item, size_t bytes, bool has_sign)
{
    uint64_t value;
    if (!take(r, bytes, &value))
        return false;
    item->integer = (int64_t)value;
    if (has_sign && bytes < 8) {
        int shift = 64 - 8 * (int)bytes;
        item->integer = (int64_t)(value << shift) >> shift;
    } else if (!has_sign && value > INT64_MAX) {
        item->kind = VX_JS_ITEM_DOUBLE;
        item->number = (double)value;
    }
    return true;
}

static bool take_float(vx_js_reader *r, vx_js_item *item, size_t bytes)
{
    uint64_t value;
    if (!take(r, bytes, &value))
        return false;
    if (bytes == 4) {
        uint32_t bits = (uint32_t)value;
        float single;
        memcpy(&single, &bits, sizeof single);
        item->number = single;
    } else {
        memcpy(&item->number, &value, sizeof value);
    }
    return true;
}

#define ITEM(item_kind) (item.kind = (item_kind))

vx_js_item vx_js_read(vx_js_reader *r)
{
    vx_js_item item = { .kind = VX_JS_ITEM_END };
    uint64_t head;
    if (!take(r, 1, &head))
        return item;
    bool good = true;
    if (head < 0x80 || head >= 0xe0) {
        ITEM(VX_JS_ITEM_INT);
        item.integer = (int8_t)head;
    } else if (head < 0x90) {
        ITEM(VX_JS_ITEM_MAP);
        item.len = head & 0x0f;
    } else if (head < 0xa0) {
        ITEM(VX_JS_ITEM_ARRAY);
        item.len = head & 0x0f;
    } else if (head < 0xc0) {
        ITEM(VX_JS_ITEM_TEXT);
        good = take_data(r, &item, 0, head & 0x1f);
    } else {
        switch (head) {
        case 0xc0: ITEM(VX_JS_ITEM_NIL); break;
        case 0xc2: case 0xc3: ITEM(VX_JS_ITEM_BOOL); item.integer = head & 1; break;
        case 0xc4: ITEM(VX_JS_ITEM_BINARY); good = take_data(r, &item, 1, 0); break;
        case 0xc5: ITEM(VX_JS_ITEM_BINARY); good = take_data(r, &item, 2, 0); break;
        case 0xc6: ITEM(VX_JS_ITEM_BINARY); good = take_data(r, &item, 4, 0); break;
        case 0xc7: ITEM(VX_JS_ITEM_EXT); good = take_ext(r, &item, 1, 0); break;
        case 0xc8: ITEM(VX_JS_ITEM_EXT); good = take_ext(r, &item, 2, 0); break;
        case 0xc9: ITEM(VX_JS_ITEM_EXT); good = take_ext(r, &item, 4, 0); break;
        case 0xca: ITEM(VX_JS_ITEM_DOUBLE); good = take_float(r, &item, 4); break;
        case 0xcb: ITEM(VX_JS_ITEM_DOUBLE); good = take_float(r, &item, 8); break;
        case 0xcc: case 0xcd: case 0xce: case 0xcf:
            ITEM(VX_JS_ITEM_INT);
            good = take_int(r, &item, (size_t)1 << (head - 0xcc), false);
            break;
        case 0xd0: case 0xd1: case 0xd2: case 0xd3:
            ITEM(VX_JS_ITEM_INT);
            good = take_int(r, &item, (size_t)1 << (head - 0xd0), true);
            break;
        case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8:
            ITEM(VX_JS_ITEM_EXT);
            good = take_ext(r, &item, 0, (uint64_t)1 << (head - 0xd4));
            break;
        case 0xd9: ITEM(VX_JS_ITEM_TEXT); good = take_data(r, &item, 1, 0); break;
        case 0xda: ITEM(VX_JS_ITEM_TEXT); good = take_data(r, &item, 2, 0); break;
        case 0xdb: ITEM(VX_JS_ITEM_TEXT); good = take_data(r, &item, 4, 0); break;
        case 0xdc: ITEM(VX_JS_ITEM_ARRAY); good = take_count(r, &item, 2); break;
        case 0xdd: ITEM(VX_JS_ITEM_ARRAY); good = take_count(r, &item, 4); break;
        case 0xde: ITEM(VX_JS_ITEM_MAP); good = take_count(r, &item, 2); break;
        case 0xdf: ITEM(VX_JS_ITEM_MAP); good = take_count(r, &item, 4); break;
        default: good = false;
        }
    }
    if (!good)
        item.kind = VX_JS_ITEM_END;
    return item;
}

int32_t vx_js_ext_int(const vx_js_item *item)
{
    uint32_t value = 0;
    for (uint32_t i = 0; i < 4 && i < item->len; i++)
        value = value << 8 | (unsigned char)item->data[i];
    return (int32_t)value;
}
