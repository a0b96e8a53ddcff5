/* The frame: 20 ms of one stream, and where its sound comes from.
 *
 * A frame is only a view: `pcm` points into memory of the part that made it and is valid
 * until that part makes its next one.  A silent frame has no samples at all, so that
 * quiet stretches cost nothing.
 */
#ifndef VX_FRAME_H
#define VX_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
    VX_FRAME_MS = 20,
    VX_FRAME_MAX = 960,    /* samples in a frame at 48 kHz */
    VX_RATES = 4,          /* 8, 16, 24, 48 kHz */
    VX_ORIGINS_MAX = 16,   /* origins told per frame and port */
    VX_ORIGINS_ROOM = 32,  /* origins kept of a conference: 16 of mine may be left out */
    VX_SIDE_SOURCE = 0,    /* what the unit behind a port sends into the graph */
    VX_SIDE_SINK = 1,      /* what it receives from the graph */
    VX_SIDES = 2,
};

/* A stretch of one port's own sound inside a frame; offsets and samples at that port's rate. */
typedef struct vx_origin {
    int64_t tag;     /* utterance; 0 when the sound has none */
    int64_t offset;  /* of the first sample in the utterance */
    int32_t port;    /* who made it */
    int32_t samples; /* how many of it are in this frame */
    int32_t via;     /* in a conference: the member it came in through; else 0 */
} vx_origin;

typedef struct vx_origins {
    int32_t count;
    int32_t truncated; /* 1 when there were more than there was room for */
    vx_origin list[VX_ORIGINS_ROOM];
} vx_origins;

typedef struct vx_frame {
    const int16_t *pcm;        /* not to be read when silent */
    const vx_origins *origins; /* never NULL */
    int32_t silent;            /* 1: every sample is 0 */
    int32_t except;            /* leave out origins that came via this port; -1: none */
} vx_frame;

/* 0..3 for 8000, 16000, 24000, 48000 Hz; -1 for anything else. */
static inline int vx_rate_index(int rate_hz)
{
    switch (rate_hz) {
    case 8000: return 0;
    case 16000: return 1;
    case 24000: return 2;
    case 48000: return 3;
    default: return -1;
    }
}

/* The rate with that index. */
static inline int vx_rate_of(int index)
{
    static const int rates[VX_RATES] = {8000, 16000, 24000, 48000};
    return rates[index];
}

/* Samples of a frame at a rate. */
static inline size_t vx_frame_samples(int rate_hz)
{
    return (size_t)rate_hz / 1000 * VX_FRAME_MS;
}

/* Adds a stretch.  At most `room` entries are kept; one more sets `truncated`. */
void vx_origins_add(vx_origins *origins, const vx_origin *origin, int room);

/* The same, joined to the last stretch when that is not before entry `first` and this one
 * continues it (sound without a tag always does).  At most VX_ORIGINS_MAX are kept. */
void vx_origins_extend(vx_origins *origins, const vx_origin *origin, int first);

/* Adds the origins of a frame, without the port it leaves out.  via 0 keeps each one's own. */
void vx_origins_add_frame(vx_origins *origins, const vx_frame *frame, int via, int room);

/* Mixes n frames of the same rate, with saturation.  Returns NULL when all are silent, the
 * samples of the only one that is not, or out, which then holds the mix. */
const int16_t *vx_frames_mix(const vx_frame *const *frames, int n, int16_t *out, size_t samples);

/* One frame of zeros at any rate, and an empty list. */
extern const int16_t vx_silence[VX_FRAME_MAX];
extern const vx_origins vx_no_origins;

#endif
