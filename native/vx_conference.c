#include "vx_conference.h"

#include <stdlib.h>
#include <string.h>

#include "vx_fetch.h"
#include "vx_mix.h"
#include "vx_status.h"

enum { AHEAD = 3 }; /* members whose sound is fetched while one is worked on */

int vx_slot_new(vx_slot **out, const vx_port *conference, const vx_port *target)
{
    int converted = target->rate_hz != conference->rate_hz;
    size_t samples = conference->samples * (converted ? 2 : 1);
    size_t late = target->is_conference ? target->samples : 0;
    vx_slot *slot = calloc(1, sizeof *slot + (samples + late) * sizeof(int16_t));
    if (slot == NULL)
        return VX_E_MEMORY;
    slot->pcm[0] = (int16_t *)(slot + 1);
    slot->pcm[1] = slot->pcm[0] + samples - conference->samples;
    slot->samples = target->samples;
    slot->last_tick = -1;
    slot->now = (vx_frame){slot->pcm[0], &vx_no_origins, 1, -1};
    slot->frame = slot->late = slot->now;
    if (late > 0) {
        slot->late_pcm = slot->pcm[0] + samples;
        slot->late_origins = calloc(1, sizeof *slot->late_origins);
    }
    if (converted) {
        slot->feed = malloc(sizeof *slot->feed);
        if (slot->feed != NULL)
            vx_feed_init(slot->feed, conference->rate_hz, target->rate_hz);
    }
    if ((late > 0 && slot->late_origins == NULL) ||
        (converted && slot->feed == NULL)) {
        vx_slot_free(slot);
        return VX_E_MEMORY;
    }
    *out = slot;
    return VX_OK;
}

void vx_slot_free(vx_slot *slot)
{
    free(slot->late_origins);
    free(slot->feed);
    free(slot);
}

void vx_slot_turn(vx_slot *slot)
{
    slot->late = (vx_frame){slot->late_pcm, slot->late_origins, slot->frame.silent, -1};
    if (!slot->frame.silent)
        memcpy(slot->late_pcm, slot->frame.pcm, slot->samples * sizeof(int16_t));
    slot->late_origins->count = slot->late_origins->truncated = 0;
    vx_origins_add_frame(slot->late_origins, &slot->frame, 0, VX_ORIGINS_MAX);
}

/* Adds up the inputs.  Returns how many are audible. */
static int add_up(const vx_conference_job *job, int32_t *sum)
{
    size_t samples = job->port->samples;
    int audible = 0;
    for (int i = 0; i < job->input_count; i++) {
        const vx_frame *input = job->inputs[i];
        if (i + AHEAD < job->input_count && !job->inputs[i + AHEAD]->silent)
            vx_fetch(job->inputs[i + AHEAD]->pcm, samples * sizeof(int16_t));
        if (input->silent)
            continue;
        if (audible++ == 0)
            memset(sum, 0, samples * sizeof *sum);
        vx_accumulate(sum, input->pcm, samples);
    }
    return audible;
}

static void collect_origins(const vx_conference_job *job, int wanted)
{
    vx_origins *origins = &job->port->origins;
    origins->count = origins->truncated = 0;
    for (int i = 0; i < job->input_count && wanted; i++)
        vx_origins_add_frame(origins, job->inputs[i], job->via[i], VX_ORIGINS_ROOM);
}

/* The whole mix, for those who are silent themselves. */
static void mix_all(const vx_conference_job *job, const int32_t *sum, int audible, int64_t tick)
{
    vx_port *port = job->port;
    vx_frame *all = &port->frames[VX_SIDE_SOURCE];
    int wanted = job->all_wanted || audible == 0;

    port->all_before = port->all_tick == tick - 1;
    port->before = port->all_before && !all->silent ? all->pcm : NULL;
    for (int i = 0; i < job->output_count && !wanted; i++)
        wanted = job->outputs[i].own == NULL || job->outputs[i].own->silent;
    all->silent = audible == 0;
    all->pcm = port->pcm[tick & 1];
    if (wanted) {
        if (audible > 0)
            vx_saturate(port->pcm[tick & 1], sum, port->samples);
        port->all_tick = tick;
    }
    port->frames[VX_SIDE_SINK] = *all;
}

/* The N-1 mix of one member, at the conference's rate. */
static void mix_for(vx_port *port, const vx_output *output, const int32_t *sum, int audible,
                    int64_t tick)
{
    vx_slot *slot = output->slot;
    if (audible == 0 || output->own == NULL || output->own->silent) {
        slot->now.pcm = port->frames[VX_SIDE_SOURCE].pcm;
        slot->now.silent = audible == 0;
        slot->heard_all = 1;
        return;
    }
    slot->heard_all = 0;
    slot->now.silent = audible == 1;
    slot->now.pcm = slot->pcm[tick & 1];
    if (audible > 1)
        vx_saturate_minus(slot->pcm[tick & 1], sum, output->own->pcm, port->samples);
}

static void hear(vx_port *port, const vx_output *output, const int32_t *sum, int audible,
                 int64_t tick)
{
    vx_slot *slot = output->slot;
    int heard_all = slot->heard_all;
    slot->before = slot->now.silent ? NULL : slot->now.pcm;
    if (slot->last_tick != tick - 1) { /* a new listener: as if it had been here silently */
        heard_all = port->all_before;
        slot->before = port->before;
    }
    slot->last_tick = tick;
    mix_for(port, output, sum, audible, tick);
    if (slot->feed == NULL) {
        slot->frame = slot->now;
    } else if (slot->heard_all && heard_all) {
        vx_feed *shared =
            port->feeds[VX_SIDE_SOURCE][vx_rate_index(slot->feed->resampler.out_hz)];
        vx_feed_run(shared, &port->frames[VX_SIDE_SOURCE], port->before, tick);
        slot->frame = shared->frame;
    } else {
        vx_feed_run(slot->feed, &slot->now, slot->before, tick);
        slot->frame = slot->feed->frame;
    }
    slot->frame.origins = &port->origins;
    slot->frame.except = output->mouth;
}

/* Takes digits out of the whole mix, and with it of what each member hears.  Returns whether one
 * lasts. */
static int mute_digits(const vx_conference_job *job, vx_marks *marks)
{
    vx_port *port = job->port;
    int muted = vx_detect_and_mute(job->mutes, &port->frames[VX_SIDE_SOURCE], &port->origins,
                                   port->samples, port->id, marks);
    port->frames[VX_SIDE_SINK] = port->frames[VX_SIDE_SOURCE];
    return muted;
}

void vx_conference_run(const vx_conference_job *job, vx_marks *marks, int want_origins)
{
    int32_t sum[VX_FRAME_MAX];
    size_t frame_bytes = job->port->samples * sizeof(int16_t);
    int64_t tick = marks->tick;
    int audible = add_up(job, sum);
    collect_origins(job, want_origins);
    mix_all(job, sum, audible, tick);
    if (job->mutes != NULL && mute_digits(job, marks))
        audible = 0;
    for (int i = 0; i < job->output_count; i++) {
        if (i + AHEAD < job->output_count) {
            const vx_output *soon = &job->outputs[i + AHEAD];
            vx_fetch(soon->slot->pcm[tick & 1], frame_bytes);
            if (soon->own != NULL && !soon->own->silent)
                vx_fetch(soon->own->pcm, frame_bytes);
        }
        hear(job->port, &job->outputs[i], sum, audible, tick);
    }
}
