#include "vx_ring.h"

#include <stdlib.h>
#include <string.h>

#include "vx_status.h"

int vx_ring_init(vx_ring *ring, size_t record_bytes, uint64_t limit)
{
    uint64_t capacity = 1;
    if (ring == NULL || record_bytes == 0 || limit == 0 || limit > (uint64_t)1 << 31)
        return VX_E_ARGUMENT;
    while (capacity < limit)
        capacity *= 2;
    memset(ring, 0, sizeof *ring);
    ring->records = malloc(capacity * record_bytes);
    if (ring->records == NULL)
        return VX_E_MEMORY;
    ring->record_bytes = record_bytes;
    ring->mask = capacity - 1;
    ring->limit = limit;
    return VX_OK;
}

void vx_ring_free(vx_ring *ring)
{
    free(ring->records);
    ring->records = NULL;
}

uint64_t vx_ring_waiting(const vx_ring *ring)
{
    uint64_t read = atomic_load_explicit(&ring->read, memory_order_acquire);
    return atomic_load_explicit(&ring->written, memory_order_acquire) - read;
}

uint64_t vx_ring_room(const vx_ring *ring)
{
    return ring->limit - vx_ring_waiting(ring);
}

/* Copies n records between the ring, from position `at`, and a flat array; data NULL is zeros. */
static void copy_in(vx_ring *ring, uint64_t at, const void *data, uint64_t n)
{
    uint64_t first = ring->mask + 1 - (at & ring->mask);
    size_t size = ring->record_bytes;
    unsigned char *to = ring->records + (at & ring->mask) * size;
    if (first > n)
        first = n;
    if (data == NULL) {
        memset(to, 0, first * size);
        memset(ring->records, 0, (n - first) * size);
    } else {
        memcpy(to, data, first * size);
        memcpy(ring->records, (const unsigned char *)data + first * size, (n - first) * size);
    }
}

static int put(vx_ring *ring, const void *data, uint64_t n)
{
    uint64_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
    if (vx_ring_room(ring) < n)
        return 0;
    copy_in(ring, written, data, n);
    atomic_store_explicit(&ring->written, written + n, memory_order_release);
    return 1;
}

int vx_ring_write(vx_ring *ring, const void *records, uint64_t n)
{
    return put(ring, records, n);
}

int vx_ring_write_zeros(vx_ring *ring, uint64_t n)
{
    return put(ring, NULL, n);
}

const void *vx_ring_peek(const vx_ring *ring, uint64_t *n)
{
    uint64_t at = atomic_load_explicit(&ring->read, memory_order_relaxed) & ring->mask;
    uint64_t first = ring->mask + 1 - at, waiting = vx_ring_waiting(ring);
    *n = waiting < first ? waiting : first;
    return ring->records + at * ring->record_bytes;
}

uint64_t vx_ring_read(vx_ring *ring, void *out, uint64_t n)
{
    uint64_t read = atomic_load_explicit(&ring->read, memory_order_relaxed);
    uint64_t waiting = vx_ring_waiting(ring);
    uint64_t first = ring->mask + 1 - (read & ring->mask);
    size_t size = ring->record_bytes;
    if (n > waiting)
        n = waiting;
    if (first > n)
        first = n;
    if (out != NULL) {
        memcpy(out, ring->records + (read & ring->mask) * size, first * size);
        memcpy((unsigned char *)out + first * size, ring->records, (n - first) * size);
    }
    atomic_store_explicit(&ring->read, read + n, memory_order_release);
    return n;
}

int vx_ring_grow(vx_ring *ring, uint64_t limit)
{
    vx_ring bigger;
    uint64_t waiting = vx_ring_waiting(ring);
    int status;
    if (limit <= ring->limit)
        return VX_OK;
    status = vx_ring_init(&bigger, ring->record_bytes, limit);
    if (status != VX_OK)
        return status;
    vx_ring_read(ring, bigger.records, waiting);
    vx_ring_free(ring);
    ring->records = bigger.records;
    ring->mask = bigger.mask;
    ring->limit = bigger.limit;
    atomic_store(&ring->read, 0);
    atomic_store(&ring->written, waiting);
    return VX_OK;
}

void vx_ring_rewind(vx_ring *ring)
{
    if (vx_ring_waiting(ring) == 0) {
        atomic_store(&ring->read, 0);
        atomic_store(&ring->written, 0);
    }
}
