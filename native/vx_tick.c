/* Running the graph: one tick, and many in virtual time. */
#include "vx_fetch.h"
#include "vx_graph_parts.h"
#include "vx_status.h"

/* How far ahead of the work its memory is asked for: a part itself, then what it points to, and
 * the sound that is found through that. */
enum { FAR = 8, NEAR = 4, NEXT = 2 };

/* Takes the newest plan. */
static const vx_plan *adopt(vx_graph *g)
{
    vx_plan *plan = NULL;
    if (atomic_load_explicit(&g->offered, memory_order_relaxed) != NULL)
        plan = atomic_exchange_explicit(&g->offered, NULL, memory_order_acq_rel);
    if (plan != NULL) {
        g->plan = plan;
        atomic_store_explicit(&g->adopted, plan->number, memory_order_release);
    }
    return g->plan;
}

static void run_feeds(const vx_feed_job *jobs, int32_t count, int64_t tick)
{
    for (int32_t i = 0; i < count; i++) {
        vx_port *port = jobs[i].port;
        if (i + FAR < count)
            vx_fetch(jobs[i + FAR].feed, offsetof(vx_feed, resampler));
        const int16_t *before = jobs[i].side == VX_SIDE_SOURCE ? port->before : NULL;
        vx_feed_run(jobs[i].feed, &port->frames[jobs[i].side], before, tick);
    }
}

static void run_source(const vx_source_job *job, vx_marks *marks)
{
    vx_port *port = job->port;
    vx_port_produce(port, job->playback_marks, marks);
    if (job->channel != NULL)
        vx_channel_run(job->channel, &port->frames[VX_SIDE_SOURCE], &port->origins,
                       port->pcm[marks->tick & 1]);
    if (job->mutes != NULL)
        vx_detect_and_mute(job->mutes, &port->frames[VX_SIDE_SOURCE], &port->origins,
                           port->samples, port->id, marks);
}

static void add_origins(vx_origins *origins, const vx_frame *const *inputs, int32_t count)
{
    origins->count = origins->truncated = 0;
    for (int32_t i = 0; i < count; i++)
        vx_origins_add_frame(origins, inputs[i], 0, VX_ORIGINS_MAX);
}

static void run_sink(const vx_sink_job *job)
{
    vx_port *port = job->port;
    vx_port_mix(port, job->inputs, job->count);
    if (job->channel != NULL) {
        vx_origins *origins = vx_channel_origins(job->channel);
        add_origins(origins, job->inputs, job->count);
        vx_channel_run(job->channel, &port->frames[VX_SIDE_SINK], origins, port->sink_pcm);
    }
}

/* Sources, conferences and sinks. */
static void run_sound(const vx_plan *plan, vx_marks *marks)
{
    for (int32_t i = 0; i < plan->source_count; i++) {
        if (i + FAR < plan->source_count)
            vx_fetch(plan->sources[i + FAR].port, VX_PORT_BUSY_BYTES);
        if (i + NEAR < plan->source_count)
            vx_fetch(plan->sources[i + NEAR].port->queue.reading, sizeof(vx_block));
        if (i + NEXT < plan->source_count)
            vx_queue_prefetch(&plan->sources[i + NEXT].port->queue,
                              plan->sources[i + NEXT].port->samples);
        run_source(&plan->sources[i], marks);
    }
    run_feeds(plan->early_feeds, plan->early_feed_count, marks->tick);
    for (int32_t i = 0; i < plan->turn_count; i++)
        vx_slot_turn(plan->turns[i]);
    for (int32_t i = 0; i < plan->conference_count; i++)
        vx_conference_run(&plan->conferences[i], marks, plan->ledger_count > 0);
    for (int32_t i = 0; i < plan->sink_count; i++)
        run_sink(&plan->sinks[i]);
    run_feeds(plan->late_feeds, plan->late_feed_count, marks->tick);
}

/* Returns the sum of VX_LEDGER_*. */
static int write_ledger(const vx_ledger_job *job, int64_t tick)
{
    vx_origins origins;
    if (job->origins != NULL)
        return vx_ledger_write(job->ledger, job->origins, tick);
    if (job->count == 1 && job->inputs[0]->except < 0)
        return vx_ledger_write(job->ledger, job->inputs[0]->origins, tick);
    add_origins(&origins, job->inputs, job->count);
    return vx_ledger_write(job->ledger, &origins, tick);
}

/* Detectors, ledgers and taps.  Returns 1 when a ledger has news. */
static int run_listeners(vx_graph *g, const vx_plan *plan, vx_marks *marks)
{
    int said = 0;
    for (int32_t i = 0; i < plan->detect_count; i++) {
        const vx_detect_job *job = &plan->detects[i];
        if (i + FAR < plan->detect_count && plan->detects[i + FAR].detectors.speech != NULL)
            vx_fetch(plan->detects[i + FAR].detectors.speech, sizeof(vx_speech_detector));
        vx_detect(&job->detectors, &job->port->frames[job->side], job->port->samples,
                  job->port->id, job->side, marks);
    }
    for (int32_t i = 0; i < plan->ledger_count; i++) {
        if (i + FAR < plan->ledger_count)
            vx_fetch(plan->ledgers[i + FAR].ledger, sizeof(vx_ledger));
        said |= write_ledger(&plan->ledgers[i], marks->tick);
    }
    g->cramped |= said & VX_LEDGER_FULL;
    for (int32_t i = 0; i < plan->tap_count; i++) {
        if (i + FAR < plan->tap_count)
            vx_fetch(plan->taps[i + FAR].tap, VX_TAP_BUSY_BYTES);
        if (i + NEAR < plan->tap_count)
            vx_tap_prefetch(plan->taps[i + NEAR].tap);
        if (!vx_tap_run(&plan->taps[i], marks))
            g->cramped = 1;
    }
    return (said & VX_LEDGER_NEWS) != 0;
}

/* Hands the marks over, in order. */
static void publish(vx_graph *g, vx_marks *marks)
{
    vx_marks_sort(marks);
    if (marks->count > 0 && !vx_ring_write(&g->marks, marks->list, (uint64_t)marks->count))
        atomic_fetch_add_explicit(&g->marks_lost, marks->count, memory_order_relaxed);
}

int vx_graph_tick(vx_graph *g)
{
    const vx_plan *plan = adopt(g);
    vx_marks marks = {plan->marks, 0, plan->mark_room,
                      atomic_load_explicit(&g->tick, memory_order_relaxed)};
    run_sound(plan, &marks);
    int news = run_listeners(g, plan, &marks);
    publish(g, &marks);
    if (news)
        atomic_store_explicit(&g->news, 1, memory_order_release);
    atomic_store_explicit(&g->tick, marks.tick + 1, memory_order_release);
    return (marks.count > 0 ? VX_TICK_MARKS : 0) | (news ? VX_TICK_NEWS : 0);
}

/* Between ticks in virtual time: makes room in the ledgers.  What cannot grow any more, and
 * taps that are full, raise a mark.  Returns 1 when there is one, and no tick may run. */
static int is_blocked(vx_graph *g)
{
    const vx_plan *plan = adopt(g);
    vx_marks marks = {plan->marks, 0, plan->mark_room, atomic_load(&g->tick)};
    for (int32_t i = 0; i < plan->ledger_count; i++) {
        const vx_ledger_job *job = &plan->ledgers[i];
        uint64_t limit = job->ledger->ring.limit * 2;
        if (vx_ledger_has_room(job->ledger))
            continue;
        if (limit > VX_LEDGER_MOST || vx_ring_grow(&job->ledger->ring, limit) != VX_OK)
            vx_marks_add(&marks, job->port->id, job->side, VX_MARK_LEDGER_FULL, 0);
    }
    for (int32_t i = 0; i < plan->tap_count; i++)
        if (!vx_tap_has_room(plan->taps[i].tap))
            vx_tap_tell_full(plan->taps[i].tap, &marks);
    publish(g, &marks);
    g->cramped = marks.count > 0;
    return g->cramped;
}

static int64_t advance(vx_graph *g, int64_t n, int until)
{
    int status;
    if (g == NULL || n < 0)
        return VX_E_ARGUMENT;
    if (g->pacer != NULL)
        return VX_E_STATE;
    status = vx_graph_settle(g);
    if (status == VX_OK && vx_ring_room(&g->marks) < 2 * (uint64_t)g->plans->mark_room)
        status = vx_ring_grow(&g->marks, g->marks.limit + 4 * (uint64_t)g->plans->mark_room);
    if (status != VX_OK)
        return status;
    for (int64_t done = 0; done < n; done++) {
        if (g->cramped && is_blocked(g))
            return done;
        if (vx_graph_tick(g) & until)
            return done + 1;
    }
    if (g->garbage != NULL)
        vx_graph_reclaim(g);
    return n;
}

int64_t vx_graph_advance(vx_graph *g, int64_t n)
{
    return advance(g, n, VX_TICK_MARKS);
}

int64_t vx_graph_advance_to_news(vx_graph *g, int64_t n)
{
    return advance(g, n, VX_TICK_MARKS | VX_TICK_NEWS);
}

int64_t vx_graph_ticks(vx_graph *g)
{
    return g == NULL ? VX_E_ARGUMENT : atomic_load_explicit(&g->tick, memory_order_acquire);
}

int64_t vx_graph_take_marks(vx_graph *g, vx_mark *out, int64_t n)
{
    uint64_t taken;
    if (g == NULL || n < 0 || (out == NULL && n > 0))
        return VX_E_ARGUMENT;
    vx_wake_drain(&g->wake);
    taken = vx_ring_read(&g->marks, out, (uint64_t)n);
    if (vx_ring_waiting(&g->marks) > 0 && g->wake.read_fd >= 0)
        vx_wake_signal(&g->wake); /* the caller did not take all: stay readable */
    return (int64_t)taken;
}
