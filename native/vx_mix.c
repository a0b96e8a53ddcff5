#include "vx_mix.h"

#include "vx_cpu.h"
#include "vx_status.h"

#if VX_X86
#include <immintrin.h>
#endif

VX_INLINE int16_t limit(int32_t v)
{
    return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

VX_INLINE void accumulate(int32_t *restrict sum, const int16_t *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] += x[i];
}

VX_INLINE void saturate(int16_t *restrict out, const int32_t *restrict sum, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = limit(sum[i]);
}

VX_INLINE void saturate_minus(int16_t *out, const int32_t *sum, const int16_t *own, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = limit(sum[i] - own[i]);
}

static void mix_n1(const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sum[i] = 0;
    for (size_t k = 0; k < members; k++)
        accumulate(sum, in + k * n, n);
    for (size_t k = 0; k < members; k++)
        saturate_minus(out + k * n, sum, in + k * n, n);
}

#if VX_X86

VX_AVX2 static void accumulate_avx2(int32_t *sum, const int16_t *x, size_t n)
{
    accumulate(sum, x, n);
}

VX_AVX2 static void saturate_avx2(int16_t *out, const int32_t *sum, size_t n)
{
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m256i both = _mm256_packs_epi32(_mm256_loadu_si256((const __m256i *)(sum + i)),
                                          _mm256_loadu_si256((const __m256i *)(sum + i + 8)));
        _mm256_storeu_si256((__m256i *)(out + i), _mm256_permute4x64_epi64(both, 0xD8));
    }
    saturate(out + i, sum + i, n - i);
}

VX_AVX2 static void saturate_minus_avx2(int16_t *out, const int32_t *sum, const int16_t *own,
                                        size_t n)
{
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        __m256i x = _mm256_loadu_si256((const __m256i *)(own + i));
        __m256i low = _mm256_cvtepi16_epi32(_mm256_castsi256_si128(x));
        __m256i high = _mm256_cvtepi16_epi32(_mm256_extracti128_si256(x, 1));
        low = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(sum + i)), low);
        high = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(sum + i + 8)), high);
        __m256i both = _mm256_packs_epi32(low, high);
        _mm256_storeu_si256((__m256i *)(out + i), _mm256_permute4x64_epi64(both, 0xD8));
    }
    saturate_minus(out + i, sum + i, own + i, n - i);
}

#define LOAD_256(p) _mm256_loadu_si256((const __m256i *)(p))
#define LOAD_512(p) _mm512_loadu_si512(p)
#define STORE_256(p, x) _mm256_storeu_si256((__m256i *)(p), x)
#define STORE_512(p, x) _mm512_storeu_si512(p, x)

/* The N-1 mix of `wide` vectors of columns, whose sums stay in registers.
 *
 * Two rows at a time are added up by a multiply-add with ones.  On the way out, the whole
 * sum S is split into a + b, both 16-bit, a = limit(S), b = limit(S - a).  Then
 * limit(S - x) is (a - x) + b with both steps saturating: where b is not 0, a is an end
 * of the range; a - x is exact, or it saturates on the side to which b pushes anyway.
 * The way out goes backwards: the rows read last are still in the cache.
 */
#define DEFINE_COLUMNS(BITS, TARGET, MAX_WIDE)                                                   \
    TARGET VX_INLINE void columns_##BITS(const int16_t *in, int16_t *out, size_t members,        \
                                         size_t n, const int wide)                               \
    {                                                                                            \
        enum { LANES = BITS / 16 };                                                              \
        typedef __m##BITS##i v;                                                                  \
        const v one = _mm##BITS##_set1_epi16(1), zero = _mm##BITS##_setzero_si##BITS();          \
        v low[MAX_WIDE], high[MAX_WIDE], a[MAX_WIDE], b[MAX_WIDE];                               \
        VX_UNROLL for (int c = 0; c < wide; c++) low[c] = high[c] = zero;                        \
        const int16_t *row = in;                                                                 \
        for (size_t k = 0; k < members / 2; k++, row += 2 * n)                                   \
            VX_UNROLL for (int c = 0; c < wide; c++) {                                           \
                v x = LOAD_##BITS(row + LANES * c), y = LOAD_##BITS(row + n + LANES * c);        \
                v l = _mm##BITS##_madd_epi16(_mm##BITS##_unpacklo_epi16(x, y), one);             \
                v h = _mm##BITS##_madd_epi16(_mm##BITS##_unpackhi_epi16(x, y), one);             \
                low[c] = _mm##BITS##_add_epi32(low[c], l);                                       \
                high[c] = _mm##BITS##_add_epi32(high[c], h);                                     \
            }                                                                                    \
        if (members & 1)                                                                         \
            VX_UNROLL for (int c = 0; c < wide; c++) {                                           \
                v x = LOAD_##BITS(row + LANES * c);                                              \
                v l = _mm##BITS##_madd_epi16(_mm##BITS##_unpacklo_epi16(x, zero), one);          \
                v h = _mm##BITS##_madd_epi16(_mm##BITS##_unpackhi_epi16(x, zero), one);          \
                low[c] = _mm##BITS##_add_epi32(low[c], l);                                       \
                high[c] = _mm##BITS##_add_epi32(high[c], h);                                     \
            }                                                                                    \
        VX_UNROLL for (int c = 0; c < wide; c++) {                                               \
            a[c] = _mm##BITS##_packs_epi32(low[c], high[c]);                                     \
            v sign = _mm##BITS##_srai_epi16(a[c], 15);                                           \
            v l = _mm##BITS##_sub_epi32(low[c], _mm##BITS##_unpacklo_epi16(a[c], sign));         \
            v h = _mm##BITS##_sub_epi32(high[c], _mm##BITS##_unpackhi_epi16(a[c], sign));        \
            b[c] = _mm##BITS##_packs_epi32(l, h);                                                \
        }                                                                                        \
        for (size_t k = members; k-- > 0;)                                                       \
            VX_UNROLL for (int c = 0; c < wide; c++) {                                           \
                v x = _mm##BITS##_subs_epi16(a[c], LOAD_##BITS(in + k * n + LANES * c));         \
                STORE_##BITS(out + k * n + LANES * c, _mm##BITS##_adds_epi16(x, b[c]));          \
            }                                                                                    \
    }

DEFINE_COLUMNS(256, VX_AVX2, 4)
DEFINE_COLUMNS(512, VX_AVX512, 10)

/* All whole strips of `wide` vectors from column i on. */
#define STRIPS(BITS, wide)                                   \
    for (; i + BITS / 16 * (wide) <= n; i += BITS / 16 * (wide)) \
        columns_##BITS(in + i, out + i, members, n, wide)

static void mix_columns(const int16_t *in, int16_t *out, size_t members, size_t n, size_t i)
{
    for (; i < n; i++) {
        int32_t sum = 0;
        for (size_t k = 0; k < members; k++)
            sum += in[k * n + i];
        for (size_t k = 0; k < members; k++)
            out[k * n + i] = limit(sum - in[k * n + i]);
    }
}

VX_AVX2 static void mix_n1_avx2(const int16_t *in, int16_t *out, size_t members, size_t n)
{
    size_t i = 0;
    STRIPS(256, 4);
    STRIPS(256, 1);
    mix_columns(in, out, members, n, i);
}

/* Many members no longer fit into the first cache: then strips as wide as there are registers
 * for (a whole frame at 16 kHz) read memory in order; few members want short strips. */
VX_AVX512 static void mix_n1_avx512(const int16_t *in, int16_t *out, size_t members, size_t n)
{
    size_t i = 0;
    if (members > 32) {
        STRIPS(512, 10);
        STRIPS(512, 5);
    }
    STRIPS(512, 2);
    STRIPS(512, 1);
    STRIPS(256, 1);
    mix_columns(in, out, members, n, i);
}
#endif

void vx_accumulate(int32_t *sum, const int16_t *x, size_t n)
{
#if VX_X86
    if (vx_cpu_has_avx2()) {
        accumulate_avx2(sum, x, n);
        return;
    }
#endif
    accumulate(sum, x, n);
}

void vx_saturate(int16_t *out, const int32_t *sum, size_t n)
{
#if VX_X86
    if (vx_cpu_has_avx2()) {
        saturate_avx2(out, sum, n);
        return;
    }
#endif
    saturate(out, sum, n);
}

void vx_saturate_minus(int16_t *out, const int32_t *sum, const int16_t *own, size_t n)
{
#if VX_X86
    if (vx_cpu_has_avx2()) {
        saturate_minus_avx2(out, sum, own, n);
        return;
    }
#endif
    saturate_minus(out, sum, own, n);
}

int vx_mix_n1_on(int path, const int16_t *in, int16_t *out, int32_t *sum, size_t members,
                 size_t n)
{
    if (!in || !out || !sum || members > VX_MIX_MAX_MEMBERS)
        return VX_E_ARGUMENT;
    switch (vx_cpu_path(path)) {
#if VX_X86
    case VX_CPU_AVX512: mix_n1_avx512(in, out, members, n); break;
    case VX_CPU_AVX2: mix_n1_avx2(in, out, members, n); break;
#endif
    default: mix_n1(in, out, sum, members, n);
    }
    return VX_OK;
}

int vx_mix_n1(const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n)
{
    return vx_mix_n1_on(VX_CPU_ANY, in, out, sum, members, n);
}
