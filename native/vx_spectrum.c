#include "vx_spectrum.h"

#include "vx_level.h"
#include "vx_sine.h"
#include "vx_status.h"

static int check(const int16_t *x, size_t n, int rate_hz, int low_hz, int high_hz)
{
    if (x == NULL)
        return VX_E_ARGUMENT;
    if (rate_hz != 8000 && rate_hz != 16000 && rate_hz != 24000 && rate_hz != 48000)
        return VX_E_RATE;
    if (low_hz <= 0 || high_hz < low_hz || high_hz >= rate_hz / 2)
        return VX_E_ARGUMENT;
    return n > (size_t)rate_hz / 1000 * VX_SINE_MAX_MS ? VX_E_LENGTH : VX_OK;
}

/* With sines in Q15, a sum is below 4800 * 2^30 < 2^43: after 15 bits less its square is below
 * 2^56, and the two together, times 2000, would not fit; hence the division in between. */
static int share_of(const int16_t *x, size_t n, uint64_t energy, int rate_hz, int frequency_hz)
{
    uint32_t step = (uint32_t)((((uint64_t)frequency_hz << 32) + (uint64_t)rate_hz / 2) /
                               (uint64_t)rate_hz);
    uint32_t phase = 0;
    int64_t in = 0, across = 0;
    uint64_t power, share;
    for (size_t i = 0; i < n; i++) {
        in += (int64_t)x[i] * (vx_sine(phase) >> 15);
        across += (int64_t)x[i] * (vx_sine(phase + 0x40000000u) >> 15);
        phase += step;
    }
    in /= 1 << 15;
    across /= 1 << 15;
    power = ((uint64_t)(in * in) + (uint64_t)(across * across)) / n;
    share = power * 2000 / energy;
    return share > 1000 ? 1000 : (int)share;
}

int vx_sine_share(const int16_t *x, size_t n, int rate_hz, int frequency_hz)
{
    int status = check(x, n, rate_hz, frequency_hz, frequency_hz);
    uint64_t energy;
    if (status != VX_OK)
        return status;
    energy = vx_energy(x, n);
    return energy == 0 ? 0 : share_of(x, n, energy, rate_hz, frequency_hz);
}

int vx_strongest_sine(const int16_t *x, size_t n, int rate_hz, int low_hz, int high_hz,
                      int step_hz, int *share)
{
    int status = check(x, n, rate_hz, low_hz, high_hz), strongest = 0;
    uint64_t energy;
    if (status != VX_OK || step_hz <= 0 || share == NULL)
        return status != VX_OK ? status : VX_E_ARGUMENT;
    energy = vx_energy(x, n);
    *share = 0;
    if (energy == 0)
        return 0;
    for (int hz = low_hz; hz <= high_hz; hz += step_hz) {
        int found = share_of(x, n, energy, rate_hz, hz);
        if (found > *share) {
            *share = found;
            strongest = hz;
        }
    }
    return strongest;
}
