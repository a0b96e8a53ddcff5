/* Runs every DSP primitive over random and edge inputs, in buffers of exactly the size that
 * the headers ask for, so that the sanitizers see any step outside.  Also compares the
 * dispatched path with each that the CPU has.  Exit status 0 when all is well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vx_cpu.h"
#include "vx_dtmf.h"
#include "vx_g711.h"
#include "vx_level.h"
#include "vx_mix.h"
#include "vx_polyphase.h"
#include "vx_resample.h"
#include "vx_spectrum.h"
#include "vx_status.h"
#include "vx_tone.h"
#include "vx_vad.h"

static const int rates[] = {8000, 16000, 24000, 48000};
static uint32_t seed = 12345;

static uint32_t next(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)seed * below) >> 32);
}

static void check(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "driver: %s\n", what);
        exit(1);
    }
}

/* malloc(0) may be NULL, which the functions refuse: at least one byte, then. */
static void *room(size_t bytes)
{
    void *p = malloc(bytes ? bytes : 1);
    check(p != NULL, "memory");
    return p;
}

/* Noise, silence, full scale, square waves: what a stream may be made of. */
static int16_t *sound(size_t n)
{
    int16_t *x = room(n * sizeof *x);
    uint32_t kind = next(5), period = 1 + next(40);
    for (size_t i = 0; i < n; i++)
        x[i] = kind == 0   ? (int16_t)next(65536)
               : kind == 1 ? 0
               : kind == 2 ? -32768
               : kind == 3 ? (int16_t)(i / period % 2 ? 32767 : -32768)
                           : (int16_t)((int)next(200) - 100);
    return x;
}

static void mixing(int path)
{
    size_t members = next(12), n = next(200);
    int16_t *in = sound(members * n), *out = room(members * n * 2), *same = room(members * n * 2);
    int32_t *sum = room(n * 4);
    check(vx_mix_n1(in, out, sum, members, n) == VX_OK, "mix");
    check(vx_mix_n1_on(path, in, same, sum, members, n) == VX_OK, "mix on a path");
    check(!memcmp(out, same, members * n * 2), "mix paths differ");
    memset(sum, 0x7F, n * 4);
    for (size_t i = 0; i < n; i++)
        sum[i] = (int32_t)next(1u << 31) - (1 << 30);
    vx_saturate(same, sum, members ? n : 0);
    if (members) {
        vx_accumulate(sum, in, n);
        vx_saturate_minus(out, sum, in, n);
        check(!memcmp(out, same, n * 2), "plus and minus differ");
    }
    free(in);
    free(out);
    free(same);
    free(sum);
}

static void coding(int path)
{
    size_t n = next(300);
    int16_t *in = sound(n), *out = room(n * 2), *same = room(n * 2);
    uint8_t *code = room(n), *code2 = room(n);
    vx_ulaw_encode(code, in, n);
    vx_ulaw_encode_on(path, code2, in, n);
    check(!memcmp(code, code2, n), "mu-law paths differ");
    vx_ulaw_decode(out, code, n);
    vx_ulaw_decode_on(path, same, code, n);
    check(!memcmp(out, same, n * 2), "mu-law decoders differ");
    vx_alaw_encode(code, in, n);
    vx_alaw_encode_on(path, code2, in, n);
    check(!memcmp(code, code2, n), "A-law paths differ");
    vx_alaw_decode(out, code, n);
    vx_alaw_decode_on(path, same, code, n);
    check(!memcmp(out, same, n * 2), "A-law decoders differ");
    check(vx_energy(in, n) == vx_energy_on(path, in, n), "energies differ");
    int level = vx_level_db10(in, n);
    check(level <= 0 && level >= VX_LEVEL_SILENCE, "level");
    check(vx_is_silent(in, n) == (vx_energy(in, n) == 0), "silence");
    vx_sum(in, n);
    free(in);
    free(out);
    free(same);
    free(code);
    free(code2);
}

static void resampling(int path)
{
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            vx_resampler one, two;
            check(vx_resampler_init(&one, rates[a], rates[b]) == VX_OK, "init");
            two = one;
            for (int round = 0; round < 4; round++) {
                size_t n = next(round == 3 ? 3000 : 500);
                size_t down = (size_t)one.down, up = (size_t)one.up;
                size_t cap = (n + down - 1) / down * up;
                int16_t *in = sound(n), *out = room(cap * 2), *same = room(cap * 2);
                int count = vx_resampler_run(&one, in, n, out, cap);
                check(count >= 0 && (size_t)count <= cap, "resampler");
                check(vx_resampler_run_on(path, &two, in, n, same, cap) == count, "count");
                check(!memcmp(out, same, (size_t)count * 2), "resampler paths differ");
                check(!memcmp(&one, &two, sizeof one), "resampler states differ");
                free(in);
                free(out);
                free(same);
            }
            check(vx_resampler_delay(&one) <= rates[b] / 200, "delay");
            vx_resampler_reset(&one);
        }
}

static void spectrum(void)
{
    for (int a = 0; a < 4; a++) {
        size_t n = next((unsigned)rates[a] / 10 + 2);
        int16_t *in = sound(n);
        int share = -1, hz = 1 + (int)next(3900), found;
        if (next(3) == 0)
            for (size_t i = 0; i < n; i++)
                in[i] = -32768;
        found = vx_sine_share(in, n, rates[a], hz);
        check(n > (size_t)rates[a] / 10 ? found == VX_E_LENGTH : found >= 0 && found <= 1000,
              "share");
        if (n <= (size_t)rates[a] / 10) {
            found = vx_strongest_sine(in, n, rates[a], hz, 3950, 300, &share);
            check(share >= 0 && share <= 1000 && (found == 0) == (share == 0), "strongest");
        }
        free(in);
    }
}

static void detecting(void)
{
    for (int a = 0; a < 4; a++) {
        vx_vad vad;
        vx_dtmf_detector dtmf;
        vx_tone tone;
        check(vx_vad_init(&vad, rates[a], 100 + (int)next(801), (int)next(10001),
                          20 + (int)next(9981)) == VX_OK, "VAD");
        check(vx_dtmf_detector_init(&dtmf, rates[a]) == VX_OK, "DTMF");
        check(vx_dtmf_init(&tone, "0123456789*#ABCD"[next(16)], rates[a], 1 + (int)next(200),
                           (int)next(200)) == VX_OK, "digit");
        for (int round = 0; round < 100; round++) {
            size_t n = next((uint32_t)rates[a] / 50 + 1);
            int16_t *x = sound(n);
            if (round < 50)
                check(vx_tone_run(&tone, x, n) <= (int)n, "tone");
            check(vx_vad_run(&vad, x, n) >= 0, "VAD run");
            check(vx_dtmf_detector_run(&dtmf, x, n) >= 0, "DTMF run");
            free(x);
        }
        check(vx_tone_init(&tone, rates[a]) == VX_OK, "tone");
        for (int k = 0; k < VX_TONE_MAX_SINES; k++)
            check(vx_tone_add(&tone, 1 + (int)next((uint32_t)rates[a] * 500 - 1),
                              -30 - (int)next(871)) == VX_OK, "sine");
        int16_t *x = room(9999 * 2);
        check(vx_tone_run(&tone, x, 9999) == 9999, "sines");
        free(x);
    }
}

/* Any ratio, with filters longer and shorter than the recording. */
static void filtering(void)
{
    int up = 1 + (int)next(160), down = 1 + (int)next(160), taps = 2 + 2 * (int)next(40);
    size_t in = next(200), out = next(300);
    int16_t *x = room(in * sizeof *x), *y = room(out * sizeof *y);
    int32_t *rows = room((size_t)up * (size_t)taps * sizeof *rows);
    for (size_t i = 0; i < in; i++)
        x[i] = (int16_t)next(65536);
    for (int i = 0; i < up * taps; i++)
        rows[i] = (int32_t)next(65536) - 32768;
    check(vx_polyphase(x, in, rows, up, down, taps, y, out) == VX_OK, "polyphase");
    free(x);
    free(y);
    free(rows);
}

/* What is wrong is a status, and touches nothing. */
static void refusing(void)
{
    int16_t x = 0, y = 0;
    int32_t sum = 0;
    vx_resampler r;
    vx_tone t;
    vx_vad v;
    vx_dtmf_detector d;
    check(vx_resampler_init(&r, 8000, 8001) == VX_E_RATE, "rate");
    check(vx_resampler_run(&r, &x, 1, &y, 1) == VX_E_ARGUMENT, "not ready");
    check(vx_resampler_init(&r, 48000, 8000) == VX_OK, "rates");
    check(vx_resampler_run(&r, NULL, 6, &y, 1) == VX_E_ARGUMENT, "null");
    check(vx_resampler_run(&r, &x, (size_t)-1, &y, 1) == VX_E_LENGTH, "length");
    check(vx_resampler_run(&r, NULL, 0, NULL, 0) == 0, "nothing");
    check(vx_mix_n1(NULL, &y, &sum, 1, 1) == VX_E_ARGUMENT, "mix null");
    check(vx_mix_n1(&x, &y, &sum, (size_t)-1, 1) == VX_E_ARGUMENT, "mix many");
    check(vx_tone_init(&t, -1) == VX_E_RATE && vx_tone_run(&t, &x, 1) == VX_E_ARGUMENT, "tone");
    check(vx_dtmf_init(&t, -5, 8000, 40, 40) == VX_E_ARGUMENT, "digit");
    check(vx_vad_init(&v, 8000, 5000, 0, 500) == VX_E_ARGUMENT, "VAD");
    check(vx_vad_run(&v, &x, 1) == VX_E_ARGUMENT, "VAD not ready");
    check(vx_dtmf_detector_init(&d, 7) == VX_E_RATE, "DTMF");
    check(vx_dtmf_detector_run(&d, &x, 1) == VX_E_ARGUMENT, "DTMF not ready");
    for (int status = -20; status < 5; status++)
        check(vx_status_text(status) != NULL, "text");
}

int main(void)
{
    for (int round = 0; round < 300; round++) {
        mixing(round % 3);
        coding(round % 3);
        filtering();
    }
    for (int round = 0; round < 4; round++) {
        resampling(round % 3);
        detecting();
        spectrum();
    }
    refusing();
    puts("ok");
    return 0;
}
