/* Choosing a kernel for the CPU at run time.
 *
 * Every kernel has a portable form in plain C, and on x86-64 an AVX2 form, the hottest
 * also one for AVX-512, that give the same bytes (tests compare all that the CPU has).  The
 * choice is one load and one branch on the CPU model that the compiler's runtime
 * keeps, rather than an ifunc as target_clones would make: so it also works with
 * musl, on macOS, and under the sanitizers, which then see the code that users run.
 */
#ifndef VX_CPU_H
#define VX_CPU_H

#if defined(__x86_64__) && defined(__GNUC__)
#define VX_X86 1
#define VX_AVX2 __attribute__((target("avx2")))
#define vx_cpu_has_avx2() (__builtin_cpu_supports("avx2") != 0)
/* AVX-512 as every CPU since Ice Lake and Zen 4 has it (VBMI: byte permutations). */
#define VX_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))
#define vx_cpu_has_avx512() \
    (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") && \
     __builtin_cpu_supports("avx512vl"))
#else
#define VX_X86 0
#define VX_AVX2
#define vx_cpu_has_avx2() 0
#define VX_AVX512
#define vx_cpu_has_avx512() 0
#endif

/* The paths, each with what the one before it needs.  Functions whose name ends in _on take one of
 * these, for tests: they run that path, or the best below it that this CPU has. */
enum { VX_CPU_PORTABLE = 0, VX_CPU_AVX2 = 1, VX_CPU_AVX512 = 2, VX_CPU_ANY = 2 };

static inline int vx_cpu_path(int wanted)
{
    if (wanted >= VX_CPU_AVX512 && vx_cpu_has_avx512())
        return VX_CPU_AVX512;
    return wanted >= VX_CPU_AVX2 && vx_cpu_has_avx2() ? VX_CPU_AVX2 : VX_CPU_PORTABLE;
}

#if defined(__GNUC__)
#define VX_INLINE static inline __attribute__((always_inline))
#else
#define VX_INLINE static inline
#endif

/* Before a loop of constant length: unrolled, so that an array of vectors stays in registers. */
#if defined(__clang__)
#define VX_UNROLL _Pragma("unroll")
#elif defined(__GNUC__)
#define VX_UNROLL _Pragma("GCC unroll 16")
#else
#define VX_UNROLL
#endif

#endif
