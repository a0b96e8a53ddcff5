/* DTMF detection in the sound (in band), 8 to 48 kHz.
 *
 * Integer Goertzel filters at the eight frequencies of ITU-T Q.23 over blocks of
 * 12.75 ms.  A block holds a digit when, in each group, one frequency stands 8 dB
 * above the other three; the two are within twist limits (high group at most 4 dB
 * stronger, 8 dB weaker); each is at least -42 dBFS; and together they hold at
 * least three quarters of the block's energy, which speech and noise do not do.
 * Two such blocks in a row, of the same digit and of the same strength (within 3 dB,
 * each group within 6 dB), make a digit (so 40 ms are always enough); two others in a row end it.  A digit is
 * reported once for each press.
 */
#ifndef VX_DTMF_H
#define VX_DTMF_H

#include <stddef.h>
#include <stdint.h>

/* Plain data: may be copied, needs no destruction.  Fields are private. */
typedef struct vx_dtmf_detector {
    int32_t rate_hz;
    int32_t block;     /* samples in 12.75 ms */
    int32_t filled;    /* samples of the block under way */
    int32_t cosine[8]; /* 2 cos(w) in Q28 */
    int32_t s1[8], s2[8];
    uint64_t energy;
    int32_t last_hit; /* what the block before held: a digit or 0 */
    int64_t last_power[2]; /* and how strong: low group, high group */
    int32_t in_digit; /* the press under way, reported already: a digit or 0 */
} vx_dtmf_detector;

/* Returns VX_OK, VX_E_ARGUMENT or VX_E_RATE. */
int vx_dtmf_detector_init(vx_dtmf_detector *d, int rate_hz);

/* Takes n samples, at most 20 ms.  Returns the digit that was recognised in them
 * ('0'-'9', '*', '#', 'A'-'D'), 0 for none; VX_E_ARGUMENT for null, VX_E_LENGTH above 20 ms. */
int vx_dtmf_detector_run(vx_dtmf_detector *d, const int16_t *x, size_t n);

#endif
