/* A tap: what passes one or two points of the graph, kept until it is read.
 *
 * Mono is the mix of all points; stereo has the left points in one channel and the right
 * points in the other.  In virtual time advance() stops while a tap has less than a frame
 * of room, so nothing is lost; beside the pacer a frame that does not fit is dropped and
 * counted.
 *
 * A tap that raises a mark at each chunk can hold back silent ones: their mark waits for that
 * of the next chunk with sound in it, or until so many have been held.
 */
#ifndef VX_TAP_H
#define VX_TAP_H

#include "vx_frame.h"
#include "vx_garbage.h"
#include "vx_marks.h"
#include "vx_ring.h"

enum { VX_TAP_POINTS = 8 }; /* in each channel, at most */

typedef struct vx_point {
    int32_t port;
    int32_t side;
} vx_point;

typedef struct vx_tap {
    vx_garbage garbage;
    vx_ring ring;      /* a record is one sample of each channel */
    int64_t chunk;     /* samples that raise a mark; 0: none */
    int64_t fresh;     /* tick: samples of the chunk that has begun */
    int32_t full_told; /* tick */
    int32_t held;      /* tick: silent chunks since the latest mark */
    int32_t heard;     /* tick: there was sound in the chunk that has begun */
    _Atomic int32_t patience; /* control: a mark for so many silent chunks; 0: for each */
    int32_t id;        /* from 1 */
    int32_t rate_hz;
    int32_t channels; /* 1 or 2 */
    vx_point points[2][VX_TAP_POINTS];
    int32_t counts[2];
    _Atomic int64_t lost;
} vx_tap;

/* What every tick needs of a tap, from its beginning. */
enum { VX_TAP_BUSY_BYTES = offsetof(vx_tap, points) + sizeof(vx_point) };

typedef struct vx_tap_job {
    vx_tap *tap;
    const vx_frame **inputs[2]; /* at the tap's rate */
    int32_t counts[2];
} vx_tap_job;

/* Makes a tap without points.  chunk_ms 0..60000; buffer_ms 40..3600000, at least chunk_ms + 20.
 * Returns VX_OK, VX_E_RATE, VX_E_ARGUMENT or VX_E_MEMORY. */
int vx_tap_new(vx_tap **out, int id, int rate_hz, int channels, int chunk_ms, int buffer_ms);

void vx_tap_free(vx_tap *tap);

/* 1 while another frame fits. */
int vx_tap_has_room(const vx_tap *tap);

/* Tick: asks the CPU to fetch where its next frame goes. */
void vx_tap_prefetch(const vx_tap *tap);

/* Tick: writes one frame and raises CHUNK and TAP_FULL.  Returns 1 while another frame fits. */
int vx_tap_run(const vx_tap_job *job, vx_marks *marks);

/* Control: holds silent chunks back from now on, up to so many, 0..1000; 0 and 1 for none.  What is
 * held already stays so until the end of the chunk that has begun.  Returns VX_OK or
 * VX_E_ARGUMENT. */
int vx_tap_hold(vx_tap *tap, int chunks);

/* Control: raises TAP_FULL for a tap that has no room. */
void vx_tap_tell_full(const vx_tap *tap, vx_marks *marks);

#endif
