#include "vx_js_entry.h"

/* --- the outcome ----------------------------------------------------------------------------- */

vx_js_bytes vx_js_take_out(vx_js *js)
{
    vx_js_bytes out = js->out;
    js->out = (vx_js_bytes){ 0 };
    out.len = 0;
    out.failed = false;
    return out;
}

void vx_js_put_out(vx_js *js, vx_js_bytes out)
{
    vx_js_bytes_free(&js->out);
    js->out = out;
    js->outcome = (vx_js_outcome){
        .data = out.data,
        .len = out.failed ? 0 : out.len,
        .rejections = js->depth ? 0 : js->left_rejections, /* the script may still handle them */
        .ended = js->killed && js->depth == 0,
    };
}

int vx_js_refuse(vx_js *js)
{
    vx_js_put_out(js, vx_js_take_out(js));
    return js->killed;
}

const vx_js_outcome *vx_js_outcome_of(const vx_js *js)
{
    return &js->outcome;
}

/* --- entries --------------------------------------------------------------------------------- */

void vx_js_enter(vx_js *js, vx_js_entry *entry)
{
    if (js->depth++ == 0)
        vx_qjs.JS_UpdateStackTop(js->rt);
    vx_js_stop_enter(&js->stop, entry);
}

void vx_js_give_up(vx_js *js)
{
    js->abandoned = js->jobs_lost = true;
    js->killed = VX_JS_STOPPED;
    js->left_rejections = 0;
    vx_js_stop_leave(&js->stop);
    vx_js_put_out(js, vx_js_take_out(js));
}

int vx_js_abandoned(vx_js *js)
{
    bool told = js->told;
    js->told = true;
    js->depth--;
    vx_js_give_up(js);
    return told ? VX_JS_STOPPED : VX_JS_TIME;
}

/* Runs the microtasks; what ends the script there becomes `thrown`. */
static void run_jobs(vx_js *js, JSValue *thrown, bool *threw)
{
    JSContext *ctx;
    int status;
    while (!js->killed && (status = vx_qjs.JS_ExecutePendingJob(js->rt, &ctx)) != 0) {
        if (status > 0)
            continue;
        JSValue error = vx_qjs.JS_GetException(js->ctx);
        if (js->killed) {
            vx_qjs.JS_FreeValue(js->ctx, *thrown);
            *thrown = error;
            *threw = true;
        } else {
            vx_qjs.JS_FreeValue(js->ctx, error);
        }
    }
}

int vx_js_leave(vx_js *js, JSValue value)
{
    bool threw = JS_IsException(value);
    if (threw)
        value = vx_qjs.JS_GetException(js->ctx);
    if (js->depth == 1 && !js->jobs_lost)
        run_jobs(js, &value, &threw);
    if (!js->killed && vx_js_is_too_large(js))
        js->killed = VX_JS_MEMORY;
    vx_js_bytes out = vx_js_take_out(js);
    if (threw) {
        vx_js_put_error(js, &out, value);
    } else if (!js->killed && !JS_IsUndefined(value) && vx_js_pack(js, &out, value) < 0) {
        /* Nobody needs a value that cannot be told. */
        vx_qjs.JS_FreeValue(js->ctx, vx_qjs.JS_GetException(js->ctx));
        out.len = 0;
    }
    vx_qjs.JS_FreeValue(js->ctx, value);
    js->depth--;
    vx_js_stop_leave(&js->stop);
    int killed = js->killed;
    if (killed) {
        js->jobs_lost = true;
        vx_js_forget_rejections(js);
        if (killed != VX_JS_MEMORY && js->depth == 0)
            js->killed = 0; /* the platform's last events still reach it */
    }
    vx_js_put_out(js, out);
    if (killed)
        return killed;
    if (threw)
        return VX_JS_THREW;
    return js->outcome.len || js->outcome.rejections ? VX_JS_DONE : VX_JS_NOTHING;
}
