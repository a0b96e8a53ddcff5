#include "vx_port.h"

#include <stdlib.h>
#include <string.h>

#include "vx_level.h"
#include "vx_mix.h"
#include "vx_status.h"

int vx_port_new(vx_port **out, int id, int rate_hz, int64_t queue_samples, int is_conference)
{
    vx_port *port;
    size_t samples;
    int status;
    if (vx_rate_index(rate_hz) < 0)
        return VX_E_RATE;
    samples = vx_frame_samples(rate_hz);
    port = calloc(1, sizeof *port + 3 * samples * sizeof(int16_t));
    if (port == NULL)
        return VX_E_MEMORY;
    status = vx_queue_init(&port->queue, queue_samples);
    if (status != VX_OK) {
        free(port);
        return status;
    }
    port->id = id;
    port->mouth = id;
    port->rate_hz = rate_hz;
    port->is_conference = is_conference;
    port->samples = samples;
    port->pcm[0] = (int16_t *)(port + 1);
    port->pcm[1] = port->pcm[0] + samples;
    port->sink_pcm = port->pcm[1] + samples;
    port->all_tick = -1;
    port->frames[VX_SIDE_SOURCE] = (vx_frame){port->pcm[0], &port->origins, 1, -1};
    port->frames[VX_SIDE_SINK] = (vx_frame){port->sink_pcm, &vx_no_origins, 1, -1};
    port->own = (vx_frame){port->sink_pcm, &port->own_origins, 1, -1};
    *out = port;
    return VX_OK;
}

void vx_port_free(vx_port *port)
{
    vx_queue_free(&port->queue);
    vx_player_free(&port->player);
    for (int side = 0; side < VX_SIDES; side++) {
        for (int rate = 0; rate < VX_RATES; rate++)
            free(port->feeds[side][rate]);
        free(port->detectors[side].speech);
        free(port->detectors[side].silence);
        free(port->detectors[side].digit);
        free(port->detectors[side].level);
        vx_channel_free(port->channels[side]);
        if (port->ledgers[side] != NULL)
            vx_ring_free(&port->ledgers[side]->ring);
        free(port->ledgers[side]);
    }
    free(port->incoming);
    free(port);
}

int vx_port_need_feed(vx_port *port, int side, int rate_hz)
{
    vx_feed **feed = &port->feeds[side][vx_rate_index(rate_hz)];
    if (*feed != NULL)
        return VX_OK;
    *feed = malloc(sizeof **feed);
    if (*feed == NULL)
        return VX_E_MEMORY;
    return vx_feed_init(*feed, port->rate_hz, rate_hz);
}

/* What the queue plays; `out` is used when it has to be put together. */
static vx_taken play_queue(vx_port *port, int16_t *out, vx_origins *origins, int told,
                           vx_marks *marks)
{
    vx_taken taken = {out, 0, 0, 0};
    if (!vx_queue_idle(&port->queue))
        taken = vx_queue_take(&port->queue, out, port->samples, port->id, origins);
    if (taken.samples > 0) {
        if (!port->queue_playing && told)
            vx_marks_add(marks, port->id, VX_SIDE_SOURCE, VX_MARK_PLAYBACK_STARTED,
                         taken.first_tag);
        port->queue_playing = 1;
        port->last_tag = taken.last_tag;
    }
    if (port->queue_playing && taken.samples < port->samples) {
        if (told)
            vx_marks_add(marks, port->id, VX_SIDE_SOURCE, VX_MARK_PLAYBACK_ENDED, port->last_tag);
        port->queue_playing = 0;
    }
    return taken;
}

static void end_clip(vx_port *port, int told, vx_marks *marks)
{
    vx_clip *clip = port->player.playing;
    if (clip->started && told)
        vx_marks_add(marks, port->id, VX_SIDE_SOURCE, VX_MARK_PLAYBACK_ENDED, clip->tag);
    port->player.playing = NULL;
    vx_clip_release(clip);
}

/* What the clip or tone plays goes to out.  Returns how many samples. */
static size_t play_clip(vx_port *port, int16_t *out, vx_origins *origins, int told,
                        vx_marks *marks)
{
    vx_player *player = &port->player;
    vx_clip *clip;
    size_t samples;
    if (atomic_load_explicit(&player->offered, memory_order_relaxed) != NULL) {
        clip = atomic_exchange_explicit(&player->offered, NULL, memory_order_acq_rel);
        if (clip != NULL) {
            if (player->playing != NULL)
                end_clip(port, told, marks);
            player->playing = clip;
        }
    }
    clip = player->playing;
    if (clip == NULL)
        return 0;
    samples = vx_clip_run(clip, out, port->samples, port->id, origins);
    if (samples > 0 && !clip->started) {
        clip->started = 1;
        if (told)
            vx_marks_add(marks, port->id, VX_SIDE_SOURCE, VX_MARK_PLAYBACK_STARTED, clip->tag);
    }
    if (samples < port->samples)
        end_clip(port, told, marks);
    return samples;
}

static void tell_surplus(vx_port *port, vx_marks *marks)
{
    int64_t surplus = atomic_load_explicit(&port->queue.surplus, memory_order_relaxed);
    if (surplus != port->surplus_told) {
        vx_marks_add(marks, port->id, VX_SIDE_SOURCE, VX_MARK_OVERFLOW,
                     surplus - port->surplus_told);
        port->surplus_told = surplus;
    }
}

/* The frame of what was taken from the queue and `clipped` samples that are in pcm (in more, when
 * the queue had some too). */
static const int16_t *put_together(int16_t *pcm, vx_taken queued, const int16_t *more,
                                   size_t clipped, size_t n)
{
    size_t filled = queued.samples > 0 ? queued.samples : clipped;
    int32_t sum[VX_FRAME_MAX];
    if (queued.samples == n && clipped == 0)
        return queued.pcm;
    if (queued.pcm != pcm)
        memcpy(pcm, queued.pcm, queued.samples * sizeof *pcm);
    memset(pcm + filled, 0, (n - filled) * sizeof *pcm);
    if (queued.samples > 0 && clipped > 0) {
        memset(sum, 0, n * sizeof *sum);
        vx_accumulate(sum, pcm, n);
        vx_accumulate(sum, more, clipped);
        vx_saturate(pcm, sum, n);
    }
    return pcm;
}

void vx_port_produce(vx_port *port, int playback_marks, vx_marks *marks)
{
    vx_frame *frame = port->is_conference ? &port->own : &port->frames[VX_SIDE_SOURCE];
    vx_origins *origins = port->is_conference ? &port->own_origins : &port->origins;
    int16_t *pcm = port->is_conference ? port->sink_pcm : port->pcm[marks->tick & 1];
    int16_t clip_pcm[VX_FRAME_MAX];
    vx_taken queued;
    size_t clipped;

    if (!port->is_conference)
        port->before = frame->silent ? NULL : frame->pcm;
    origins->count = origins->truncated = 0;
    queued = play_queue(port, pcm, origins, playback_marks, marks);
    clipped = play_clip(port, queued.samples > 0 ? clip_pcm : pcm, origins, playback_marks, marks);
    tell_surplus(port, marks);
    frame->silent = queued.samples + clipped == 0;
    if (!frame->silent) {
        frame->pcm = put_together(pcm, queued, clip_pcm, clipped, port->samples);
        frame->silent = vx_is_silent(frame->pcm, port->samples);
    }
}

void vx_port_mix(vx_port *port, const vx_frame *const *inputs, int n)
{
    vx_frame *sink = &port->frames[VX_SIDE_SINK];
    sink->pcm = vx_frames_mix(inputs, n, port->sink_pcm, port->samples);
    sink->silent = sink->pcm == NULL;
}
