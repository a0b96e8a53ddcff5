/* The plan: a graph compiled into the lists that a tick goes through.
 *
 * Control makes a plan from ports, links, taps and detectors and hands it to the tick by one
 * atomic pointer; it is never changed afterwards.  What a plan no longer mentions may be
 * freed once the tick has taken a later plan.
 */
#ifndef VX_PLAN_H
#define VX_PLAN_H

#include "vx_conference.h"
#include "vx_port.h"
#include "vx_tap.h"

struct vx_link {
    vx_garbage garbage;
    int32_t from, to;
    vx_slot *slot; /* what `to` hears, when `from` is a conference */
};

typedef struct vx_source_job {
    vx_port *port;
    int32_t playback_marks;
    vx_channel *channel; /* on which its sound comes; NULL: none */
    vx_digit_detector *mutes; /* digits out of its sound; NULL: none does */
} vx_source_job;

typedef struct vx_feed_job {
    vx_feed *feed;
    vx_port *port;
    int32_t side;
} vx_feed_job;

typedef struct vx_sink_job {
    vx_port *port;
    const vx_frame **inputs; /* at the port's rate */
    int32_t count;
    vx_channel *channel; /* on which it hears; NULL: none */
} vx_sink_job;

typedef struct vx_detect_job {
    vx_detectors detectors;
    vx_port *port;
    int32_t side;
} vx_detect_job;

typedef struct vx_ledger_job {
    vx_ledger *ledger;
    vx_port *port;
    const vx_origins *origins; /* what was audible; NULL: that of the inputs */
    const vx_frame **inputs;   /* of the sink */
    int32_t count, side;
} vx_ledger_job;

typedef struct vx_plan {
    struct vx_plan *older; /* control: the one made before, not freed yet */
    uint64_t number;
    struct vx_plan_memory *memory;
    vx_source_job *sources;
    vx_slot **turns; /* slots between conferences */
    vx_feed_job *early_feeds; /* of what ports send */
    vx_conference_job *conferences;
    vx_sink_job *sinks;
    vx_feed_job *late_feeds; /* of what ports receive, and of conferences */
    vx_detect_job *detects;
    vx_ledger_job *ledgers;
    vx_tap_job *taps;
    int32_t source_count, turn_count, early_feed_count, conference_count, sink_count,
        late_feed_count, detect_count, ledger_count, tap_count;
    vx_mark *marks; /* room for the most that one tick can raise */
    int32_t mark_room;
} vx_plan;

/* What a plan is made of; indices are ids (from 1), NULL where one is closed. */
typedef struct vx_topology {
    vx_port *const *ports;
    int32_t port_end; /* highest id + 1 */
    vx_tap *const *taps;
    int32_t tap_end;
} vx_topology;

/* Returns VX_OK or VX_E_MEMORY. */
int vx_plan_make(vx_plan **out, uint64_t number, const vx_topology *topology);

void vx_plan_free(vx_plan *plan);

#endif
