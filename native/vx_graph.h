/* The audio graph: ports that exchange 20 ms frames of mono PCM16.
 *
 * Every tick goes through these phases, each over all ports in the order of their ids:
 *
 *   sources      queue, clip and tone of every port become its frame, which goes through its
 *                channel, if it has one
 *   feeds        frames are brought to the rates at which they are needed, each once
 *   conferences  the N-1 mix of every member
 *   sinks        every port gets the saturated mix of the links that end in it, through its
 *                other channel
 *   detectors    raise marks
 *   ledgers      write down what was audible
 *   taps         keep what passes their points
 *
 * Tick k makes the frame that begins at k * 20 ms.  A change takes effect at the next tick.
 *
 * Threads.  One thread at a time, called control here, may call these functions.  Ticks run
 * in it (vx_graph_advance) or in the pacer's thread (vx_pacer.h), which never waits for
 * control: changes reach it as a new plan through an atomic pointer, sound and marks through
 * queues with one writer and one reader.  A tick allocates nothing and takes no lock.
 *
 * Ports and taps are named by ids from 1 that are never used again, so a closed one is
 * recognised: VX_E_CLOSED.  Ids that never were: VX_E_ARGUMENT.  All functions return
 * VX_E_ARGUMENT for a null graph.  Sizes are in samples of the port's rate.
 */
#ifndef VX_GRAPH_H
#define VX_GRAPH_H

#include "vx_channel.h"
#include "vx_ledger.h"
#include "vx_marks.h"
#include "vx_tap.h"
#include "vx_tone.h"

enum { VX_PORTS_MAX = 60000, VX_DIGITS_MUTED = 2 };

typedef struct vx_graph vx_graph;

typedef struct vx_graph_statistics {
    int64_t ticks;
    int64_t ports, taps, links; /* open */
    int64_t plans;              /* compiled so far */
    int64_t marks_lost;         /* beside the pacer, when nobody takes them */
    int64_t late_ticks;         /* began more than half a frame after they were due */
    int64_t worst_late_ns;
    int64_t pacing; /* 1 while the pacer runs */
} vx_graph_statistics;

/* Makes an empty graph at tick 0.  Returns VX_OK or VX_E_MEMORY. */
int vx_graph_new(vx_graph **out);

/* Stops the pacer, closes everything and frees it; harmless on NULL. */
void vx_graph_free(vx_graph *g);

/* Adds a port.  Returns its id, VX_E_RATE, VX_E_ARGUMENT (queue_samples below 1 or above
 * 2^31 - 1), VX_E_FULL or VX_E_MEMORY. */
int vx_graph_add_port(vx_graph *g, int rate_hz, int64_t queue_samples, int is_conference);

int vx_graph_close_port(vx_graph *g, int port);

/* Links from -> to; harmless when they are.  Returns VX_OK, VX_E_CLOSED, VX_E_MEMORY. */
int vx_graph_link(vx_graph *g, int from, int to);

/* What the port `ear` hears of conferences leaves out the voice of `mouth` from now on, the
 * other port of its unit, and not its own.  Returns VX_OK or VX_E_CLOSED. */
int vx_graph_pair(vx_graph *g, int ear, int mouth);

/* Removes the link.  Returns 1, 0 when there was none, or a status. */
int vx_graph_unlink(vx_graph *g, int from, int to);

/* Queues sound.  Returns the samples taken; the surplus is dropped and raises OVERFLOW. */
int64_t vx_graph_push(vx_graph *g, int port, const int16_t *pcm, size_t n, int64_t tag,
                      int64_t offset);

/* Drops what is queued and not played: all of it, or what has that tag.  Returns samples. */
int64_t vx_graph_clear(vx_graph *g, int port, int all, int64_t tag);

/* Samples queued and not played. */
int64_t vx_graph_queued(vx_graph *g, int port);

/* Plays a copy of a clip beside the queue, in place of the one before.  n at least 1;
 * start, where it begins: below n, else VX_E_LENGTH. */
int vx_graph_play(vx_graph *g, int port, const int16_t *pcm, size_t n, int64_t tag, int loop,
                  size_t start);

/* Plays a tone the same way; its rate must be the port's, else VX_E_RATE. */
int vx_graph_play_tone(vx_graph *g, int port, const vx_tone *tone, int64_t tag);

/* Ends the clip or tone.  Returns the position it was at (in its round, if looped). */
int64_t vx_graph_stop(vx_graph *g, int port);

/* Sets or ends detectors on one side of a port; each starts afresh.
 *
 * playback      1 or 0: PLAYBACK_STARTED and PLAYBACK_ENDED, on the source side only
 * threshold..   as vx_vad_init; threshold_permille 0 ends it
 * silence_ms    20..3600000, rounded up to frames; 0 ends it
 * dtmf          1 or 0; VX_DIGITS_MUTED also takes them out of the sound, for everybody: on the
 *               source side only, in a conference of the mix
 * level_ms      20..3600000, rounded up to frames; 0 ends it
 */
int vx_graph_detect_playback(vx_graph *g, int port, int side, int on);
int vx_graph_detect_speech(vx_graph *g, int port, int side, int threshold_permille,
                           int prefix_padding_ms, int silence_ms);
int vx_graph_detect_silence(vx_graph *g, int port, int side, int silence_ms);
int vx_graph_detect_digits(vx_graph *g, int port, int side, int on);
int vx_graph_detect_level(vx_graph *g, int port, int side, int level_ms);

/* Puts a channel between the unit and one side of its port, in place of the one before; NULL takes
 * it away.  What was on its way is lost.  Returns VX_OK, VX_E_RATE (a codec at another rate than
 * 8000 Hz), VX_E_ARGUMENT (a conference; a setting out of range), VX_E_CLOSED or VX_E_MEMORY. */
int vx_graph_impair(vx_graph *g, int port, int side, const vx_channel_settings *settings);

/* Whether the sender of that channel sends: VX_SENDS, VX_MUTED or VX_STOPS.  VX_E_STATE without a
 * channel. */
int vx_graph_channel_mode(vx_graph *g, int port, int side, int mode);

/* What the channel has done so far.  VX_E_STATE without one. */
int vx_graph_channel_statistics(vx_graph *g, int port, int side, vx_channel_statistics *out);

/* Keeps (on = 1) or ends (0) the ledger of one side. */
int vx_graph_keep_ledger(vx_graph *g, int port, int side, int on);

/* Reads up to n entries.  Returns how many; VX_E_STATE when no ledger is kept. */
int64_t vx_graph_read_ledger(vx_graph *g, int port, int side, vx_heard *out, int64_t n);

/* Which ledgers have changed since they were read (see vx_ledger_write), by port and side: the
 * first n of them.  Returns how many there are. */
int64_t vx_graph_changed_ledgers(vx_graph *g, vx_point *out, int64_t n);

/* Returns 1 when a ledger has changed since this was asked for the last time, else 0; cheaper than
 * to look for it. */
int vx_graph_take_news(vx_graph *g);

/* Entries that found no room (beside the pacer only). */
int64_t vx_graph_ledger_lost(vx_graph *g, int port, int side);

/* Adds a tap; see vx_tap_new.  left_count 1..VX_TAP_POINTS; right_count 0 makes it mono.
 * Returns its id or a status. */
int vx_graph_add_tap(vx_graph *g, int rate_hz, const vx_point *left, int left_count,
                     const vx_point *right, int right_count, int chunk_ms, int buffer_ms);

int vx_graph_close_tap(vx_graph *g, int tap);

/* Raises one CHUNK for so many silent chunks, 0..1000; see vx_tap.h. */
int vx_graph_hold_tap(vx_graph *g, int tap, int chunks);

/* Samples (of each channel) that wait, and that were dropped for want of room. */
int64_t vx_graph_tap_waiting(vx_graph *g, int tap);
int64_t vx_graph_tap_lost(vx_graph *g, int tap);

/* Shows the samples that wait without a gap in memory, valid until the next reading.  Returns
 * how many of each channel: 0 only when none waits; more may wait behind them. */
int64_t vx_graph_peek_tap(vx_graph *g, int tap, const int16_t **samples);

/* Reads up to n samples of each channel into out (interleaved; NULL drops them).  Returns how
 * many. */
int64_t vx_graph_read_tap(vx_graph *g, int tap, int16_t *out, int64_t n);

/* Ticks that have run. */
int64_t vx_graph_ticks(vx_graph *g);

/* Runs up to n ticks and stops after the first that raised a mark.  Returns how many ran;
 * 0 with a TAP_FULL or LEDGER_FULL mark while one is full.  VX_E_STATE beside the pacer. */
int64_t vx_graph_advance(vx_graph *g, int64_t n);

/* The same; it stops, too, after a tick in which a ledger changed for the first time since it was
 * read. */
int64_t vx_graph_advance_to_news(vx_graph *g, int64_t n);

/* Takes up to n marks, in order.  Returns how many. */
int64_t vx_graph_take_marks(vx_graph *g, vx_mark *out, int64_t n);

int vx_graph_get_statistics(vx_graph *g, vx_graph_statistics *out);

#endif
