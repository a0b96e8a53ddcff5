#include <string.h>

#include "vx_js_state.h"

static void drop_exception(vx_js *js)
{
    vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
}

/* `key` and the text of a value; what cannot be made a text is left out. */
static bool put_text(vx_js *js, vx_js_bytes *b, const char *key, JSValue value)
{
    size_t len;
    const char *text =
        JS_IsUndefined(value) ? NULL : vx_qjs.JS_ToCStringLen2(js->ctx, &len, value, false);
    if (text == NULL) {
        if (!JS_IsUndefined(value))
            drop_exception(js);
        return false;
    }
    vx_js_put_text(b, key, strlen(key));
    vx_js_put_text(b, text, len);
    vx_qjs.JS_FreeCString(js->ctx, text);
    return true;
}

static uint32_t put_property(vx_js *js, vx_js_bytes *b, const char *key, JSValue object)
{
    JSValue value = vx_qjs.JS_GetPropertyStr(js->ctx, object, key);
    if (JS_IsException(value)) {
        drop_exception(js);
        return 0;
    }
    bool put = put_text(js, b, key, value);
    vx_qjs.JS_FreeValue(js->ctx, value);
    return put;
}

void vx_js_put_error(vx_js *js, vx_js_bytes *b, JSValue thrown)
{
    size_t place = vx_js_open_ext(b), map = vx_js_open(b);
    uint32_t pairs = 0;
    if (vx_qjs.JS_IsError(thrown)) {
        pairs += put_property(js, b, "name", thrown);
        pairs += put_property(js, b, "message", thrown);
        pairs += put_property(js, b, "stack", thrown);
        JSValue number = vx_qjs.JS_GetProperty(js->ctx, thrown, js->number_atom);
        if (JS_TAG(number) == JS_TAG_INT) {
            vx_js_put_text(b, "number", 6);
            vx_js_put_int(b, number.u.int32);
            pairs++;
        } else {
            vx_qjs.JS_FreeValue(js->ctx, number);
        }
    } else {
        pairs += put_text(js, b, "message", thrown);
    }
    int slot = JS_IsObject(thrown) ? vx_js_slot_of(js, thrown) : -1;
    if (slot >= 0) {
        vx_js_put_text(b, "slot", 4);
        vx_js_put_int(b, slot);
        pairs++;
    }
    vx_js_close_map(b, map, pairs);
    vx_js_close_ext(b, place, VX_JS_EXT_ERROR);
}

JSValue vx_js_here(vx_js *js)
{
    return vx_qjs.JS_CallConstructor(js->ctx, js->error_class, 0, NULL);
}

static JSValue throw_named(vx_js *js, const char *name, uint32_t len)
{
    static const char empty[] = "%s";
#define NAMED(text) (len == strlen(text) && memcmp(name, text, len) == 0)
    if (NAMED("TypeError"))
        return vx_qjs.JS_ThrowTypeError(js->ctx, empty, "");
    if (NAMED("RangeError"))
        return vx_qjs.JS_ThrowRangeError(js->ctx, empty, "");
    if (NAMED("ReferenceError"))
        return vx_qjs.JS_ThrowReferenceError(js->ctx, empty, "");
    if (NAMED("SyntaxError"))
        return vx_qjs.JS_ThrowSyntaxError(js->ctx, empty, "");
    return vx_qjs.JS_ThrowPlainError(js->ctx, empty, "");
#undef NAMED
}

/* The text of a field, or NULL. */
static const char *text_of(vx_js_reader map, uint32_t pairs, const char *key, uint32_t *len)
{
    while (pairs--) {
        vx_js_item name = vx_js_read(&map), value = vx_js_read(&map);
        if (name.kind == VX_JS_ITEM_TEXT && value.kind == VX_JS_ITEM_TEXT &&
            name.len == strlen(key) && memcmp(name.data, key, name.len) == 0) {
            *len = value.len;
            return value.data;
        }
    }
    return NULL;
}

JSValue vx_js_make_error(vx_js *js, vx_js_reader *map, uint32_t pairs, JSValue site)
{
    uint32_t len = 0;
    const char *name = text_of(*map, pairs, "name", &len);
    throw_named(js, name, name == NULL ? 0 : len);
    JSValue error = vx_qjs.JS_GetException(js->ctx);
    while (pairs--) {
        vx_js_item key = vx_js_read(map), value = vx_js_read(map);
        if (key.kind != VX_JS_ITEM_TEXT)
            break;
        if (value.kind == VX_JS_ITEM_INT && key.len == 4 && memcmp(key.data, "slot", 4) == 0) {
            vx_qjs.JS_FreeValue(js->ctx, error);
            return vx_qjs.JS_DupValue(js->ctx, vx_js_slot_value(js, (int)value.integer));
        }
        if (value.kind == VX_JS_ITEM_INT) {
            vx_qjs.JS_DefinePropertyValue(js->ctx, error, js->number_atom,
                                          JS_NewInt32((int32_t)value.integer), JS_PROP_HIDDEN);
        } else if (value.kind == VX_JS_ITEM_TEXT && value.data != name) {
            JSAtom atom = vx_qjs.JS_NewAtomLen(js->ctx, key.data, key.len);
            JSValue text = vx_qjs.JS_NewStringLen(js->ctx, value.data, value.len);
            vx_qjs.JS_DefinePropertyValue(js->ctx, error, atom, text, JS_PROP_HIDDEN);
            vx_qjs.JS_FreeAtom(js->ctx, atom);
        }
    }
    if (JS_IsObject(site)) {
        JSValue stack = vx_qjs.JS_GetPropertyStr(js->ctx, site, "stack");
        vx_qjs.JS_DefinePropertyValueStr(js->ctx, error, "stack", stack, JS_PROP_HIDDEN);
    }
    return error;
}
