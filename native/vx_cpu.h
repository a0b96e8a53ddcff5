/* Choosing a kernel for the CPU at run time.
 *
 * Every kernel has a portable form in plain C, and on x86-64 an AVX2 form that
 * gives the same bytes (tests compare the two).  The choice is one load and one
 * branch on the CPU model that the compiler's runtime keeps, rather than an
 * ifunc as target_clones would make: so it also works with musl, on macOS, and
 * under the sanitizers, which then see the same code that users run.
 */
#ifndef VX_CPU_H
#define VX_CPU_H

#if defined(__x86_64__) && defined(__GNUC__)
#define VX_X86 1
#define VX_AVX2 __attribute__((target("avx2")))
#define vx_cpu_has_avx2() (__builtin_cpu_supports("avx2") != 0)
#else
#define VX_X86 0
#define VX_AVX2
#define vx_cpu_has_avx2() 0
#endif

#if defined(__GNUC__)
#define VX_INLINE static inline __attribute__((always_inline))
#else
#define VX_INLINE static inline
#endif

#endif
