/* A stream brought to another rate, once per tick, for everybody who needs it there.
 *
 * A feed gives what its resampler would give had it run since the beginning, whenever it
 * is asked: when it did not run in the tick before, it first runs over the stream's frame
 * before, which is longer than the filters' memory (64 samples of the lower rate, 8 ms at
 * most).  So a link that begins in mid stream has the same delay as one that was always
 * there and begins without the filter's own swing.  While the stream is silent and the
 * filter's memory is empty nothing is computed.
 */
#ifndef VX_FEED_H
#define VX_FEED_H

#include "vx_frame.h"
#include "vx_resample.h"

typedef struct vx_feed {
    vx_frame frame;    /* the result */
    int64_t last_tick; /* the latest tick it ran in; -1 before the first */
    int32_t ringing;   /* the filter's memory is not all zero */
    uint64_t planned;  /* control: number of the latest plan that runs it */
    size_t in_samples, out_samples;
    vx_resampler resampler;
    int16_t pcm[VX_FRAME_MAX];
} vx_feed;

/* Returns VX_OK or VX_E_RATE. */
int vx_feed_init(vx_feed *feed, int in_hz, int out_hz);

/* Converts the frame of this tick; nothing when it has been.  before: the stream's frame of the tick before, NULL when
 * it was silent; only read when the feed did not run then. */
void vx_feed_run(vx_feed *feed, const vx_frame *in, const int16_t *before, int64_t tick);

#endif
