/* Objects of the host in the script.
 *
 * A host object is an object of one of three engine classes, whose opaque pointer is its handle
 * plus one: a plain one, one that can be called, or one whose members are listed (vx_js_own.c).
 * Its methods are functions on the prototype of its class. At the end of the prototype chain, in
 * front of Object.prototype or Function.prototype, stands an object without properties that asks
 * the host for whatever was not found: the host may know the member and not have it, or compute
 * it, or remember that it was asked.
 */
#include <stdlib.h>
#include <string.h>

#include "vx_js_state.h"
#include "vx_status.h"

int vx_js_grow(JSValue **values, int *count, int index)
{
    if (index < *count)
        return 0;
    int wanted = *count ? *count : 16;
    while (wanted <= index)
        wanted *= 2;
    JSValue *grown = vx_js_realloc(*values, sizeof *grown * (size_t)wanted);
    if (grown == NULL)
        return -1;
    for (int i = *count; i < wanted; i++)
        grown[i] = JS_UNDEFINED;
    *values = grown;
    *count = wanted;
    return 0;
}

int vx_js_handle_of(const vx_js *js, JSValue value)
{
    JSClassID class;
    void *opaque = vx_qjs.JS_GetAnyOpaque(value, &class);
    if (class != js->object_class && class != js->callable_class && class != js->listed_class)
        return -1;
    return (int)(intptr_t)opaque - 1;
}

/* Ends the script, uncatchably. */
static JSValue throw_stopped(vx_js *js)
{
    vx_qjs.JS_ThrowInternalError(js->ctx, "stopped");
    JSValue error = vx_qjs.JS_GetException(js->ctx);
    vx_qjs.JS_SetUncatchableError(js->ctx, error);
    return vx_qjs.JS_Throw(js->ctx, error);
}

/* Makes a value a property of the keeper, if there is one. Returns the value. */
static JSValue as_property(vx_js *js, JSValue value, JSValue keeper, JSAtom name)
{
    if (!JS_IsException(value) && JS_IsObject(keeper))
        vx_qjs.JS_DefinePropertyValue(js->ctx, keeper, name, vx_qjs.JS_DupValue(js->ctx, value),
                                      JS_PROP_HIDDEN);
    return value;
}

static JSValue call_answer(vx_js *js, const vx_js_answer *answer)
{
    JSValue function = vx_js_unpack_whole(js, answer->data, answer->len);
    JSValue value = vx_qjs.JS_Call(js->ctx, function, JS_UNDEFINED, 0, NULL);
    vx_qjs.JS_FreeValue(js->ctx, function);
    return value;
}

JSValue vx_js_take_answer(vx_js *js, const vx_js_answer *answer, JSValue keeper, JSAtom name)
{
    JSValue value;
    switch (answer->kind) {
    case VX_JS_ANSWER_UNDEFINED:
        return JS_UNDEFINED;
    case VX_JS_ANSWER_BOOL:
        return JS_NewBool(answer->number != 0);
    case VX_JS_ANSWER_NUMBER:
        if (answer->number == (int32_t)answer->number)
            return JS_NewInt32((int32_t)answer->number);
        return JS_NewFloat64(answer->number);
    case VX_JS_ANSWER_PACKED:
        return vx_js_unpack_whole(js, answer->data, answer->len);
    case VX_JS_ANSWER_KEEP:
        return as_property(js, vx_js_unpack_whole(js, answer->data, answer->len), keeper, name);
    case VX_JS_ANSWER_CALL:
        return as_property(js, call_answer(js, answer), keeper, name);
    case VX_JS_ANSWER_THROW:
        value = vx_js_unpack_whole(js, answer->data, answer->len);
        return JS_IsException(value) ? value : vx_qjs.JS_Throw(js->ctx, value);
    default:
        js->killed = js->killed ? js->killed : VX_JS_STOPPED;
        return throw_stopped(js);
    }
}

static int pack_arguments(vx_js *js, int argc, JSValue *argv, bool as_text)
{
    size_t place = vx_js_open(&js->args);
    for (int i = 0; i < argc; i++) {
        int status = as_text ? vx_js_pack_shown(js, &js->args, argv[i])
                             : vx_js_pack(js, &js->args, argv[i]);
        if (status < 0)
            return -1;
    }
    vx_js_close_array(&js->args, place, (uint32_t)argc);
    return 0;
}

#define LOOK_EACH 16

/* Calls the host. A call may lead to another one before it returns, so the arguments of all that
 * are under way stand behind each other in one buffer. */
static JSValue ask(vx_js *js, int object, int member, bool as_text, int argc, JSValue *argv)
{
    /* A script that was ended may have caught that in an async function; and one that only calls
       the host comes to few interruption points, for the time that it takes. */
    if (js->killed || js->memory.refused ||
        (++js->asked % LOOK_EACH == 0 && vx_js_has_to_end(js)))
        return throw_stopped(js);
    size_t base = js->args.len;
    while (argc && !as_text && JS_IsUndefined(argv[argc - 1]))
        argc--; /* as if they had not been given */
    vx_js_answer answer = { 0 };
    int status = pack_arguments(js, argc, argv, as_text);
    if (status == 0) {
        vx_js_host_begin(&js->stop);
        js->host.call(js->host.self, object, member, js->args.data + base, js->args.len - base,
                      &answer);
        vx_js_host_end(&js->stop);
    }
    js->args.len = base;
    js->args.failed = false;
    return status < 0 ? JS_EXCEPTION : vx_js_take_answer(js, &answer, JS_UNDEFINED, 0);
}

JSValue vx_js_call_method(JSContext *ctx, JSValue this_value, int argc, JSValue *argv, int magic)
{
    vx_js *js = vx_js_of(ctx);
    return ask(js, vx_js_handle_of(js, this_value), magic & VX_JS_MAX_MEMBER,
               magic & VX_JS_MEMBER_TEXT, argc, argv);
}

static JSValue call_object(JSContext *ctx, JSValue function, JSValue this_value, int argc,
                           JSValue *argv, int flags)
{
    vx_js *js = vx_js_of(ctx);
    JSValue kind = vx_qjs.JS_GetProperty(ctx, function, js->number_atom);
    return ask(js, vx_js_handle_of(js, function), -1, kind.u.int32 & VX_JS_TEXT, argc, argv);
}

/* A property that was not found. */
static JSValue get_missing(JSContext *ctx, JSValue missing, JSAtom name, JSValue receiver)
{
    vx_js *js = vx_js_of(ctx);
    bool function = missing.u.ptr == js->function_missing.u.ptr;
    JSValue base = function ? js->function_base : js->object_base;
    int inherited = vx_qjs.JS_HasProperty(ctx, base, name);
    if (inherited < 0)
        return JS_EXCEPTION;
    int handle = vx_js_handle_of(js, receiver);
    size_t len;
    JSValue key = vx_qjs.JS_AtomToValue(ctx, name);
    bool text = JS_IsString(key);
    vx_qjs.JS_FreeValue(ctx, key);
    const char *utf8 = text ? vx_qjs.JS_AtomToCStringLen(ctx, &len, name) : NULL;
    JSValue value = JS_UNDEFINED;
    if (inherited) {
        /* The accessor __proto__ has to see the receiver, not what it was found on. */
        value = utf8 != NULL && strcmp(utf8, "__proto__") == 0
                    ? vx_qjs.JS_GetPrototype(ctx, receiver)
                    : vx_qjs.JS_GetProperty(ctx, base, name);
    } else if (utf8 != NULL && handle >= 0 && strcmp(utf8, "then") != 0) {
        /* `then` is what the language looks for when a promise resolves with the object. */
        vx_js_answer answer = { 0 };
        vx_js_host_begin(&js->stop);
        js->host.missing(js->host.self, handle, utf8, len, &answer);
        vx_js_host_end(&js->stop);
        value = vx_js_take_answer(js, &answer, receiver, name);
    }
    if (utf8 != NULL)
        vx_qjs.JS_FreeCString(ctx, utf8);
    return value;
}

static int has_missing(JSContext *ctx, JSValue missing, JSAtom name)
{
    vx_js *js = vx_js_of(ctx);
    bool function = missing.u.ptr == js->function_missing.u.ptr;
    return vx_qjs.JS_HasProperty(ctx, function ? js->function_base : js->object_base, name);
}

static JSClassExoticMethods missing_methods = {
    .get_property = get_missing,
    .has_property = has_missing,
};

static JSValue prototype_of_global(vx_js *js, const char *name)
{
    JSValue global = vx_qjs.JS_GetGlobalObject(js->ctx);
    JSValue constructor = vx_qjs.JS_GetPropertyStr(js->ctx, global, name);
    JSValue prototype = vx_qjs.JS_GetPropertyStr(js->ctx, constructor, "prototype");
    vx_qjs.JS_FreeValue(js->ctx, constructor);
    vx_qjs.JS_FreeValue(js->ctx, global);
    return prototype;
}

int vx_js_objects_init(vx_js *js)
{
    const JSClassDef object = { .class_name = "Object" };
    const JSClassDef callable = { .class_name = "Function", .call = call_object };
    const JSClassDef listed = { .class_name = "Object", .exotic = &vx_js_own_methods };
    const JSClassDef missing = { .class_name = "Object", .exotic = &missing_methods };
    js->object_class = js->callable_class = js->listed_class = js->missing_class = 0;
    vx_qjs.JS_NewClassID(js->rt, &js->object_class);
    vx_qjs.JS_NewClassID(js->rt, &js->callable_class);
    vx_qjs.JS_NewClassID(js->rt, &js->listed_class);
    vx_qjs.JS_NewClassID(js->rt, &js->missing_class);
    if (vx_qjs.JS_NewClass(js->rt, js->object_class, &object) < 0 ||
        vx_qjs.JS_NewClass(js->rt, js->callable_class, &callable) < 0 ||
        vx_qjs.JS_NewClass(js->rt, js->listed_class, &listed) < 0 ||
        vx_qjs.JS_NewClass(js->rt, js->missing_class, &missing) < 0)
        return -1;
    js->object_base = prototype_of_global(js, "Object");
    js->function_base = prototype_of_global(js, "Function");
    js->object_missing =
        vx_qjs.JS_NewObjectProtoClass(js->ctx, js->object_base, js->missing_class);
    js->function_missing =
        vx_qjs.JS_NewObjectProtoClass(js->ctx, js->function_base, js->missing_class);
    return JS_IsException(js->object_missing) || JS_IsException(js->function_missing) ? -1 : 0;
}

static void become_callable(vx_js *js, JSValue object, int class, int flags, const char *name)
{
    JSContext *ctx = js->ctx;
    JSValue text = vx_qjs.JS_NewStringLen(ctx, name, strlen(name));
    vx_qjs.JS_SetConstructorBit(ctx, object, true);
    vx_qjs.JS_DefinePropertyValueStr(ctx, object, "name", text, JS_PROP_CONFIGURABLE);
    vx_qjs.JS_DefinePropertyValue(ctx, object, js->number_atom, JS_NewInt32(flags), 0);
    if (flags & VX_JS_CLASS) {
        JSValue prototype = vx_qjs.JS_DupValue(ctx, js->classes[class]);
        vx_qjs.JS_DefinePropertyValueStr(ctx, object, "prototype", prototype, 0);
        vx_qjs.JS_DefinePropertyValueStr(ctx, prototype, "constructor",
                                         vx_qjs.JS_DupValue(ctx, object), JS_PROP_HIDDEN);
    }
}

int vx_js_object(vx_js *js, int handle, int class, int flags, const char *name)
{
    if (js->abandoned || handle < 0 || class >= js->n_classes || (class < 0 && flags & VX_JS_CLASS))
        return VX_E_ARGUMENT;
    bool callable = flags & (VX_JS_CALLABLE | VX_JS_CLASS);
    JSValue prototype = callable    ? js->function_missing
                        : class < 0 ? js->object_missing
                                    : js->classes[class];
    JSClassID engine_class = callable                 ? js->callable_class
                             : flags & VX_JS_LISTED ? js->listed_class
                                                    : js->object_class;
    JSValue object = vx_qjs.JS_NewObjectProtoClass(js->ctx, prototype, engine_class);
    if (JS_IsException(object) || vx_js_grow(&js->objects, &js->n_objects, handle) < 0)
        return VX_E_MEMORY;
    vx_qjs.JS_SetOpaque(object, (void *)(intptr_t)(handle + 1));
    js->objects[handle] = object;
    if (callable)
        become_callable(js, object, class, flags, name);
    else if (flags & VX_JS_LISTED && vx_js_own_begin(js, object) < 0)
        return VX_E_MEMORY;
    return VX_OK;
}
