/* The ledger of one side of a port: what was audible there, frame by frame.
 *
 * The tick writes, control reads.  A frame has at most VX_ORIGINS_MAX entries; when there
 * were more, its last entry says so.
 */
#ifndef VX_LEDGER_H
#define VX_LEDGER_H

#include "vx_frame.h"
#include "vx_garbage.h"
#include "vx_ring.h"

typedef struct vx_heard {
    int64_t tick;
    int64_t tag;
    int64_t offset;    /* of the first sample in the utterance, at the source's rate */
    int32_t port;      /* the source */
    int32_t samples;   /* at the source's rate */
    int32_t truncated; /* the frame held more than this and the entries before it */
    int32_t reserved;
} vx_heard;

typedef struct vx_ledger {
    vx_garbage garbage;
    vx_ring ring;
    _Atomic int64_t lost; /* entries that found no room */
    _Atomic int changed;  /* since it was read: sound began, went elsewhere or ended */
    vx_origin last;       /* what was audible in the frame before; the tick's own */
    int last_count;       /* from so many sources */
} vx_ledger;

enum {
    VX_LEDGER_ENTRIES = 1024,      /* room at first */
    VX_LEDGER_MOST = 256 * 1024,   /* room it may grow to in virtual time */
};

/* Returns VX_OK or VX_E_MEMORY. */
int vx_ledger_init(vx_ledger *ledger);

/* What writing a frame led to. */
enum {
    VX_LEDGER_FULL = 1, /* no other full frame fits */
    VX_LEDGER_NEWS = 2, /* it has changed, for the first time since it was read */
};

/* Writes what a frame holds.  Sound of one source that goes on, frame by frame of the same length,
 * does not change the ledger; without a tag, any sound of that source does not.  Returns the sum
 * of VX_LEDGER_*. */
int vx_ledger_write(vx_ledger *ledger, const vx_origins *origins, int64_t tick);

/* 1 while a full frame fits. */
int vx_ledger_has_room(const vx_ledger *ledger);

#endif
