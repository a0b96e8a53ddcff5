#include "vx_dtmf.h"

#include <string.h>

#include "vx_level.h"
#include "vx_sine_table.h"
#include "vx_status.h"

int vx_dtmf_detector_init(vx_dtmf_detector *d, int rate_hz)
{
    if (!d)
        return VX_E_ARGUMENT;
    memset(d, 0, sizeof *d);
    int row;
    switch (rate_hz) {
    case 8000: row = 0; break;
    case 16000: row = 1; break;
    case 24000: row = 2; break;
    case 48000: row = 3; break;
    default: return VX_E_RATE;
    }
    d->rate_hz = rate_hz;
    d->block = rate_hz / 1000 * 51 / 4;
    memcpy(d->cosine, vx_dtmf_cosines[row], sizeof d->cosine);
    return VX_OK;
}

/* s[i] = x[i] + 2 cos(w) s[i - 1] - s[i - 2].  |s| stays below block * 2^15 / sin(w),
 * 2.3e8 at worst (697 Hz at 48 kHz). */
static void goertzel(vx_dtmf_detector *d, const int16_t *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 8; k++) {
            int32_t s = (int32_t)(((int64_t)d->cosine[k] * d->s1[k]) >> 28) - d->s2[k] + x[i];
            d->s2[k] = d->s1[k];
            d->s1[k] = s;
        }
}

/* |X|^2 at frequency k: (A * block / 2)^2 for a sine of peak A. */
static int64_t power(const vx_dtmf_detector *d, int k)
{
    int64_t a = d->s1[k], b = d->s2[k];
    int64_t p = a * a + b * b - ((d->cosine[k] * a) >> 28) * b;
    return p > 0 ? p : 0; /* rounding */
}

/* The strongest of four, or -1 unless it is 8 dB above each of the others. */
static int strongest(const int64_t *p)
{
    int best = 0;
    for (int k = 1; k < 4; k++)
        if (p[k] > p[best])
            best = k;
    for (int k = 0; k < 4; k++)
        if (k != best && p[k] > p[best] * 10 / 63)
            return -1;
    return best;
}

/* The digit that the block just filled holds, or 0; and its two powers. */
static int hit(const vx_dtmf_detector *d, int64_t *powers)
{
    static const char keys[] = "123A456B789C*0#D";
    int64_t p[8];
    for (int k = 0; k < 8; k++)
        p[k] = power(d, k);
    int row = strongest(p), column = strongest(p + 4);
    if (row < 0 || column < 0)
        return 0;
    const int64_t low = p[row], high = p[4 + column], n = d->block;
    const int64_t least = 67749 * n * n / 2; /* -42 dBFS: 2^30 * 10^-4.2, as power */
    if (low < least || high < least)
        return 0;
    if (high > low * 25 / 10 || low > high * 63 / 10) /* twist: 4 dB, 8 dB */
        return 0;
    /* A sine has 2 * power / n of the energy. */
    if (8 * (low + high) < 3 * n * (int64_t)d->energy)
        return 0;
    powers[0] = low;
    powers[1] = high;
    return keys[4 * row + column];
}

/* A key is pressed at one strength; two harmonics of a voice that pass by are not. */
static int is_steady(const int64_t *now, const int64_t *before)
{
    for (int k = 0; k < 2; k++)
        if (now[k] > 4 * before[k] || before[k] > 4 * now[k])
            return 0;
    int64_t here = now[0] + now[1], there = before[0] + before[1];
    return here <= 2 * there && there <= 2 * here;
}

static int end_block(vx_dtmf_detector *d)
{
    int64_t powers[2] = {0, 0};
    const int now = hit(d, powers);
    int report = 0;
    if (now != d->in_digit && d->last_hit != d->in_digit) {
        d->in_digit = now == d->last_hit && is_steady(powers, d->last_power) ? now : 0;
        report = d->in_digit;
    }
    d->last_hit = now;
    memcpy(d->last_power, powers, sizeof powers);
    d->filled = 0;
    d->energy = 0;
    memset(d->s1, 0, sizeof d->s1);
    memset(d->s2, 0, sizeof d->s2);
    return report;
}

int vx_dtmf_detector_run(vx_dtmf_detector *d, const int16_t *x, size_t n)
{
    if (!d || d->block == 0 || (!x && n))
        return VX_E_ARGUMENT;
    if (n > (size_t)d->rate_hz / 50)
        return VX_E_LENGTH;
    int digit = 0;
    while (n > 0) {
        size_t now = (size_t)(d->block - d->filled);
        now = now < n ? now : n;
        goertzel(d, x, now);
        d->energy += vx_energy(x, now);
        d->filled += (int32_t)now;
        x += now;
        n -= now;
        if (d->filled < d->block)
            break;
        int report = end_block(d);
        if (report)
            digit = report;
    }
    return digit;
}
