/* The pacer: a thread that runs the graph in real time, or at a multiple of it.
 *
 * Tick k is due at start + k * 20 ms / speed on the monotonic clock, computed from k each
 * time, so it never drifts.  A tick that begins more than half a frame late is counted.
 * After a stall the pacer catches up at twice the cadence: two ticks are never closer than
 * half a frame, so an output gets no burst.
 *
 * The descriptor becomes readable when marks wait, and until they are taken.
 */
#ifndef VX_PACER_H
#define VX_PACER_H

#include "vx_graph.h"

enum {
    VX_SPEED_MIN = 10,     /* permille: a hundredth of real time */
    VX_SPEED_MAX = 100000, /* a hundred times real time */
    VX_LATENESS_KEPT = 8192,
};

/* Starts it.  realtime = 1 asks for real-time priority, and goes on without it.
 * Returns the descriptor to wait for, which belongs to the graph; VX_E_ARGUMENT for a speed
 * out of range, VX_E_STATE when it runs, VX_E_SYSTEM, VX_E_MEMORY. */
int vx_pacer_start(vx_graph *g, int speed_permille, int realtime);

/* Stops it and waits for its end (at most 20 ms); harmless when it does not run. */
int vx_pacer_stop(vx_graph *g);

/* When tick k of the running pacer (from 0) is due, on the monotonic clock; VX_E_STATE when
 * there is none. */
int64_t vx_pacer_due_ns(vx_graph *g, int64_t k);

/* How late the latest ticks began, in ns, oldest first: up to n, at most VX_LATENESS_KEPT.
 * Of the running pacer; VX_E_STATE when there is none.  Returns how many. */
int vx_pacer_lateness(vx_graph *g, int64_t *out, int n);

#endif
