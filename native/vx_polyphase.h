/* A polyphase filter: brings a whole recording from one rate to another, whatever the rates.
 *
 * The filter is the caller's (voxrt/media/rational.py designs it): for the ratio up/down there
 * are `up` rows of `taps` coefficients in 1/32768.  Output i is the sum of row (i * down) % up
 * over the inputs around (i * down) / up, rounded to nearest and saturated.
 */
#ifndef VX_POLYPHASE_H
#define VX_POLYPHASE_H

#include <stddef.h>
#include <stdint.h>

/* in, n_in    the recording; before and after it there is silence
 * rows        up * taps coefficients; the one at taps / 2 - 1 lies on the input itself
 * up, down    the ratio, each at least 1
 * taps        an even number from 2 to 2^16
 * out, n_out  may not overlap with in
 *
 * Returns VX_OK or VX_E_ARGUMENT.
 */
int vx_polyphase(const int16_t *in, size_t n_in, const int32_t *rows, int up, int down, int taps,
                 int16_t *out, size_t n_out);

#endif
