#include "vx_pacer.h"

#include <pthread.h>
#include <stdlib.h>

#include "vx_graph_parts.h"
#include "vx_realtime.h"
#include "vx_status.h"

enum {
    FRAME_NS = VX_FRAME_MS * 1000000,
    SLICE_NS = 20000000, /* the longest sleep between looks at `stopping` */
    PACED_MARKS = 16384, /* that may wait while Python is busy */
};

typedef struct vx_pacer {
    vx_graph *graph;
    pthread_t thread;
    int32_t speed_permille;
    int32_t realtime;
    int64_t start_ns; /* when tick 0 is due */
    _Atomic int stopping;
    _Atomic int64_t late_ticks, worst_late_ns;
    _Atomic int64_t paced; /* ticks run */
    _Atomic int64_t lateness_ns[VX_LATENESS_KEPT];
} vx_pacer;

/* Sleeps until the time or until the pacer is stopped. */
static void sleep_until(const vx_pacer *pacer, int64_t time_ns)
{
    while (!atomic_load_explicit(&pacer->stopping, memory_order_acquire)) {
        int64_t now = vx_now_ns();
        if (now >= time_ns)
            return;
        vx_sleep_until_ns(time_ns - now > SLICE_NS ? now + SLICE_NS : time_ns);
    }
}

static void note_lateness(vx_pacer *pacer, int64_t k, int64_t late_ns, int64_t period_ns)
{
    atomic_store_explicit(&pacer->lateness_ns[k % VX_LATENESS_KEPT], late_ns,
                          memory_order_relaxed);
    if (late_ns > atomic_load_explicit(&pacer->worst_late_ns, memory_order_relaxed))
        atomic_store_explicit(&pacer->worst_late_ns, late_ns, memory_order_relaxed);
    if (late_ns > period_ns / 2)
        atomic_fetch_add_explicit(&pacer->late_ticks, 1, memory_order_relaxed);
    atomic_store_explicit(&pacer->paced, k + 1, memory_order_release);
}

/* k * 20 ms / speed, exactly, however large k is. */
static int64_t due_after(int64_t k, int64_t speed_permille)
{
    int64_t frames_ns = (int64_t)FRAME_NS * 1000;
    return k / speed_permille * frames_ns + k % speed_permille * frames_ns / speed_permille;
}

static void *run(void *argument)
{
    vx_pacer *pacer = argument;
    int64_t period_ns = (int64_t)FRAME_NS * 1000 / pacer->speed_permille;
    int64_t earliest_ns = pacer->start_ns;
    vx_thread_exact(pacer->realtime);
    for (int64_t k = 0;; k++) {
        int64_t due_ns = pacer->start_ns + due_after(k, pacer->speed_permille);
        int64_t began_ns;
        sleep_until(pacer, due_ns > earliest_ns ? due_ns : earliest_ns);
        if (atomic_load_explicit(&pacer->stopping, memory_order_acquire))
            return NULL;
        began_ns = vx_now_ns();
        earliest_ns = began_ns + period_ns / 2;
        if (vx_graph_tick(pacer->graph))
            vx_wake_signal(&pacer->graph->wake);
        note_lateness(pacer, k, began_ns - due_ns, period_ns);
    }
}

int vx_pacer_start(vx_graph *g, int speed_permille, int realtime)
{
    vx_pacer *pacer;
    int status;
    if (g == NULL || speed_permille < VX_SPEED_MIN || speed_permille > VX_SPEED_MAX)
        return VX_E_ARGUMENT;
    if (g->pacer != NULL)
        return VX_E_STATE;
    status = vx_graph_settle(g);
    if (status == VX_OK)
        status = vx_ring_grow(&g->marks, PACED_MARKS);
    if (status == VX_OK)
        status = vx_wake_open(&g->wake);
    if (status != VX_OK)
        return status;
    pacer = calloc(1, sizeof *pacer);
    if (pacer == NULL)
        return VX_E_MEMORY;
    pacer->graph = g;
    pacer->speed_permille = speed_permille;
    pacer->realtime = realtime;
    pacer->start_ns = vx_now_ns();
    if (vx_ring_waiting(&g->marks) > 0)
        vx_wake_signal(&g->wake);
    if (pthread_create(&pacer->thread, NULL, run, pacer) != 0) {
        free(pacer);
        return VX_E_SYSTEM;
    }
    g->pacer = pacer;
    return g->wake.read_fd;
}

/* What a pacer has counted is added to the graph's. */
static void add_counts(vx_graph_statistics *to, const vx_pacer *pacer)
{
    int64_t worst = atomic_load_explicit(&pacer->worst_late_ns, memory_order_relaxed);
    to->late_ticks += atomic_load_explicit(&pacer->late_ticks, memory_order_relaxed);
    if (worst > to->worst_late_ns)
        to->worst_late_ns = worst;
}

int vx_pacer_stop(vx_graph *g)
{
    vx_pacer *pacer;
    if (g == NULL)
        return VX_E_ARGUMENT;
    pacer = g->pacer;
    if (pacer == NULL)
        return VX_OK;
    atomic_store_explicit(&pacer->stopping, 1, memory_order_release);
    pthread_join(pacer->thread, NULL);
    add_counts(&g->past, pacer);
    g->pacer = NULL;
    free(pacer);
    vx_graph_reclaim(g);
    return VX_OK;
}

int64_t vx_pacer_due_ns(vx_graph *g, int64_t k)
{
    if (g == NULL || k < 0)
        return VX_E_ARGUMENT;
    if (g->pacer == NULL)
        return VX_E_STATE;
    return g->pacer->start_ns + due_after(k, g->pacer->speed_permille);
}

int vx_pacer_lateness(vx_graph *g, int64_t *out, int n)
{
    int64_t paced, first;
    if (g == NULL || out == NULL || n < 0)
        return VX_E_ARGUMENT;
    if (g->pacer == NULL)
        return VX_E_STATE;
    paced = atomic_load_explicit(&g->pacer->paced, memory_order_acquire);
    if (n > VX_LATENESS_KEPT)
        n = VX_LATENESS_KEPT;
    first = paced > n ? paced - n : 0;
    for (int64_t k = first; k < paced; k++)
        *out++ = atomic_load_explicit(&g->pacer->lateness_ns[k % VX_LATENESS_KEPT],
                                      memory_order_relaxed);
    return (int)(paced - first);
}

int vx_graph_get_statistics(vx_graph *g, vx_graph_statistics *out)
{
    if (g == NULL || out == NULL)
        return VX_E_ARGUMENT;
    *out = g->past;
    if (g->pacer != NULL)
        add_counts(out, g->pacer);
    out->pacing = g->pacer != NULL;
    out->ticks = vx_graph_ticks(g);
    out->links = g->links;
    out->plans = (int64_t)g->plan_number;
    out->marks_lost = atomic_load_explicit(&g->marks_lost, memory_order_relaxed);
    for (int32_t id = 1; id < g->port_end; id++)
        out->ports += g->ports[id] != NULL;
    for (int32_t id = 1; id < g->tap_end; id++)
        out->taps += g->taps[id] != NULL;
    return VX_OK;
}
