/* Resampling between 8, 16, 24 and 48 kHz, with state across frames.
 *
 * A ratio out:in is reduced to L:M; every group of M input samples gives L output
 * samples.  One linear-phase low-pass (Kaiser window, stop band from the Nyquist
 * frequency of the lower rate, 64 taps at that rate) is split into L * M short
 * filters, one for each pair of output phase and input phase.  Taps are 16-bit
 * Q15 from vx_resample_taps.h, made by make_filters.py; sums are exact.
 *
 * Quality (held by tests): 1 kHz tone SNR at least 85 dB, aliases and images at
 * most -75 dB at any frequency, group delay 32 samples of the lower rate: 4 ms where 8 kHz takes
 * part, 2 ms for 16 with 24 or 48 kHz, 1.33 ms between 24 and 48 kHz.  The pass band
 * (-0.1 dB) ends at 0.85 of the lower rate's Nyquist frequency: 3.4 kHz at 8 kHz.
 */
#ifndef VX_RESAMPLE_H
#define VX_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

enum {
    VX_RESAMPLE_MAX_STEP = 6,     /* largest L or M: 8 with 48 kHz */
    VX_RESAMPLE_HISTORY = 64 * 6, /* samples kept from earlier calls, at most */
};

/* Plain data: may be copied, needs no destruction.  Fields are private. */
typedef struct vx_resampler {
    const int16_t *taps; /* [L][M][taps_per_phase]; NULL when the rates are equal */
    int32_t in_hz, out_hz;
    int32_t up, down;       /* L and M */
    int32_t taps_per_phase; /* 64, or 32 between 16 and 24 kHz */
    int32_t part_shift;     /* from the taps' scale to that of the sums */
    int32_t pending;        /* input samples that do not make a group yet, 0..M-1 */
    int16_t past[VX_RESAMPLE_HISTORY + VX_RESAMPLE_MAX_STEP]; /* history, then pending */
} vx_resampler;

/* Makes r ready, with silence as its past.
 * Returns VX_OK, VX_E_ARGUMENT (null) or VX_E_RATE. */
int vx_resampler_init(vx_resampler *r, int in_hz, int out_hz);

/* Converts n_in samples.
 *
 * Any n_in is taken; whole groups are converted and up to M-1 samples wait for
 * the next call, so that cutting a stream in any way gives the same samples.
 * A frame of 20 ms always is a whole number of groups.
 *
 * out_cap   room in out; (n_in + M - 1) / M * L is always enough
 *
 * Returns the number of samples written; VX_E_ARGUMENT (null, or r not ready), or
 * VX_E_LENGTH when out_cap is too small or n_in above 2^28 (nothing is consumed then).
 */
int vx_resampler_run(vx_resampler *r, const int16_t *in, size_t n_in, int16_t *out,
                     size_t out_cap);

/* The same on one path of vx_cpu.h, for tests. */
int vx_resampler_run_on(int path, vx_resampler *r, const int16_t *in, size_t n_in, int16_t *out,
                        size_t out_cap);

/* Forgets the past: as after init. */
void vx_resampler_reset(vx_resampler *r);

/* Group delay in output samples (exact, a whole number); 0 when the rates are equal. */
int vx_resampler_delay(const vx_resampler *r);

#endif
