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

/* The N-1 mix of 16 * WIDE columns: the sums stay in registers.
 *
 * Two rows at a time are added up by a multiply-add with ones.  On the way out, the whole sum S is
 * split into a + b, both 16-bit, a = limit(S), b = limit(S - a).  Then limit(S - x) is
 * saturating (a - x) + b: where b is not 0, a is an end of the range; then either a - x
 * is exact, or it saturates on the side to which b pushes anyway.
 */
enum { WIDE = 4 };

VX_AVX2 static void columns_avx2(const int16_t *in, int16_t *out, size_t members, size_t n)
{
    const __m256i one = _mm256_set1_epi16(1), zero = _mm256_setzero_si256();
    __m256i low[WIDE], high[WIDE], a[WIDE], b[WIDE];
    for (int c = 0; c < WIDE; c++)
        low[c] = high[c] = zero;
    const int16_t *row = in;
    for (size_t k = 0; k < members / 2; k++, row += 2 * n)
        for (int c = 0; c < WIDE; c++) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(row + 16 * c));
            __m256i y = _mm256_loadu_si256((const __m256i *)(row + n + 16 * c));
            low[c] = _mm256_add_epi32(low[c], _mm256_madd_epi16(_mm256_unpacklo_epi16(x, y), one));
            high[c] = _mm256_add_epi32(high[c], _mm256_madd_epi16(_mm256_unpackhi_epi16(x, y), one));
        }
    if (members & 1)
        for (int c = 0; c < WIDE; c++) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(row + 16 * c));
            low[c] = _mm256_add_epi32(low[c], _mm256_madd_epi16(_mm256_unpacklo_epi16(x, zero), one));
            high[c] = _mm256_add_epi32(high[c], _mm256_madd_epi16(_mm256_unpackhi_epi16(x, zero), one));
        }
    for (int c = 0; c < WIDE; c++) {
        a[c] = _mm256_packs_epi32(low[c], high[c]);
        __m256i sign = _mm256_srai_epi16(a[c], 15);
        b[c] = _mm256_packs_epi32(_mm256_sub_epi32(low[c], _mm256_unpacklo_epi16(a[c], sign)),
                                  _mm256_sub_epi32(high[c], _mm256_unpackhi_epi16(a[c], sign)));
    }
    for (size_t k = 0; k < members; k++, in += n, out += n)
        for (int c = 0; c < WIDE; c++) {
            __m256i x = _mm256_loadu_si256((const __m256i *)(in + 16 * c));
            x = _mm256_adds_epi16(_mm256_subs_epi16(a[c], x), b[c]);
            _mm256_storeu_si256((__m256i *)(out + 16 * c), x);
        }
}

static void mix_n1_avx2(const int16_t *in, int16_t *out, size_t members, size_t n)
{
    size_t i = 0;
    for (; i + 16 * WIDE <= n; i += 16 * WIDE)
        columns_avx2(in + i, out + i, members, n);
    for (; i < n; i++) {
        int32_t sum = 0;
        for (size_t k = 0; k < members; k++)
            sum += in[k * n + i];
        for (size_t k = 0; k < members; k++)
            out[k * n + i] = limit(sum - in[k * n + i]);
    }
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

int vx_mix_n1_portable(const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n)
{
    if (!in || !out || !sum || members > VX_MIX_MAX_MEMBERS)
        return VX_E_ARGUMENT;
    mix_n1(in, out, sum, members, n);
    return VX_OK;
}

int vx_mix_n1(const int16_t *in, int16_t *out, int32_t *sum, size_t members, size_t n)
{
#if VX_X86
    if (in && out && sum && members <= VX_MIX_MAX_MEMBERS && vx_cpu_has_avx2()) {
        mix_n1_avx2(in, out, members, n);
        return VX_OK;
    }
#endif
    return vx_mix_n1_portable(in, out, sum, members, n);
}
