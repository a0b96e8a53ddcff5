/* A ring of records of one size, with one writer and one reader.
 *
 * The two may be different threads: `written` belongs to the writer and `read` to the
 * reader, both only grow, and each is published with release and taken with acquire
 * order.  The capacity is a power of two, of which `limit` records are used.
 * vx_ring_grow and vx_ring_rewind are only for moments when there is no second thread.
 */
#ifndef VX_RING_H
#define VX_RING_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vx_ring {
    unsigned char *records;
    size_t record_bytes;
    uint64_t mask;  /* capacity - 1 */
    uint64_t limit; /* records that may wait at a time */
    _Atomic uint64_t written;
    _Atomic uint64_t read;
} vx_ring;

/* Makes an empty ring for `limit` records.  Returns VX_OK, VX_E_ARGUMENT or VX_E_MEMORY. */
int vx_ring_init(vx_ring *ring, size_t record_bytes, uint64_t limit);

/* Frees its memory; harmless on a ring of zeros and when done twice. */
void vx_ring_free(vx_ring *ring);

/* Either side: how many records wait. */
uint64_t vx_ring_waiting(const vx_ring *ring);

/* Writer: how many more fit. */
uint64_t vx_ring_room(const vx_ring *ring);

/* Writer: adds n records.  Returns 1, or 0 (and adds none) when they do not fit. */
int vx_ring_write(vx_ring *ring, const void *records, uint64_t n);

/* Writer: the same with n records of zero bytes. */
int vx_ring_write_zeros(vx_ring *ring, uint64_t n);

/* Reader: the first record that waits; sets *n to how many follow each other in memory. */
const void *vx_ring_peek(const vx_ring *ring, uint64_t *n);

/* Reader: takes up to n records into out (NULL drops them).  Returns how many. */
uint64_t vx_ring_read(vx_ring *ring, void *out, uint64_t n);

/* Alone: makes room for at least `limit` records, keeping those that wait. */
int vx_ring_grow(vx_ring *ring, uint64_t limit);

/* Alone: starts at the front again when empty, so that memory never used stays untouched. */
void vx_ring_rewind(vx_ring *ring);

#endif
