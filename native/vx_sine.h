/* One sine, from a quarter-wave table of 256 steps with linear interpolation. */
#ifndef VX_SINE_H
#define VX_SINE_H

#include <stdint.h>

#include "vx_sine_table.h"

/* sin(2 pi phase / 2^32) in Q30, interpolated between 1024 points of the circle. */
static inline int32_t vx_sine(uint32_t phase)
{
    uint32_t quarter = phase >> 30, at = phase & 0x3FFFFFFF;
    if (quarter & 1)
        at = 0x40000000 - at;
    uint32_t index = at >> 22, fraction = at & 0x3FFFFF;
    int32_t low = vx_quarter_sine[index];
    int32_t high = vx_quarter_sine[index < 256 ? index + 1 : 256];
    int32_t value = low + (int32_t)(((int64_t)(high - low) * fraction) >> 22);
    return quarter & 2 ? -value : value;
}

#endif
