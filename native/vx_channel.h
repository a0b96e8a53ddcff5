/* The way between a phone and the platform: level, noise, G.711, lost and late packets.
 *
 * A packet is a frame of 20 ms.  One channel is one direction, and works in this order:
 *
 *   gain        the level of the sender
 *   noise       white, nearly Gaussian (the sum of four uniform values)
 *   codec       G.711 there and back
 *   loss        Gilbert's model of two states: in a burst every packet is lost, outside none
 *   jitter      every packet comes later than the earliest one could, by an exponentially
 *               distributed time; the receiver's jitter buffer is fixed, and what comes later
 *               than it waits counts as late
 *   delay       of the network and the jitter buffer, in whole frames
 *   concealment of lost and late packets after ITU-T G.711 Appendix I: the last pitch period is
 *               repeated, at full level for 10 ms and then falling to silence at 60 ms; what comes
 *               afterwards is faded in over 5 ms.  Unlike there, nothing is delayed for it, and
 *               the number of repeated periods stays 1.
 *
 * All of it is integer arithmetic on generators that the seed determines, one for the noise, one
 * for the losses and one for the jitter, so that changing one leaves the others as they were.
 */
#ifndef VX_CHANNEL_H
#define VX_CHANNEL_H

#include <stdint.h>

#include "vx_frame.h"
#include "vx_garbage.h"

enum {
    VX_CODEC_NONE = 0,
    VX_CODEC_ULAW = 1,
    VX_CODEC_ALAW = 2,

    VX_SENDS = 0, /* the sender sends what it has */
    VX_MUTED = 1, /* it sends silence */
    VX_STOPS = 2, /* it sends no packets */

    VX_CHANNEL_FRAMES_MAX = 300,
    VX_CHANNEL_HISTORY = 2, /* frames that concealment looks back */
};

typedef struct vx_channel_settings {
    int32_t gain_q12;  /* 4096 is 0 dB; 0..409600 (40 dB) */
    int32_t noise_q8;  /* RMS in 1/256 of a sample's unit; 0 is none; at most 10400 * 256, -10 dBFS */
    int32_t codec;     /* VX_CODEC_..; other than NONE at 8000 Hz only */
    int32_t enter_ppm; /* millionths: the chance that a burst begins with a packet */
    int32_t leave_ppm; /* that it is over with the next one */
    int32_t jitter_us; /* mean of the delay beyond the earliest; at most 1 s */
    int32_t buffer_us; /* what is later than this comes too late; at most 5 s */
    int32_t frames;    /* by how many the sound is delayed: 0..VX_CHANNEL_FRAMES_MAX */
    uint64_t seed;
} vx_channel_settings;

typedef struct vx_channel_statistics {
    int64_t packets;   /* sent */
    int64_t lost;      /* on the way */
    int64_t late;      /* for the jitter buffer */
    int64_t jitter_us; /* interarrival jitter of RFC 3550, 6.4.1 */
} vx_channel_statistics;

typedef struct vx_channel vx_channel;

/* Makes a channel.  Returns VX_OK, VX_E_RATE (codec), VX_E_ARGUMENT or VX_E_MEMORY. */
int vx_channel_new(vx_channel **out, int rate_hz, const vx_channel_settings *settings);

/* Frees it; harmless on NULL. */
void vx_channel_free(vx_channel *channel);

/* Control: VX_SENDS, VX_MUTED or VX_STOPS from the next packet on. */
void vx_channel_switch(vx_channel *channel, int mode);

/* Control: a snapshot. */
void vx_channel_get_statistics(const vx_channel *channel, vx_channel_statistics *out);

/* Control: what the graph discards it by. */
vx_garbage *vx_channel_garbage(vx_channel *channel);

/* Tick: sends the frame with its origins, and puts in their place what comes out at the other
 * end; the samples go to `out`, which may be where they came from. */
void vx_channel_run(vx_channel *channel, vx_frame *frame, vx_origins *origins, int16_t *out);

/* Tick: where the origins of a side that has none of its own are kept. */
vx_origins *vx_channel_origins(vx_channel *channel);

#endif
