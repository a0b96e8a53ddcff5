/* G.711: mu-law and A-law, both ways.
 *
 * Linear samples are 16 bits.  As in the tables of ITU-T G.711 (11/88), mu-law
 * works on the upper 14 bits (an arithmetic shift by 2) with magnitudes above
 * 8158 limited, and A-law on the upper 13 bits (a shift by 3); decoding gives
 * the tables' output values scaled back to 16 bits.  These are also the results
 * of Sun's g711.c and of Python's audioop.  A-law octets have their even bits
 * inverted, mu-law octets all bits, as on the line.
 *
 * n is in samples (= octets); in and out must not overlap.
 */
#ifndef VX_G711_H
#define VX_G711_H

#include <stddef.h>
#include <stdint.h>

void vx_ulaw_encode(uint8_t *out, const int16_t *in, size_t n);
void vx_ulaw_decode(int16_t *out, const uint8_t *in, size_t n);
void vx_alaw_encode(uint8_t *out, const int16_t *in, size_t n);
void vx_alaw_decode(int16_t *out, const uint8_t *in, size_t n);

/* The same on one path of vx_cpu.h, for tests. */
void vx_ulaw_encode_on(int path, uint8_t *out, const int16_t *in, size_t n);
void vx_ulaw_decode_on(int path, int16_t *out, const uint8_t *in, size_t n);
void vx_alaw_encode_on(int path, uint8_t *out, const int16_t *in, size_t n);
void vx_alaw_decode_on(int path, int16_t *out, const uint8_t *in, size_t n);

#endif
