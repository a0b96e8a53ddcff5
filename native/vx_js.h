/* One JavaScript runtime: the scripts of one session, in one global scope.
 *
 * Everything that enters the engine goes through a function of this file that returns a
 * vx_js_status and leaves what came of it, packed, in the outcome: the value, or the error. The
 * outermost of them runs the microtasks before it returns.
 *
 * Values cross as MessagePack (https://msgpack.org), with the extension types of vx_js_ext for
 * what JSON does not have. Objects of the host have a number, its *handle*; functions of the
 * script have one, their *slot*. Both keep identity: the same object has the same number.
 *
 * Limits. The engine's own memory limit makes small allocations fail, which not all of its paths
 * survive. Here an allocation that leads above the limit is noted, and ends the script at the next
 * interruption point; only large ones fail at once (vx_js_memory.h). Processor time is looked at
 * on the same points. What ends a script cannot be caught by it. A script that comes to no such
 * point is left as it stands (vx_js_stop.h), and nothing of it runs any more.
 *
 * One thread at a time, always the same.
 */
#ifndef VX_JS_H
#define VX_JS_H

#include <stddef.h>
#include <stdint.h>

typedef struct vx_js vx_js;

typedef enum vx_js_status {
    VX_JS_NOTHING = 0, /* done; the value is undefined, and no rejection waits */
    VX_JS_THREW = 1,   /* the outcome is the error */
    VX_JS_TIME = 2,    /* it computed longer than vx_js_arm allowed; the outcome is the error, or
                          empty when it could not be interrupted and was thrown out of */
    VX_JS_MEMORY = 3,  /* it used too much memory; nothing of the script runs any more */
    VX_JS_STOPPED = 4, /* the host stopped it: its `call` or `look` said so */
    VX_JS_DONE = 5,    /* the outcome is the value */
} vx_js_status;

/* What came of the last function that returned a vx_js_status, or of vx_js_stack. */
typedef struct vx_js_outcome {
    const char *data; /* packed; valid until the next of these functions */
    size_t len;
    int rejections; /* so many rejections that nobody handles wait for vx_js_rejection */
    int ended;      /* whether nothing of the script runs any more */
} vx_js_outcome;

/* MessagePack extension types. Integers in them are 32 bits, big endian. */
enum vx_js_ext {
    VX_JS_EXT_OBJECT = 1,    /* a handle */
    VX_JS_EXT_FUNCTION = 2,  /* a slot */
    VX_JS_EXT_ERROR = 3,     /* a packed map: see vx_js_error.h */
    VX_JS_EXT_PROMISE = 4,   /* to the script: the number of a promise of the host */
    VX_JS_EXT_UNDEFINED = 5, /* nothing */
    VX_JS_EXT_ENVELOPE = 6,  /* to the script: a packed map; the fields of its `payload` are
                                readable on it, too */
    VX_JS_EXT_NAMED = 7,     /* to the script: a packed array [list, map]: an array with further
                                properties */
    VX_JS_EXT_BIG_INT = 8,   /* decimal digits */
    VX_JS_EXT_OTHER = 9,     /* to the host: what has no other form; a word that names its kind */
    VX_JS_EXT_TIME = -1,     /* a date, as in the MessagePack specification */
};

/* How the host answers. */
typedef enum vx_js_answer_kind {
    VX_JS_ANSWER_UNDEFINED = 0,
    VX_JS_ANSWER_BOOL = 1,   /* `number` */
    VX_JS_ANSWER_NUMBER = 2, /* `number` */
    VX_JS_ANSWER_PACKED = 3, /* `data`, valid until the next call of the host */
    VX_JS_ANSWER_KEEP = 4,   /* like PACKED; the value becomes a property of the object */
    VX_JS_ANSWER_THROW = 5,  /* `data` is an error */
    VX_JS_ANSWER_STOP = 6,   /* end the script at once, uncatchably */
    VX_JS_ANSWER_CALL = 7,   /* like KEEP; the value is what the function in `data` returns */
} vx_js_answer_kind;

typedef struct vx_js_answer {
    int kind;
    double number;
    const char *data;
    size_t len;
} vx_js_answer;

/* What the host does for the script. `self` is the host's own. */
typedef struct vx_js_host {
    void *self;
    /* A method of an object was called (member >= 0), or the object itself (member < 0); object
       < 0 when the method was called without one. `args` is a packed array. */
    void (*call)(void *self, int object, int member, const char *args, size_t len,
                 vx_js_answer *answer);
    /* A property was read that an object does not have. `name` is UTF-8. */
    void (*missing)(void *self, int object, const char *name, size_t len, vx_js_answer *answer);
    /* A property of a listed object is looked for that it does not have yet: the answer is its
       value, nothing when it is none of the object's own. `name` is UTF-8; NULL asks for all of
       them, a packed map. */
    void (*own)(void *self, int object, const char *name, size_t len, vx_js_answer *answer);
    /* A global of vx_js_globals was read for the first time. */
    void (*global)(void *self, int index, vx_js_answer *answer);
    /* A long computation goes on; nonzero stops it. */
    int (*look)(void *self);
    size_t memory_limit; /* bytes; 0 for none */
    uint64_t seed;       /* of Math.random */
} vx_js_host;

/* Flags of vx_js_object and of members in vx_js_members_new. */
enum {
    VX_JS_CALLABLE = 1, /* typeof is "function" */
    VX_JS_TEXT = 2,     /* its arguments are wanted as text, as String() and JSON show them */
    VX_JS_CLASS = 4,    /* callable; `instanceof` looks for the class of its number */
    VX_JS_LISTED = 8,   /* not callable; it has the properties that the host's `own` lists */
};

/* Members are numbered by the host, from 0 to this. */
#define VX_JS_MAX_MEMBER 0x3fff
/* In the number of a member: its arguments are wanted as text. */
#define VX_JS_MEMBER_TEXT 0x4000
/* In the number of a member: it is a property that the script may set. Reading it calls the member
 * of this number, setting it the one of the next number, with the value. */
#define VX_JS_MEMBER_PROPERTY 0x8000

/* Makes a runtime. vx_js_load must have succeeded.
 * Returns VX_OK, VX_E_ARGUMENT, VX_E_STATE (no engine) or VX_E_MEMORY. */
int vx_js_new(const vx_js_host *host, vx_js **out);

/* Frees everything at once; harmless with NULL. Not from within a call of the host. */
void vx_js_free(vx_js *js);

/* The outcome, which is always at the same place. */
const vx_js_outcome *vx_js_outcome_of(const vx_js *js);

/* Runs a script in the global scope. source: UTF-8, with a zero byte at source[len]. */
int vx_js_eval(vx_js *js, const char *source, size_t len, const char *file);

/* Compiles a script to what vx_js_run takes, which is then the output: bytes for runtimes of this
 * process. Without its text its functions look like the engine's own. */
int vx_js_compile(vx_js *js, const char *source, size_t len, const char *file, int keep_text);
int vx_js_run(vx_js *js, const char *code, size_t len);

/* Calls a function of the script. args: a packed array. mode: for the handlers of an event, which
 * get the same object one after the other. */
enum vx_js_mode {
    VX_JS_REMEMBER = 1, /* the first argument */
    VX_JS_AGAIN = 2,    /* the one that was remembered is the only argument */
};
int vx_js_call(vx_js *js, int slot, const char *args, size_t len, int mode);

/* Makes a promise of the host for the script; returns its number, or VX_E_MEMORY. */
int vx_js_promise(vx_js *js);

/* Settles it. value: packed; an error when it is rejected, whose stack is that of vx_js_promise. */
int vx_js_settle(vx_js *js, int promise, int rejected, const char *value, size_t len);

/* The asynchronous functions that the host has called and that have not ended, the first 32 of
 * them, in the order of the calls: an array of [name, file, line, column], where each began. */
int vx_js_waiting(vx_js *js);

/* The next rejection that nobody handles, as an error: VX_JS_THREW, or VX_JS_NOTHING if
 * there is none. */
int vx_js_rejection(vx_js *js);

/* Does without those that are left. */
void vx_js_forget_rejections(vx_js *js);

/* The stack of the running script as the engine writes it, in the outcome; empty when none runs.
 * most: so many frames of it, innermost first. Nothing of the script runs for it. */
void vx_js_stack(vx_js *js, int most);

/* Gives up uses of a slot that the host was given. */
void vx_js_release(vx_js *js, int slot, int uses);

/* Allows so much processor time from now on, in microseconds; 0 for any. */
void vx_js_arm(vx_js *js, int64_t budget_us);

/* Allows more of it: what the host needed in between for things of its own. */
void vx_js_allow(vx_js *js, int64_t more_us);

/* Bytes in use. */
size_t vx_js_used(const vx_js *js);

/* The members of a class of host objects, for all runtimes of the process; they have to stay as long
 * as any that has it. packed: a map of names to member numbers.
 * Returns NULL without memory, and when it is no such map. */
typedef struct vx_js_members vx_js_members;
vx_js_members *vx_js_members_new(const char *packed, size_t len);
void vx_js_members_free(vx_js_members *members);

/* Declares a class of host objects.
 * number: of the class, from 0, not declared before. parent: a declared class, or -1. */
int vx_js_class(vx_js *js, int number, int parent, const vx_js_members *members);

/* Makes the script's object for a handle that has none. class: a declared class, or -1. */
int vx_js_object(vx_js *js, int handle, int class, int flags, const char *name);

/* Declares globals by name, a packed array of texts; read for the first time, they become what
 * the host answers. Their indexes count on from those declared before. A name may be a path to a
 * property of an object, such as `Number.prototype.toLocaleString`. If there is a global `Date`,
 * the host is asked for it before it gives the script a date, too. */
int vx_js_globals(vx_js *js, const char *names, size_t len);

/* Keeps what is at some paths now, a packed array of texts, whatever a script puts there later.
 * vx_js_kept is for the host's own code: a map of the paths to what was kept. */
int vx_js_keep(vx_js *js, const char *paths, size_t len);
int vx_js_kept(vx_js *js);

#endif
