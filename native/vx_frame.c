#include "vx_frame.h"

#include <string.h>

#include "vx_mix.h"

const int16_t vx_silence[VX_FRAME_MAX];
const vx_origins vx_no_origins;

void vx_origins_add(vx_origins *origins, const vx_origin *origin, int room)
{
    if (origins->count >= room) {
        origins->truncated = 1;
        return;
    }
    origins->list[origins->count++] = *origin;
}

void vx_origins_extend(vx_origins *origins, const vx_origin *origin, int first)
{
    if (origins->count > first) {
        vx_origin *last = &origins->list[origins->count - 1];
        if (last->tag == origin->tag &&
            (origin->tag == 0 || last->offset + last->samples == origin->offset)) {
            last->samples += origin->samples;
            return;
        }
    }
    vx_origins_add(origins, origin, VX_ORIGINS_MAX);
}

void vx_origins_add_frame(vx_origins *origins, const vx_frame *frame, int via, int room)
{
    const vx_origins *from = frame->origins;
    for (int i = 0; i < from->count; i++) {
        vx_origin origin = from->list[i];
        if (origin.via == frame->except)
            continue;
        origin.via = via;
        vx_origins_add(origins, &origin, room);
    }
    origins->truncated |= from->truncated;
}

const int16_t *vx_frames_mix(const vx_frame *const *frames, int n, int16_t *out, size_t samples)
{
    const int16_t *first = NULL;
    int32_t sum[VX_FRAME_MAX];
    int summed = 0;
    for (int i = 0; i < n; i++) {
        if (frames[i]->silent)
            continue;
        if (first == NULL) {
            first = frames[i]->pcm;
            continue;
        }
        if (!summed) {
            memset(sum, 0, samples * sizeof *sum);
            vx_accumulate(sum, first, samples);
            summed = 1;
        }
        vx_accumulate(sum, frames[i]->pcm, samples);
    }
    if (!summed)
        return first;
    vx_saturate(out, sum, samples);
    return out;
}
