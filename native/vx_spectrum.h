/* How much of a sound is one steady sine: for beeps and progress tones.
 *
 * The sound is correlated with a sine and a cosine of the frequency (one bin of a discrete
 * Fourier transform, at any frequency); the squares of the two, over those of the samples, are
 * the share of the energy that the sine has.  A stretch of t seconds tells frequencies apart
 * that lie 1 / t Hz from each other, and loses half of a sine's share at 0.44 / t Hz beside it.
 * Integer arithmetic.
 */
#ifndef VX_SPECTRUM_H
#define VX_SPECTRUM_H

#include <stddef.h>
#include <stdint.h>

enum { VX_SINE_MAX_MS = 100 };

/* Share of the energy of n samples that a sine of this frequency has, in 1/1000; 0 for silence.
 *
 * n             at most VX_SINE_MAX_MS, else VX_E_LENGTH
 * frequency_hz  above 0 and below half the rate, else VX_E_ARGUMENT
 *
 * VX_E_RATE for a rate that the core does not have, VX_E_ARGUMENT for a null pointer.
 */
int vx_sine_share(const int16_t *x, size_t n, int rate_hz, int frequency_hz);

/* The frequency with the largest share among low_hz, low_hz + step_hz, ... up to high_hz, the
 * lowest of equals; its share, in 1/1000, goes to *share.  0 for silence.  Statuses as above. */
int vx_strongest_sine(const int16_t *x, size_t n, int rate_hz, int low_hz, int high_hz,
                      int step_hz, int *share);

#endif
