/* QuickJS-ng's C interface, as far as voxrt uses it, bound at run time.
 *
 * The engine is the shared object of the Python package `quickjs-ng`, which exports the whole C
 * interface of QuickJS-ng. Nothing of it is needed to build voxrt: the declarations below follow
 * its documented interface for 64-bit machines (no NaN boxing), version VX_JS_ENGINE, and
 * vx_js_load looks every function up by name.
 *
 * Source: https://github.com/quickjs-ng/quickjs, quickjs.h
 */
#ifndef VX_JS_ENGINE_H
#define VX_JS_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version whose interface this is; vx_js_load refuses any other. */
#define VX_JS_ENGINE "0.17.0"

typedef struct JSRuntime JSRuntime;
typedef struct JSContext JSContext;
typedef uint32_t JSAtom;
typedef uint32_t JSClassID;

typedef struct JSValue {
    union {
        int32_t int32;
        double float64;
        void *ptr;
    } u;
    int64_t tag;
} JSValue;

enum {
    JS_TAG_BIG_INT = -9,
    JS_TAG_SYMBOL = -8,
    JS_TAG_STRING = -7,
    JS_TAG_STRING_ROPE = -6,
    JS_TAG_OBJECT = -1,
    JS_TAG_INT = 0,
    JS_TAG_BOOL = 1,
    JS_TAG_NULL = 2,
    JS_TAG_UNDEFINED = 3,
    JS_TAG_EXCEPTION = 6,
    JS_TAG_SHORT_BIG_INT = 7,
    JS_TAG_FLOAT64 = 8,
};

#define JS_MKVAL(t, value) ((JSValue){ .u = { .int32 = (value) }, .tag = (t) })
#define JS_NULL JS_MKVAL(JS_TAG_NULL, 0)
#define JS_UNDEFINED JS_MKVAL(JS_TAG_UNDEFINED, 0)
#define JS_EXCEPTION JS_MKVAL(JS_TAG_EXCEPTION, 0)

static inline int JS_TAG(JSValue v) { return (int32_t)v.tag; }
static inline bool JS_IsUndefined(JSValue v) { return JS_TAG(v) == JS_TAG_UNDEFINED; }
static inline bool JS_IsException(JSValue v) { return JS_TAG(v) == JS_TAG_EXCEPTION; }
static inline bool JS_IsObject(JSValue v) { return JS_TAG(v) == JS_TAG_OBJECT; }
static inline bool JS_IsString(JSValue v)
{
    return JS_TAG(v) == JS_TAG_STRING || JS_TAG(v) == JS_TAG_STRING_ROPE;
}
static inline JSValue JS_NewBool(bool value) { return JS_MKVAL(JS_TAG_BOOL, value); }
static inline JSValue JS_NewInt32(int32_t value) { return JS_MKVAL(JS_TAG_INT, value); }
static inline JSValue JS_NewFloat64(double value)
{
    return (JSValue){ .u = { .float64 = value }, .tag = JS_TAG_FLOAT64 };
}

enum {
    JS_PROP_CONFIGURABLE = 1 << 0,
    JS_PROP_WRITABLE = 1 << 1,
    JS_PROP_ENUMERABLE = 1 << 2,
    JS_PROP_HIDDEN = JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE,
    JS_PROP_C_W_E = JS_PROP_HIDDEN | JS_PROP_ENUMERABLE,
    JS_PROP_NO_EXOTIC = 1 << 17, /* a property of the object itself, whatever its class does */
};
enum { JS_GPN_STRING_MASK = 1 << 0, JS_GPN_SYMBOL_MASK = 1 << 1, JS_GPN_ENUM_ONLY = 1 << 4 };
enum { JS_PROMISE_PENDING = 0 };
enum { JS_EVAL_TYPE_GLOBAL = 0, JS_EVAL_FLAG_COMPILE_ONLY = 1 << 5 };
enum { JS_WRITE_OBJ_BYTECODE = 1 << 0, JS_WRITE_OBJ_STRIP_SOURCE = 1 << 4 };
enum { JS_READ_OBJ_BYTECODE = 1 << 0 };
enum { JS_CFUNC_generic = 0, JS_CFUNC_generic_magic = 1 };

typedef struct JSMallocFunctions {
    void *(*js_calloc)(void *opaque, size_t count, size_t size);
    void *(*js_malloc)(void *opaque, size_t size);
    void (*js_free)(void *opaque, void *ptr);
    void *(*js_realloc)(void *opaque, void *ptr, size_t size);
    size_t (*js_malloc_usable_size)(const void *ptr);
} JSMallocFunctions;

typedef struct JSPropertyEnum {
    bool is_enumerable;
    JSAtom atom;
} JSPropertyEnum;

typedef struct JSPropertyDescriptor {
    int flags;
    JSValue value, getter, setter;
} JSPropertyDescriptor;

typedef struct JSClassExoticMethods {
    int (*get_own_property)(JSContext *, JSPropertyDescriptor *, JSValue, JSAtom);
    int (*get_own_property_names)(JSContext *, JSPropertyEnum **, uint32_t *, JSValue);
    int (*delete_property)(JSContext *, JSValue, JSAtom);
    int (*define_own_property)(JSContext *, JSValue, JSAtom, JSValue, JSValue, JSValue, int);
    int (*has_property)(JSContext *, JSValue, JSAtom);
    JSValue (*get_property)(JSContext *, JSValue, JSAtom, JSValue receiver);
    int (*set_property)(JSContext *, JSValue, JSAtom, JSValue, JSValue receiver, int flags);
} JSClassExoticMethods;

typedef JSValue JSClassCall(JSContext *ctx, JSValue function, JSValue this_value, int argc,
                            JSValue *argv, int flags);

typedef struct JSClassDef {
    const char *class_name;
    void (*finalizer)(JSRuntime *, JSValue);
    void (*gc_mark)(JSRuntime *, JSValue, void *mark);
    JSClassCall *call;
    JSClassExoticMethods *exotic;
} JSClassDef;

typedef JSValue JSCFunction(JSContext *ctx, JSValue this_value, int argc, JSValue *argv);
typedef JSValue JSCFunctionMagic(JSContext *ctx, JSValue this_value, int argc, JSValue *argv,
                                 int magic);
/* A property that JS_SetPropertyFunctionList defines. A function is made when it is first read, from
 * its entry, which has to stay where it is. */
typedef struct JSCFunctionListEntry {
    const char *name;
    uint8_t prop_flags;
    uint8_t def_type;
    int16_t magic;
    union {
        struct {
            uint8_t length;
            uint8_t cproto;
            union {
                JSCFunction *generic;
                JSCFunctionMagic *generic_magic;
            } cfunc;
        } func;
    } u;
} JSCFunctionListEntry;

enum { JS_DEF_CFUNC = 0 };

typedef JSValue JSCFunctionData(JSContext *ctx, JSValue this_value, int argc, JSValue *argv,
                                int magic, JSValue *data);
typedef int JSInterruptHandler(JSRuntime *rt, void *opaque);
typedef void JSHostPromiseRejectionTracker(JSContext *ctx, JSValue promise, JSValue reason,
                                           bool is_handled, void *opaque);

/* X(result, name, arguments) */
#define VX_JS_FUNCTIONS(X)                                                                       \
    X(const char *, JS_GetVersion, (void))                                                       \
    X(JSRuntime *, JS_NewRuntime2, (const JSMallocFunctions *, void *opaque))                    \
    X(void, JS_SetRuntimeOpaque, (JSRuntime *, void *))                                          \
    X(void *, JS_GetRuntimeOpaque, (JSRuntime *))                                                \
    X(void, JS_SetMaxStackSize, (JSRuntime *, size_t))                                           \
    X(void, JS_UpdateStackTop, (JSRuntime *))                                                    \
    X(void, JS_RunGC, (JSRuntime *))                                                             \
    X(void, JS_SetGCThreshold, (JSRuntime *, size_t))                                            \
    X(void, JS_SetInterruptHandler, (JSRuntime *, JSInterruptHandler *, void *))                 \
    X(void, JS_SetHostPromiseRejectionTracker,                                                   \
      (JSRuntime *, JSHostPromiseRejectionTracker *, void *))                                    \
    X(int, JS_ExecutePendingJob, (JSRuntime *, JSContext **))                                    \
    X(JSContext *, JS_NewContextRaw, (JSRuntime *))                                              \
    X(JSRuntime *, JS_GetRuntime, (JSContext *))                                                 \
    X(int, JS_AddIntrinsicBaseObjects, (JSContext *))                                            \
    X(int, JS_AddIntrinsicDate, (JSContext *))                                                   \
    X(int, JS_AddIntrinsicEval, (JSContext *))                                                   \
    X(int, JS_AddIntrinsicRegExp, (JSContext *))                                                 \
    X(int, JS_AddIntrinsicJSON, (JSContext *))                                                   \
    X(int, JS_AddIntrinsicProxy, (JSContext *))                                                  \
    X(int, JS_AddIntrinsicMapSet, (JSContext *))                                                 \
    X(int, JS_AddIntrinsicTypedArrays, (JSContext *))                                            \
    X(int, JS_AddIntrinsicPromise, (JSContext *))                                                \
    X(int, JS_AddIntrinsicBigInt, (JSContext *))                                                 \
    X(int, JS_AddIntrinsicWeakRef, (JSContext *))                                                \
    X(JSAtom, JS_NewAtomLen, (JSContext *, const char *, size_t))                                \
    X(void, JS_FreeAtom, (JSContext *, JSAtom))                                                  \
    X(JSValue, JS_AtomToValue, (JSContext *, JSAtom))                                            \
    X(JSAtom, JS_ValueToAtom, (JSContext *, JSValue))                                            \
    X(const char *, JS_AtomToCStringLen, (JSContext *, size_t *, JSAtom))                        \
    X(JSClassID, JS_NewClassID, (JSRuntime *, JSClassID *))                                      \
    X(JSClassID, JS_GetClassID, (JSValue))                                                       \
    X(int, JS_NewClass, (JSRuntime *, JSClassID, const JSClassDef *))                            \
    X(JSValue, JS_Throw, (JSContext *, JSValue))                                                 \
    X(JSValue, JS_GetException, (JSContext *))                                                   \
    X(bool, JS_IsError, (JSValue))                                                               \
    X(void, JS_SetUncatchableError, (JSContext *, JSValue))                                      \
    X(JSValue, JS_ThrowTypeError, (JSContext *, const char *, ...))                              \
    X(JSValue, JS_ThrowRangeError, (JSContext *, const char *, ...))                             \
    X(JSValue, JS_ThrowReferenceError, (JSContext *, const char *, ...))                         \
    X(JSValue, JS_ThrowSyntaxError, (JSContext *, const char *, ...))                            \
    X(JSValue, JS_ThrowInternalError, (JSContext *, const char *, ...))                          \
    X(JSValue, JS_ThrowPlainError, (JSContext *, const char *, ...))                             \
    X(void, JS_FreeValue, (JSContext *, JSValue))                                                \
    X(JSValue, JS_DupValue, (JSContext *, JSValue))                                              \
    X(int, JS_ToBool, (JSContext *, JSValue))                                                    \
    X(int, JS_ToFloat64, (JSContext *, double *, JSValue))                                       \
    X(JSValue, JS_ToString, (JSContext *, JSValue))                                              \
    X(JSValue, JS_NewStringLen, (JSContext *, const char *, size_t))                             \
    X(const char *, JS_ToCStringLen2, (JSContext *, size_t *, JSValue, bool))                    \
    X(void, JS_FreeCString, (JSContext *, const char *))                                         \
    X(JSValue, JS_NewObjectProtoClass, (JSContext *, JSValue, JSClassID))                        \
    X(JSValue, JS_NewObjectProto, (JSContext *, JSValue))                                        \
    X(JSValue, JS_NewObject, (JSContext *))                                                      \
    X(JSValue, JS_NewArray, (JSContext *))                                                       \
    X(bool, JS_IsFunction, (JSContext *, JSValue))                                               \
    X(bool, JS_SetConstructorBit, (JSContext *, JSValue, bool))                                  \
    X(bool, JS_IsArray, (JSValue))                                                               \
    X(bool, JS_IsDate, (JSValue))                                                                \
    X(bool, JS_IsPromise, (JSValue))                                                             \
    X(int, JS_PromiseState, (JSContext *, JSValue))                                              \
    X(JSValue, JS_NewDate, (JSContext *, double))                                                \
    X(JSValue, JS_GetProperty, (JSContext *, JSValue, JSAtom))                                   \
    X(JSValue, JS_GetPropertyUint32, (JSContext *, JSValue, uint32_t))                           \
    X(JSValue, JS_GetPropertyStr, (JSContext *, JSValue, const char *))                          \
    X(int, JS_SetPropertyStr, (JSContext *, JSValue, const char *, JSValue))                     \
    X(int, JS_HasProperty, (JSContext *, JSValue, JSAtom))                                       \
    X(JSValue, JS_GetPrototype, (JSContext *, JSValue))                                          \
    X(int, JS_SetPrototype, (JSContext *, JSValue, JSValue))                                     \
    X(int, JS_GetLength, (JSContext *, JSValue, int64_t *))                                      \
    X(int, JS_GetOwnPropertyNames,                                                               \
      (JSContext *, JSPropertyEnum **, uint32_t *, JSValue, int))                                \
    X(void, JS_FreePropertyEnum, (JSContext *, JSPropertyEnum *, uint32_t))                      \
    X(JSValue, JS_Call, (JSContext *, JSValue, JSValue, int, JSValue *))                         \
    X(JSValue, JS_CallConstructor, (JSContext *, JSValue, int, JSValue *))                       \
    X(JSValue, JS_Eval, (JSContext *, const char *, size_t, const char *, int))                  \
    X(JSValue, JS_EvalFunction, (JSContext *, JSValue))                                          \
    X(uint8_t *, JS_WriteObject, (JSContext *, size_t *, JSValue, int))                          \
    X(JSValue, JS_ReadObject, (JSContext *, const uint8_t *, size_t, int))                       \
    X(void, js_free, (JSContext *, void *))                                                      \
    X(JSValue, JS_GetGlobalObject, (JSContext *))                                                \
    X(int, JS_IsExtensible, (JSContext *, JSValue))                                              \
    X(int, JS_PreventExtensions, (JSContext *, JSValue))                                         \
    X(int, JS_GetOwnProperty, (JSContext *, JSPropertyDescriptor *, JSValue, JSAtom))            \
    X(int, JS_DefineProperty,                                                                    \
      (JSContext *, JSValue, JSAtom, JSValue, JSValue, JSValue, int))                            \
    X(int, JS_DeleteProperty, (JSContext *, JSValue, JSAtom, int))                               \
    X(int, JS_DefinePropertyValue, (JSContext *, JSValue, JSAtom, JSValue, int))                 \
    X(int, JS_DefinePropertyValueStr, (JSContext *, JSValue, const char *, JSValue, int))        \
    X(int, JS_DefinePropertyValueUint32, (JSContext *, JSValue, uint32_t, JSValue, int))         \
    X(int, JS_DefinePropertyGetSet, (JSContext *, JSValue, JSAtom, JSValue, JSValue, int))       \
    X(int, JS_SetPropertyFunctionList,                                                           \
      (JSContext *, JSValue, const JSCFunctionListEntry *, int))                                 \
    X(int, JS_SetOpaque, (JSValue, void *))                                                      \
    X(void *, JS_GetAnyOpaque, (JSValue, JSClassID *))                                           \
    X(JSValue, JS_JSONStringify, (JSContext *, JSValue, JSValue, JSValue))                       \
    X(uint8_t *, JS_GetArrayBuffer, (JSContext *, size_t *, JSValue))                            \
    X(bool, JS_IsArrayBuffer, (JSValue))                                                         \
    X(JSValue, JS_GetTypedArrayBuffer,                                                           \
      (JSContext *, JSValue, size_t *, size_t *, size_t *))                                      \
    X(int, JS_GetTypedArrayType, (JSValue))                                                      \
    X(JSValue, JS_NewUint8ArrayCopy, (JSContext *, const uint8_t *, size_t))                     \
    X(JSValue, JS_NewPromiseCapability, (JSContext *, JSValue *))                                \
    X(JSValue, JS_NewPrivateSymbol, (JSContext *, const char *))                                 \
    X(JSValue, JS_NewCFunction2, (JSContext *, JSCFunction *, const char *, int, int, int))      \
    X(JSValue, JS_NewCFunctionData2,                                                             \
      (JSContext *, JSCFunctionData *, const char *, int, int, int, JSValue *))

/* The functions, once vx_js_load has found them: `vx_qjs.JS_NewObject(ctx)`. */
typedef struct vx_js_engine {
#define X(result, name, arguments) result(*name) arguments;
    VX_JS_FUNCTIONS(X)
#undef X
} vx_js_engine;

extern vx_js_engine vx_qjs;

/* Finds the engine in a shared object, once for the process.
 *
 * path: the shared object of `quickjs-ng`.
 * why: gets a sentence that says what is wrong, in static memory; NULL when nothing is.
 * Returns VX_OK; VX_E_SYSTEM when the object cannot be loaded, lacks a function, or is another
 * version.
 */
int vx_js_load(const char *path, const char **why);

#endif
