#include "vx_polyphase.h"

#include "vx_status.h"

int vx_polyphase(const int16_t *in, size_t n_in, const int32_t *rows, int up, int down, int taps,
                 int16_t *out, size_t n_out)
{
    if ((!in && n_in) || !rows || (!out && n_out) || up < 1 || down < 1 || taps < 2 ||
        taps > 1 << 16 || taps % 2)
        return VX_E_ARGUMENT;
    const int64_t before = taps / 2 - 1;
    for (size_t i = 0; i < n_out; i++) {
        const int64_t at = (int64_t)i * down;
        const int64_t first = at / up - before;
        const int32_t *row = rows + at % up * taps;
        int64_t from = first < 0 ? -first : 0, sum = 1 << 14;
        int64_t to = (int64_t)n_in - first < taps ? (int64_t)n_in - first : taps;
        for (int64_t k = from; k < to; k++)
            sum += (int64_t)row[k] * in[first + k];
        sum >>= 15;
        out[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
    return VX_OK;
}
