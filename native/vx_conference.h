/* A conference: every member hears the others (N-1).
 *
 * The mix is made at the conference's own rate: members at other rates are brought to it by
 * their feeds, once, and what a member hears is brought to its rate once.  The sum is exact in
 * 32 bits, and a member hears saturate(sum - own).  A unit that speaks and listens at two
 * ports is one member: the port that listens names the one that speaks, its mouth.
 *
 * Whoever is silent hears the whole mix, so it is made once for all of them, and converted
 * once per rate.  A member that spoke in this tick or the one before has a result, and a
 * filter history, of its own; see vx_feed.h for why changing between the two is exact.
 *
 * A link from one conference to another carries the frame of the tick before, so that
 * conferences may be joined in both directions.
 */
#ifndef VX_CONFERENCE_H
#define VX_CONFERENCE_H

#include "vx_port.h"

/* What one member hears; belongs to the link from the conference to it. */
typedef struct vx_slot {
    vx_frame frame; /* at the target's rate */
    vx_frame now;   /* at the conference's rate */
    vx_frame late;  /* to a conference: `frame` of the tick before */
    const int16_t *before; /* now.pcm of the tick before; NULL: silent */
    int64_t last_tick;
    int32_t heard_all;    /* `now` is the whole mix */
    vx_feed *feed;        /* to the target's rate; NULL when it is the same */
    int16_t *pcm[2];      /* `now`, by turns; both the same without a feed */
    size_t samples;       /* in `frame` */
    int16_t *late_pcm;    /* NULL unless the target is a conference */
    vx_origins *late_origins;
} vx_slot;

typedef struct vx_output {
    vx_slot *slot;
    const vx_frame *own; /* what the member says; NULL when it only listens */
    int32_t mouth;       /* id of the port that it says it with */
} vx_output;

typedef struct vx_conference_job {
    vx_port *port;
    const vx_frame **inputs; /* at the conference's rate; the first is its own queue */
    int32_t *via;            /* the port behind each */
    vx_output *outputs;
    int32_t input_count, output_count;
    int32_t all_wanted; /* the whole mix is tapped or detected */
    vx_digit_detector *mutes; /* digits out of the mix; NULL: none does */
} vx_conference_job;

/* Returns VX_OK or VX_E_MEMORY. */
int vx_slot_new(vx_slot **out, const vx_port *conference, const vx_port *target);

void vx_slot_free(vx_slot *slot);

/* Tick: keeps the slot's last frame for the conference that hears it one tick later. */
void vx_slot_turn(vx_slot *slot);

/* Tick: mixes. */
void vx_conference_run(const vx_conference_job *job, vx_marks *marks, int want_origins);

#endif
