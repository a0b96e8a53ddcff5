#include "vx_js.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vx_js_state.h"
#include "vx_status.h"

/* The engine's stack; a thread has 8 MB at least where voxrt runs. */
#define STACK_BYTES ((size_t)2 * 1024 * 1024)
/* How often a long computation lets the host look. */
#define LOOK_US 20000
#define STACK_FRAMES 50

/* --- time ------------------------------------------------------------------------------------ */

static int64_t cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void vx_js_arm(vx_js *js, int64_t budget_us)
{
    js->budget_us = budget_us;
    atomic_store(&js->stop.budget_us, budget_us);
    js->began_us = js->looked_us = -1;
}

void vx_js_allow(vx_js *js, int64_t more_us)
{
    if (js->budget_us > 0)
        js->budget_us += more_us;
}

static bool is_too_large(vx_js *js)
{
    if (js->memory.refused)
        return true;
    if (!js->memory.over || js->collecting)
        return false;
    js->collecting = true;
    vx_qjs.JS_RunGC(js->rt);
    js->collecting = false;
    js->memory.over = js->memory.used > js->memory.limit;
    return js->memory.over;
}

/* An interruption point: a jump back, a call, a step of a regular expression; each 10,000th. */
static int interrupt(JSRuntime *rt, void *opaque)
{
    return vx_js_has_to_end(opaque);
}

bool vx_js_has_to_end(vx_js *js)
{
    if (js->killed)
        return true;
    if (is_too_large(js)) {
        js->killed = VX_JS_MEMORY;
        return true;
    }
    int64_t now = cpu_us();
    if (js->began_us < 0)
        js->began_us = js->looked_us = now;
    if (js->budget_us > 0 && now - js->began_us > js->budget_us) {
        js->killed = VX_JS_TIME;
        return true;
    }
    if (now - js->looked_us > LOOK_US) {
        js->looked_us = now;
        vx_js_host_begin(&js->stop);
        int stop = js->host.look(js->host.self);
        vx_js_host_end(&js->stop);
        if (stop) {
            js->killed = VX_JS_STOPPED;
            return true;
        }
    }
    return false;
}

/* --- randomness ------------------------------------------------------------------------------ */

/* xorshift128+ (Vigna, https://arxiv.org/abs/1404.0390), as browsers have it. */
static JSValue math_random(JSContext *ctx, JSValue this_value, int argc, JSValue *argv)
{
    uint64_t *s = vx_js_of(ctx)->random;
    uint64_t a = s[0], b = s[1];
    s[0] = b;
    a ^= a << 23;
    a ^= a >> 17;
    a ^= b ^ (b >> 26);
    s[1] = a;
    return JS_NewFloat64((double)((a + b) >> 11) / 9007199254740992.0);
}

static void seed_random(vx_js *js)
{
    uint64_t x = js->host.seed; /* splitmix64 */
    for (int i = 0; i < 2; i++) {
        x += 0x9e3779b97f4a7c15u;
        uint64_t z = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        js->random[i] = z ^ (z >> 31);
    }
}

/* --- the outcome ----------------------------------------------------------------------------- */

/* A buffer for the next outcome. It is taken out of the runtime while it is written: a getter of
 * what is packed may call the host, which may enter again. */
static vx_js_bytes take_out(vx_js *js)
{
    vx_js_bytes out = js->out;
    js->out = (vx_js_bytes){ 0 };
    out.len = 0;
    out.failed = false;
    return out;
}

static void put_out(vx_js *js, vx_js_bytes out)
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

/* What an entry after the script's end returns. */
static int refuse(vx_js *js)
{
    put_out(js, take_out(js));
    return js->killed;
}

const vx_js_outcome *vx_js_outcome_of(const vx_js *js)
{
    return &js->outcome;
}

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

static void track(JSContext *ctx, JSValue promise, JSValue reason, bool is_handled, void *opaque)
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
        return VX_JS_DONE;
    vx_js_bytes out = take_out(js);
    vx_js_rejected *first = &js->rejections[js->first_rejection];
    JSValue reason = vx_qjs.JS_DupValue(js->ctx, first->reason);
    drop_rejection(js, first);
    trim_rejections(js);
    vx_js_put_error(js, &out, reason);
    vx_qjs.JS_FreeValue(js->ctx, reason);
    put_out(js, out);
    return VX_JS_THREW;
}

/* --- entries --------------------------------------------------------------------------------- */

static void enter(vx_js *js, vx_js_entry *entry)
{
    if (js->depth++ == 0)
        vx_qjs.JS_UpdateStackTop(js->rt);
    vx_js_stop_enter(&js->stop, entry);
}

/* The script was thrown out of: what it has left is not touched any more. */
static void give_up(vx_js *js)
{
    js->abandoned = js->jobs_lost = true;
    js->killed = VX_JS_STOPPED;
    js->left_rejections = 0;
    vx_js_stop_leave(&js->stop);
    put_out(js, take_out(js));
}

/* Ends an entry out of which the script was thrown. The first one tells why. */
static int abandoned(vx_js *js)
{
    bool told = js->told;
    js->told = true;
    js->depth--;
    give_up(js);
    return told ? VX_JS_STOPPED : VX_JS_TIME;
}

/* To be the first statement; the rest of the function is what may be abandoned. */
#define ENTER(js)            \
    vx_js_entry entry;       \
    if ((js)->killed)        \
        return refuse(js);   \
    enter((js), &entry);     \
    if (sigsetjmp(entry.jump, 0)) \
        return abandoned(js)

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

/* Ends an entry: takes its value or error, runs the microtasks, and packs what came of it. */
static int leave(vx_js *js, JSValue value)
{
    bool threw = JS_IsException(value);
    if (threw)
        value = vx_qjs.JS_GetException(js->ctx);
    if (js->depth == 1 && !js->jobs_lost)
        run_jobs(js, &value, &threw);
    if (!js->killed && is_too_large(js))
        js->killed = VX_JS_MEMORY;
    vx_js_bytes out = take_out(js);
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
    put_out(js, out);
    if (killed)
        return killed;
    return threw ? VX_JS_THREW : VX_JS_DONE;
}

int vx_js_eval(vx_js *js, const char *source, size_t len, const char *file)
{
    ENTER(js);
    return leave(js, vx_qjs.JS_Eval(js->ctx, source, len, file, JS_EVAL_TYPE_GLOBAL));
}

int vx_js_check(vx_js *js, const char *source, size_t len, const char *file)
{
    ENTER(js);
    JSValue code = vx_qjs.JS_Eval(js->ctx, source, len, file, JS_EVAL_FLAG_COMPILE_ONLY);
    if (!JS_IsException(code)) {
        vx_qjs.JS_FreeValue(js->ctx, code);
        code = JS_UNDEFINED;
    }
    return leave(js, code);
}

int vx_js_compile(vx_js *js, const char *source, size_t len, const char *file)
{
    ENTER(js);
    JSValue code = vx_qjs.JS_Eval(js->ctx, source, len, file, JS_EVAL_FLAG_COMPILE_ONLY);
    if (JS_IsException(code))
        return leave(js, code);
    size_t size;
    uint8_t *data = vx_qjs.JS_WriteObject(js->ctx, &size, code,
                                          JS_WRITE_OBJ_BYTECODE | JS_WRITE_OBJ_STRIP_SOURCE);
    vx_qjs.JS_FreeValue(js->ctx, code);
    JSValue packed = data == NULL ? JS_EXCEPTION
                                  : vx_qjs.JS_NewUint8ArrayCopy(js->ctx, data, size);
    vx_qjs.js_free(js->ctx, data);
    return leave(js, packed);
}

int vx_js_run(vx_js *js, const char *code, size_t len)
{
    ENTER(js);
    JSValue function =
        vx_qjs.JS_ReadObject(js->ctx, (const uint8_t *)code, len, JS_READ_OBJ_BYTECODE);
    if (JS_IsException(function))
        return leave(js, function);
    return leave(js, vx_qjs.JS_EvalFunction(js->ctx, function));
}

/* The arguments of a call. Returns their number; -1 with an exception. */
static int unpack_arguments(vx_js *js, const char *args, size_t len, JSValue *argv, int most)
{
    vx_js_reader r = { args, args + len };
    vx_js_item head = vx_js_read(&r);
    int count = 0;
    if (head.kind != VX_JS_ITEM_ARRAY || head.len > (uint32_t)most) {
        vx_qjs.JS_ThrowRangeError(js->ctx, "more than %d arguments", most);
        return -1;
    }
    for (; (uint32_t)count < head.len; count++) {
        argv[count] = vx_js_unpack(js, &r);
        if (JS_IsException(argv[count])) {
            while (count--)
                vx_qjs.JS_FreeValue(js->ctx, argv[count]);
            return -1;
        }
    }
    return count;
}

int vx_js_call(vx_js *js, int slot, const char *args, size_t len, int again)
{
    ENTER(js);
    JSValue argv[16];
    int argc = 1;
    if (again)
        argv[0] = vx_qjs.JS_DupValue(js->ctx, js->first_argument);
    else
        argc = unpack_arguments(js, args, len, argv, 16);
    if (argc < 0)
        return leave(js, JS_EXCEPTION);
    vx_qjs.JS_FreeValue(js->ctx, js->first_argument);
    js->first_argument = argc ? vx_qjs.JS_DupValue(js->ctx, argv[0]) : JS_UNDEFINED;
    JSValue function = vx_qjs.JS_DupValue(js->ctx, vx_js_slot_value(js, slot));
    JSValue value = vx_qjs.JS_Call(js->ctx, function, JS_UNDEFINED, argc, argv);
    vx_qjs.JS_FreeValue(js->ctx, function);
    while (argc--)
        vx_qjs.JS_FreeValue(js->ctx, argv[argc]);
    return leave(js, value);
}

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
        give_up(js);
        return VX_E_STATE;
    }
    int number = make_promise(js);
    vx_js_stop_leave(&js->stop);
    return number;
}

int vx_js_settle(vx_js *js, int promise, int rejected, const char *value, size_t len)
{
    ENTER(js);
    if (promise < 0 || promise >= js->n_promises)
        return leave(js, JS_UNDEFINED);
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
    return leave(js, done);
}

static void put_stack(vx_js *js)
{
    vx_js_bytes out = take_out(js);
    JSValue here = vx_js_here(js);
    JSValue stack = vx_qjs.JS_GetPropertyStr(js->ctx, here, "stack");
    size_t len;
    const char *text = vx_qjs.JS_ToCStringLen2(js->ctx, &len, stack, false);
    if (text != NULL)
        vx_js_put_raw(&out, text, len);
    vx_qjs.JS_FreeCString(js->ctx, text);
    vx_qjs.JS_FreeValue(js->ctx, stack);
    vx_qjs.JS_FreeValue(js->ctx, here);
    put_out(js, out);
}

void vx_js_stack(vx_js *js)
{
    if (js->depth == 0 || js->abandoned) {
        put_out(js, take_out(js));
        return;
    }
    /* The script's own Error.prepareStackTrace runs here. */
    vx_js_entry entry;
    vx_js_stop_enter(&js->stop, &entry);
    if (sigsetjmp(entry.jump, 0)) {
        give_up(js);
        return;
    }
    put_stack(js);
    vx_js_stop_leave(&js->stop);
}

size_t vx_js_used(const vx_js *js)
{
    return js->memory.used;
}

/* --- life ------------------------------------------------------------------------------------ */

/* What the language itself has; nothing that reads the machine's clock. */
static bool add_language(JSContext *ctx)
{
    return vx_qjs.JS_AddIntrinsicBaseObjects(ctx) >= 0 && vx_qjs.JS_AddIntrinsicDate(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicEval(ctx) >= 0 && vx_qjs.JS_AddIntrinsicRegExp(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicJSON(ctx) >= 0 && vx_qjs.JS_AddIntrinsicProxy(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicMapSet(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicTypedArrays(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicPromise(ctx) >= 0 && vx_qjs.JS_AddIntrinsicBigInt(ctx) >= 0 &&
           vx_qjs.JS_AddIntrinsicWeakRef(ctx) >= 0;
}

static void adapt_globals(vx_js *js)
{
    JSContext *ctx = js->ctx;
    JSValue global = vx_qjs.JS_GetGlobalObject(ctx);
    js->error_class = vx_qjs.JS_GetPropertyStr(ctx, global, "Error");
    vx_qjs.JS_SetPropertyStr(ctx, js->error_class, "stackTraceLimit", JS_NewInt32(STACK_FRAMES));
    JSValue math = vx_qjs.JS_GetPropertyStr(ctx, global, "Math");
    JSValue random =
        vx_qjs.JS_NewCFunction2(ctx, math_random, "random", 0, JS_CFUNC_generic, 0);
    vx_qjs.JS_DefinePropertyValueStr(ctx, math, "random", random, JS_PROP_HIDDEN);
    vx_qjs.JS_FreeValue(ctx, math);
    vx_qjs.JS_FreeValue(ctx, global);
}

int vx_js_new(const vx_js_host *host, vx_js **out)
{
    if (host == NULL || out == NULL)
        return VX_E_ARGUMENT;
    if (vx_qjs.JS_NewRuntime2 == NULL)
        return VX_E_STATE;
    vx_js *js = calloc(1, sizeof *js);
    if (js == NULL)
        return VX_E_MEMORY;
    js->host = *host;
    js->first_argument = JS_UNDEFINED;
    js->slots.free = -1;
    js->looked_us = js->began_us = -1;
    seed_random(js);
    js->rt = vx_qjs.JS_NewRuntime2(&vx_js_allocator, &js->memory);
    js->ctx = js->rt == NULL ? NULL : vx_qjs.JS_NewContextRaw(js->rt);
    if (js->ctx == NULL || !add_language(js->ctx)) {
        vx_js_free(js);
        return VX_E_MEMORY;
    }
    vx_qjs.JS_SetRuntimeOpaque(js->rt, js);
    vx_qjs.JS_SetMaxStackSize(js->rt, STACK_BYTES);
    vx_qjs.JS_SetInterruptHandler(js->rt, interrupt, js);
    vx_qjs.JS_SetHostPromiseRejectionTracker(js->rt, track, js);
    js->number_symbol = vx_qjs.JS_NewPrivateSymbol(js->ctx, "number");
    js->number_atom = vx_qjs.JS_ValueToAtom(js->ctx, js->number_symbol);
    adapt_globals(js);
    if (vx_js_objects_init(js) < 0) {
        vx_js_free(js);
        return VX_E_MEMORY;
    }
    js->memory.limit = host->memory_limit;
    vx_js_stop_watch(&js->stop);
    js->is_watched = true;
    *out = js;
    return VX_OK;
}

void vx_js_free(vx_js *js)
{
    if (js == NULL)
        return;
    if (js->is_watched)
        vx_js_stop_unwatch(&js->stop);
    /* All of the engine's memory is ours, and nothing else of it outlives a runtime: to give it
       back as a whole is quick, and works however a script has left the heap. */
    vx_js_memory_free(&js->memory);
    vx_js_bytes_free(&js->out);
    vx_js_bytes_free(&js->args);
    free(js->classes);
    free(js->objects);
    free(js->slots.slots);
    free(js->slots.buckets);
    free(js->promises);
    free(js->rejections);
    free(js);
}
