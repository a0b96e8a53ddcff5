#include "vx_js.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vx_js_entry.h"
#include "vx_status.h"

/* The engine's stack; a thread has 8 MB at least where voxrt runs. */
#define STACK_BYTES ((size_t)2 * 1024 * 1024)
/* How often a long computation lets the host look. */
#define LOOK_US 20000
#define STACK_FRAMES 50
/* Garbage that reference counting does not find is collected above so many bytes. The engine's own
   value is what a runtime has from the start, so that each session would begin with a collection. */
#define COLLECT_BYTES ((size_t)1024 * 1024)

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

bool vx_js_is_too_large(vx_js *js)
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
    if (vx_js_is_too_large(js)) {
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

/* --- entries --------------------------------------------------------------------------------- */

int vx_js_eval(vx_js *js, const char *source, size_t len, const char *file)
{
    VX_JS_ENTER(js);
    return vx_js_leave(js, vx_qjs.JS_Eval(js->ctx, source, len, file, JS_EVAL_TYPE_GLOBAL));
}

int vx_js_compile(vx_js *js, const char *source, size_t len, const char *file, int keep_text)
{
    VX_JS_ENTER(js);
    JSValue code = vx_qjs.JS_Eval(js->ctx, source, len, file, JS_EVAL_FLAG_COMPILE_ONLY);
    if (JS_IsException(code))
        return vx_js_leave(js, code);
    size_t size;
    int flags = JS_WRITE_OBJ_BYTECODE | (keep_text ? 0 : JS_WRITE_OBJ_STRIP_SOURCE);
    uint8_t *data = vx_qjs.JS_WriteObject(js->ctx, &size, code, flags);
    vx_qjs.JS_FreeValue(js->ctx, code);
    JSValue packed = data == NULL ? JS_EXCEPTION
                                  : vx_qjs.JS_NewUint8ArrayCopy(js->ctx, data, size);
    vx_qjs.js_free(js->ctx, data);
    return vx_js_leave(js, packed);
}

int vx_js_run(vx_js *js, const char *code, size_t len)
{
    VX_JS_ENTER(js);
    JSValue function =
        vx_qjs.JS_ReadObject(js->ctx, (const uint8_t *)code, len, JS_READ_OBJ_BYTECODE);
    if (JS_IsException(function))
        return vx_js_leave(js, function);
    return vx_js_leave(js, vx_qjs.JS_EvalFunction(js->ctx, function));
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

int vx_js_call(vx_js *js, int slot, const char *args, size_t len, int mode)
{
    VX_JS_ENTER(js);
    JSValue argv[16];
    int argc = 1;
    if (mode == VX_JS_AGAIN)
        argv[0] = vx_qjs.JS_DupValue(js->ctx, js->remembered);
    else
        argc = unpack_arguments(js, args, len, argv, 16);
    if (argc < 0)
        return vx_js_leave(js, JS_EXCEPTION);
    if (mode == VX_JS_REMEMBER) {
        vx_qjs.JS_FreeValue(js->ctx, js->remembered);
        js->remembered = vx_qjs.JS_DupValue(js->ctx, argv[0]);
    }
    JSValue function = vx_qjs.JS_DupValue(js->ctx, vx_js_slot_value(js, slot));
    JSValue value = vx_qjs.JS_Call(js->ctx, function, JS_UNDEFINED, argc, argv);
    vx_js_note_waiting(js, function, value);
    vx_qjs.JS_FreeValue(js->ctx, function);
    while (argc--)
        vx_qjs.JS_FreeValue(js->ctx, argv[argc]);
    return vx_js_leave(js, value);
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
    js->remembered = js->kept = JS_UNDEFINED;
    js->slots.free = js->date_global = -1;
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
    vx_qjs.JS_SetGCThreshold(js->rt, COLLECT_BYTES);
    vx_qjs.JS_SetInterruptHandler(js->rt, interrupt, js);
    vx_qjs.JS_SetHostPromiseRejectionTracker(js->rt, vx_js_track, js);
    js->number_symbol = vx_qjs.JS_NewPrivateSymbol(js->ctx, "number");
    js->number_atom = vx_qjs.JS_ValueToAtom(js->ctx, js->number_symbol);
    adapt_globals(js);
    if (vx_js_objects_init(js) < 0 || vx_js_stack_init(js) < 0) {
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
