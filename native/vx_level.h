/* Energy and level of a stretch of samples, in integers. */
#ifndef VX_LEVEL_H
#define VX_LEVEL_H

#include <stddef.h>
#include <stdint.h>

enum {
    VX_LEVEL_SILENCE = -1000 /* what digital silence and no samples at all give */
};

/* The sum of squares; exact up to 2^34 samples. */
uint64_t vx_energy(const int16_t *x, size_t n);

/* The same on one path of vx_cpu.h, for tests. */
uint64_t vx_energy_on(int path, const int16_t *x, size_t n);

/* The sum. */
int64_t vx_sum(const int16_t *x, size_t n);

/* RMS level in 1/10 dBFS, from VX_LEVEL_SILENCE to 0; 0 is a square wave of full
 * scale, so a full-scale sine is -30.  Within 0.06 dB of the exact value. */
int vx_level_db10(const int16_t *x, size_t n);

/* The same of each whole stretch of `step` samples, one after the other, into out[n / step];
 * step > 0. */
void vx_levels_db10(const int16_t *x, size_t n, size_t step, int16_t *out);

/* The largest magnitude, 0 to 32768. */
int vx_peak(const int16_t *x, size_t n);

/* log2(v) in Q16, v > 0; the error is below 2^-15. */
int64_t vx_log2_q16(uint64_t v);

/* 1 when every sample is 0 (or n is 0). */
int vx_is_silent(const int16_t *x, size_t n);

#endif
