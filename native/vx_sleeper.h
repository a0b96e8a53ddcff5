/* The yardstick of the pacer: a thread that only sleeps until times on an absolute clock, with
 * the kernel's ordinary timers, and notes how late it woke.  For benchmarks.
 */
#ifndef VX_SLEEPER_H
#define VX_SLEEPER_H

#include <stdint.h>

typedef struct vx_sleeper vx_sleeper;

/* Starts it for `count` periods, at least 1.  Returns VX_OK, VX_E_ARGUMENT, VX_E_MEMORY or
 * VX_E_SYSTEM. */
int vx_sleeper_start(vx_sleeper **out, int64_t period_ns, int count);

/* Waits for its end, writes `count` latenesses in ns, and frees it. */
int vx_sleeper_finish(vx_sleeper *sleeper, int64_t *lateness_ns);

#endif
