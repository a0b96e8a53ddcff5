/* Inside the graph: shared by vx_graph.c (topology), vx_units.c (ports and taps in use),
 * vx_tick.c (running) and vx_pacer.c (real time); nobody else includes it.
 */
#ifndef VX_GRAPH_PARTS_H
#define VX_GRAPH_PARTS_H

#include "vx_garbage.h"
#include "vx_graph.h"
#include "vx_plan.h"
#include "vx_wake.h"

struct vx_pacer;

struct vx_graph {
    /* control */
    vx_port **ports; /* by id */
    int32_t port_end, port_room;
    vx_tap **taps; /* by id */
    int32_t tap_end, tap_room;
    int64_t links;
    int32_t changed;      /* since the newest plan */
    uint64_t plan_number; /* of the newest plan */
    vx_plan *plans;       /* all not freed, newest first */
    vx_garbage *garbage;
    struct vx_pacer *pacer; /* NULL unless it runs */
    vx_graph_statistics past; /* of pacers that have stopped */

    /* both */
    _Atomic(vx_plan *) offered; /* control to tick */
    _Atomic uint64_t adopted;   /* number of the plan in use */
    _Atomic int64_t tick;       /* ticks that have run */
    _Atomic int64_t marks_lost;
    _Atomic int news; /* tick to control: a ledger has changed since control took the news */
    vx_ring marks; /* tick to control */
    vx_wake wake;  /* tick to control */

    /* tick */
    vx_plan *plan;
    int32_t cramped; /* a ledger or tap has no room for another frame */
};

/* The open port or tap with that id, or NULL and a status. */
vx_port *vx_graph_port(vx_graph *g, int id, int *status);
vx_tap *vx_graph_tap(vx_graph *g, int id, int *status);

/* Control: the graph has changed.  Beside the pacer the new plan is made at once. */
int vx_graph_change(vx_graph *g);

/* Control: makes and offers a plan if something has changed. */
int vx_graph_settle(vx_graph *g);

/* Control: frees what no plan in use mentions any more. */
void vx_graph_reclaim(vx_graph *g);

/* Control: releases the item when the next plan is in use; harmless on NULL. */
void vx_graph_discard(vx_graph *g, vx_garbage *item, void (*release)(void *));

/* What there is to tell of a tick. */
enum {
    VX_TICK_MARKS = 1,
    VX_TICK_NEWS = 2, /* a ledger changed for the first time since it was read */
};

/* Tick: runs one.  Returns the sum of VX_TICK_*. */
int vx_graph_tick(vx_graph *g);

#endif
