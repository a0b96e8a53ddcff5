#include "vx_g711.h"

#include "vx_cpu.h"

#if VX_X86
#include <immintrin.h>
#endif

/* The portable form stays in 16-bit lanes: a variable shift is three conditional ones,
 * which every vector unit has. */

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

/* The AVX2 form, 32 samples at a time.
 *
 * Decoding looks up, in bytes, the mantissa and the power of two of the segment, and multiplies
 * them in 16 bits.  Encoding takes segment and mantissa from the exponent and the top four
 * fraction bits of the magnitude as a float: that conversion is exact for 15 bits.
 */
typedef __m256i v;

#define LOAD(p) _mm256_loadu_si256((const v *)(p))
#define STORE(p, x) _mm256_storeu_si256((v *)(p), x)
#define BYTES16(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))
/* unpacking works in 128-bit halves: this order before it gives the samples in order after it */
#define IN_ORDER(x) _mm256_permute4x64_epi64(x, 0xD8)

/* The lower nibbles of bytes, and the three bits above them. */
VX_AVX2 static inline v mantissas(v code) { return _mm256_and_si256(code, _mm256_set1_epi8(15)); }
VX_AVX2 static inline v segments(v code)
{
    return _mm256_and_si256(_mm256_srli_epi16(code, 4), _mm256_set1_epi8(7));
}

/* As words: negative where bit 7 of the byte is set, never 0. */
#define SIGNS(half, code) _mm256_unpack##half##_epi8(_mm256_set1_epi8(1), code)

VX_AVX2 static void ulaw_decode_avx2(int16_t *out, const uint8_t *in, size_t n)
{
    const v zero = _mm256_setzero_si256(), bias = _mm256_set1_epi16(132);
    const v steps = BYTES16((char)132, (char)140, (char)148, (char)156, (char)164, (char)172,
                            (char)180, (char)188, (char)196, (char)204, (char)212, (char)220,
                            (char)228, (char)236, (char)244, (char)252);
    const v powers = BYTES16(1, 2, 4, 8, 16, 32, 64, (char)128, 0, 0, 0, 0, 0, 0, 0, 0);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        v code = _mm256_xor_si256(IN_ORDER(LOAD(in + i)), _mm256_set1_epi8((char)0xFF));
        v step = _mm256_shuffle_epi8(steps, mantissas(code));
        v power = _mm256_shuffle_epi8(powers, segments(code));
#define HALF(half)                                                                          \
    _mm256_sign_epi16(                                                                      \
        _mm256_sub_epi16(_mm256_mullo_epi16(_mm256_unpack##half##_epi8(step, zero),         \
                                            _mm256_unpack##half##_epi8(power, zero)), bias), \
        SIGNS(half, code))
        STORE(out + i, HALF(lo));
        STORE(out + i + 16, HALF(hi));
#undef HALF
    }
    ulaw_decode(out + i, in + i, n - i);
}

VX_AVX2 static void alaw_decode_avx2(int16_t *out, const uint8_t *in, size_t n)
{
    /* 8 * (2 * mantissa + 1, or + 33 from segment 1 on), shifted by segment - 1 from 1 on */
    const v zero = _mm256_setzero_si256();
    const v steps = BYTES16(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    const v above = BYTES16(0, 32, 32, 32, 32, 32, 32, 32, 0, 0, 0, 0, 0, 0, 0, 0);
    const v powers = BYTES16(1, 1, 2, 4, 8, 16, 32, 64, 0, 0, 0, 0, 0, 0, 0, 0);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        v line = IN_ORDER(LOAD(in + i)), code = _mm256_xor_si256(line, _mm256_set1_epi8(0x55));
        v segment = segments(code);
        v step = _mm256_add_epi8(_mm256_shuffle_epi8(steps, mantissas(code)),
                                 _mm256_shuffle_epi8(above, segment));
        v power = _mm256_shuffle_epi8(powers, segment);
        v minus = _mm256_xor_si256(line, _mm256_set1_epi8((char)0x80)); /* the bit means plus */
#define HALF(half)                                                                           \
    _mm256_sign_epi16(                                                                       \
        _mm256_slli_epi16(_mm256_mullo_epi16(_mm256_unpack##half##_epi8(step, zero),         \
                                             _mm256_unpack##half##_epi8(power, zero)), 3),   \
        SIGNS(half, minus))
        STORE(out + i, HALF(lo));
        STORE(out + i + 16, HALF(hi));
#undef HALF
    }
    alaw_decode(out + i, in + i, n - i);
}

/* (floor(log2(m)) + 127) * 16 + the four bits below the top bit, of words m = 1..32767. */
VX_AVX2 static inline v float_tops(v m)
{
    const v zero = _mm256_setzero_si256();
    v low = _mm256_castps_si256(_mm256_cvtepi32_ps(_mm256_unpacklo_epi16(m, zero)));
    v high = _mm256_castps_si256(_mm256_cvtepi32_ps(_mm256_unpackhi_epi16(m, zero)));
    return _mm256_packus_epi32(_mm256_srli_epi32(low, 19), _mm256_srli_epi32(high, 19));
}

VX_AVX2 static inline v ulaw_words(v x)
{
    v m = _mm256_abs_epi16(_mm256_srai_epi16(x, 2));
    m = _mm256_add_epi16(_mm256_min_epi16(m, _mm256_set1_epi16(8158)), _mm256_set1_epi16(33));
    return _mm256_sub_epi16(float_tops(m), _mm256_set1_epi16((127 + 5) << 4));
}

VX_AVX2 static inline v alaw_words(v x)
{
    /* Here m has its three lowest bits yet; they never reach the code. */
    v m = _mm256_xor_si256(x, _mm256_srai_epi16(x, 15));
    v code = _mm256_sub_epi16(float_tops(m), _mm256_set1_epi16((127 + 7) << 4));
    /* Below 256 the code is m / 16, which is the larger there; above, 15 is the smaller. */
    return _mm256_max_epi16(code, _mm256_min_epi16(_mm256_srli_epi16(m, 4),
                                                   _mm256_set1_epi16(15)));
}

/* 32 codes of 7 bits from words, the sign bits of the samples x, y in bit 7, then inverted. */
VX_AVX2 static inline v line_bytes(v low, v high, v x, v y, char invert)
{
    v signs = _mm256_and_si256(_mm256_packs_epi16(x, y), _mm256_set1_epi8((char)0x80));
    v codes = _mm256_xor_si256(_mm256_packus_epi16(low, high), _mm256_set1_epi8(invert));
    return IN_ORDER(_mm256_xor_si256(codes, signs));
}

VX_AVX2 static void ulaw_encode_avx2(uint8_t *out, const int16_t *in, size_t n)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        v x = LOAD(in + i), y = LOAD(in + i + 16);
        STORE(out + i, line_bytes(ulaw_words(x), ulaw_words(y), x, y, (char)0xFF));
    }
    ulaw_encode(out + i, in + i, n - i);
}

VX_AVX2 static void alaw_encode_avx2(uint8_t *out, const int16_t *in, size_t n)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        v x = LOAD(in + i), y = LOAD(in + i + 16);
        STORE(out + i, line_bytes(alaw_words(x), alaw_words(y), x, y, (char)0xD5));
    }
    alaw_encode(out + i, in + i, n - i);
}

/* The AVX-512 form, 32 samples at a time.  Segments and decoded magnitudes come from tables of
 * 128 entries in registers.
 */
typedef __m512i w;

/* floor(log2) of 0..127, plus 1 (0 for 0): the segment of a magnitude by its top 7 bits */
static const uint8_t segment_of[128] = {
#define EIGHT(x) x, x, x, x, x, x, x, x
    0, 1, 2, 2, 3, 3, 3, 3, EIGHT(4), EIGHT(5), EIGHT(5), EIGHT(6), EIGHT(6), EIGHT(6), EIGHT(6),
    EIGHT(7), EIGHT(7), EIGHT(7), EIGHT(7), EIGHT(7), EIGHT(7), EIGHT(7), EIGHT(7),
#undef EIGHT
};

/* Line octets of 32 magnitudes (15 bits at most, the segment in the 7 from `top` on), whose signs
 * are those of x.  `lift` is added to the segment to make the shift of the mantissa. */
VX_AVX512 static inline __m256i line_octets(w m, w x, int top, w least, w lift, int invert)
{
    const w segment = _mm512_permutex2var_epi8(
        _mm512_loadu_si512(segment_of),
        _mm512_srl_epi16(m, _mm_cvtsi32_si128(top)), _mm512_loadu_si512(segment_of + 64));
    w shift = _mm512_add_epi16(_mm512_max_epi16(segment, least), lift);
    w code = _mm512_and_si512(_mm512_srlv_epi16(m, shift), _mm512_set1_epi16(15));
    code = _mm512_or_si512(code, _mm512_slli_epi16(segment, 4));
    w sign = _mm512_and_si512(_mm512_srli_epi16(x, 8), _mm512_set1_epi16(128));
    code = _mm512_xor_si512(_mm512_xor_si512(code, sign), _mm512_set1_epi16((short)invert));
    return _mm512_cvtepi16_epi8(code);
}

VX_AVX512 static void ulaw_encode_avx512(uint8_t *out, const int16_t *in, size_t n)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        w x = _mm512_loadu_si512(in + i), m = _mm512_abs_epi16(_mm512_srai_epi16(x, 2));
        m = _mm512_min_epi16(m, _mm512_set1_epi16(8158));
        m = _mm512_add_epi16(m, _mm512_set1_epi16(33));
        STORE(out + i, line_octets(m, x, 6, _mm512_setzero_si512(), _mm512_set1_epi16(1), 0xFF));
    }
    ulaw_encode(out + i, in + i, n - i);
}

VX_AVX512 static void alaw_encode_avx512(uint8_t *out, const int16_t *in, size_t n)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        w x = _mm512_loadu_si512(in + i), m = _mm512_xor_si512(x, _mm512_srai_epi16(x, 15));
        STORE(out + i, line_octets(m, x, 8, _mm512_set1_epi16(1), _mm512_set1_epi16(3), 0xD5));
    }
    alaw_encode(out + i, in + i, n - i);
}

/* What 32 line octets stand for: magnitudes by their lower 7 bits, negated by bit 7. */
VX_AVX512 static inline w look_up(const w *table, __m256i octets, __mmask32 minus)
{
    w index = _mm512_cvtepu8_epi16(octets);
    w magnitude = _mm512_mask_blend_epi16(
        _mm512_test_epi16_mask(index, _mm512_set1_epi16(64)),
        _mm512_permutex2var_epi16(table[0], index, table[1]),
        _mm512_permutex2var_epi16(table[2], index, table[3]));
    return _mm512_mask_sub_epi16(magnitude, minus, _mm512_setzero_si512(), magnitude);
}

VX_AVX512 static void ulaw_decode_avx512(int16_t *out, const uint8_t *in, size_t n)
{
    /* The magnitudes of the octets 0x80 to 0xFF. */
    static const int16_t magnitudes[128] = {
#define STEP(s, k) (((2 * (15 - (k)) + 33) << ((s) + 2)) - 132)
#define FOUR(s, k) STEP(s, k), STEP(s, (k) + 1), STEP(s, (k) + 2), STEP(s, (k) + 3)
#define SEGMENT(s) FOUR(s, 0), FOUR(s, 4), FOUR(s, 8), FOUR(s, 12)
        SEGMENT(7), SEGMENT(6), SEGMENT(5), SEGMENT(4),
        SEGMENT(3), SEGMENT(2), SEGMENT(1), SEGMENT(0),
#undef STEP
    };
    w table[4];
    for (int k = 0; k < 4; k++)
        table[k] = _mm512_loadu_si512(magnitudes + 32 * k);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i octets = LOAD(in + i);
        _mm512_storeu_si512(out + i, look_up(table, octets, ~_mm256_movepi8_mask(octets)));
    }
    ulaw_decode(out + i, in + i, n - i);
}

VX_AVX512 static void alaw_decode_avx512(int16_t *out, const uint8_t *in, size_t n)
{
    /* The magnitudes of the octets 0x80 to 0xFF, without the inversion of even bits. */
    static const int16_t magnitudes[128] = {
#define STEP(s, k) ((s) ? (2 * (k) + 33) << ((s) + 2) : (2 * (k) + 1) << 3)
        SEGMENT(0), SEGMENT(1), SEGMENT(2), SEGMENT(3),
        SEGMENT(4), SEGMENT(5), SEGMENT(6), SEGMENT(7),
#undef STEP
#undef FOUR
#undef SEGMENT
    };
    w table[4];
    for (int k = 0; k < 4; k++)
        table[k] = _mm512_loadu_si512(magnitudes + 32 * k);
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        __m256i octets = _mm256_xor_si256(LOAD(in + i), _mm256_set1_epi8(0x55));
        _mm512_storeu_si512(out + i, look_up(table, octets, ~_mm256_movepi8_mask(octets)));
    }
    alaw_decode(out + i, in + i, n - i);
}

#define CASES(name)                                                \
    case VX_CPU_AVX512: name##_avx512(out, in, n); break;          \
    case VX_CPU_AVX2: name##_avx2(out, in, n); break;
#else
#define CASES(name)
#endif

#define DEFINE(name, to, from)                                            \
    void vx_##name##_on(int path, to *out, const from *in, size_t n)      \
    {                                                                     \
        switch (vx_cpu_path(path)) {                                      \
            CASES(name)                                                   \
        default: name(out, in, n);                                        \
        }                                                                 \
    }                                                                     \
    void vx_##name(to *out, const from *in, size_t n)                     \
    {                                                                     \
        vx_##name##_on(VX_CPU_ANY, out, in, n);                           \
    }

DEFINE(ulaw_encode, uint8_t, int16_t)
DEFINE(ulaw_decode, int16_t, uint8_t)
DEFINE(alaw_encode, uint8_t, int16_t)
DEFINE(alaw_decode, int16_t, uint8_t)
