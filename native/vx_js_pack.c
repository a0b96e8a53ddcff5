#include <math.h>
#include <string.h>

#include "vx_js_state.h"

/* Objects within objects, to this depth: deeper ones refer to themselves, or to madness. */
#define DEEPEST 100
/* An array without elements may have any length; one with as many does not fit in 16 MB. */
#define MOST_ITEMS (1 << 20)
/* The last instant of a Date, and the negative of the first, in milliseconds. */
#define LAST_MS 8.64e15

static int pack(vx_js *js, vx_js_bytes *b, JSValue value, int depth);

static int pack_text(vx_js *js, vx_js_bytes *b, JSValue value)
{
    size_t len;
    const char *text = vx_qjs.JS_ToCStringLen2(js->ctx, &len, value, false);
    if (text == NULL)
        return -1;
    vx_js_put_text(b, text, len);
    vx_qjs.JS_FreeCString(js->ctx, text);
    return 0;
}

static int pack_kind(vx_js_bytes *b, const char *kind)
{
    vx_js_put_ext(b, VX_JS_EXT_OTHER, kind, strlen(kind));
    return 0;
}

static int pack_big_int(vx_js *js, vx_js_bytes *b, JSValue value)
{
    size_t len;
    const char *digits = vx_qjs.JS_ToCStringLen2(js->ctx, &len, value, false);
    if (digits == NULL)
        return -1;
    vx_js_put_ext(b, VX_JS_EXT_BIG_INT, digits, len);
    vx_qjs.JS_FreeCString(js->ctx, digits);
    return 0;
}

static int pack_array(vx_js *js, vx_js_bytes *b, JSValue array, int depth)
{
    int64_t length;
    if (vx_qjs.JS_GetLength(js->ctx, array, &length) < 0)
        return -1;
    if (length > MOST_ITEMS) {
        vx_qjs.JS_ThrowRangeError(js->ctx, "the array is too long for the platform");
        return -1;
    }
    size_t place = vx_js_open(b);
    for (int64_t i = 0; i < length && !b->failed; i++) {
        JSValue item = vx_qjs.JS_GetPropertyUint32(js->ctx, array, (uint32_t)i);
        int status = JS_IsException(item) ? -1 : 0;
        if (JS_IsUndefined(item))
            vx_js_put_nil(b);
        else if (status == 0)
            status = pack(js, b, item, depth);
        vx_qjs.JS_FreeValue(js->ctx, item);
        if (status < 0)
            return -1;
    }
    vx_js_close_array(b, place, (uint32_t)length);
    return 0;
}

static int pack_bytes(vx_js *js, vx_js_bytes *b, JSValue value)
{
    size_t size, offset = 0, length = 0, element;
    if (vx_qjs.JS_IsArrayBuffer(value)) {
        const uint8_t *data = vx_qjs.JS_GetArrayBuffer(js->ctx, &size, value);
        if (data == NULL && size)
            return -1;
        vx_js_put_binary(b, data, size);
        return 0;
    }
    JSValue buffer = vx_qjs.JS_GetTypedArrayBuffer(js->ctx, value, &offset, &length, &element);
    if (JS_IsException(buffer))
        return -1;
    const uint8_t *data = vx_qjs.JS_GetArrayBuffer(js->ctx, &size, buffer);
    if (data == NULL || offset > size || length > size - offset)
        length = 0;
    vx_js_put_binary(b, data == NULL ? "" : (const char *)data + offset, length);
    vx_qjs.JS_FreeValue(js->ctx, buffer);
    return 0;
}

static int pack_date(vx_js *js, vx_js_bytes *b, JSValue date)
{
    double ms;
    if (vx_qjs.JS_ToFloat64(js->ctx, &ms, date) < 0)
        return -1;
    if (!(ms >= -LAST_MS && ms <= LAST_MS)) {
        vx_js_put_nil(b); /* as JSON has it; its own valueOf may say anything */
        return 0;
    }
    int64_t whole = (int64_t)floor(ms / 1000);
    uint32_t ns = (uint32_t)((ms - (double)whole * 1000) * 1000000);
    unsigned char data[12];
    for (int i = 0; i < 4; i++)
        data[i] = (unsigned char)(ns >> (24 - 8 * i));
    for (int i = 0; i < 8; i++)
        data[4 + i] = (unsigned char)((uint64_t)whole >> (56 - 8 * i));
    vx_js_put_ext(b, VX_JS_EXT_TIME, data, sizeof data);
    return 0;
}

/* One field of an object; those that are undefined are left out, as JSON does. */
static int pack_field(vx_js *js, vx_js_bytes *b, JSValue object, JSAtom name, int depth,
                      uint32_t *pairs)
{
    JSValue value = vx_qjs.JS_GetProperty(js->ctx, object, name);
    if (JS_IsException(value))
        return -1;
    int status = 0;
    if (!JS_IsUndefined(value)) {
        size_t len;
        const char *text = vx_qjs.JS_AtomToCStringLen(js->ctx, &len, name);
        if (text == NULL) {
            status = -1;
        } else {
            vx_js_put_text(b, text, len);
            vx_qjs.JS_FreeCString(js->ctx, text);
            status = pack(js, b, value, depth);
            ++*pairs;
        }
    }
    vx_qjs.JS_FreeValue(js->ctx, value);
    return status;
}

static int pack_fields(vx_js *js, vx_js_bytes *b, JSValue object, int depth)
{
    JSPropertyEnum *names;
    uint32_t count, pairs = 0;
    int flags = JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY;
    if (vx_qjs.JS_GetOwnPropertyNames(js->ctx, &names, &count, object, flags) < 0)
        return -1;
    size_t place = vx_js_open(b);
    int status = 0;
    for (uint32_t i = 0; i < count && status == 0 && !b->failed; i++)
        status = pack_field(js, b, object, names[i].atom, depth, &pairs);
    vx_qjs.JS_FreePropertyEnum(js->ctx, names, count);
    vx_js_close_map(b, place, pairs);
    return status;
}

static int pack_object(vx_js *js, vx_js_bytes *b, JSValue object, int depth)
{
    int handle = vx_js_handle_of(js, object);
    if (handle >= 0) {
        vx_js_put_ext_int(b, VX_JS_EXT_OBJECT, handle);
        return 0;
    }
    if (vx_qjs.JS_IsFunction(js->ctx, object)) {
        int slot = vx_js_slot_of(js, object);
        if (slot < 0)
            b->failed = true;
        vx_js_put_ext_int(b, VX_JS_EXT_FUNCTION, slot);
        return 0;
    }
    if (depth >= DEEPEST) {
        vx_qjs.JS_ThrowTypeError(
            js->ctx, "the object refers to itself, or is nested more than %d times", DEEPEST);
        return -1;
    }
    if (vx_qjs.JS_IsArray(object))
        return pack_array(js, b, object, depth + 1);
    if (vx_qjs.JS_IsError(object)) {
        vx_js_put_error(js, b, object);
        return 0;
    }
    if (vx_qjs.JS_IsDate(object))
        return pack_date(js, b, object);
    if (vx_qjs.JS_IsPromise(object))
        return pack_kind(b, "Promise");
    if (vx_qjs.JS_IsArrayBuffer(object) || vx_qjs.JS_GetTypedArrayType(object) >= 0)
        return pack_bytes(js, b, object);
    return pack_fields(js, b, object, depth + 1);
}

static int pack(vx_js *js, vx_js_bytes *b, JSValue value, int depth)
{
    switch (JS_TAG(value)) {
    case JS_TAG_NULL:
        vx_js_put_nil(b);
        return 0;
    case JS_TAG_UNDEFINED:
        vx_js_put_ext(b, VX_JS_EXT_UNDEFINED, "", 0);
        return 0;
    case JS_TAG_BOOL:
        vx_js_put_bool(b, value.u.int32);
        return 0;
    case JS_TAG_INT:
        vx_js_put_int(b, value.u.int32);
        return 0;
    case JS_TAG_FLOAT64:
        vx_js_put_number(b, value.u.float64);
        return 0;
    case JS_TAG_STRING:
    case JS_TAG_STRING_ROPE:
        return pack_text(js, b, value);
    case JS_TAG_BIG_INT:
    case JS_TAG_SHORT_BIG_INT:
        return pack_big_int(js, b, value);
    case JS_TAG_OBJECT:
        return pack_object(js, b, value, depth);
    default:
        return pack_kind(b, "Symbol");
    }
}

static int checked(vx_js *js, const vx_js_bytes *b, int status)
{
    if (status == 0 && b->failed) {
        vx_qjs.JS_ThrowRangeError(js->ctx, "the value is too large for the platform");
        return -1;
    }
    return status;
}

int vx_js_pack(vx_js *js, vx_js_bytes *b, JSValue value)
{
    return checked(js, b, pack(js, b, value, 0));
}

/* Whether an object is made of JSON: an array, or one whose prototype is Object's, or none. */
static bool is_plain(vx_js *js, JSValue value)
{
    if (!JS_IsObject(value) || vx_js_handle_of(js, value) >= 0)
        return false;
    if (vx_qjs.JS_IsArray(value))
        return true;
    JSValue prototype = vx_qjs.JS_GetPrototype(js->ctx, value);
    bool plain = JS_TAG(prototype) == JS_TAG_NULL ||
                 (JS_IsObject(prototype) && prototype.u.ptr == js->object_base.u.ptr);
    vx_qjs.JS_FreeValue(js->ctx, prototype);
    return plain;
}

int vx_js_pack_shown(vx_js *js, vx_js_bytes *b, JSValue value)
{
    if (is_plain(js, value)) {
        JSValue text = vx_qjs.JS_JSONStringify(js->ctx, value, JS_UNDEFINED, JS_UNDEFINED);
        if (JS_IsString(text)) {
            int status = pack_text(js, b, text);
            vx_qjs.JS_FreeValue(js->ctx, text);
            return checked(js, b, status);
        }
        /* It refers to itself: then it shows as any other object. */
        vx_qjs.JS_FreeValue(js->ctx, JS_IsException(text) ? vx_qjs.JS_GetException(js->ctx) : text);
    }
    if (JS_TAG(value) == JS_TAG_SYMBOL) {
        vx_js_put_text(b, "Symbol()", 8);
        return checked(js, b, 0);
    }
    return checked(js, b, pack_text(js, b, value));
}
