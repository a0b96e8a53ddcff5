#include "vx_detect.h"

#include <string.h>

#include "vx_level.h"

static int is_quiet(const vx_frame *frame, size_t n)
{
    return frame->silent || vx_energy(frame->pcm, n) < (uint64_t)VX_QUIET_ENERGY * n;
}

/* Outside of speech (whose end is a matter of time), a silent frame in which the detector
 * changes only its position is the last one it needs to see: from then on the position is
 * moved directly. */
static int hear_silence(vx_speech_detector *d, size_t n)
{
    vx_vad before = d->vad;
    int result;
    if (d->settled) {
        d->vad.position += (int64_t)n;
        return VX_VAD_NONE;
    }
    result = vx_vad_run(&d->vad, vx_silence, n);
    before.position = d->vad.position;
    d->settled = !d->vad.speaking && memcmp(&before, &d->vad, sizeof before) == 0;
    return result;
}

static void detect_speech(vx_speech_detector *d, const vx_frame *frame, size_t n, int port,
                          int side, vx_marks *marks)
{
    int result;
    if (frame->silent) {
        result = hear_silence(d, n);
    } else {
        d->settled = 0;
        result = vx_vad_run(&d->vad, frame->pcm, n);
    }
    if (result == VX_VAD_STARTED)
        vx_marks_add(marks, port, side, VX_MARK_SPEECH_STARTED, d->vad.start_offset);
    else if (result == VX_VAD_STOPPED)
        vx_marks_add(marks, port, side, VX_MARK_SPEECH_STOPPED, d->vad.stop_offset);
}

static void detect_silence(vx_silence_detector *d, const vx_frame *frame, size_t n, int port,
                           int side, vx_marks *marks)
{
    if (frame->silent && !d->armed)
        return;
    if (!is_quiet(frame, n)) {
        d->armed = 1;
        d->quiet = 0;
    } else if (d->armed && ++d->quiet >= d->frames) {
        vx_marks_add(marks, port, side, VX_MARK_SILENCE, (int64_t)d->quiet * VX_FRAME_MS);
        d->armed = 0;
        d->quiet = 0;
    }
}

static int dtmf_at_rest(const vx_dtmf_detector *d)
{
    if (d->energy != 0 || d->last_hit != 0 || d->in_digit != 0)
        return 0;
    for (int i = 0; i < 8; i++)
        if (d->s1[i] != 0 || d->s2[i] != 0)
            return 0;
    return 1;
}

static void detect_digit(vx_digit_detector *detector, const vx_frame *frame, size_t n, int port,
                         int side, vx_marks *marks)
{
    vx_dtmf_detector *d = &detector->dtmf;
    int digit;
    if (frame->silent && dtmf_at_rest(d)) {
        d->filled = (int32_t)(((size_t)d->filled + n) % (size_t)d->block);
        return;
    }
    digit = vx_dtmf_detector_run(d, frame->silent ? vx_silence : frame->pcm, n);
    if (digit > 0)
        vx_marks_add(marks, port, side, VX_MARK_DIGIT, digit);
}

int vx_detect_and_mute(vx_digit_detector *detector, vx_frame *frame, vx_origins *origins, size_t n,
                       int port, vx_marks *marks)
{
    const vx_dtmf_detector *d = &detector->dtmf;
    int lasted = d->in_digit != 0;
    detect_digit(detector, frame, n, port, VX_SIDE_SOURCE, marks);
    if (!lasted && d->in_digit == 0 && d->last_hit == 0)
        return 0;
    frame->silent = 1;
    origins->count = origins->truncated = 0;
    return 1;
}

static void detect_level(vx_level_detector *d, const vx_frame *frame, size_t n, int port, int side,
                         vx_marks *marks)
{
    int level = frame->silent ? VX_LEVEL_SILENCE : vx_level_db10(frame->pcm, n);
    if (level > d->loudest)
        d->loudest = level;
    if (++d->passed >= d->frames) {
        vx_marks_add(marks, port, side, VX_MARK_LEVEL, d->loudest);
        d->passed = 0;
        d->loudest = VX_LEVEL_SILENCE;
    }
}

void vx_detect(const vx_detectors *detectors, const vx_frame *frame, size_t n, int port, int side,
               vx_marks *marks)
{
    if (detectors->speech != NULL)
        detect_speech(detectors->speech, frame, n, port, side, marks);
    if (detectors->silence != NULL)
        detect_silence(detectors->silence, frame, n, port, side, marks);
    if (detectors->digit != NULL && !detectors->digit->mutes)
        detect_digit(detectors->digit, frame, n, port, side, marks);
    if (detectors->level != NULL)
        detect_level(detectors->level, frame, n, port, side, marks);
}
