/* Detectors: what raises marks about one side of a port.
 *
 * Each kind is an object of its own, so that setting one leaves the others' state alone.
 * All work per frame, and skip silent frames when that gives the same result.
 */
#ifndef VX_DETECT_H
#define VX_DETECT_H

#include <stdint.h>

#include "vx_dtmf.h"
#include "vx_frame.h"
#include "vx_garbage.h"
#include "vx_marks.h"
#include "vx_vad.h"

typedef struct vx_speech_detector {
    vx_garbage garbage;
    vx_vad vad;
    int32_t settled; /* another silent frame would change nothing but the position */
} vx_speech_detector;

typedef struct vx_silence_detector {
    vx_garbage garbage;
    int32_t frames; /* of silence that raise the mark */
    int32_t quiet;  /* silent frames so far */
    int32_t armed;  /* something was audible since the last mark */
} vx_silence_detector;

typedef struct vx_digit_detector {
    vx_garbage garbage;
    vx_dtmf_detector dtmf;
    int32_t mutes; /* takes the digits out of the sound: run by vx_detect_and_mute, before all */
} vx_digit_detector;

typedef struct vx_level_detector {
    vx_garbage garbage;
    int32_t frames; /* in a period */
    int32_t passed;
    int32_t loudest; /* 1/10 dBFS */
} vx_level_detector;

/* What listens on a side; NULL what does not. */
typedef struct vx_detectors {
    vx_speech_detector *speech;
    vx_silence_detector *silence;
    vx_digit_detector *digit;
    vx_level_detector *level;
} vx_detectors;

enum { VX_QUIET_ENERGY = 1074 }; /* mean square of -60 dBFS, which counts as silence */

/* Listens for digits in a port's own frame, or in the mix of a conference, before anybody else gets
 * it, and silences it while a digit lasts.  Whole frames are silenced, from the one in which a block
 * first holds a digit: up to 26 ms of its beginning stay audible.  Returns whether it is silenced. */
int vx_detect_and_mute(vx_digit_detector *detector, vx_frame *frame, vx_origins *origins, size_t n,
                       int port, vx_marks *marks);

/* Passes one frame of n samples through all that listen. */
void vx_detect(const vx_detectors *detectors, const vx_frame *frame, size_t n, int port, int side,
               vx_marks *marks);

#endif
