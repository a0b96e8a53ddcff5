/* Tones: up to four sines with a cadence, and DTMF digits.
 *
 * Each sine is a 32-bit phase accumulator into a quarter-wave table of 256 steps
 * with linear interpolation: frequency exact to rate / 2^32, spurious content
 * below -95 dBFS.  Levels are RMS: -30 (-3.0 dBFS) is a sine at full scale, on the
 * same scale as vx_level_db10.
 */
#ifndef VX_TONE_H
#define VX_TONE_H

#include <stddef.h>
#include <stdint.h>

enum {
    VX_TONE_MAX_SINES = 4,
    VX_TONE_MAX_CADENCE = 8,
    VX_TONE_MIN_LEVEL = -900, /* 1/10 dBFS */
    VX_TONE_MAX_LEVEL = -30,
    VX_TONE_MAX_MS = 3600000 /* longest step of a cadence */
};

/* Plain data: may be copied, needs no destruction.  Fields are private. */
typedef struct vx_tone {
    uint32_t phase[VX_TONE_MAX_SINES];
    uint32_t step[VX_TONE_MAX_SINES];
    int32_t amplitude[VX_TONE_MAX_SINES]; /* peak, 1/2^15 of a sample step */
    int32_t rate_hz;
    int32_t sines;
    uint32_t cadence[VX_TONE_MAX_CADENCE]; /* samples: on, off, on, off, ... */
    int32_t cadence_steps;                 /* 0: always on */
    int32_t repeats;                       /* rounds left; 0: for ever */
    int32_t at_step;
    int32_t ended;
    uint32_t left; /* samples left in this step */
} vx_tone;

/* A tone without sines that never ends.  Returns VX_OK, VX_E_ARGUMENT or VX_E_RATE. */
int vx_tone_init(vx_tone *t, int rate_hz);

/* Adds a sine.
 *
 * frequency_mhz   in 1/1000 Hz, above 0 and below half the rate
 * level_db10      RMS in 1/10 dBFS, VX_TONE_MIN_LEVEL..VX_TONE_MAX_LEVEL
 *
 * Returns VX_OK, VX_E_ARGUMENT, or VX_E_FULL when it has four already.
 */
int vx_tone_add(vx_tone *t, int frequency_mhz, int level_db10);

/* Sets the cadence: on_ms, off_ms, on_ms, off_ms, ... and starts it from the top.
 *
 * steps     0 (always on) .. VX_TONE_MAX_CADENCE; each ms[i] is 0..VX_TONE_MAX_MS, not all 0
 * repeats   rounds until the tone ends; 0 for ever (ignored when steps is 0)
 */
int vx_tone_cadence(vx_tone *t, const int *ms, int steps, int repeats);

/* Writes the next n samples.  Returns how many: fewer than n only when the tone has
 * ended (0 from then on); VX_E_ARGUMENT for null; VX_E_LENGTH for n above 2^30. */
int vx_tone_run(vx_tone *t, int16_t *out, size_t n);

/* One DTMF digit and the pause after it, by ITU-T Q.23: -13 dBFS low group, -11 dBFS high.
 *
 * digit     0-9 * # A-D (a-d are taken too)
 * on_ms, off_ms   1..10000 and 0..10000
 *
 * Returns VX_OK, VX_E_ARGUMENT or VX_E_RATE.
 */
int vx_dtmf_init(vx_tone *t, int digit, int rate_hz, int on_ms, int off_ms);

#endif
