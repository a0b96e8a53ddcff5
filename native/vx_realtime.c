#include "vx_realtime.h"

#include <pthread.h>
#include <sched.h>
#include <time.h>

#ifdef __APPLE__
#include <mach/mach_time.h>

/* Ticks of mach_absolute_time are numer/denom nanoseconds. */
static mach_timebase_info_data_t timebase(void)
{
    mach_timebase_info_data_t base;
    mach_timebase_info(&base);
    return base;
}

int64_t vx_now_ns(void)
{
    mach_timebase_info_data_t base = timebase();
    return (int64_t)((__uint128_t)mach_absolute_time() * base.numer / base.denom);
}

void vx_sleep_until_ns(int64_t time_ns)
{
    mach_timebase_info_data_t base = timebase();
    mach_wait_until((uint64_t)((__uint128_t)time_ns * base.denom / base.numer));
}
#else
int64_t vx_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void vx_sleep_until_ns(int64_t time_ns)
{
    struct timespec until = {(time_t)(time_ns / 1000000000), (long)(time_ns % 1000000000)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}
#endif

#ifdef __linux__
#include <sys/prctl.h>
#endif

void vx_thread_exact(int realtime)
{
#ifdef __linux__
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
#endif
    if (realtime) {
        struct sched_param priority = {.sched_priority = sched_get_priority_min(SCHED_FIFO) + 10};
        /* Without the privilege it stays an ordinary thread: that is no error. */
        pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority);
    }
}
