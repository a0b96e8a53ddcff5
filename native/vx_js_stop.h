/* Ends a script where the engine does not let itself be interrupted.
 *
 * Some loops of the engine have no interruption point: JSON.stringify of an object that holds
 * itself in a thousand places, the search of a long text in a longer one. A thread of the process
 * looks ten times a second how much processor time each entry has used. One that has gone on for
 * VX_JS_GRACE_US longer than its budget gets a signal (SIGXCPU), whose handler jumps out of the
 * engine, back to where it was entered. What the script has left is never touched again: its heap
 * is the runtime's own and is freed as a whole (vx_js_memory.h), and a runtime that was left like
 * this is *dead*, which every function of vx_js.h looks at.
 *
 * The handler jumps only when nothing else is under way that has to be finished: no call of the
 * host, no function of the C library's heap. Otherwise the next signal comes a moment later.
 *
 * On Linux; elsewhere the processor time of another thread is not known by a portable name, and
 * such a loop runs to its end.
 */
#ifndef VX_JS_STOP_H
#define VX_JS_STOP_H

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define VX_JS_GRACE_US 1000000

/* One entry into the engine, on the stack of the function that enters. */
typedef struct vx_js_entry {
    sigjmp_buf jump;
    struct vx_js_entry *outer;
} vx_js_entry;

/* The part of a runtime that this is about. All fields are zero at first. */
typedef struct vx_js_stop vx_js_stop;
struct vx_js_stop {
    vx_js_stop *next, *prev; /* all that are watched */
    vx_js_entry *entry;      /* the innermost one under way */
    volatile sig_atomic_t in_host, dead;
    pthread_t thread;         /* that is in the outermost one */
    _Atomic uint64_t serial;  /* of the outermost entry; odd while it is under way */
    _Atomic uint64_t doomed;  /* the serial that is to be ended */
    _Atomic int64_t budget_us; /* 0 for any */
    uint64_t seen;            /* the serial that the watching thread saw last */
    int64_t began_us;
};

/* How many functions of the heap are under way in this thread. */
extern _Thread_local volatile sig_atomic_t vx_js_in_heap
    __attribute__((tls_model("initial-exec")));

static inline void *vx_js_realloc(void *data, size_t size)
{
    vx_js_in_heap++;
    data = realloc(data, size);
    vx_js_in_heap--;
    return data;
}

static inline void vx_js_heap_free(void *data)
{
    vx_js_in_heap++;
    free(data);
    vx_js_in_heap--;
}

/* Begins and ends watching a runtime. */
void vx_js_stop_watch(vx_js_stop *s);
void vx_js_stop_unwatch(vx_js_stop *s);

/* Begins and ends an entry. Between them: `sigsetjmp(entry->jump, 0)`, in the same function as the
 * call of the engine, gives nonzero when the script was ended. */
void vx_js_stop_enter(vx_js_stop *s, vx_js_entry *entry);
void vx_js_stop_leave(vx_js_stop *s);

/* Begins and ends a call of the host; does not return when the runtime has died within. */
static inline void vx_js_host_begin(vx_js_stop *s) { s->in_host++; }
void vx_js_host_end(vx_js_stop *s);

#endif
