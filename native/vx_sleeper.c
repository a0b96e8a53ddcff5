#include "vx_sleeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "vx_realtime.h"
#include "vx_status.h"

struct vx_sleeper {
    pthread_t thread;
    int64_t period_ns;
    int count;
    int64_t lateness_ns[];
};

static void *run(void *argument)
{
    vx_sleeper *sleeper = argument;
    int64_t start_ns = vx_now_ns();
    for (int k = 0; k < sleeper->count; k++) {
        int64_t due_ns = start_ns + (k + 1) * sleeper->period_ns;
        vx_sleep_until_ns(due_ns);
        sleeper->lateness_ns[k] = vx_now_ns() - due_ns;
    }
    return NULL;
}

int vx_sleeper_start(vx_sleeper **out, int64_t period_ns, int count)
{
    vx_sleeper *sleeper;
    if (out == NULL || period_ns < 1 || count < 1)
        return VX_E_ARGUMENT;
    sleeper = calloc(1, sizeof *sleeper + (size_t)count * sizeof sleeper->lateness_ns[0]);
    if (sleeper == NULL)
        return VX_E_MEMORY;
    sleeper->period_ns = period_ns;
    sleeper->count = count;
    if (pthread_create(&sleeper->thread, NULL, run, sleeper) != 0) {
        free(sleeper);
        return VX_E_SYSTEM;
    }
    *out = sleeper;
    return VX_OK;
}

int vx_sleeper_finish(vx_sleeper *sleeper, int64_t *lateness_ns)
{
    if (sleeper == NULL || lateness_ns == NULL)
        return VX_E_ARGUMENT;
    pthread_join(sleeper->thread, NULL);
    memcpy(lateness_ns, sleeper->lateness_ns, (size_t)sleeper->count * sizeof *lateness_ns);
    free(sleeper);
    return VX_OK;
}
