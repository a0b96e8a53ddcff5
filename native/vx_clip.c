#include "vx_clip.h"

#include <stdlib.h>
#include <string.h>

static vx_clip *new_clip(size_t n, int64_t tag)
{
    vx_clip *clip = calloc(1, sizeof *clip + n * sizeof(int16_t));
    if (clip != NULL) {
        clip->tag = tag;
        clip->samples = n;
    }
    return clip;
}

vx_clip *vx_clip_new(const int16_t *pcm, size_t n, int64_t tag, int loop, size_t start)
{
    vx_clip *clip = new_clip(n, tag);
    if (clip != NULL) {
        memcpy(clip->pcm, pcm, n * sizeof *pcm);
        clip->loop = loop != 0;
        atomic_init(&clip->position, (int64_t)start);
    }
    return clip;
}

vx_clip *vx_clip_new_tone(const vx_tone *tone, int64_t tag)
{
    vx_clip *clip = new_clip(0, tag);
    if (clip != NULL) {
        clip->tone = *tone;
        clip->is_tone = 1;
    }
    return clip;
}

/* Frees the clips that the tick has let go. */
static void free_done(vx_player *player)
{
    vx_clip **link = &player->newest;
    while (*link != NULL) {
        vx_clip *clip = *link;
        if (atomic_load_explicit(&clip->done, memory_order_acquire)) {
            *link = clip->older;
            free(clip);
        } else {
            link = &clip->older;
        }
    }
}

/* Takes back an offer that the tick has not picked up.  Returns where it would have begun;
 * -1 when there was none. */
static int64_t withdraw(vx_player *player)
{
    vx_clip *clip = atomic_exchange_explicit(&player->offered, NULL, memory_order_acq_rel);
    if (clip == NULL)
        return -1;
    atomic_store_explicit(&clip->done, 1, memory_order_relaxed);
    return atomic_load_explicit(&clip->position, memory_order_relaxed);
}

void vx_player_offer(vx_player *player, vx_clip *clip)
{
    withdraw(player);
    free_done(player);
    clip->older = player->newest;
    player->newest = clip;
    atomic_store_explicit(&player->offered, clip, memory_order_release);
}

int64_t vx_player_stop(vx_player *player)
{
    int64_t offered = withdraw(player), position = 0;
    free_done(player);
    for (vx_clip *clip = player->newest; clip != NULL; clip = clip->older) {
        int64_t at = atomic_exchange_explicit(&clip->position, -1, memory_order_acq_rel);
        if (at > position)
            position = at;
    }
    return offered >= 0 ? offered : position;
}

void vx_player_free(vx_player *player)
{
    while (player->newest != NULL) {
        vx_clip *older = player->newest->older;
        free(player->newest);
        player->newest = older;
    }
}

/* What the clip has from `at` on; sets *next to the position after it. */
static size_t read_clip(vx_clip *clip, int64_t at, int16_t *out, size_t n, int64_t *next)
{
    size_t samples;
    if (clip->is_tone) {
        int ran = vx_tone_run(&clip->tone, out, n);
        samples = ran > 0 ? (size_t)ran : 0;
        *next = at + (int64_t)samples;
        return samples;
    }
    samples = clip->samples - (size_t)at;
    if (samples > n)
        samples = n;
    memcpy(out, clip->pcm + at, samples * sizeof *out);
    *next = at + (int64_t)samples;
    if (clip->loop && *next == (int64_t)clip->samples)
        *next = 0;
    return samples;
}

size_t vx_clip_run(vx_clip *clip, int16_t *out, size_t n, int port, vx_origins *origins)
{
    int first = origins->count;
    size_t done = 0;
    while (done < n) {
        int64_t next = 0, at = atomic_load_explicit(&clip->position, memory_order_acquire);
        size_t samples = at < 0 ? 0 : read_clip(clip, at, out + done, n - done, &next);
        vx_origin origin = {clip->tag, at, port, (int32_t)samples, 0};
        if (samples == 0 || !atomic_compare_exchange_strong_explicit(
                                &clip->position, &at, next, memory_order_acq_rel,
                                memory_order_acquire))
            break; /* at its end, or stopped */
        vx_origins_extend(origins, &origin, first);
        done += samples;
    }
    return done;
}

void vx_clip_release(vx_clip *clip)
{
    atomic_store_explicit(&clip->done, 1, memory_order_release);
}
