#include "vx_level.h"

#include "vx_cpu.h"

VX_INLINE uint64_t energy(const int16_t *x, size_t n)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += (uint32_t)((int32_t)x[i] * x[i]);
    return total;
}

#if VX_X86
VX_AVX2 static uint64_t energy_avx2(const int16_t *x, size_t n) { return energy(x, n); }
#endif

uint64_t vx_energy_on(int path, const int16_t *x, size_t n)
{
#if VX_X86
    if (vx_cpu_path(path) != VX_CPU_PORTABLE)
        return energy_avx2(x, n);
#else
    (void)path;
#endif
    return energy(x, n);
}

uint64_t vx_energy(const int16_t *x, size_t n) { return vx_energy_on(VX_CPU_AVX2, x, n); }

int64_t vx_sum(const int16_t *x, size_t n)
{
    int64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += x[i];
    return total;
}

/* The position of the top bit, then one fraction bit for each squaring of the mantissa. */
int64_t vx_log2_q16(uint64_t v)
{
    int64_t result = 0;
    while (v >= (UINT64_C(1) << 32)) {
        v = (v >> 1) | (v & 1);
        result += 65536;
    }
    result += 31 * 65536;
    while (v < (UINT64_C(1) << 31)) {
        v <<= 1;
        result -= 65536;
    }
    for (int64_t bit = 32768; bit > 0; bit >>= 1) {
        v = (v * v) >> 31;
        if (v >= (UINT64_C(1) << 32)) {
            v >>= 1;
            result += bit;
        }
    }
    return result;
}

int vx_level_db10(const int16_t *x, size_t n)
{
    if (!x || n == 0)
        return VX_LEVEL_SILENCE;
    uint64_t total = vx_energy(x, n);
    if (total == 0)
        return VX_LEVEL_SILENCE;
    /* 100 * log10(mean square / 2^30), at most 0 */
    int64_t below = vx_log2_q16(n) + 30 * 65536 - vx_log2_q16(total);
    int64_t level = -((below * 30103 + 32768000) / 65536000);
    if (level > 0)
        return 0;
    return level < VX_LEVEL_SILENCE ? VX_LEVEL_SILENCE : (int)level;
}

void vx_levels_db10(const int16_t *x, size_t n, size_t step, int16_t *out)
{
    for (size_t k = 0; k < n / step; k++)
        out[k] = (int16_t)vx_level_db10(x + k * step, step);
}

int vx_peak(const int16_t *x, size_t n)
{
    int16_t low = 0, high = 0;
    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    return -low > high ? -low : high;
}

int vx_is_silent(const int16_t *x, size_t n)
{
    size_t i = 0;
    for (; i + 16 <= n; i += 16) { /* blocks: vector code, and an early way out */
        int any = 0;
        for (size_t k = 0; k < 16; k++)
            any |= x[i + k];
        if (any)
            return 0;
    }
    for (; i < n; i++)
        if (x[i])
            return 0;
    return 1;
}
