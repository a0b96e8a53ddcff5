/* A port: where a unit meets the graph, at the unit's own rate.
 *
 * It has two sides.  The source is what the unit sends: its queue, with a clip or tone
 * mixed in.  The sink is what it receives: the mix of the links that end here.  A
 * conference is a port too: what is queued in it is heard by all members, and both its
 * sides show the mix of everybody.
 *
 * Fields are marked with the thread that may touch them: control (who changes the graph),
 * tick (who runs it), or both.
 */
#ifndef VX_PORT_H
#define VX_PORT_H

#include "vx_channel.h"
#include "vx_clip.h"
#include "vx_detect.h"
#include "vx_feed.h"
#include "vx_ledger.h"
#include "vx_marks.h"
#include "vx_queue.h"

typedef struct vx_link vx_link;

typedef struct vx_port {
    vx_garbage garbage;
    /* fixed */
    int32_t id;
    int32_t rate_hz;
    int32_t is_conference;
    size_t samples; /* in a frame */

    /* both, each part by its own rules */
    vx_queue queue;
    vx_player player;

    /* tick */
    vx_frame frames[VX_SIDES]; /* of this tick */
    const int16_t *before;     /* the source's frame of the tick before; NULL: silent */
    int64_t surplus_told;      /* of the queue's surplus */
    int64_t last_tag;          /* of the queue's latest sample */
    int32_t queue_playing;
    vx_origins origins;        /* of what it made; of everybody in a conference */
    int16_t *pcm[2];           /* source frames, by turns */
    int16_t *sink_pcm;
    int64_t all_tick;          /* conference: when the whole mix was last made */
    int32_t all_before;        /* conference: it was made in the tick before */
    vx_frame own;              /* conference: what it queued itself */
    vx_origins own_origins;    /* of `own` */

    /* control */
    vx_link **incoming; /* sorted by the id of where they come from */
    int32_t incoming_count, incoming_room, outgoing_count;
    vx_detectors detectors[VX_SIDES];
    int32_t playback_marks; /* wanted */
    int32_t mouth; /* whose voice a conference leaves out for it: its own id, or its unit's */
    vx_channel *channels[VX_SIDES]; /* how it is connected; NULL: without any loss */
    vx_ledger *ledgers[VX_SIDES];
    vx_feed *feeds[VX_SIDES][VX_RATES]; /* made when first needed */
} vx_port;

/* What a tick needs of a silent port, from its beginning: most are, and of many ports little
 * stays in the CPU's caches until the next tick. */
enum { VX_PORT_BUSY_BYTES = offsetof(vx_port, origins) + sizeof(int32_t) };

/* Makes a port with its buffers.  queue_samples: limit of the queue, at least 1.
 * Returns VX_OK, VX_E_RATE, VX_E_ARGUMENT or VX_E_MEMORY. */
int vx_port_new(vx_port **out, int id, int rate_hz, int64_t queue_samples, int is_conference);

/* Frees it with all that it owns; only when no tick can reach it. */
void vx_port_free(vx_port *port);

/* Control: makes the feed of one side at another rate, if it is not there yet. */
int vx_port_need_feed(vx_port *port, int side, int rate_hz);

/* Tick: makes the port's own frame of this tick (frames[VX_SIDE_SOURCE]; `own` in a
 * conference) and raises its playback and overflow marks. */
void vx_port_produce(vx_port *port, int playback_marks, vx_marks *marks);

/* Tick: mixes n frames at the port's rate into its sink. */
void vx_port_mix(vx_port *port, const vx_frame *const *inputs, int n);

#endif
