#include "vx_tap.h"

#include <stdlib.h>

#include "vx_fetch.h"
#include "vx_status.h"

int vx_tap_new(vx_tap **out, int id, int rate_hz, int channels, int chunk_ms, int buffer_ms)
{
    vx_tap *tap;
    int status;
    if (vx_rate_index(rate_hz) < 0)
        return VX_E_RATE;
    if (channels < 1 || channels > 2 || chunk_ms < 0 || chunk_ms > 60000 ||
        buffer_ms < 2 * VX_FRAME_MS || buffer_ms > 3600000 || buffer_ms < chunk_ms + VX_FRAME_MS)
        return VX_E_ARGUMENT;
    tap = calloc(1, sizeof *tap);
    if (tap == NULL)
        return VX_E_MEMORY;
    status = vx_ring_init(&tap->ring, (size_t)channels * sizeof(int16_t),
                          (uint64_t)rate_hz / 1000 * (uint64_t)buffer_ms);
    if (status != VX_OK) {
        free(tap);
        return status;
    }
    tap->id = id;
    tap->rate_hz = rate_hz;
    tap->channels = channels;
    tap->chunk = (int64_t)rate_hz / 1000 * chunk_ms;
    *out = tap;
    return VX_OK;
}

void vx_tap_free(vx_tap *tap)
{
    vx_ring_free(&tap->ring);
    free(tap);
}

int vx_tap_has_room(const vx_tap *tap)
{
    return vx_ring_room(&tap->ring) >= vx_frame_samples(tap->rate_hz);
}

void vx_tap_tell_full(const vx_tap *tap, vx_marks *marks)
{
    const vx_point *point = &tap->points[0][0];
    vx_marks_add(marks, point->port, point->side, VX_MARK_TAP_FULL, tap->id);
}

void vx_tap_prefetch(const vx_tap *tap)
{
    const vx_ring *ring = &tap->ring;
    uint64_t at = atomic_load_explicit(&ring->written, memory_order_relaxed) & ring->mask;
    vx_fetch(ring->records + at * ring->record_bytes,
             vx_frame_samples(tap->rate_hz) * ring->record_bytes);
}

/* Writes a stereo frame.  Returns 1, or 0 when it does not fit. */
static int write_stereo(vx_ring *ring, const int16_t *left, const int16_t *right, size_t n)
{
    int16_t both[2 * VX_FRAME_MAX];
    if (left == NULL && right == NULL)
        return vx_ring_write_zeros(ring, n);
    left = left != NULL ? left : vx_silence;
    right = right != NULL ? right : vx_silence;
    for (size_t i = 0; i < n; i++) {
        both[2 * i] = left[i];
        both[2 * i + 1] = right[i];
    }
    return vx_ring_write(ring, both, n);
}

static int write_frame(const vx_tap_job *job, size_t n)
{
    vx_tap *tap = job->tap;
    int16_t mixes[2][VX_FRAME_MAX];
    const int16_t *pcm[2] = {NULL, NULL};
    for (int c = 0; c < tap->channels; c++)
        pcm[c] = vx_frames_mix(job->inputs[c], job->counts[c], mixes[c], n);
    tap->heard |= pcm[0] != NULL || pcm[1] != NULL;
    if (tap->channels == 2)
        return write_stereo(&tap->ring, pcm[0], pcm[1], n);
    return pcm[0] == NULL ? vx_ring_write_zeros(&tap->ring, n)
                          : vx_ring_write(&tap->ring, pcm[0], n);
}

int vx_tap_hold(vx_tap *tap, int chunks)
{
    if (chunks < 0 || chunks > 1000)
        return VX_E_ARGUMENT;
    atomic_store_explicit(&tap->patience, chunks, memory_order_relaxed);
    return VX_OK;
}

/* A chunk is complete: whether its mark waits. */
static int is_held(vx_tap *tap)
{
    int32_t patience = atomic_load_explicit(&tap->patience, memory_order_relaxed);
    int holds = !tap->heard && tap->held + 1 < patience;
    tap->held = holds ? tap->held + 1 : 0;
    tap->heard = 0;
    return holds;
}

int vx_tap_run(const vx_tap_job *job, vx_marks *marks)
{
    vx_tap *tap = job->tap;
    const vx_point *point = &tap->points[0][0];
    size_t n = vx_frame_samples(tap->rate_hz);
    if (write_frame(job, n)) {
        tap->full_told = 0;
        tap->fresh += (int64_t)n;
        if (tap->chunk > 0 && tap->fresh >= tap->chunk) {
            tap->fresh %= tap->chunk;
            if (!is_held(tap))
                vx_marks_add(marks, point->port, point->side, VX_MARK_CHUNK, tap->id);
        }
    } else {
        atomic_fetch_add_explicit(&tap->lost, (int64_t)n, memory_order_relaxed);
    }
    if (vx_tap_has_room(tap))
        return 1;
    if (!tap->full_told) {
        tap->full_told = 1;
        vx_tap_tell_full(tap, marks);
    }
    return 0;
}
