#include "vx_feed.h"

#include "vx_level.h"
#include "vx_status.h"

int vx_feed_init(vx_feed *feed, int in_hz, int out_hz)
{
    int status = vx_resampler_init(&feed->resampler, in_hz, out_hz);
    if (status != VX_OK)
        return status;
    feed->frame = (vx_frame){feed->pcm, &vx_no_origins, 1, -1};
    feed->last_tick = -1;
    feed->planned = 0;
    feed->ringing = 0;
    feed->in_samples = vx_frame_samples(in_hz);
    feed->out_samples = vx_frame_samples(out_hz);
    return VX_OK;
}

static void convert(vx_feed *feed, const int16_t *pcm)
{
    vx_resampler_run(&feed->resampler, pcm, feed->in_samples, feed->pcm, VX_FRAME_MAX);
}

void vx_feed_run(vx_feed *feed, const vx_frame *in, const int16_t *before, int64_t tick)
{
    if (feed->last_tick == tick)
        return;
    if (feed->last_tick != tick - 1) {
        vx_resampler_reset(&feed->resampler);
        feed->ringing = before != NULL;
        if (before != NULL)
            convert(feed, before);
    }
    feed->last_tick = tick;
    feed->frame.origins = in->origins;
    feed->frame.except = in->except;
    feed->frame.silent = in->silent && !feed->ringing;
    if (feed->frame.silent)
        return;
    convert(feed, in->silent ? vx_silence : in->pcm);
    feed->ringing = !in->silent;
    if (in->silent)
        feed->frame.silent = vx_is_silent(feed->pcm, feed->out_samples);
}
