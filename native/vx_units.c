/* Ports and taps in use: sound in and out, detectors, ledgers. */
#include <stdlib.h>

#include "vx_graph_parts.h"
#include "vx_level.h"
#include "vx_status.h"

enum { LONGEST_MS = 3600000 };

int64_t vx_graph_push(vx_graph *g, int id, const int16_t *pcm, size_t n, int64_t tag,
                      int64_t offset)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    if (port == NULL)
        return status;
    if (pcm == NULL && n > 0)
        return VX_E_ARGUMENT;
    return vx_queue_push(&port->queue, pcm, n, tag, offset);
}

int64_t vx_graph_clear(vx_graph *g, int id, int all, int64_t tag)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    return port == NULL ? status : vx_queue_clear(&port->queue, all, tag);
}

int64_t vx_graph_queued(vx_graph *g, int id)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    return port == NULL ? status
                        : atomic_load_explicit(&port->queue.waiting, memory_order_acquire);
}

int vx_graph_play(vx_graph *g, int id, const int16_t *pcm, size_t n, int64_t tag, int loop,
                  size_t start)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    vx_clip *clip;
    if (port == NULL)
        return status;
    if (pcm == NULL)
        return VX_E_ARGUMENT;
    if (n == 0 || start >= n)
        return VX_E_LENGTH;
    clip = vx_clip_new(pcm, n, tag, loop, start);
    if (clip == NULL)
        return VX_E_MEMORY;
    vx_player_offer(&port->player, clip);
    return VX_OK;
}

int vx_graph_play_tone(vx_graph *g, int id, const vx_tone *tone, int64_t tag)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    vx_clip *clip;
    if (port == NULL)
        return status;
    if (tone == NULL)
        return VX_E_ARGUMENT;
    if (tone->rate_hz != port->rate_hz)
        return VX_E_RATE;
    clip = vx_clip_new_tone(tone, tag);
    if (clip == NULL)
        return VX_E_MEMORY;
    vx_player_offer(&port->player, clip);
    return VX_OK;
}

int64_t vx_graph_stop(vx_graph *g, int id)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    return port == NULL ? status : vx_player_stop(&port->player);
}

/* The port, if that side of it is one. */
static vx_port *port_side(vx_graph *g, int id, int side, int *status)
{
    vx_port *port = vx_graph_port(g, id, status);
    if (port != NULL && (side < 0 || side >= VX_SIDES)) {
        *status = VX_E_ARGUMENT;
        return NULL;
    }
    return port;
}

/* Frames that a time takes, rounded up; 0 when the time is out of range. */
static int32_t frames_of(int ms)
{
    return ms < VX_FRAME_MS || ms > LONGEST_MS ? 0 : (ms + VX_FRAME_MS - 1) / VX_FRAME_MS;
}

int vx_graph_detect_playback(vx_graph *g, int id, int side, int on)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    if (port == NULL)
        return status;
    if (side != VX_SIDE_SOURCE)
        return on ? VX_E_ARGUMENT : VX_OK;
    port->playback_marks = on != 0;
    return vx_graph_change(g);
}

int vx_graph_detect_speech(vx_graph *g, int id, int side, int threshold_permille,
                           int prefix_padding_ms, int silence_ms)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_speech_detector *fresh = NULL, **d;
    if (port == NULL)
        return status;
    d = &port->detectors[side].speech;
    if (threshold_permille != 0) {
        fresh = calloc(1, sizeof *fresh);
        if (fresh == NULL)
            return VX_E_MEMORY;
        status = vx_vad_init(&fresh->vad, port->rate_hz, threshold_permille, prefix_padding_ms,
                             silence_ms);
        if (status != VX_OK) {
            free(fresh);
            return status;
        }
    }
    vx_graph_discard(g, *d != NULL ? &(*d)->garbage : NULL, free);
    *d = fresh;
    return vx_graph_change(g);
}

int vx_graph_detect_silence(vx_graph *g, int id, int side, int silence_ms)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_silence_detector *fresh = NULL, **d;
    if (port == NULL)
        return status;
    d = &port->detectors[side].silence;
    if (silence_ms != 0) {
        if (frames_of(silence_ms) == 0)
            return VX_E_ARGUMENT;
        fresh = calloc(1, sizeof *fresh);
        if (fresh == NULL)
            return VX_E_MEMORY;
        fresh->frames = frames_of(silence_ms);
    }
    vx_graph_discard(g, *d != NULL ? &(*d)->garbage : NULL, free);
    *d = fresh;
    return vx_graph_change(g);
}

int vx_graph_detect_digits(vx_graph *g, int id, int side, int on)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_digit_detector *fresh = NULL, **d;
    if (port == NULL)
        return status;
    if (on == VX_DIGITS_MUTED && side != VX_SIDE_SOURCE)
        return VX_E_ARGUMENT;
    d = &port->detectors[side].digit;
    if (on) {
        fresh = calloc(1, sizeof *fresh);
        if (fresh == NULL)
            return VX_E_MEMORY;
        vx_dtmf_detector_init(&fresh->dtmf, port->rate_hz);
        fresh->mutes = on == VX_DIGITS_MUTED;
    }
    vx_graph_discard(g, *d != NULL ? &(*d)->garbage : NULL, free);
    *d = fresh;
    return vx_graph_change(g);
}

int vx_graph_detect_level(vx_graph *g, int id, int side, int level_ms)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_level_detector *fresh = NULL, **d;
    if (port == NULL)
        return status;
    d = &port->detectors[side].level;
    if (level_ms != 0) {
        if (frames_of(level_ms) == 0)
            return VX_E_ARGUMENT;
        fresh = calloc(1, sizeof *fresh);
        if (fresh == NULL)
            return VX_E_MEMORY;
        fresh->frames = frames_of(level_ms);
        fresh->loudest = VX_LEVEL_SILENCE;
    }
    vx_graph_discard(g, *d != NULL ? &(*d)->garbage : NULL, free);
    *d = fresh;
    return vx_graph_change(g);
}

static void free_channel(void *item)
{
    vx_channel_free(item);
}

int vx_graph_impair(vx_graph *g, int id, int side, const vx_channel_settings *settings)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_channel *fresh = NULL;
    if (port == NULL)
        return status;
    if (port->is_conference)
        return VX_E_ARGUMENT;
    if (settings != NULL) {
        status = vx_channel_new(&fresh, port->rate_hz, settings);
        if (status != VX_OK)
            return status;
    }
    if (port->channels[side] != NULL)
        vx_graph_discard(g, vx_channel_garbage(port->channels[side]), free_channel);
    port->channels[side] = fresh;
    return vx_graph_change(g);
}

/* The channel of one side of a port. */
static vx_channel *channel_of(vx_graph *g, int id, int side, int *status)
{
    vx_port *port = port_side(g, id, side, status);
    if (port == NULL)
        return NULL;
    if (port->channels[side] == NULL)
        *status = VX_E_STATE;
    return port->channels[side];
}

int vx_graph_channel_mode(vx_graph *g, int id, int side, int mode)
{
    int status;
    vx_channel *channel = channel_of(g, id, side, &status);
    if (channel == NULL)
        return status;
    if (mode < VX_SENDS || mode > VX_STOPS)
        return VX_E_ARGUMENT;
    vx_channel_switch(channel, mode);
    return VX_OK;
}

int vx_graph_channel_statistics(vx_graph *g, int id, int side, vx_channel_statistics *out)
{
    int status;
    vx_channel *channel = channel_of(g, id, side, &status);
    if (channel == NULL)
        return status;
    if (out == NULL)
        return VX_E_ARGUMENT;
    vx_channel_get_statistics(channel, out);
    return VX_OK;
}

static void free_ledger(void *item)
{
    vx_ledger *ledger = item;
    vx_ring_free(&ledger->ring);
    free(ledger);
}

int vx_graph_keep_ledger(vx_graph *g, int id, int side, int on)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    vx_ledger **ledger;
    if (port == NULL)
        return status;
    ledger = &port->ledgers[side];
    if ((*ledger != NULL) == (on != 0))
        return VX_OK;
    if (!on) {
        vx_graph_discard(g, &(*ledger)->garbage, free_ledger);
        *ledger = NULL;
        return vx_graph_change(g);
    }
    *ledger = calloc(1, sizeof **ledger);
    if (*ledger == NULL)
        return VX_E_MEMORY;
    status = vx_ledger_init(*ledger);
    if (status != VX_OK) {
        free(*ledger);
        *ledger = NULL;
        return status;
    }
    return vx_graph_change(g);
}

int64_t vx_graph_read_ledger(vx_graph *g, int id, int side, vx_heard *out, int64_t n)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    uint64_t read;
    if (port == NULL)
        return status;
    if (n < 0 || (out == NULL && n > 0))
        return VX_E_ARGUMENT;
    if (port->ledgers[side] == NULL)
        return VX_E_STATE;
    atomic_exchange_explicit(&port->ledgers[side]->changed, 0, memory_order_acq_rel);
    read = vx_ring_read(&port->ledgers[side]->ring, out, (uint64_t)n);
    if (g->pacer == NULL)
        vx_ring_rewind(&port->ledgers[side]->ring);
    return (int64_t)read;
}

int64_t vx_graph_changed_ledgers(vx_graph *g, vx_point *out, int64_t n)
{
    /* A ledger that no plan mentions yet has seen no tick. */
    const vx_plan *plan;
    int64_t found = 0;
    if (g == NULL || n < 0 || (out == NULL && n > 0))
        return VX_E_ARGUMENT;
    plan = g->plans;
    for (int32_t i = 0; plan != NULL && i < plan->ledger_count; i++) {
        const vx_ledger_job *job = &plan->ledgers[i];
        int32_t id = job->port->id;
        if (!atomic_load_explicit(&job->ledger->changed, memory_order_acquire) ||
            g->ports[id] != job->port || job->port->ledgers[job->side] != job->ledger)
            continue;
        if (found < n)
            out[found] = (vx_point){id, job->side};
        found++;
    }
    return found;
}

int vx_graph_take_news(vx_graph *g)
{
    return g == NULL ? VX_E_ARGUMENT : atomic_exchange_explicit(&g->news, 0, memory_order_acq_rel);
}

int64_t vx_graph_ledger_lost(vx_graph *g, int id, int side)
{
    int status;
    vx_port *port = port_side(g, id, side, &status);
    if (port == NULL)
        return status;
    return port->ledgers[side] == NULL
               ? VX_E_STATE
               : atomic_load_explicit(&port->ledgers[side]->lost, memory_order_relaxed);
}

int vx_graph_hold_tap(vx_graph *g, int id, int chunks)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    return tap == NULL ? status : vx_tap_hold(tap, chunks);
}

int64_t vx_graph_tap_waiting(vx_graph *g, int id)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    return tap == NULL ? status : (int64_t)vx_ring_waiting(&tap->ring);
}

int64_t vx_graph_tap_lost(vx_graph *g, int id)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    return tap == NULL ? status : atomic_load_explicit(&tap->lost, memory_order_relaxed);
}

int64_t vx_graph_peek_tap(vx_graph *g, int id, const int16_t **samples)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    uint64_t n;
    if (tap == NULL)
        return status;
    if (samples == NULL)
        return VX_E_ARGUMENT;
    *samples = vx_ring_peek(&tap->ring, &n);
    return (int64_t)n;
}

int64_t vx_graph_read_tap(vx_graph *g, int id, int16_t *out, int64_t n)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    uint64_t read;
    if (tap == NULL)
        return status;
    if (n < 0)
        return VX_E_ARGUMENT;
    read = vx_ring_read(&tap->ring, out, (uint64_t)n);
    if (g->pacer == NULL)
        vx_ring_rewind(&tap->ring);
    return (int64_t)read;
}
