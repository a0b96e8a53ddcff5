#include <string.h>

#include "vx_js_state.h"

static JSValue malformed(vx_js *js)
{
    return vx_qjs.JS_ThrowInternalError(js->ctx, "the host gave a malformed value");
}

static JSValue unpack_array(vx_js *js, vx_js_reader *r, uint32_t len)
{
    JSValue array = vx_qjs.JS_NewArray(js->ctx);
    for (uint32_t i = 0; i < len && !JS_IsException(array); i++) {
        JSValue item = vx_js_unpack(js, r);
        if (JS_IsException(item) ||
            vx_qjs.JS_DefinePropertyValueUint32(js->ctx, array, i, item, JS_PROP_C_W_E) < 0) {
            vx_qjs.JS_FreeValue(js->ctx, array);
            return JS_EXCEPTION;
        }
    }
    return array;
}

/* Gives an object the pairs of a map as properties. */
static int assign(vx_js *js, vx_js_reader *r, uint32_t pairs, JSValue object, int flags)
{
    while (pairs--) {
        vx_js_item key = vx_js_read(r);
        if (key.kind != VX_JS_ITEM_TEXT) {
            malformed(js);
            return -1;
        }
        JSAtom name = vx_qjs.JS_NewAtomLen(js->ctx, key.data, key.len);
        JSValue value = vx_js_unpack(js, r);
        int status = JS_IsException(value)
                         ? -1
                         : vx_qjs.JS_DefinePropertyValue(js->ctx, object, name, value, flags);
        vx_qjs.JS_FreeAtom(js->ctx, name);
        if (status < 0)
            return -1;
    }
    return 0;
}

static JSValue unpack_map(vx_js *js, vx_js_reader *r, uint32_t pairs)
{
    JSValue object = vx_qjs.JS_NewObject(js->ctx);
    if (!JS_IsException(object) && assign(js, r, pairs, object, JS_PROP_C_W_E) < 0) {
        vx_qjs.JS_FreeValue(js->ctx, object);
        return JS_EXCEPTION;
    }
    return object;
}

/* Puts the fields of `payload` behind the object, where they can be read and do not show. */
static int mirror_payload(vx_js *js, JSValue envelope)
{
    JSContext *ctx = js->ctx;
    JSValue payload = vx_qjs.JS_GetPropertyStr(ctx, envelope, "payload");
    JSPropertyEnum *names;
    uint32_t count;
    if (!JS_IsObject(payload) || vx_qjs.JS_IsArray(payload)) {
        vx_qjs.JS_FreeValue(ctx, payload);
        return 0;
    }
    int flags = JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY;
    int status = vx_qjs.JS_GetOwnPropertyNames(ctx, &names, &count, payload, flags);
    if (status == 0) {
        JSValue behind = vx_qjs.JS_NewObject(ctx);
        for (uint32_t i = 0; i < count && status >= 0; i++) {
            JSValue value = vx_qjs.JS_GetProperty(ctx, payload, names[i].atom);
            status = vx_qjs.JS_DefinePropertyValue(ctx, behind, names[i].atom, value,
                                                   JS_PROP_HIDDEN);
        }
        vx_qjs.JS_FreePropertyEnum(ctx, names, count);
        if (status >= 0)
            status = vx_qjs.JS_SetPrototype(ctx, envelope, behind);
        vx_qjs.JS_FreeValue(ctx, behind);
    }
    vx_qjs.JS_FreeValue(ctx, payload);
    return status < 0 ? -1 : 0;
}

static JSValue unpack_envelope(vx_js *js, vx_js_reader *inside)
{
    JSValue envelope = vx_js_unpack(js, inside);
    if (!JS_IsException(envelope) && mirror_payload(js, envelope) < 0) {
        vx_qjs.JS_FreeValue(js->ctx, envelope);
        return JS_EXCEPTION;
    }
    return envelope;
}

static JSValue unpack_named(vx_js *js, vx_js_reader *inside)
{
    vx_js_read(inside); /* the head of the pair */
    JSValue array = vx_js_unpack(js, inside);
    vx_js_item map = vx_js_read(inside);
    if (!JS_IsException(array) && (map.kind != VX_JS_ITEM_MAP ||
                                   assign(js, inside, map.len, array, JS_PROP_HIDDEN) < 0)) {
        vx_qjs.JS_FreeValue(js->ctx, array);
        return JS_EXCEPTION;
    }
    return array;
}

static JSValue unpack_date(vx_js *js, const vx_js_item *item)
{
    const unsigned char *data = (const unsigned char *)item->data;
    uint64_t bits = 0, ns = 0;
    int64_t s;
    for (uint32_t i = item->len > 8 ? 4 : 0; i < item->len; i++)
        bits = bits << 8 | data[i];
    if (item->len == 4) {
        s = (int64_t)bits;
    } else if (item->len == 8) {
        ns = bits >> 34;
        s = (int64_t)(bits & 0x3ffffffff);
    } else {
        for (int i = 0; i < 4; i++)
            ns = ns << 8 | data[i];
        s = (int64_t)bits;
    }
    vx_js_need_dates(js);
    return vx_qjs.JS_NewDate(js->ctx, (double)s * 1000 + (double)(ns / 1000000));
}

static JSValue held(vx_js *js, const JSValue *values, int count, int index)
{
    if (index < 0 || index >= count)
        return malformed(js);
    return vx_qjs.JS_DupValue(js->ctx, values[index]);
}

static JSValue unpack_ext(vx_js *js, const vx_js_item *item)
{
    vx_js_reader inside = { item->data, item->data + item->len };
    int number = vx_js_ext_int(item);
    switch (item->type) {
    case VX_JS_EXT_OBJECT:
        return held(js, js->objects, js->n_objects, number);
    case VX_JS_EXT_FUNCTION:
        return vx_qjs.JS_DupValue(js->ctx, vx_js_slot_value(js, number));
    case VX_JS_EXT_PROMISE:
        if (number < 0 || number >= js->n_promises)
            return malformed(js);
        return vx_qjs.JS_DupValue(js->ctx, js->promises[number].promise);
    case VX_JS_EXT_UNDEFINED:
        return JS_UNDEFINED;
    case VX_JS_EXT_ERROR: {
        vx_js_item map = vx_js_read(&inside);
        return vx_js_make_error(js, &inside, map.kind == VX_JS_ITEM_MAP ? map.len : 0,
                                JS_UNDEFINED);
    }
    case VX_JS_EXT_ENVELOPE:
        return unpack_envelope(js, &inside);
    case VX_JS_EXT_NAMED:
        return unpack_named(js, &inside);
    case VX_JS_EXT_TIME:
        return unpack_date(js, item);
    default:
        return malformed(js);
    }
}

static JSValue whole_number(int64_t value)
{
    if (value >= INT32_MIN && value <= INT32_MAX)
        return JS_NewInt32((int32_t)value);
    return JS_NewFloat64((double)value);
}

JSValue vx_js_unpack(vx_js *js, vx_js_reader *r)
{
    vx_js_item item = vx_js_read(r);
    switch (item.kind) {
    case VX_JS_ITEM_NIL:
        return JS_NULL;
    case VX_JS_ITEM_BOOL:
        return JS_NewBool(item.integer);
    case VX_JS_ITEM_INT:
        return whole_number(item.integer);
    case VX_JS_ITEM_DOUBLE:
        return JS_NewFloat64(item.number);
    case VX_JS_ITEM_TEXT:
        return vx_qjs.JS_NewStringLen(js->ctx, item.data, item.len);
    case VX_JS_ITEM_BINARY:
        return vx_qjs.JS_NewUint8ArrayCopy(js->ctx, (const uint8_t *)item.data, item.len);
    case VX_JS_ITEM_ARRAY:
        return unpack_array(js, r, item.len);
    case VX_JS_ITEM_MAP:
        return unpack_map(js, r, item.len);
    case VX_JS_ITEM_EXT:
        return unpack_ext(js, &item);
    default:
        return malformed(js);
    }
}

JSValue vx_js_unpack_whole(vx_js *js, const char *data, size_t len)
{
    vx_js_reader r = { data, data + len };
    return vx_js_unpack(js, &r);
}
