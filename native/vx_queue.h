/* The queue of a port: sound pushed faster than real time, played one frame per tick.
 *
 * One thread (control) pushes and clears, another (the tick) takes.  Every push is one
 * block in a linked list, with its tag, so memory follows what is queued.  The samples of a
 * block are claimed by moving its `taken` count: the tick by compare-and-swap after it has
 * copied, clear() by swapping in the whole length.  So every sample is counted exactly
 * once, as played or as dropped, and neither thread waits for the other.
 *
 * A frame that lies in one block is not copied: the block's own samples are the frame.  So
 * blocks are freed (by control) only when the tick has moved past them for two frames: the
 * frame before may still be needed, see vx_feed.h.
 */
#ifndef VX_QUEUE_H
#define VX_QUEUE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vx_frame.h"

typedef struct vx_block {
    _Atomic(struct vx_block *) next;
    _Atomic uint32_t taken; /* samples claimed, from the front */
    uint32_t samples;
    int64_t tag;
    int64_t offset;
    int16_t pcm[];
} vx_block;

typedef struct vx_queue {
    vx_block *head;               /* control: oldest block not freed */
    vx_block *tail;               /* control: newest */
    int64_t limit;                /* samples that may wait */
    vx_block *reading;            /* tick: the block it takes from */
    vx_block *latest;             /* tick: where the latest frame began */
    _Atomic(vx_block *) held;     /* tick to control: what is before it may be freed */
    _Atomic int64_t waiting;      /* samples not yet claimed */
    _Atomic int64_t surplus;      /* samples refused by push, ever */
} vx_queue;

/* What one vx_queue_take found. */
typedef struct vx_taken {
    const int16_t *pcm; /* in a block, or `out` */
    size_t samples;
    int64_t first_tag; /* of the first and the last sample; unset when there is none */
    int64_t last_tag;
} vx_taken;

/* limit in samples, at least 1.  Returns VX_OK, VX_E_ARGUMENT or VX_E_MEMORY. */
int vx_queue_init(vx_queue *queue, int64_t limit);

/* Frees every block; only when no tick can take any more. */
void vx_queue_free(vx_queue *queue);

/* Control: adds up to n samples; what goes beyond the limit is refused and counted in
 * `surplus`.  Returns samples taken, or VX_E_MEMORY. */
int64_t vx_queue_push(vx_queue *queue, const int16_t *pcm, size_t n, int64_t tag, int64_t offset);

/* Control: drops what has not been taken; of one tag only unless `all`.  Returns samples. */
int64_t vx_queue_clear(vx_queue *queue, int all, int64_t tag);

/* Tick: takes up to n samples, adding their origins under the port's id.  `out`, of n samples,
 * is used when they lie in several blocks, or are fewer. */
vx_taken vx_queue_take(vx_queue *queue, int16_t *out, size_t n, int port, vx_origins *origins);

/* Tick: asks the CPU to fetch the next n samples, for a take that is soon to come. */
void vx_queue_prefetch(const vx_queue *queue, size_t n);

/* Tick: 1 when certainly nothing is there (cheap; 0 means perhaps). */
int vx_queue_idle(const vx_queue *queue);

#endif
