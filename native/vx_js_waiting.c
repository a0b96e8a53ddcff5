/* Asynchronous functions that the host has called, and which have not ended.
 *
 * Such a function returns a promise when it waits for the first time. The promise does not hold
 * what the function holds, so that one which nothing can wake any more is freed as ever.
 */
#include "vx_js_entry.h"

/* Whether it is an `async` function: other functions may return a promise and wait for nothing. */
static bool is_async(vx_js *js, JSValue function)
{
    static const char sample[] = "(async () => {})";
    if (js->async_class == 0) {
        JSValue made = vx_qjs.JS_Eval(js->ctx, sample, sizeof sample - 1, "voxrt:async",
                                      JS_EVAL_TYPE_GLOBAL);
        if (JS_IsException(made))
            vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
        else
            js->async_class = vx_qjs.JS_GetClassID(made);
        vx_qjs.JS_FreeValue(js->ctx, made);
    }
    return vx_qjs.JS_GetClassID(function) == js->async_class;
}

static bool is_pending(vx_js *js, const vx_js_waiter *waiter)
{
    return vx_qjs.JS_PromiseState(js->ctx, waiter->promise) == JS_PROMISE_PENDING;
}

/* Keeps those that still wait, in their order. */
static void drop_ended(vx_js *js)
{
    int kept = 0;
    for (int i = 0; i < js->n_waiting; i++) {
        vx_js_waiter *waiter = &js->waiting[i];
        if (is_pending(js, waiter)) {
            js->waiting[kept++] = *waiter;
        } else {
            vx_qjs.JS_FreeValue(js->ctx, waiter->promise);
            vx_qjs.JS_FreeValue(js->ctx, waiter->function);
        }
    }
    js->n_waiting = kept;
}

void vx_js_note_waiting(vx_js *js, JSValue function, JSValue value)
{
    if (!vx_qjs.JS_IsPromise(value) || !is_async(js, function))
        return;
    drop_ended(js);
    vx_js_waiter waiter = { value, function };
    if (js->n_waiting == VX_JS_MOST_WAITING || !is_pending(js, &waiter))
        return;
    js->waiting[js->n_waiting++] = (vx_js_waiter){
        vx_qjs.JS_DupValue(js->ctx, value),
        vx_qjs.JS_DupValue(js->ctx, function),
    };
}

/* Its name and where it begins, in an array; or an exception. */
static JSValue facts_of(vx_js *js, JSValue function)
{
    static const char *const facts[] = { "name", "fileName", "lineNumber", "columnNumber" };
    JSValue all = vx_qjs.JS_NewArray(js->ctx);
    for (uint32_t i = 0; i < 4 && !JS_IsException(all); i++) {
        JSValue fact = vx_qjs.JS_GetPropertyStr(js->ctx, function, facts[i]);
        if (JS_IsException(fact)) { /* the script has put something in its place */
            vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
            fact = JS_UNDEFINED;
        }
        vx_qjs.JS_DefinePropertyValueUint32(js->ctx, all, i, fact, JS_PROP_C_W_E);
    }
    return all;
}

int vx_js_waiting(vx_js *js)
{
    VX_JS_ENTER(js);
    drop_ended(js);
    JSValue all = vx_qjs.JS_NewArray(js->ctx);
    for (int i = 0; i < js->n_waiting && !JS_IsException(all); i++) {
        JSValue facts = facts_of(js, js->waiting[i].function);
        if (!JS_IsException(facts))
            vx_qjs.JS_DefinePropertyValueUint32(js->ctx, all, (uint32_t)i, facts, JS_PROP_C_W_E);
    }
    return vx_js_leave(js, all);
}
