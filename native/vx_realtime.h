/* The monotonic clock, and sleeping until an absolute time on it.
 *
 * Linux: CLOCK_MONOTONIC and clock_nanosleep with TIMER_ABSTIME.
 * macOS: mach_absolute_time and mach_wait_until.
 */
#ifndef VX_REALTIME_H
#define VX_REALTIME_H

#include <stdint.h>

/* Nanoseconds on the monotonic clock. */
int64_t vx_now_ns(void);

/* Sleeps until that time; returns at once when it has passed, earlier on a signal. */
void vx_sleep_until_ns(int64_t time_ns);

/* Prepares the calling thread for exact sleeping: on Linux without the 50 us by which the
 * kernel may delay its timers; with `realtime` under SCHED_FIFO, if the user may. */
void vx_thread_exact(int realtime);

#endif
