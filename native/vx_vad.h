/* Voice activity by energy: when does speech start and stop.
 *
 * Sound is cut into windows of 10 ms.  The energy of a window is its variance (so a
 * constant offset is silence).  A window is *active* when its energy is above both
 *
 *   - the floor that the threshold stands for: 0.1 is -56 dBFS, 0.9 is -40 dBFS,
 *     linear in dB between, and
 *   - 9 dB above the background.  It begins 9 dB below the floor, follows the energy
 *     down quickly (a quarter of the difference per window) and up slowly (3.4 dB a
 *     second), and is held between -80 and -40 dBFS: what is louder than -31 dBFS is
 *     always active, and a steady noise below that stops being speech after a while.
 *
 * While speech is on, both limits are 3 dB lower.
 *
 * Speech starts when active windows outnumber the inactive ones by four (40 ms in
 * one go); its onset is the first of them.  It stops when silence_ms have passed
 * without two active windows in a row; its end is the last one active.  Both are told
 * once.  Everything is integer: the same samples give the same marks, however they
 * are cut into calls.
 */
#ifndef VX_VAD_H
#define VX_VAD_H

#include <stddef.h>
#include <stdint.h>

enum { VX_VAD_NONE = 0, VX_VAD_STARTED = 1, VX_VAD_STOPPED = 2 };

/* Plain data: may be copied, needs no destruction.  The offsets and `speaking` are
 * public, the rest is private. */
typedef struct vx_vad {
    int64_t start_offset; /* of the latest start: samples since init, padding subtracted */
    int64_t stop_offset;  /* of the latest stop: where speech ended; 0 before the first */
    int32_t speaking;     /* 1 between start and stop */
    int32_t rate_hz;
    int32_t window;        /* samples in 10 ms */
    int32_t filled;        /* samples in the window under way */
    int64_t sum;           /* of them */
    uint64_t squares;      /* of them */
    int64_t position;      /* samples in all windows finished */
    int64_t onset;         /* first active window of the run under way */
    int64_t last_active;   /* end of the latest confirmed active window */
    uint64_t floor_energy; /* the limits are energies: mean square in 1/16 */
    uint64_t background;
    int32_t lead;             /* active windows ahead of inactive ones */
    int32_t active_run;       /* active windows in a row */
    int32_t padding_samples;
    int32_t silence_samples;
} vx_vad;

/* threshold_permille   100..900
 * prefix_padding_ms    0..10000: how far before the onset a start is reported
 * silence_ms           20..10000
 *
 * Returns VX_OK, VX_E_ARGUMENT or VX_E_RATE. */
int vx_vad_init(vx_vad *v, int rate_hz, int threshold_permille, int prefix_padding_ms,
                int silence_ms);

/* Takes n samples, at most 20 ms (so that one call has one result).
 *
 * Returns VX_VAD_NONE; VX_VAD_STARTED: start_offset is the onset minus the padding, but
 * not before 0 nor before the end of the speech before; VX_VAD_STOPPED: stop_offset is the
 * end of speech (not of the silence).  VX_E_ARGUMENT for null, VX_E_LENGTH above 20 ms. */
int vx_vad_run(vx_vad *v, const int16_t *x, size_t n);

/* The same for any number of samples, up to the piece of 20 ms in which there is something to
 * tell.  *taken is how many of them it took: n with VX_VAD_NONE.
 *
 * Returns what vx_vad_run does. */
int vx_vad_scan(vx_vad *v, const int16_t *x, size_t n, size_t *taken);

#endif
