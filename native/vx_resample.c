#include "vx_resample.h"

#include <string.h>

#include "vx_cpu.h"
#include "vx_resample_taps.h"
#include "vx_status.h"

#if VX_X86
#include <immintrin.h>
#endif

enum {
    BLOCK = 160,     /* groups converted at a time: 20 ms at 8 kHz */
    LANES = 32,      /* groups in one round of the vector kernel; divides BLOCK */
    MAX_TAPS = 64,   /* of a sub-filter */
    TOTAL_BITS = 13, /* fraction of the sums before the last rounding */
    MAX_INPUT = 1 << 28,
};

typedef struct pair {
    int in_hz, out_hz, up, down, taps_per_phase, bits;
    const int16_t *taps;
} pair;

#define PAIR(in_hz, out_hz, up, down, length) \
    { in_hz, out_hz, up, down, length, VX_TAPS_##up##_##down##_BITS, vx_taps_##up##_##down }

static const pair pairs[] = {
    PAIR(8000, 16000, 2, 1, 64),  PAIR(8000, 24000, 3, 1, 64),  PAIR(8000, 48000, 6, 1, 64),
    PAIR(16000, 8000, 1, 2, 64),  PAIR(16000, 24000, 3, 2, 32), PAIR(16000, 48000, 3, 1, 64),
    PAIR(24000, 8000, 1, 3, 64),  PAIR(24000, 16000, 2, 3, 32), PAIR(24000, 48000, 2, 1, 64),
    PAIR(48000, 8000, 1, 6, 64),  PAIR(48000, 16000, 1, 3, 64), PAIR(48000, 24000, 1, 2, 64),
};

static int rate_is_known(int hz) { return hz == 8000 || hz == 16000 || hz == 24000 || hz == 48000; }

int vx_resampler_init(vx_resampler *r, int in_hz, int out_hz)
{
    if (!r)
        return VX_E_ARGUMENT;
    memset(r, 0, sizeof *r);
    if (!rate_is_known(in_hz) || !rate_is_known(out_hz))
        return VX_E_RATE;
    r->in_hz = in_hz;
    r->out_hz = out_hz;
    r->up = r->down = 1;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].in_hz != in_hz || pairs[i].out_hz != out_hz)
            continue;
        r->up = pairs[i].up;
        r->down = pairs[i].down;
        r->taps_per_phase = pairs[i].taps_per_phase;
        r->part_shift = pairs[i].bits - TOTAL_BITS;
        r->taps = pairs[i].taps;
    }
    return VX_OK;
}

void vx_resampler_reset(vx_resampler *r)
{
    r->pending = 0;
    memset(r->past, 0, sizeof r->past);
}

int vx_resampler_delay(const vx_resampler *r)
{
    if (!r->taps)
        return 0;
    int lower = r->in_hz < r->out_hz ? r->in_hz : r->out_hz;
    return 32 * (r->out_hz / 1000) / (lower / 1000);
}

/* One sub-filter half over `groups` groups: total[g] += (sum of taps[k] * x[g + k]) >> shift.
 * A half's taps add up to less than 65536 in magnitude (make_filters.py holds that), so the
 * 32-bit sum is exact; the shift makes room for adding the halves. */
VX_INLINE void filter(int32_t *restrict total, const int16_t *restrict x,
                      const int16_t *restrict taps, int half, int groups, int shift)
{
    for (int g = 0; g < groups; g++) {
        int32_t sum = 0;
        for (int k = 0; k < half; k++)
            sum += taps[k] * x[g + k];
        total[g] += sum >> shift;
    }
}

static void filter_portable(int32_t *total, const int16_t *x, const int16_t *taps, int half,
                            int groups, int shift)
{
    if (half == 32) /* constants, so that the inner loop is unrolled */
        filter(total, x, taps, 32, groups, shift);
    else
        filter(total, x, taps, 16, groups, shift);
}

#if VX_X86
/* The same from twos[q] = (x[q], x[q + 1]): a multiply-add takes two taps for eight groups. */
VX_AVX2 static void filter_avx2(int32_t *total, const int32_t *twos, const int16_t *taps,
                                int half, int groups, int shift)
{
    const __m128i count = _mm_cvtsi32_si128(shift);
    for (int g = 0; g < groups; g += LANES) {
        __m256i a = _mm256_setzero_si256(), b = a, c = a, d = a;
        const int32_t *at = twos + g;
        for (int k = 0; k < half; k += 2, at += 2) {
            int32_t two;
            memcpy(&two, taps + k, sizeof two);
            __m256i tap = _mm256_set1_epi32(two);
#define TERM(i) _mm256_madd_epi16(tap, _mm256_loadu_si256((const __m256i *)(at + 8 * (i))))
            a = _mm256_add_epi32(a, TERM(0));
            b = _mm256_add_epi32(b, TERM(1));
            c = _mm256_add_epi32(c, TERM(2));
            d = _mm256_add_epi32(d, TERM(3));
#undef TERM
        }
        __m256i *to = (__m256i *)(total + g);
#define ADD(i, v) \
    _mm256_storeu_si256(to + (i), _mm256_add_epi32(_mm256_loadu_si256(to + (i)), \
                                                   _mm256_sra_epi32(v, count)))
        ADD(0, a);
        ADD(1, b);
        ADD(2, c);
        ADD(3, d);
#undef ADD
    }
}
#endif

/* y[g * up + p] = total[p][g], rounded and limited. */
VX_INLINE void interleave(int16_t *restrict out, int32_t (*total)[BLOCK], int up, int groups)
{
    for (int p = 0; p < up; p++)
        for (int g = 0; g < groups; g++) {
            int32_t y = (total[p][g] + (1 << (TOTAL_BITS - 1))) >> TOTAL_BITS;
            total[p][g] = y > 32767 ? 32767 : y < -32768 ? -32768 : y;
        }
    for (int g = 0; g < groups; g++)
        for (int p = 0; p < up; p++)
            out[g * up + p] = (int16_t)total[p][g];
}

VX_INLINE void finish(int16_t *out, int32_t (*total)[BLOCK], int up, int groups)
{
    switch (up) { /* constants, so that the loops become vector code */
    case 1: interleave(out, total, 1, groups); break;
    case 2: interleave(out, total, 2, groups); break;
    case 3: interleave(out, total, 3, groups); break;
    default: interleave(out, total, 6, groups); break;
    }
}

/* stream[q] = window[q * down + phase], then zeros where the vector kernel reads beyond. */
VX_INLINE void take_phase(int16_t *restrict stream, const int16_t *restrict window, int down,
                          int phase, int count)
{
    for (int q = 0; q < count; q++)
        stream[q] = window[q * down + phase];
    memset(stream + count, 0, (LANES + 2) * sizeof *stream);
}

typedef struct block {
    int16_t stream[MAX_TAPS + BLOCK + LANES + 2];
    int32_t twos[MAX_TAPS + BLOCK + LANES + 1];
    int32_t total[VX_RESAMPLE_MAX_STEP][BLOCK];
} block;

/* window holds the history and then `groups` new groups. */
VX_INLINE void convert(const vx_resampler *r, const int16_t *window, int groups, int16_t *out,
                       int vector)
{
    block b;
    const int length = r->taps_per_phase, half = length / 2;
    memset(b.total, 0, sizeof b.total[0] * (size_t)r->up);
    (void)vector;
    for (int m = 0; m < r->down; m++) {
        take_phase(b.stream, window, r->down, m, length + groups);
#if VX_X86
        if (vector)
            for (int q = 0; q < length + groups + LANES + 1; q++)
                b.twos[q] = (int32_t)((uint16_t)b.stream[q] | (uint32_t)b.stream[q + 1] << 16);
#endif
        for (int p = 0; p < r->up; p++) {
            /* A phase that is ahead of this input phase starts at the group itself. */
            int first = p * r->down >= m * r->up;
            const int16_t *taps = r->taps + (p * r->down + m) * length;
            for (int k = 0; k < length; k += half)
#if VX_X86
                if (vector)
                    filter_avx2(b.total[p], b.twos + first + k, taps + k, half, groups,
                                r->part_shift);
                else
#endif
                    filter_portable(b.total[p], b.stream + first + k, taps + k, half, groups,
                                    r->part_shift);
        }
    }
    finish(out, b.total, r->up, groups);
}

static void convert_portable(const vx_resampler *r, const int16_t *window, int groups, int16_t *out)
{
    convert(r, window, groups, out, 0);
}

#if VX_X86
VX_AVX2 static void convert_avx2(const vx_resampler *r, const int16_t *window, int groups,
                                 int16_t *out)
{
    convert(r, window, groups, out, 1);
}
#endif

int vx_resampler_run_on(int path, vx_resampler *r, const int16_t *in, size_t n_in, int16_t *out,
                        size_t out_cap)
{
    if (!r || (!in && n_in) || (!out && out_cap) || r->up == 0)
        return VX_E_ARGUMENT;
    if (n_in > MAX_INPUT)
        return VX_E_LENGTH;
    if (!r->taps) {
        if (n_in > out_cap)
            return VX_E_LENGTH;
        if (n_in)
            memcpy(out, in, n_in * sizeof *in);
        return (int)n_in;
    }
    (void)path;
    const size_t down = (size_t)r->down, up = (size_t)r->up;
    const size_t history = (size_t)r->taps_per_phase * down;
    size_t groups = ((size_t)r->pending + n_in) / down, written = 0;
    if (groups * up > out_cap)
        return VX_E_LENGTH;
    int16_t window[(MAX_TAPS + BLOCK) * VX_RESAMPLE_MAX_STEP];
    while (groups > 0) {
        size_t now = groups < BLOCK ? groups : BLOCK;
        size_t kept = history + (size_t)r->pending, fresh = now * down - (size_t)r->pending;
        memcpy(window, r->past, kept * sizeof *window);
        memcpy(window + kept, in, fresh * sizeof *window);
#if VX_X86
        if (vx_cpu_path(path) != VX_CPU_PORTABLE)
            convert_avx2(r, window, (int)now, out + written);
        else
#endif
            convert_portable(r, window, (int)now, out + written);
        memcpy(r->past, window + now * down, history * sizeof *window);
        r->pending = 0;
        in += fresh;
        n_in -= fresh;
        written += now * up;
        groups -= now;
    }
    if (n_in)
        memcpy(r->past + history + (size_t)r->pending, in, n_in * sizeof *in);
    r->pending += (int32_t)n_in;
    return (int)written;
}

int vx_resampler_run(vx_resampler *r, const int16_t *in, size_t n_in, int16_t *out, size_t out_cap)
{
    return vx_resampler_run_on(VX_CPU_ANY, r, in, n_in, out, out_cap);
}
