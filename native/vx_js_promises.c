#include "vx_js_entry.h"
#include "vx_status.h"

/* --- rejections ------------------------------------------------------------------------------ */

/* Takes those off both ends that have been handled since. */
static void trim_rejections(vx_js *js)
{
    while (js->n_rejections && JS_IsUndefined(js->rejections[js->n_rejections - 1].promise))
        js->n_rejections--;
    while (js->first_rejection < js->n_rejections &&
           JS_IsUndefined(js->rejections[js->first_rejection].promise))
        js->first_rejection++;
    if (js->first_rejection >= js->n_rejections)
        js->first_rejection = js->n_rejections = 0;
}

static void drop_rejection(vx_js *js, vx_js_rejected *rejected)
{
    vx_qjs.JS_FreeValue(js->ctx, rejected->promise);
    vx_qjs.JS_FreeValue(js->ctx, rejected->reason);
    rejected->promise = JS_UNDEFINED;
    js->left_rejections--;
}

/* Looked for from both ends: scripts handle the newest one at once, or all in order. */
static void handled(vx_js *js, JSValue promise)
{
    int low = js->first_rejection, high = js->n_rejections - 1;
    for (; low <= high; low++, high--) {
        for (int end = 0; end < 2; end++) {
            vx_js_rejected *at = &js->rejections[end ? low : high];
            if (JS_IsObject(at->promise) && at->promise.u.ptr == promise.u.ptr) {
                drop_rejection(js, at);
                trim_rejections(js);
                return;
            }
        }
    }
}

void vx_js_track(JSContext *ctx, JSValue promise, JSValue reason, bool is_handled, void *opaque)
{
    vx_js *js = opaque;
    if (is_handled) {
        handled(js, promise);
        return;
    }
    if (js->n_rejections == js->cap_rejections) {
        int cap = js->cap_rejections ? js->cap_rejections * 2 : 8;
        vx_js_rejected *grown = vx_js_realloc(js->rejections, sizeof *grown * (size_t)cap);
        if (grown == NULL)
            return;
        js->rejections = grown;
        js->cap_rejections = cap;
    }
    js->rejections[js->n_rejections++] = (vx_js_rejected){
        vx_qjs.JS_DupValue(ctx, promise),
        vx_qjs.JS_DupValue(ctx, reason),
    };
    js->left_rejections++;
}

void vx_js_forget_rejections(vx_js *js)
{
    if (js->abandoned)
        return;
    for (int i = js->first_rejection; i < js->n_rejections; i++)
        if (JS_IsObject(js->rejections[i].promise))
            drop_rejection(js, &js->rejections[i]);
    trim_rejections(js);
    js->outcome.rejections = 0;
}

int vx_js_rejection(vx_js *js)
{
    if (js->abandoned || js->left_rejections == 0)
        return VX_JS_NOTHING;
    vx_js_bytes out = vx_js_take_out(js);
    vx_js_rejected *first = &js->rejections[js->first_rejection];
    JSValue reason = vx_qjs.JS_DupValue(js->ctx, first->reason);
    drop_rejection(js, first);
    trim_rejections(js);
    vx_js_put_error(js, &out, reason);
    vx_qjs.JS_FreeValue(js->ctx, reason);
    vx_js_put_out(js, out);
    return VX_JS_THREW;
}

/* --- promises of the host -------------------------------------------------------------------- */

/* A place for a promise of the host, or VX_E_MEMORY. */
static int free_promise(vx_js *js)
{
    int number = 0;
    while (number < js->n_promises && JS_IsObject(js->promises[number].promise))
        number++;
    if (number == js->cap_promises) {
        int cap = js->cap_promises ? js->cap_promises * 2 : 8;
        vx_js_deferred *grown = vx_js_realloc(js->promises, sizeof *grown * (size_t)cap);
        if (grown == NULL)
            return VX_E_MEMORY;
        js->promises = grown;
        js->cap_promises = cap;
    }
    return number;
}

static int make_promise(vx_js *js)
{
    vx_js_deferred made;
    made.promise = vx_qjs.JS_NewPromiseCapability(js->ctx, made.settle);
    if (JS_IsException(made.promise))
        return VX_E_MEMORY;
    made.site = vx_js_here(js);
    int number = free_promise(js); /* now: the site may have made others */
    if (number < 0)
        return number;
    js->promises[number] = made;
    if (number == js->n_promises)
        js->n_promises++;
    return number;
}

int vx_js_promise(vx_js *js)
{
    if (js->abandoned)
        return VX_E_STATE;
    /* The script's own Error.prepareStackTrace runs for the site. */
    vx_js_entry entry;
    vx_js_stop_enter(&js->stop, &entry);
    if (sigsetjmp(entry.jump, 0)) {
        vx_js_give_up(js);
        return VX_E_STATE;
    }
    int number = make_promise(js);
    vx_js_stop_leave(&js->stop);
    return number;
}

int vx_js_settle(vx_js *js, int promise, int rejected, const char *value, size_t len)
{
    VX_JS_ENTER(js);
    if (promise < 0 || promise >= js->n_promises)
        return vx_js_leave(js, JS_UNDEFINED);
    vx_js_deferred made = js->promises[promise];
    js->promises[promise].promise = JS_UNDEFINED;
    JSValue settled;
    vx_js_reader r = { value, value + len }, inside;
    if (rejected) {
        vx_js_item error = vx_js_read(&r);
        inside = (vx_js_reader){ error.data, error.data + error.len };
        vx_js_item map = vx_js_read(&inside);
        settled = vx_js_make_error(js, &inside, map.kind == VX_JS_ITEM_MAP ? map.len : 0, made.site);
    } else {
        settled = vx_js_unpack(js, &r);
    }
    JSValue done = JS_EXCEPTION;
    if (!JS_IsException(settled))
        done = vx_qjs.JS_Call(js->ctx, made.settle[rejected != 0], JS_UNDEFINED, 1, &settled);
    vx_qjs.JS_FreeValue(js->ctx, settled);
    vx_qjs.JS_FreeValue(js->ctx, made.promise);
    vx_qjs.JS_FreeValue(js->ctx, made.settle[0]);
    vx_qjs.JS_FreeValue(js->ctx, made.settle[1]);
    vx_qjs.JS_FreeValue(js->ctx, made.site);
    return vx_js_leave(js, done);
}
