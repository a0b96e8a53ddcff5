#include "vx_vad.h"

#include <string.h>

#include "vx_level.h"
#include "vx_status.h"

/* Energies are mean squares in 1/16: 0 dBFS is 2^34. */
enum {
    LEAD = 4,                 /* active windows ahead that make a start */
    MARGIN = 8,               /* 9 dB: active is this many times the background */
    RISE = 7,                 /* background += background / 2^7 per window */
    FALL = 2,                 /* background -= difference / 2^2 per window */
    BACKGROUND_MIN = 172,     /* -80 dBFS */
    BACKGROUND_MAX = 1717987, /* -40 dBFS */
};

/* The floor for a threshold: 2^34 * 10^(level / 10), from -56 to -40 dBFS in steps of
 * 0.5 dB (25 permille), straight lines between. */
static uint64_t floor_of(int permille)
{
    static const uint32_t steps[34] = {
        43154,   48419,   54328,   60956,   68394,   76740,   86103,  96610,  108398,
        121624,  136465,  153116,  171799,  192761,  216282,  242672, 272283, 305506,
        342783,  384609,  431539,  484195,  543275,  609565,  683943, 767397, 861033,
        966095,  1083976, 1216242, 1364646, 1531157, 1717987, 1717987,
    };
    uint64_t at = (uint64_t)(permille - 100) / 25, part = (uint64_t)(permille - 100) % 25;
    return steps[at] + (steps[at + 1] - steps[at]) * part / 25;
}

int vx_vad_init(vx_vad *v, int rate_hz, int threshold_permille, int prefix_padding_ms,
                int silence_ms)
{
    if (!v)
        return VX_E_ARGUMENT;
    memset(v, 0, sizeof *v);
    if (rate_hz != 8000 && rate_hz != 16000 && rate_hz != 24000 && rate_hz != 48000)
        return VX_E_RATE;
    if (threshold_permille < 100 || threshold_permille > 900 || prefix_padding_ms < 0 ||
        prefix_padding_ms > 10000 || silence_ms < 20 || silence_ms > 10000)
        return VX_E_ARGUMENT;
    v->rate_hz = rate_hz;
    v->window = rate_hz / 100;
    v->padding_samples = rate_hz / 1000 * prefix_padding_ms;
    v->silence_samples = rate_hz / 1000 * silence_ms;
    v->floor_energy = floor_of(threshold_permille);
    v->background = v->floor_energy / MARGIN;
    return VX_OK;
}

/* The variance of the window just filled, in 1/16. */
static uint64_t variance(const vx_vad *v)
{
    uint64_t n = (uint64_t)v->window;
    return 16 * (n * v->squares - (uint64_t)(v->sum * v->sum)) / (n * n);
}

static int is_active(const vx_vad *v, uint64_t energy)
{
    uint64_t limit = MARGIN * v->background;
    if (limit < v->floor_energy)
        limit = v->floor_energy;
    return energy > (v->speaking ? limit / 2 : limit);
}

static void follow_background(vx_vad *v, uint64_t energy)
{
    if (energy < v->background)
        v->background -= (v->background - energy) >> FALL;
    else
        v->background += v->background >> RISE;
    if (v->background < BACKGROUND_MIN)
        v->background = BACKGROUND_MIN;
    if (v->background > BACKGROUND_MAX)
        v->background = BACKGROUND_MAX;
}

static int start(vx_vad *v)
{
    int64_t from = v->onset - v->padding_samples;
    /* stop_offset is 0 before the first stop */
    v->start_offset = from > v->stop_offset ? from : v->stop_offset;
    v->last_active = v->position;
    v->speaking = 1;
    return VX_VAD_STARTED;
}

static int end_window(vx_vad *v)
{
    const uint64_t energy = variance(v);
    const int active = is_active(v, energy);
    follow_background(v, energy);
    if (active && v->lead == 0)
        v->onset = v->position;
    v->position += v->window;
    v->active_run = active ? v->active_run + 1 : 0;
    if (!v->speaking) {
        v->lead += active ? 1 : v->lead > 0 ? -1 : 0;
        return v->lead == LEAD ? start(v) : VX_VAD_NONE;
    }
    if (v->active_run >= 2)
        v->last_active = v->position;
    if (active || v->position - v->last_active < v->silence_samples)
        return VX_VAD_NONE; /* a single active window may be the first of more */
    v->stop_offset = v->last_active;
    v->speaking = 0;
    v->lead = 0;
    return VX_VAD_STOPPED;
}

int vx_vad_run(vx_vad *v, const int16_t *x, size_t n)
{
    if (!v || v->window == 0 || (!x && n))
        return VX_E_ARGUMENT;
    if (n > 2 * (size_t)v->window)
        return VX_E_LENGTH;
    int result = VX_VAD_NONE;
    while (n > 0) {
        size_t now = (size_t)(v->window - v->filled);
        now = now < n ? now : n;
        v->sum += vx_sum(x, now);
        v->squares += vx_energy(x, now);
        v->filled += (int32_t)now;
        x += now;
        n -= now;
        if (v->filled < v->window)
            break;
        int mark = end_window(v);
        /* A start needs four windows and a stop two, so one call never has both. */
        if (mark != VX_VAD_NONE)
            result = mark;
        v->filled = 0;
        v->sum = 0;
        v->squares = 0;
    }
    return result;
}

int vx_vad_scan(vx_vad *v, const int16_t *x, size_t n, size_t *taken)
{
    if (!v || v->window == 0 || (!x && n) || !taken)
        return VX_E_ARGUMENT;
    int result = VX_VAD_NONE;
    size_t done = 0, most = 2 * (size_t)v->window;
    while (result == VX_VAD_NONE && done < n) {
        size_t now = n - done < most ? n - done : most;
        result = vx_vad_run(v, x + done, now);
        done += now;
    }
    *taken = done;
    return result;
}
