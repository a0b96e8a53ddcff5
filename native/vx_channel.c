#include "vx_channel.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "vx_g711.h"
#include "vx_level.h"
#include "vx_status.h"

enum {
    FULL_GAIN_Q12 = 4096,
    MOST_GAIN_Q12 = 409600,
    MOST_NOISE_Q8 = 10400 * 256,
    MOST_JITTER_US = 1000000,
    MOST_BUFFER_US = 5000000,
    MILLION = 1000000,
    FOUR_UNIFORM_RMS = 37837, /* of the sum of four: 65536 * sqrt(4 / 12) */
    LN_2_Q16 = 45426,
    /* of concealment, in ms */
    SHORTEST_PITCH = 5,
    LONGEST_PITCH = 15,
    COMPARED = 20,
    FULL_LEVEL = 10,
    SILENT_AFTER = 60,
    FADE_IN = 5,
};

/* What happened to a packet. */
enum { NOTHING_SENT, ARRIVED, MISSING };

typedef struct packet {
    int32_t fate;
    int32_t silent;
    vx_origins origins;
    int16_t pcm[]; /* a frame */
} packet;

struct vx_channel {
    vx_garbage garbage;
    vx_channel_settings settings;
    size_t samples;  /* in a frame */
    int32_t per_ms;  /* samples in a millisecond */
    _Atomic int32_t mode;

    /* tick */
    uint64_t noise, loss, jitter; /* generators */
    int32_t in_burst;
    int64_t transit_us;  /* of the latest packet that came; -1 before */
    int64_t jitter_q4;   /* 16 times the interarrival jitter */
    int32_t position;    /* where the next packet goes */
    char *packets;       /* settings.frames + 1 of them */
    size_t packet_size;
    int64_t concealed;   /* samples in a row, up to now */
    int32_t pitch;       /* samples in a period, while concealing */
    int32_t pitch_at;
    int32_t heard;       /* some of the history is not zero */
    vx_origins origins;
    int16_t history[VX_CHANNEL_HISTORY * VX_FRAME_MAX];
    int16_t period[VX_FRAME_MAX];

    /* tick writes, control reads */
    _Atomic int64_t sent, lost, late, jitter_told_us;
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int in_range(int32_t value, int32_t most)
{
    return value >= 0 && value <= most;
}

int vx_channel_new(vx_channel **out, int rate_hz, const vx_channel_settings *s)
{
    vx_channel *c;
    uint64_t seed;
    if (vx_rate_index(rate_hz) < 0)
        return VX_E_RATE;
    if (!in_range(s->gain_q12, MOST_GAIN_Q12) || !in_range(s->noise_q8, MOST_NOISE_Q8) ||
        !in_range(s->codec, VX_CODEC_ALAW) || !in_range(s->enter_ppm, MILLION) ||
        !in_range(s->leave_ppm, MILLION) || !in_range(s->jitter_us, MOST_JITTER_US) ||
        !in_range(s->buffer_us, MOST_BUFFER_US) || !in_range(s->frames, VX_CHANNEL_FRAMES_MAX))
        return VX_E_ARGUMENT;
    if (s->codec != VX_CODEC_NONE && rate_hz != 8000)
        return VX_E_RATE;
    c = calloc(1, sizeof *c);
    if (c == NULL)
        return VX_E_MEMORY;
    c->samples = vx_frame_samples(rate_hz);
    c->packet_size = (sizeof(packet) + c->samples * sizeof(int16_t) + 15) / 16 * 16;
    c->packets = calloc((size_t)s->frames + 1, c->packet_size);
    if (c->packets == NULL) {
        free(c);
        return VX_E_MEMORY;
    }
    c->settings = *s;
    c->per_ms = rate_hz / 1000;
    c->transit_us = -1;
    seed = s->seed;
    c->noise = draw(&seed);
    c->loss = draw(&seed);
    c->jitter = draw(&seed);
    *out = c;
    return VX_OK;
}

void vx_channel_free(vx_channel *c)
{
    if (c == NULL)
        return;
    free(c->packets);
    free(c);
}

void vx_channel_switch(vx_channel *c, int mode)
{
    atomic_store_explicit(&c->mode, mode, memory_order_relaxed);
}

void vx_channel_get_statistics(const vx_channel *c, vx_channel_statistics *out)
{
    out->packets = atomic_load_explicit(&c->sent, memory_order_relaxed);
    out->lost = atomic_load_explicit(&c->lost, memory_order_relaxed);
    out->late = atomic_load_explicit(&c->late, memory_order_relaxed);
    out->jitter_us = atomic_load_explicit(&c->jitter_told_us, memory_order_relaxed);
}

vx_garbage *vx_channel_garbage(vx_channel *c) { return &c->garbage; }

vx_origins *vx_channel_origins(vx_channel *c) { return &c->origins; }

static packet *packet_at(vx_channel *c, int32_t position)
{
    return (packet *)(void *)(c->packets + (size_t)position * c->packet_size);
}

static int16_t saturated(int64_t value)
{
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

/* Divides and rounds to the nearest, halves away from zero. */
static int64_t divided(int64_t value, int64_t by)
{
    return (value + (value < 0 ? -by : by) / 2) / by;
}

static int64_t noise_sample(vx_channel *c)
{
    uint64_t random = draw(&c->noise);
    int64_t sum = (int64_t)(random & 0xffff) + (int64_t)((random >> 16) & 0xffff) +
                  (int64_t)((random >> 32) & 0xffff) + (int64_t)(random >> 48) - 2 * 65535;
    return divided(sum * c->settings.noise_q8, (int64_t)FOUR_UNIFORM_RMS * 256);
}

/* What the sender makes of the frame. */
static void encode(vx_channel *c, packet *p, const vx_frame *frame, int muted)
{
    const vx_channel_settings *s = &c->settings;
    size_t n = c->samples;
    int silent = frame->silent || muted;
    uint8_t code[VX_FRAME_MAX];
    if (silent)
        memset(p->pcm, 0, n * sizeof *p->pcm);
    else
        memcpy(p->pcm, frame->pcm, n * sizeof *p->pcm);
    if (!silent && s->gain_q12 != FULL_GAIN_Q12)
        for (size_t i = 0; i < n; i++)
            p->pcm[i] = saturated(divided((int64_t)p->pcm[i] * s->gain_q12, FULL_GAIN_Q12));
    if (!muted && s->noise_q8 != 0)
        for (size_t i = 0; i < n; i++)
            p->pcm[i] = saturated(p->pcm[i] + noise_sample(c));
    if (s->codec == VX_CODEC_ULAW) {
        vx_ulaw_encode(code, p->pcm, n);
        vx_ulaw_decode(p->pcm, code, n);
    } else if (s->codec == VX_CODEC_ALAW) {
        vx_alaw_encode(code, p->pcm, n);
        vx_alaw_decode(p->pcm, code, n);
    }
    p->silent = vx_is_silent(p->pcm, n);
}

static int is_lost(vx_channel *c)
{
    int32_t chance = c->in_burst ? c->settings.leave_ppm : c->settings.enter_ppm;
    if (c->settings.enter_ppm != 0 && (int32_t)(draw(&c->loss) % MILLION) < chance)
        c->in_burst = !c->in_burst;
    return c->in_burst;
}

/* How much later than the earliest a packet comes. */
static int64_t lateness_us(vx_channel *c)
{
    uint64_t random;
    int64_t below_q16;
    if (c->settings.jitter_us == 0)
        return 0;
    random = (draw(&c->jitter) >> 32) + 1;
    below_q16 = 32 * 65536 - vx_log2_q16(random); /* -log2 of a number in (0, 1] */
    return (c->settings.jitter_us * ((below_q16 * LN_2_Q16) >> 16)) >> 16;
}

static void count_arrival(vx_channel *c, int64_t transit_us)
{
    int64_t change = c->transit_us < 0 ? 0 : transit_us - c->transit_us;
    c->transit_us = transit_us;
    c->jitter_q4 += (change < 0 ? -change : change) - ((c->jitter_q4 + 8) >> 4);
    atomic_store_explicit(&c->jitter_told_us, c->jitter_q4 >> 4, memory_order_relaxed);
}

static void count(_Atomic int64_t *counter)
{
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* Every packet takes its share of each generator, whatever becomes of it. */
static void send_packet(vx_channel *c, packet *p, const vx_frame *frame, const vx_origins *origins)
{
    int mode = atomic_load_explicit(&c->mode, memory_order_relaxed);
    int64_t transit_us;
    int lost;
    p->origins.count = p->origins.truncated = 0;
    p->fate = mode == VX_STOPS ? NOTHING_SENT : MISSING;
    if (mode == VX_STOPS)
        return;
    encode(c, p, frame, mode == VX_MUTED);
    lost = is_lost(c);
    transit_us = lateness_us(c);
    count(&c->sent);
    if (lost) {
        count(&c->lost);
        return;
    }
    count_arrival(c, transit_us);
    if (transit_us > c->settings.buffer_us) {
        count(&c->late);
        return;
    }
    p->fate = ARRIVED;
    if (mode != VX_MUTED)
        p->origins = *origins;
}

/* The period, in samples, with which the history repeats itself best. */
static int32_t find_pitch(const vx_channel *c)
{
    const int32_t step = c->per_ms / 8; /* as if at 8000 Hz */
    const int32_t window = COMPARED * c->per_ms;
    const int16_t *end = c->history + VX_CHANNEL_HISTORY * c->samples;
    int32_t best = SHORTEST_PITCH * c->per_ms;
    uint64_t best_score = 0;
    for (int32_t lag = best; lag <= LONGEST_PITCH * c->per_ms; lag += step) {
        int64_t alike = 0, energy = 0;
        uint64_t score;
        for (const int16_t *x = end - window; x < end; x += step) {
            alike += (int32_t)x[0] * x[-lag];
            energy += (int32_t)x[-lag] * x[-lag];
        }
        if (alike <= 0)
            continue;
        alike >>= 6; /* so that its square has room: it is below 160 * 2^30 */
        score = (uint64_t)alike * (uint64_t)alike / (uint64_t)((energy >> 12) + 1);
        if (score > best_score) {
            best_score = score;
            best = lag;
        }
    }
    return best;
}

/* Cuts the last period out of the history, and rounds off the place where it meets itself. */
static void take_period(vx_channel *c)
{
    const int16_t *end = c->history + VX_CHANNEL_HISTORY * c->samples;
    int32_t quarter;
    c->pitch = find_pitch(c);
    c->pitch_at = 0;
    memcpy(c->period, end - c->pitch, (size_t)c->pitch * sizeof *c->period);
    quarter = c->pitch / 4;
    for (int32_t i = 0; i < quarter; i++) {
        int16_t *x = &c->period[c->pitch - quarter + i];
        int32_t before = end[-c->pitch - quarter + i];
        *x = (int16_t)((*x * (quarter - i) + before * i) / quarter);
    }
}

/* The next sample that stands for what is missing. */
static int32_t concealing_sample(vx_channel *c)
{
    int64_t full = (int64_t)FULL_LEVEL * c->per_ms, end = (int64_t)SILENT_AFTER * c->per_ms;
    int64_t at = c->concealed++;
    int32_t x = c->period[c->pitch_at];
    c->pitch_at = (c->pitch_at + 1) % c->pitch;
    if (at < full)
        return x;
    return at >= end ? 0 : (int32_t)(x * (end - at) / (end - full));
}

/* What is put in the place of a missing frame.  Returns 0 when it is silence. */
static int conceal(vx_channel *c, int16_t *out)
{
    if (!c->heard)
        return 0;
    if (c->concealed == 0)
        take_period(c);
    for (size_t i = 0; i < c->samples; i++)
        out[i] = (int16_t)concealing_sample(c);
    return 1;
}

/* Goes over from what stood for missing packets to one that came. */
static void fade_in(vx_channel *c, int16_t *out)
{
    int32_t n = FADE_IN * c->per_ms;
    for (int32_t i = 0; i < n; i++)
        out[i] = (int16_t)((concealing_sample(c) * (n - i) + out[i] * i) / n);
}

static void remember(vx_channel *c, const int16_t *pcm)
{
    size_t n = c->samples;
    memmove(c->history, c->history + n, n * sizeof *pcm);
    if (pcm != NULL)
        memcpy(c->history + n, pcm, n * sizeof *pcm);
    else
        memset(c->history + n, 0, n * sizeof *pcm);
    c->heard = pcm != NULL || !vx_is_silent(c->history, n);
}

void vx_channel_run(vx_channel *c, vx_frame *frame, vx_origins *origins, int16_t *out)
{
    packet *p = packet_at(c, c->position);
    int audible;
    send_packet(c, p, frame, origins);
    c->position = (c->position + 1) % (c->settings.frames + 1);
    p = packet_at(c, c->position); /* the oldest, which is the same one without a delay */

    *origins = p->origins;
    if (p->fate == MISSING) {
        audible = conceal(c, out);
    } else {
        audible = p->fate == ARRIVED && (!p->silent || c->concealed > 0);
        if (audible) {
            if (p->silent)
                memset(out, 0, c->samples * sizeof *out);
            else
                memcpy(out, p->pcm, c->samples * sizeof *out);
            if (c->concealed > 0)
                fade_in(c, out);
        }
        c->concealed = 0;
    }
    if (audible)
        audible = !vx_is_silent(out, c->samples);
    if (audible || c->heard)
        remember(c, audible ? out : NULL);
    frame->silent = !audible;
    frame->pcm = out;
}
