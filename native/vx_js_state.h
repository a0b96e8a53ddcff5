/* What the parts of a runtime share; nobody else looks inside. */
#ifndef VX_JS_STATE_H
#define VX_JS_STATE_H

#include "vx_js.h"
#include "vx_js_bytes.h"
#include "vx_js_engine.h"
#include "vx_js_memory.h"
#include "vx_js_stop.h"

/* A value of the script that the host holds, found by its object. */
typedef struct vx_js_slot {
    JSValue value; /* undefined when the slot is free */
    int uses;      /* how often the host was given it */
    int next;      /* of the same hash, or the next free one; -1 ends */
} vx_js_slot;

typedef struct vx_js_slots {
    vx_js_slot *slots;
    int *buckets;
    int count, cap, free, n_buckets;
} vx_js_slots;

typedef struct vx_js_deferred {
    JSValue promise, settle[2]; /* fulfil, reject */
    JSValue site;               /* an error made where the promise was, for its stack */
} vx_js_deferred;

typedef struct vx_js_rejected {
    JSValue promise, reason;
} vx_js_rejected;

typedef struct vx_js_waiter {
    JSValue promise, function; /* what the asynchronous function has returned */
} vx_js_waiter;

/* So many asynchronous functions that wait at the same time are known. */
#define VX_JS_MOST_WAITING 32

struct vx_js {
    vx_js_host host;
    vx_js_memory memory;
    JSRuntime *rt;
    JSContext *ctx;

    JSClassID object_class, callable_class, listed_class, missing_class;
    JSValue object_base, function_base;       /* Object.prototype, Function.prototype */
    JSValue object_missing, function_missing; /* in front of these: ask the host */
    JSValue *classes;                         /* prototypes by class number */
    JSValue *objects;                         /* by handle */
    int n_classes, n_objects, n_globals;
    int date_global; /* the index of `Date`; -1 without it, and once the host was asked for it */

    vx_js_slots slots;
    vx_js_deferred *promises;
    vx_js_rejected *rejections;
    int n_promises, cap_promises;
    /* From first_rejection to n_rejections; those that were handled are undefined, and not among
       the left_rejections. */
    int first_rejection, n_rejections, left_rejections, cap_rejections;

    vx_js_waiter waiting[VX_JS_MOST_WAITING];
    int n_waiting;
    JSClassID async_class; /* of asynchronous functions; 0 as long as none was called */

    vx_js_bytes out, args;
    vx_js_outcome outcome;
    JSValue remembered; /* an event: see vx_js_call */
    JSValue error_class, number_symbol;
    JSValue kept; /* what code of the host needs of the language: see vx_js_keep */
    JSValue stack_of, get_limit, set_limit, get_prepare, set_prepare; /* see vx_js_stack.c */
    /* The private property of an error that holds the host's number of it, of a callable object
       its flags, of a listed one its store. */
    JSAtom number_atom;

    int depth;      /* entries under way */
    unsigned asked; /* how often the host was called */
    int killed;     /* a vx_js_status from VX_JS_TIME on, once the script has to end */
    bool jobs_lost; /* the script was ended: its microtasks do not run any more */
    bool collecting;
    bool abandoned;  /* the script was thrown out of: its heap is not touched any more */
    bool told;       /* the host knows that */
    bool is_watched;
    vx_js_stop stop;
    int64_t budget_us, began_us, looked_us;
    uint64_t random[2];
};

static inline vx_js *vx_js_of(JSContext *ctx)
{
    return vx_qjs.JS_GetRuntimeOpaque(vx_qjs.JS_GetRuntime(ctx));
}

/* vx_js.c: looks at memory, time and the host; whether the script has to end now. */
bool vx_js_has_to_end(vx_js *js);
/* vx_js.c: whether its memory is above the limit, even after a collection. */
bool vx_js_is_too_large(vx_js *js);

/* vx_js_promises.c: takes note of rejections that nobody handles. */
void vx_js_track(JSContext *ctx, JSValue promise, JSValue reason, bool is_handled, void *opaque);

/* vx_js_pack.c: appends a value. Returns 0, or -1 with an exception. */
int vx_js_pack(vx_js *js, vx_js_bytes *b, JSValue value);
/* The value as a scenario's log shows it: objects as JSON, everything else as String() does. */
int vx_js_pack_shown(vx_js *js, vx_js_bytes *b, JSValue value);

/* vx_js_unpack.c: the next value, or an exception. */
JSValue vx_js_unpack(vx_js *js, vx_js_reader *r);
JSValue vx_js_unpack_whole(vx_js *js, const char *data, size_t len);

/* vx_js_error.c: an error as an extension of type ERROR, whose data is a packed map:
 *   to the host    `name`, `message`, `stack`: texts; `slot` of the thrown object; `number` that
 *                  the host gave it
 *   to the script  `name` of a built-in error class, `message`, and what else it shall have as
 *                  properties; `number`, which comes back with it; or a `slot` alone: that object
 */
void vx_js_put_error(vx_js *js, vx_js_bytes *b, JSValue thrown);
JSValue vx_js_make_error(vx_js *js, vx_js_reader *map, uint32_t pairs, JSValue site);
/* A new Error, which has the stack of this place. */
JSValue vx_js_here(vx_js *js);

/* vx_js_stack.c: takes note of what belongs to stacks, before any script. Returns 0 or -1. */
int vx_js_stack_init(vx_js *js);

/* vx_js_waiting.c: a function that the host has called returned this. */
void vx_js_note_waiting(vx_js *js, JSValue function, JSValue value);

/* vx_js_slots.c: the slot of an object, with one use more; -1 without memory. */
int vx_js_slot_of(vx_js *js, JSValue object);
/* The value of a slot, not owned; undefined when there is none. */
JSValue vx_js_slot_value(const vx_js *js, int slot);

/* vx_js_objects.c */
int vx_js_objects_init(vx_js *js);
/* What each method of a host object is; its magic is the number of the member. */
JSCFunctionMagic vx_js_call_method;
/* The handle of a host object, or -1. */
int vx_js_handle_of(const vx_js *js, JSValue value);
/* vx_js_globals.c: the script is about to get a date of the host. */
void vx_js_need_dates(vx_js *js);
/* The script's value of an answer; `keeper` gets it as the property `name` when it is to stay. */
JSValue vx_js_take_answer(vx_js *js, const vx_js_answer *answer, JSValue keeper, JSAtom name);

/* vx_js_own.c: of the engine class whose objects have members that are listed. */
extern JSClassExoticMethods vx_js_own_methods;
/* Gives a new one its store. Returns a negative number without memory. */
int vx_js_own_begin(vx_js *js, JSValue object);

/* Grows an array so that `index` fits; new elements are undefined. Returns 0 or -1. */
int vx_js_grow(JSValue **values, int *count, int index);

#endif
