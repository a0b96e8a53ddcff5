/* The parts of the JavaScript bridge that need no engine, under the sanitizers: what is packed is
 * read again, damaged bytes are refused and never read beyond their end, the allocator counts, and
 * a loop that cannot be interrupted is left. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "vx_js_bytes.h"
#include "vx_js_memory.h"
#include "vx_js_stop.h"

static uint64_t state = 1;

static uint32_t next(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20) % below;
}

/* Reads all that is there, from a buffer of exact size; returns how many items. */
static int read_all(const char *data, size_t len)
{
    char *exact = malloc(len ? len : 1);
    memcpy(exact, data, len);
    vx_js_reader r = { exact, exact + len };
    int items = 0;
    for (vx_js_item item; (item = vx_js_read(&r)).kind != VX_JS_ITEM_END; items++) {
        assert(r.at <= r.end);
        if (item.kind == VX_JS_ITEM_TEXT || item.kind == VX_JS_ITEM_BINARY ||
            item.kind == VX_JS_ITEM_EXT) {
            assert(item.data >= exact && item.data + item.len <= exact + len);
            vx_js_ext_int(&item);
        }
    }
    free(exact);
    return items;
}

static void put_something(vx_js_bytes *b)
{
    static const double numbers[] = { 0.5, -0.0, 1e300, 9007199254740993.0, -129, 3e9, 1 << 20 };
    static char text[70000];
    size_t len = next(4) ? next(40) : next(sizeof text);
    for (size_t i = 0; i < len; i++)
        text[i] = next(3) ? "\xed\xa0\x80\xbf"[next(4)] : (char)next(256);
    switch (next(8)) {
    case 0: vx_js_put_nil(b); break;
    case 1: vx_js_put_bool(b, next(2)); break;
    case 2: vx_js_put_int(b, (int64_t)next(1u << 31) << next(32)); break;
    case 3: vx_js_put_number(b, numbers[next(7)]); break;
    case 4: vx_js_put_text(b, text, len); break;
    case 5: vx_js_put_binary(b, text, len); break;
    case 6: vx_js_put_ext(b, (int)next(256) - 128, text, len); break;
    default: vx_js_put_ext_int(b, (int)next(10), (int32_t)next(1u << 31)); break;
    }
}

static void bytes(void)
{
    for (int round = 0; round < 300; round++) {
        vx_js_bytes b = { 0 };
        int count = (int)next(20);
        size_t place = vx_js_open(&b);
        for (int i = 0; i < count; i++)
            put_something(&b);
        vx_js_close_array(&b, place, (uint32_t)count);
        assert(!b.failed && read_all(b.data, b.len) == count + 1);
        for (size_t end = 0; end < b.len && end < 300; end++)
            read_all(b.data, end); /* cut off */
        for (int i = 0; i < 100; i++) {
            b.data[next((uint32_t)b.len)] ^= (char)(1 << next(8)); /* damaged */
            read_all(b.data, b.len);
        }
        vx_js_bytes_free(&b);
    }
}

static void half_pairs(void)
{
    vx_js_bytes b = { 0 };
    vx_js_put_text(&b, "a\xed\xa0\x80\xed", 5);
    assert(memcmp(b.data, "\xa5"
                          "a\xef\xbf\xbd\xed",
                  6) == 0);
    vx_js_bytes_free(&b);
}

static void too_much(void)
{
    vx_js_bytes b = { 0 };
    char *much = calloc(1, VX_JS_PACKED_MAX);
    vx_js_put_binary(&b, much, VX_JS_PACKED_MAX - 5);
    assert(!b.failed);
    vx_js_put_nil(&b);
    assert(b.failed);
    size_t place = vx_js_open(&b); /* nothing is written any more */
    vx_js_put_int(&b, 1);
    vx_js_close_map(&b, place, 1);
    vx_js_close_ext(&b, vx_js_open_ext(&b), 1);
    vx_js_bytes_free(&b);
    free(much);
}

static void memory(void)
{
    const JSMallocFunctions *f = &vx_js_allocator;
    vx_js_memory m = { .limit = 1 << 20 };
    void *blocks[200] = { 0 };
    for (int round = 0; round < 20000; round++) {
        void **at = &blocks[next(200)];
        size_t size = next(8000);
        if (next(3) == 0) {
            f->js_free(&m, *at);
            *at = NULL;
        } else if (next(2)) {
            f->js_free(&m, *at);
            *at = next(2) ? f->js_malloc(&m, size) : f->js_calloc(&m, size, 1);
        } else {
            void *moved = f->js_realloc(&m, *at, size);
            *at = moved != NULL || size == 0 ? moved : *at;
        }
        if (*at != NULL)
            memset(*at, round, f->js_malloc_usable_size(*at));
    }
    size_t used = 0;
    for (int i = 0; i < 200; i++)
        used += f->js_malloc_usable_size(blocks[i]);
    assert(used == m.used);
    m.over = m.refused = false;
    assert(f->js_malloc(&m, 64 << 20) == NULL && m.over && m.refused);
    assert(f->js_malloc(&m, SIZE_MAX) == NULL && f->js_calloc(&m, SIZE_MAX / 2, 3) == NULL);
    assert(used == m.used);
    vx_js_memory_free(&m);
    assert(m.used == 0);
}

/* What never comes back by itself, in the middle of allocations. */
static int endless(vx_js_stop *s, vx_js_memory *m)
{
    vx_js_entry entry;
    vx_js_stop_enter(s, &entry);
    if (sigsetjmp(entry.jump, 0)) {
        vx_js_stop_leave(s);
        return 1;
    }
    void *kept[64] = { 0 };
    for (;;) {
        void **at = &kept[next(64)];
        vx_js_allocator.js_free(m, *at);
        *at = vx_js_allocator.js_malloc(m, next(100));
    }
}

static void stop(void)
{
    vx_js_memory m = { 0 };
    vx_js_stop s = { .budget_us = 1 };
    vx_js_stop_watch(&s);
    assert(endless(&s, &m) == 1 && s.dead && s.entry == NULL);
    vx_js_stop_unwatch(&s);
    vx_js_memory_free(&m);
    assert(vx_js_in_heap == 0);
}

int main(int argc, char **argv)
{
    bytes();
    half_pairs();
    too_much();
    memory();
    if (argc > 1 && strcmp(argv[1], "stop") == 0)
        stop();
    puts("ok");
    return 0;
}
