#include <stdlib.h>

#include "vx_js_state.h"

static unsigned hash(const vx_js_slots *s, const void *object)
{
    uint64_t bits = (uint64_t)(uintptr_t)object;
    return (unsigned)((bits * 0x9e3779b97f4a7c15u) >> 32) & (unsigned)(s->n_buckets - 1);
}

static void chain(vx_js_slots *s, int slot)
{
    unsigned h = hash(s, s->slots[slot].value.u.ptr);
    s->slots[slot].next = s->buckets[h];
    s->buckets[h] = slot;
}

static int grow(vx_js_slots *s)
{
    int cap = s->cap ? s->cap * 2 : 64;
    vx_js_slot *slots = vx_js_realloc(s->slots, sizeof *slots * (size_t)cap);
    if (slots == NULL)
        return -1;
    s->slots = slots;
    int *buckets = vx_js_realloc(s->buckets, sizeof *buckets * (size_t)cap);
    if (buckets == NULL)
        return -1;
    s->buckets = buckets;
    s->cap = s->n_buckets = cap;
    for (int i = 0; i < cap; i++)
        s->buckets[i] = -1;
    for (int i = 0; i < s->count; i++) /* all are taken: that is why it grows */
        chain(s, i);
    return 0;
}

int vx_js_slot_of(vx_js *js, JSValue object)
{
    vx_js_slots *s = &js->slots;
    if (s->n_buckets) {
        int at = s->buckets[hash(s, object.u.ptr)];
        for (; at >= 0; at = s->slots[at].next) {
            if (s->slots[at].value.u.ptr == object.u.ptr) {
                s->slots[at].uses++;
                return at;
            }
        }
    }
    int slot = s->cap ? s->free : -1;
    if (slot >= 0) {
        s->free = s->slots[slot].next;
    } else {
        if (s->count == s->cap && grow(s) < 0)
            return -1;
        s->free = -1;
        slot = s->count++;
    }
    s->slots[slot].value = vx_qjs.JS_DupValue(js->ctx, object);
    s->slots[slot].uses = 1;
    chain(s, slot);
    return slot;
}

JSValue vx_js_slot_value(const vx_js *js, int slot)
{
    return slot >= 0 && slot < js->slots.count ? js->slots.slots[slot].value : JS_UNDEFINED;
}

void vx_js_release(vx_js *js, int slot, int uses)
{
    vx_js_slots *s = &js->slots;
    JSValue value = vx_js_slot_value(js, slot);
    if (js->abandoned || !JS_IsObject(value) || (s->slots[slot].uses -= uses) > 0)
        return;
    int *at = &s->buckets[hash(s, value.u.ptr)];
    while (*at != slot)
        at = &s->slots[*at].next;
    *at = s->slots[slot].next;
    s->slots[slot] = (vx_js_slot){ .value = JS_UNDEFINED, .next = s->free };
    s->free = slot;
    vx_qjs.JS_FreeValue(js->ctx, value);
}
