/* Objects of the host whose members are enumerated, and made when they are read.
 *
 * The members of such an object are its own properties, and stand in another object, its *store*,
 * which it holds behind a private name. The host is asked for one member when that is read, and
 * for all of them when the script enumerates the object, or changes it; from then on the store is
 * whole, and the host is not asked any more. What a script adds is in the store, too.
 */
#include <string.h>

#include "vx_js_state.h"
#include "vx_status.h"

static JSValue store_of(vx_js *js, JSValue object)
{
    return vx_qjs.JS_GetProperty(js->ctx, object, js->number_atom);
}

/* A store that is whole has a member of the private name itself. */
static bool is_whole(vx_js *js, JSValue store)
{
    return vx_qjs.JS_GetOwnProperty(js->ctx, NULL, store, js->number_atom) > 0;
}

int vx_js_own_begin(vx_js *js, JSValue object)
{
    JSValue store = vx_qjs.JS_NewObject(js->ctx);
    if (JS_IsException(store))
        return -1;
    return vx_qjs.JS_DefinePropertyValue(js->ctx, object, js->number_atom, store,
                                         JS_PROP_WRITABLE | JS_PROP_NO_EXOTIC);
}

/* The host's answer for a member, or for all of them when there is no name. */
static JSValue ask_host(vx_js *js, JSValue object, const char *name, size_t len)
{
    vx_js_answer answer = { 0 };
    vx_js_host_begin(&js->stop);
    js->host.own(js->host.self, vx_js_handle_of(js, object), name, len, &answer);
    vx_js_host_end(&js->stop);
    return vx_js_take_answer(js, &answer, JS_UNDEFINED, 0);
}

/* Puts a member of the host into the store. Returns whether there is one, or -1. */
static int ask_for_one(vx_js *js, JSValue object, JSValue store, JSAtom name)
{
    size_t len;
    JSValue key = vx_qjs.JS_AtomToValue(js->ctx, name);
    bool text = JS_IsString(key);
    vx_qjs.JS_FreeValue(js->ctx, key);
    if (!text)
        return 0;
    const char *utf8 = vx_qjs.JS_AtomToCStringLen(js->ctx, &len, name);
    if (utf8 == NULL)
        return -1;
    JSValue value = ask_host(js, object, utf8, len);
    vx_qjs.JS_FreeCString(js->ctx, utf8);
    if (JS_IsException(value))
        return -1;
    if (JS_IsUndefined(value))
        return 0;
    return vx_qjs.JS_DefinePropertyValue(js->ctx, store, name, value, JS_PROP_C_W_E) < 0 ? -1 : 1;
}

/* The whole store, owned by the caller; or an exception. */
static JSValue fill(vx_js *js, JSValue object)
{
    JSValue store = store_of(js, object);
    if (is_whole(js, store))
        return store;
    /* What was read before is in the new one again: the host has it, in the right order. */
    vx_qjs.JS_FreeValue(js->ctx, store);
    store = ask_host(js, object, NULL, 0);
    if (JS_IsException(store))
        return store;
    if (vx_qjs.JS_DefinePropertyValue(js->ctx, store, js->number_atom, JS_NewBool(true), 0) < 0 ||
        vx_qjs.JS_DefinePropertyValue(js->ctx, object, js->number_atom,
                                      vx_qjs.JS_DupValue(js->ctx, store),
                                      JS_PROP_WRITABLE | JS_PROP_NO_EXOTIC) < 0) {
        vx_qjs.JS_FreeValue(js->ctx, store);
        return JS_EXCEPTION;
    }
    return store;
}

static int get_own(JSContext *ctx, JSPropertyDescriptor *out, JSValue object, JSAtom name)
{
    vx_js *js = vx_js_of(ctx);
    JSValue store = store_of(js, object);
    int found = vx_qjs.JS_GetOwnProperty(ctx, out, store, name);
    if (found == 0 && !is_whole(js, store)) {
        found = ask_for_one(js, object, store, name);
        if (found > 0)
            found = vx_qjs.JS_GetOwnProperty(ctx, out, store, name);
    }
    vx_qjs.JS_FreeValue(ctx, store);
    return found;
}

static int get_own_names(JSContext *ctx, JSPropertyEnum **names, uint32_t *count, JSValue object)
{
    JSValue store = fill(vx_js_of(ctx), object);
    if (JS_IsException(store))
        return -1;
    int flags = JS_GPN_STRING_MASK | JS_GPN_SYMBOL_MASK;
    int status = vx_qjs.JS_GetOwnPropertyNames(ctx, names, count, store, flags);
    vx_qjs.JS_FreeValue(ctx, store);
    return status;
}

static int define_own(JSContext *ctx, JSValue object, JSAtom name, JSValue value, JSValue getter,
                      JSValue setter, int flags)
{
    JSValue store = fill(vx_js_of(ctx), object);
    if (JS_IsException(store))
        return -1;
    if (!vx_qjs.JS_IsExtensible(ctx, object))
        vx_qjs.JS_PreventExtensions(ctx, store);
    int status = vx_qjs.JS_DefineProperty(ctx, store, name, value, getter, setter, flags);
    vx_qjs.JS_FreeValue(ctx, store);
    return status;
}

static int delete_own(JSContext *ctx, JSValue object, JSAtom name)
{
    JSValue store = fill(vx_js_of(ctx), object);
    if (JS_IsException(store))
        return -1;
    int status = vx_qjs.JS_DeleteProperty(ctx, store, name, 0);
    vx_qjs.JS_FreeValue(ctx, store);
    return status;
}

JSClassExoticMethods vx_js_own_methods = {
    .get_own_property = get_own,
    .get_own_property_names = get_own_names,
    .define_own_property = define_own,
    .delete_property = delete_own,
};
