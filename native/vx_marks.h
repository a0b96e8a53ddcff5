/* Marks: what happened in a tick that somebody asked to be told. */
#ifndef VX_MARKS_H
#define VX_MARKS_H

#include <stdint.h>

enum {
    VX_MARK_PLAYBACK_STARTED = 0, /* value: tag of the first sample */
    VX_MARK_PLAYBACK_ENDED = 1,   /* value: tag of the last sample */
    VX_MARK_SPEECH_STARTED = 2,   /* value: samples since the detector was set */
    VX_MARK_SPEECH_STOPPED = 3,   /* value: the same */
    VX_MARK_SILENCE = 4,          /* value: how long it has been, in ms */
    VX_MARK_DIGIT = 5,            /* value: the character */
    VX_MARK_LEVEL = 6,            /* value: 1/10 dBFS of the loudest frame of the period */
    VX_MARK_OVERFLOW = 7,         /* value: samples that push() refused since the last tick */
    VX_MARK_CHUNK = 8,            /* value: id of the tap */
    VX_MARK_TAP_FULL = 9,         /* value: id of the tap */
    VX_MARK_LEDGER_FULL = 10,     /* value: 0 */
    VX_MARKS_PER_PORT = 20,       /* at most, in one tick */
    VX_MARKS_PER_TAP = 2,
};

typedef struct vx_mark {
    int64_t tick;
    int64_t value;
    int32_t port;
    int16_t side;
    int16_t kind;
} vx_mark;

/* The marks of the tick under way. */
typedef struct vx_marks {
    vx_mark *list;
    int32_t count, room;
    int64_t tick;
} vx_marks;

/* Adds one; what has no room is left out (the room is made for the worst case). */
void vx_marks_add(vx_marks *marks, int port, int side, int kind, int64_t value);

/* Sorts by port, then kind; equal ones stay in the order they were raised in. */
void vx_marks_sort(vx_marks *marks);

#endif
