#include "vx_queue.h"

#include <stdlib.h>
#include <string.h>

#include "vx_fetch.h"
#include "vx_status.h"

static vx_block *new_block(size_t samples)
{
    vx_block *block = malloc(sizeof *block + samples * sizeof(int16_t));
    if (block == NULL)
        return NULL;
    atomic_init(&block->next, NULL);
    atomic_init(&block->taken, 0);
    block->samples = (uint32_t)samples;
    block->tag = 0;
    block->offset = 0;
    return block;
}

int vx_queue_init(vx_queue *queue, int64_t limit)
{
    if (limit < 1 || limit > INT32_MAX)
        return VX_E_ARGUMENT;
    queue->head = queue->tail = new_block(0);
    if (queue->head == NULL)
        return VX_E_MEMORY;
    queue->limit = limit;
    queue->reading = queue->latest = queue->head;
    atomic_init(&queue->held, queue->head);
    atomic_init(&queue->waiting, 0);
    atomic_init(&queue->surplus, 0);
    return VX_OK;
}

/* Frees the blocks before `end`. */
static void free_until(vx_queue *queue, vx_block *end)
{
    while (queue->head != end) {
        vx_block *next = atomic_load_explicit(&queue->head->next, memory_order_relaxed);
        free(queue->head);
        queue->head = next;
    }
}

void vx_queue_free(vx_queue *queue)
{
    free_until(queue, NULL);
    queue->tail = NULL;
}

int64_t vx_queue_push(vx_queue *queue, const int16_t *pcm, size_t n, int64_t tag, int64_t offset)
{
    int64_t waiting = atomic_load_explicit(&queue->waiting, memory_order_acquire);
    int64_t room = queue->limit - waiting;
    size_t samples = (uint64_t)room < n ? (size_t)room : n;

    free_until(queue, atomic_load_explicit(&queue->held, memory_order_acquire));
    if (samples > 0) {
        vx_block *block = new_block(samples);
        if (block == NULL)
            return VX_E_MEMORY;
        memcpy(block->pcm, pcm, samples * sizeof *pcm);
        block->tag = tag;
        block->offset = offset;
        atomic_fetch_add_explicit(&queue->waiting, (int64_t)samples, memory_order_relaxed);
        atomic_store_explicit(&queue->tail->next, block, memory_order_release);
        queue->tail = block;
    }
    if (samples < n)
        atomic_fetch_add_explicit(&queue->surplus, (int64_t)(n - samples), memory_order_relaxed);
    return (int64_t)samples;
}

int64_t vx_queue_clear(vx_queue *queue, int all, int64_t tag)
{
    int64_t dropped = 0;
    vx_block *block;
    free_until(queue, atomic_load_explicit(&queue->held, memory_order_acquire));
    for (block = queue->head; block != NULL;
         block = atomic_load_explicit(&block->next, memory_order_relaxed)) {
        if (all || block->tag == tag)
            dropped += block->samples -
                       atomic_exchange_explicit(&block->taken, block->samples, memory_order_acq_rel);
    }
    atomic_fetch_sub_explicit(&queue->waiting, dropped, memory_order_acq_rel);
    return dropped;
}

/* Lets control free what the frame before the latest was in. */
static void let_go(vx_queue *queue)
{
    atomic_store_explicit(&queue->held, queue->latest, memory_order_release);
    queue->latest = queue->reading;
}

/* Claims samples of the block that have been looked at from `at` on.  Returns 0 when they were
 * cleared meanwhile. */
static int claim(vx_block *block, uint32_t at, size_t samples)
{
    return atomic_compare_exchange_strong_explicit(&block->taken, &at, at + (uint32_t)samples,
                                                   memory_order_acq_rel, memory_order_relaxed);
}

vx_taken vx_queue_take(vx_queue *queue, int16_t *out, size_t n, int port, vx_origins *origins)
{
    vx_taken result = {out, 0, 0, 0};
    vx_block *block = queue->reading;
    let_go(queue);
    while (result.samples < n) {
        uint32_t at = atomic_load_explicit(&block->taken, memory_order_acquire);
        size_t samples = block->samples - at;
        vx_origin origin = {block->tag, block->offset + at, port, 0, 0};
        if (samples == 0) {
            vx_block *next = atomic_load_explicit(&block->next, memory_order_acquire);
            if (next == NULL)
                break;
            block = next;
            continue;
        }
        if (samples > n - result.samples)
            samples = n - result.samples;
        if (samples < n)
            memcpy(out + result.samples, block->pcm + at, samples * sizeof *out);
        if (!claim(block, at, samples))
            continue; /* what was copied is not played */
        if (samples == n)
            result.pcm = block->pcm + at;
        origin.samples = (int32_t)samples;
        vx_origins_extend(origins, &origin, 0);
        if (result.samples == 0)
            result.first_tag = block->tag;
        result.last_tag = block->tag;
        result.samples += samples;
    }
    if (result.samples > 0)
        atomic_fetch_sub_explicit(&queue->waiting, (int64_t)result.samples, memory_order_acq_rel);
    queue->reading = block;
    return result;
}

int vx_queue_idle(const vx_queue *queue)
{
    const vx_block *block = queue->reading;
    /* Blocks that are played or cleared must be walked past, so that they can be freed. */
    return atomic_load_explicit(&queue->waiting, memory_order_relaxed) == 0 &&
           atomic_load_explicit(&block->next, memory_order_relaxed) == NULL &&
           atomic_load_explicit(&queue->held, memory_order_relaxed) == block;
}

void vx_queue_prefetch(const vx_queue *queue, size_t n)
{
    const vx_block *block = queue->reading;
    const int16_t *from = block->pcm + atomic_load_explicit(&block->taken, memory_order_relaxed);
    if (atomic_load_explicit(&queue->waiting, memory_order_relaxed) > 0)
        vx_fetch(from, n * sizeof *from);
}
