#include "vx_tone.h"

#include <string.h>

#include "vx_sine.h"
#include "vx_status.h"

int vx_tone_init(vx_tone *t, int rate_hz)
{
    if (!t)
        return VX_E_ARGUMENT;
    memset(t, 0, sizeof *t);
    if (rate_hz != 8000 && rate_hz != 16000 && rate_hz != 24000 && rate_hz != 48000)
        return VX_E_RATE;
    t->rate_hz = rate_hz;
    return VX_OK;
}

/* Peak of a sine whose RMS is level_db10, in 1/2^15 of a sample step: full scale (2^15)
 * times the square root of 2 times 10^(level / 200), by the bits of -level - 30. */
static int32_t amplitude_of(int level_db10)
{
    /* 10^(-2^i / 200) in Q32 */
    static const uint32_t factor[10] = {
        4245803212u, 4197201904u, 4101661925u, 3917056729u, 3572398195u,
        2971391394u, 2055700593u, 983920165u, 225403088u, 11829322u,
    };
    /* At -30 a sine would be 0.14 % above full scale: the peak is 32767 then. */
    uint64_t peak = 1073709056; /* 32767 in Q15 */
    int below = VX_TONE_MAX_LEVEL - level_db10;
    for (int i = 0; i < 10; i++)
        if (below & (1 << i))
            peak = (peak * factor[i] + (UINT64_C(1) << 31)) >> 32;
    return (int32_t)peak;
}

int vx_tone_add(vx_tone *t, int frequency_mhz, int level_db10)
{
    if (!t || t->rate_hz == 0 || frequency_mhz <= 0 || frequency_mhz >= t->rate_hz * 500 ||
        level_db10 < VX_TONE_MIN_LEVEL || level_db10 > VX_TONE_MAX_LEVEL)
        return VX_E_ARGUMENT;
    if (t->sines == VX_TONE_MAX_SINES)
        return VX_E_FULL;
    uint64_t rate_mhz = (uint64_t)t->rate_hz * 1000;
    t->step[t->sines] = (uint32_t)((((uint64_t)frequency_mhz << 32) + rate_mhz / 2) / rate_mhz);
    t->phase[t->sines] = 0;
    t->amplitude[t->sines] = amplitude_of(level_db10);
    t->sines++;
    return VX_OK;
}

int vx_tone_cadence(vx_tone *t, const int *ms, int steps, int repeats)
{
    if (!t || t->rate_hz == 0 || steps < 0 || steps > VX_TONE_MAX_CADENCE || repeats < 0 ||
        (!ms && steps))
        return VX_E_ARGUMENT;
    int any = steps == 0;
    for (int i = 0; i < steps; i++) {
        if (ms[i] < 0 || ms[i] > VX_TONE_MAX_MS)
            return VX_E_ARGUMENT;
        any |= ms[i] > 0;
    }
    if (!any)
        return VX_E_ARGUMENT;
    for (int i = 0; i < steps; i++)
        t->cadence[i] = (uint32_t)ms[i] * (uint32_t)(t->rate_hz / 1000);
    t->cadence_steps = steps;
    t->repeats = repeats;
    t->at_step = 0;
    t->ended = 0;
    t->left = steps ? t->cadence[0] : 0;
    return VX_OK;
}

static void write_sines(vx_tone *t, int16_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t sum = 0; /* Q45 */
        for (int k = 0; k < t->sines; k++) {
            sum += (int64_t)t->amplitude[k] * vx_sine(t->phase[k]);
            t->phase[k] += t->step[k];
        }
        sum = (sum + (INT64_C(1) << 44)) >> 45;
        out[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
    }
}

/* Moves on to the next step of the cadence that has samples. */
static void next_step(vx_tone *t)
{
    while (t->left == 0 && !t->ended) {
        if (++t->at_step == t->cadence_steps) {
            t->at_step = 0;
            if (t->repeats > 0 && --t->repeats == 0)
                t->ended = 1;
        }
        t->left = t->cadence[t->at_step];
    }
}

int vx_tone_run(vx_tone *t, int16_t *out, size_t n)
{
    if (!t || t->rate_hz == 0 || (!out && n))
        return VX_E_ARGUMENT;
    if (n > (size_t)1 << 30)
        return VX_E_LENGTH;
    if (t->cadence_steps == 0) {
        write_sines(t, out, n);
        return (int)n;
    }
    size_t done = 0;
    while (done < n) {
        next_step(t);
        if (t->ended)
            break;
        size_t now = n - done < t->left ? n - done : t->left;
        if (t->at_step & 1)
            memset(out + done, 0, now * sizeof *out);
        else
            write_sines(t, out + done, now);
        t->left -= (uint32_t)now;
        done += now;
    }
    return (int)done;
}

int vx_dtmf_init(vx_tone *t, int digit, int rate_hz, int on_ms, int off_ms)
{
    static const char keys[] = "123A456B789C*0#D";
    static const int low[] = {697000, 770000, 852000, 941000};
    static const int high[] = {1209000, 1336000, 1477000, 1633000};
    if (!t || on_ms < 1 || on_ms > 10000 || off_ms < 0 || off_ms > 10000)
        return VX_E_ARGUMENT;
    if (digit >= 'a' && digit <= 'd')
        digit += 'A' - 'a';
    const char *key = digit > 0 && digit < 128 ? strchr(keys, digit) : NULL;
    if (!key)
        return VX_E_ARGUMENT;
    int status = vx_tone_init(t, rate_hz);
    if (status != VX_OK)
        return status;
    const int at = (int)(key - keys), cadence[] = {on_ms, off_ms};
    status = vx_tone_add(t, low[at / 4], -130);
    if (status == VX_OK)
        status = vx_tone_add(t, high[at % 4], -110);
    if (status == VX_OK)
        status = vx_tone_cadence(t, cadence, 2, 1);
    return status;
}
