/* Mixing: sums of 16-bit sources with saturation, and the N-1 mix of a conference.
 *
 * Sums are exact in 32 bits for up to VX_MIX_MAX_MEMBERS sources; saturation
 * happens once, on the way out.  So the order of the sources never matters, and
 * "the mix without me" is the whole sum minus my own samples, saturated.
 */
#ifndef VX_MIX_H
#define VX_MIX_H

#include <stddef.h>
#include <stdint.h>

enum {
    VX_MIX_MAX_MEMBERS = 65535 /* 65535 * 32768 < 2^31 */
};

/* sum[i] += x[i].  sum and x must not overlap. */
void vx_accumulate(int32_t *sum, const int16_t *x, size_t n);

/* out[i] = sum[i], limited to -32768..32767. */
void vx_saturate(int16_t *out, const int32_t *sum, size_t n);

/* out[i] = sum[i] - own[i], limited to -32768..32767.  out may be own. */
void vx_saturate_minus(int16_t *out, const int32_t *sum, const int16_t *own, size_t n);

/* Every member hears the sum of all others.
 *
 * in, out   `members` rows of n samples each, without gaps; they must not overlap
 * sum       scratch of n values; its content afterwards is unspecified
 * members   0..VX_MIX_MAX_MEMBERS
 *
 * Returns VX_OK, or VX_E_ARGUMENT for a null pointer or too many members.
 */
int vx_mix_n1(const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n);

/* The same on one path of vx_cpu.h, for tests. */
int vx_mix_n1_on(int path, const int16_t *in, int16_t *out, int32_t *sum, size_t members,
                 size_t n);

#endif
