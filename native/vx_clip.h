/* The second source of a port, beside its queue: a clip of samples or a tone.
 *
 * Control makes a clip and offers it; the tick picks it up, which ends the one before.
 * `position` is moved by the tick with compare-and-swap and taken away by stop(), so a
 * stopped clip tells exactly how far it was played.  The tick marks a clip it has let go
 * as `done`; control frees those later.
 */
#ifndef VX_CLIP_H
#define VX_CLIP_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vx_frame.h"
#include "vx_tone.h"

typedef struct vx_clip {
    struct vx_clip *older;     /* control: the one offered before, not freed yet */
    _Atomic int done;          /* tick: will not touch it any more */
    _Atomic int64_t position;  /* samples played (of this round, when looped); -1: stopped */
    int64_t tag;
    int32_t loop;
    int32_t started; /* tick: a sample of it was played */
    int32_t is_tone;
    vx_tone tone;
    size_t samples;
    int16_t pcm[];
} vx_clip;

typedef struct vx_player {
    _Atomic(vx_clip *) offered; /* from control, to be picked up */
    vx_clip *playing;           /* tick */
    vx_clip *newest;            /* control: all clips not freed, newest first */
} vx_player;

/* Control: a clip of n > 0 samples that begins at `start` < n.  NULL without memory. */
vx_clip *vx_clip_new(const int16_t *pcm, size_t n, int64_t tag, int loop, size_t start);

/* Control: a clip that is a tone.  NULL without memory. */
vx_clip *vx_clip_new_tone(const vx_tone *tone, int64_t tag);

/* Control: plays the clip from the next tick; the player owns it from now on. */
void vx_player_offer(vx_player *player, vx_clip *clip);

/* Control: ends what plays or was offered.  Returns the position it was at, from the front of
 * the clip (in the round under way, when looped); 0 when there was nothing. */
int64_t vx_player_stop(vx_player *player);

/* Control: frees everything; only when no tick can play any more. */
void vx_player_free(vx_player *player);

/* Tick: up to n samples of the clip into out; fewer when it ends.  port: for the origins. */
size_t vx_clip_run(vx_clip *clip, int16_t *out, size_t n, int port, vx_origins *origins);

/* Tick: lets the clip go. */
void vx_clip_release(vx_clip *clip);

#endif
