/* Timing loops for bench_dsp.py, compiled when the benchmark runs.  The yardstick memcpy
 * and our own functions are called in the same way: through a pointer, in a loop. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define KEEP(p) __asm__ volatile("" : : "r"(p) : "memory")

typedef int (*mix_fn)(const int16_t *, int16_t *, int32_t *, size_t, size_t);
typedef void (*code_fn)(void *, const void *, size_t);
typedef int (*resample_fn)(void *, const int16_t *, size_t, int16_t *, size_t);
typedef void *(*copy_fn)(void *, const void *, size_t);

static volatile copy_fn copy = memcpy;

/* `pieces` copies of `bytes` each, one after another in memory. */
void loop_copy(char *out, const char *in, size_t bytes, size_t pieces, int repeats)
{
    copy_fn now = copy;
    for (int r = 0; r < repeats; r++) {
        for (size_t k = 0; k < pieces; k++)
            now(out + k * bytes, in + k * bytes, bytes);
        KEEP(out);
    }
}

void loop_mix(mix_fn mix, const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n,
              int repeats)
{
    for (int r = 0; r < repeats; r++) {
        mix(in, out, sum, members, n);
        KEEP(out);
    }
}

void loop_code(code_fn code, void *out, const void *in, size_t n, int repeats)
{
    for (int r = 0; r < repeats; r++) {
        code(out, in, n);
        KEEP(out);
    }
}

void loop_resample(resample_fn resample, void *state, const int16_t *in, size_t n, int16_t *out,
                   size_t cap, int repeats)
{
    for (int r = 0; r < repeats; r++) {
        resample(state, in, n, out, cap);
        KEEP(out);
    }
}

/* One frame of 8 to 24 kHz as speexdsp does it at quality 5: 80 float taps for each output, in
 * one chain of four-lane sums (its SSE inner product), with conversion to float and back. */
typedef float four __attribute__((vector_size(16), aligned(4)));

void loop_float_polyphase(const float *taps, const int16_t *in, int16_t *out, int repeats)
{
    float x[80 + 160];
    memset(x, 0, sizeof x);
    for (int r = 0; r < repeats; r++) {
        for (int i = 0; i < 160; i++)
            x[80 + i] = in[i];
        for (int i = 0; i < 160; i++)
            for (int p = 0; p < 3; p++) {
                four sum = {0, 0, 0, 0};
                for (int k = 0; k < 80; k += 4)
                    sum += *(const four *)(taps + 80 * p + k) * *(const four *)(x + i + k);
                float y = sum[0] + sum[1] + sum[2] + sum[3];
                out[3 * i + p] = (int16_t)(y < -32767.5f ? -32768 : y > 32766.5f ? 32767 : y + 0.5f);
            }
        memmove(x, x + 160, 80 * sizeof *x);
        KEEP(out);
    }
}
