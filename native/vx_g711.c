#include "vx_g711.h"

#include "vx_cpu.h"

/* Everything below stays in 16-bit lanes: a variable shift is three conditional
 * ones, which every vector unit has. */

VX_INLINE uint16_t shift_up(uint16_t v, uint16_t count) /* v << count, count 0..7 */
{
    v = (count & 4) ? (uint16_t)(v << 4) : v;
    v = (count & 2) ? (uint16_t)(v << 2) : v;
    return (count & 1) ? (uint16_t)(v << 1) : v;
}

VX_INLINE void ulaw_decode(int16_t *restrict out, const uint8_t *restrict in, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t code = (uint16_t)(in[i] ^ 0xFF);
        uint16_t magnitude = (uint16_t)(((code & 0x0F) << 3) + 132);
        magnitude = (uint16_t)(shift_up(magnitude, code >> 4) - 132);
        uint16_t sign = (uint16_t)-(code >> 7); /* 0 or 0xFFFF */
        out[i] = (int16_t)((magnitude ^ sign) - sign);
    }
}

VX_INLINE void alaw_decode(int16_t *restrict out, const uint8_t *restrict in, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t code = (uint16_t)(in[i] ^ 0x55);
        uint16_t segment = (code >> 4) & 7;
        uint16_t above = segment != 0; /* the lowest two segments have the same step */
        uint16_t magnitude = (uint16_t)(((code & 0x0F) << 4) + 8 + (above << 8));
        magnitude = shift_up(magnitude, (uint16_t)(segment - above));
        uint16_t sign = (uint16_t)((code >> 7) - 1); /* the bit is set for positive values */
        out[i] = (int16_t)((magnitude ^ sign) - sign);
    }
}

/* Takes m, 0..8191: shifts it right until it is below 64, and returns
 * (shifts << 4) + the four bits below its top bit. */
VX_INLINE uint16_t compress(uint16_t m)
{
    uint16_t code = 0, step;
    step = m >= 512 ? 64 : 0;
    m = m >= 512 ? m >> 4 : m;
    code += step;
    step = m >= 128 ? 32 : 0;
    m = m >= 128 ? m >> 2 : m;
    code += step;
    step = m >= 64 ? 16 : 0;
    m = m >= 64 ? m >> 1 : m;
    code += step;
    return (uint16_t)(code + ((m >> 1) & 0x0F));
}

VX_INLINE void ulaw_encode(uint8_t *restrict out, const int16_t *restrict in, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int16_t x = (int16_t)(in[i] >> 2);
        uint16_t sign = (uint16_t)(x >> 15);
        uint16_t m = (uint16_t)((x ^ sign) - sign);
        m = (uint16_t)((m > 8158 ? 8158 : m) + 33);
        out[i] = (uint8_t)(compress(m) ^ 0xFF ^ (sign & 0x80));
    }
}

VX_INLINE void alaw_encode(uint8_t *restrict out, const int16_t *restrict in, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int16_t x = (int16_t)(in[i] >> 3);
        uint16_t sign = (uint16_t)(x >> 15);
        uint16_t m = (uint16_t)(x ^ sign);
        uint16_t above = m >= 32 ? 16 : 0;
        out[i] = (uint8_t)((compress(m) + above) ^ 0xD5 ^ (sign & 0x80));
    }
}

#if VX_X86
#define DEFINE(name, to, from)                                                            \
    VX_AVX2 static void name##_avx2(to *out, const from *in, size_t n) { name(out, in, n); } \
    void vx_##name(to *out, const from *in, size_t n)                                     \
    {                                                                                     \
        if (vx_cpu_has_avx2())                                                            \
            name##_avx2(out, in, n);                                                      \
        else                                                                              \
            name(out, in, n);                                                             \
    }                                                                                     \
    void vx_##name##_portable(to *out, const from *in, size_t n) { name(out, in, n); }
#else
#define DEFINE(name, to, from)                                                 \
    void vx_##name(to *out, const from *in, size_t n) { name(out, in, n); }    \
    void vx_##name##_portable(to *out, const from *in, size_t n) { name(out, in, n); }
#endif

DEFINE(ulaw_encode, uint8_t, int16_t)
DEFINE(ulaw_decode, int16_t, uint8_t)
DEFINE(alaw_encode, uint8_t, int16_t)
DEFINE(alaw_decode, int16_t, uint8_t)
