/* Where a script is: the stack that the engine gives a new error, without anything of the script.
 *
 * How many frames a stack has, and how it is written, is for the script to say: it may set
 * Error.stackTraceLimit and Error.prepareStackTrace, or put something else in their place and in
 * that of Error.prototype.stack. The accessors that the engine began with set the two for the time
 * of one error, and read its stack.
 */
#include <string.h>

#include "vx_js_entry.h"

static JSValue accessor(vx_js *js, JSValue object, const char *name, bool sets)
{
    JSPropertyDescriptor found = { .getter = JS_UNDEFINED, .setter = JS_UNDEFINED };
    JSAtom atom = vx_qjs.JS_NewAtomLen(js->ctx, name, strlen(name));
    vx_qjs.JS_GetOwnProperty(js->ctx, &found, object, atom);
    vx_qjs.JS_FreeAtom(js->ctx, atom);
    vx_qjs.JS_FreeValue(js->ctx, sets ? found.getter : found.setter);
    return sets ? found.setter : found.getter;
}

int vx_js_stack_init(vx_js *js)
{
    JSValue prototype = vx_qjs.JS_GetPropertyStr(js->ctx, js->error_class, "prototype");
    js->stack_of = accessor(js, prototype, "stack", false);
    js->get_limit = accessor(js, js->error_class, "stackTraceLimit", false);
    js->set_limit = accessor(js, js->error_class, "stackTraceLimit", true);
    js->get_prepare = accessor(js, js->error_class, "prepareStackTrace", false);
    js->set_prepare = accessor(js, js->error_class, "prepareStackTrace", true);
    vx_qjs.JS_FreeValue(js->ctx, prototype);
    bool complete = JS_IsObject(js->stack_of) && JS_IsObject(js->get_limit) &&
                    JS_IsObject(js->set_limit) && JS_IsObject(js->get_prepare) &&
                    JS_IsObject(js->set_prepare);
    return complete ? 0 : -1;
}

/* Calls an accessor; the only thing that it can throw is that the script has to end, and then once
 * more calls it all the same. */
static JSValue call(vx_js *js, JSValue function, JSValue object, int argc, JSValue *argv)
{
    JSValue value = vx_qjs.JS_Call(js->ctx, function, object, argc, argv);
    if (!JS_IsException(value))
        return value;
    vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
    return vx_qjs.JS_Call(js->ctx, function, object, argc, argv);
}

static void set(vx_js *js, JSValue setter, JSValue value)
{
    vx_qjs.JS_FreeValue(js->ctx, call(js, setter, js->error_class, 1, &value));
}

static void put_stack(vx_js *js, vx_js_bytes *out, int most)
{
    JSValue limit = call(js, js->get_limit, js->error_class, 0, NULL);
    JSValue prepare = call(js, js->get_prepare, js->error_class, 0, NULL);
    set(js, js->set_limit, JS_NewInt32(most));
    set(js, js->set_prepare, JS_UNDEFINED);
    JSValue here = vx_js_here(js);
    set(js, js->set_prepare, prepare);
    set(js, js->set_limit, limit);
    JSValue stack = JS_IsException(here) ? here : call(js, js->stack_of, here, 0, NULL);
    size_t len;
    const char *text =
        JS_IsString(stack) ? vx_qjs.JS_ToCStringLen2(js->ctx, &len, stack, false) : NULL;
    if (text != NULL) {
        vx_js_put_raw(out, text, len);
        vx_qjs.JS_FreeCString(js->ctx, text);
    }
    if (JS_IsException(here))
        vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
    else
        vx_qjs.JS_FreeValue(js->ctx, stack);
    vx_qjs.JS_FreeValue(js->ctx, here);
    vx_qjs.JS_FreeValue(js->ctx, prepare);
    vx_qjs.JS_FreeValue(js->ctx, limit);
}

void vx_js_stack(vx_js *js, int most)
{
    vx_js_bytes out = vx_js_take_out(js);
    if (js->depth > 0 && !js->abandoned)
        put_stack(js, &out, most);
    vx_js_put_out(js, out);
}
