#include "vx_plan.h"

#include <stdlib.h>
#include <string.h>

#include "vx_status.h"

/* All lists of a plan are cut from a few blocks that are freed with it. */
typedef struct vx_plan_memory {
    struct vx_plan_memory *next;
} vx_plan_memory;

/* What the making of one plan shares. */
typedef struct maker {
    vx_plan *plan;
    const vx_topology *topology;
    vx_conference_job **jobs; /* of the conference with that id */
    int32_t links;            /* all there are */
    int32_t points;           /* of all taps */
    const vx_frame **inputs;  /* the next free place for those of sinks and taps */
    int status;
} maker;

/* n zeroed items; NULL (and a status) without memory. */
static void *list_of(maker *m, size_t n, size_t size)
{
    vx_plan_memory *block = calloc(1, sizeof(max_align_t) + n * size + 1);
    if (block == NULL) {
        m->status = VX_E_MEMORY;
        return NULL;
    }
    block->next = m->plan->memory;
    m->plan->memory = block;
    return (char *)block + sizeof(max_align_t);
}

void vx_plan_free(vx_plan *plan)
{
    while (plan->memory != NULL) {
        vx_plan_memory *next = plan->memory->next;
        free(plan->memory);
        plan->memory = next;
    }
    free(plan);
}

static void plan_feed(maker *m, vx_port *port, int side, vx_feed *feed)
{
    vx_plan *plan = m->plan;
    int late = side == VX_SIDE_SINK || port->is_conference;
    vx_feed_job job = {feed, port, side};
    if (feed->planned == plan->number)
        return;
    feed->planned = plan->number;
    if (late)
        plan->late_feeds[plan->late_feed_count++] = job;
    else
        plan->early_feeds[plan->early_feed_count++] = job;
}

/* The frame of one side of a port at a rate. */
static const vx_frame *frame_at(maker *m, vx_port *port, int side, int rate_hz)
{
    vx_feed *feed;
    if (port->is_conference)
        side = VX_SIDE_SOURCE; /* both are the whole mix */
    if (rate_hz == port->rate_hz)
        return &port->frames[side];
    if (vx_port_need_feed(port, side, rate_hz) != VX_OK) {
        m->status = VX_E_MEMORY;
        return &port->frames[side];
    }
    feed = port->feeds[side][vx_rate_index(rate_hz)];
    plan_feed(m, port, side, feed);
    return &feed->frame;
}

/* The frame that a link brings to `port`. */
static const vx_frame *frame_of_link(maker *m, const vx_link *link, const vx_port *port)
{
    if (link->slot == NULL)
        return frame_at(m, m->topology->ports[link->from], VX_SIDE_SOURCE, port->rate_hz);
    return port->is_conference ? &link->slot->late : &link->slot->frame;
}

static void count_all(maker *m)
{
    const vx_topology *t = m->topology;
    for (int32_t id = 1; id < t->port_end; id++)
        if (t->ports[id] != NULL)
            m->links += t->ports[id]->incoming_count;
    for (int32_t id = 1; id < t->tap_end; id++)
        if (t->taps[id] != NULL)
            m->points += t->taps[id]->counts[0] + t->taps[id]->counts[1];
}

static int make_lists(maker *m)
{
    const vx_topology *t = m->topology;
    vx_plan *p = m->plan;
    size_t ports = (size_t)t->port_end, links = (size_t)m->links, points = (size_t)m->points;
    size_t marks = VX_MARKS_PER_PORT * ports + VX_MARKS_PER_TAP * (size_t)t->tap_end;
    p->sources = list_of(m, ports, sizeof *p->sources);
    p->turns = list_of(m, links, sizeof *p->turns);
    p->early_feeds = list_of(m, links + points, sizeof *p->early_feeds);
    p->conferences = list_of(m, ports, sizeof *p->conferences);
    p->sinks = list_of(m, ports, sizeof *p->sinks);
    p->late_feeds = list_of(m, points, sizeof *p->late_feeds);
    p->detects = list_of(m, VX_SIDES * ports, sizeof *p->detects);
    p->ledgers = list_of(m, VX_SIDES * ports, sizeof *p->ledgers);
    p->taps = list_of(m, (size_t)t->tap_end, sizeof *p->taps);
    p->marks = list_of(m, marks, sizeof *p->marks);
    p->mark_room = (int32_t)marks;
    m->jobs = list_of(m, ports, sizeof *m->jobs);
    m->inputs = list_of(m, links + points, sizeof *m->inputs);
    return m->status;
}

/* What takes digits out of a port's sound; NULL: nothing does. */
static vx_digit_detector *muting_digits(const vx_port *port)
{
    vx_digit_detector *digit = port->detectors[VX_SIDE_SOURCE].digit;
    return digit != NULL && digit->mutes ? digit : NULL;
}

static void plan_conference(maker *m, vx_port *port)
{
    vx_conference_job *job = &m->plan->conferences[m->plan->conference_count++];
    size_t inputs = (size_t)port->incoming_count + 1;
    job->port = port;
    job->inputs = list_of(m, inputs, sizeof *job->inputs);
    job->via = list_of(m, inputs, sizeof *job->via);
    m->jobs[port->id] = job;
    if (m->status != VX_OK)
        return;
    job->inputs[job->input_count++] = &port->own;
    for (int32_t i = 0; i < port->incoming_count; i++) {
        job->via[job->input_count] = port->incoming[i]->from;
        job->inputs[job->input_count++] = frame_of_link(m, port->incoming[i], port);
    }
    for (int side = 0; side < VX_SIDES; side++) {
        const vx_detectors *d = &port->detectors[side];
        if (d->speech != NULL || d->silence != NULL || d->digit != NULL || d->level != NULL)
            job->all_wanted = 1;
    }
    job->mutes = muting_digits(port);
}

static void plan_sink(maker *m, vx_port *port)
{
    vx_sink_job *job = &m->plan->sinks[m->plan->sink_count++];
    job->port = port;
    job->channel = port->channels[VX_SIDE_SINK];
    job->inputs = m->inputs;
    for (int32_t i = 0; i < port->incoming_count; i++)
        job->inputs[job->count++] = frame_of_link(m, port->incoming[i], port);
    m->inputs += job->count;
}

/* The frame that comes into the conference from the port `id`; NULL when none does. */
static const vx_frame *input_from(const vx_conference_job *job, int32_t id)
{
    int32_t low = 1, high = job->input_count; /* the first is its own queue */
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (job->via[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < job->input_count && job->via[low] == id ? job->inputs[low] : NULL;
}

/* Calls `visit` for every link that comes from a conference. */
static void each_slot(maker *m, void (*visit)(maker *m, const vx_link *link, const vx_port *to))
{
    const vx_topology *t = m->topology;
    for (int32_t id = 1; id < t->port_end; id++) {
        const vx_port *port = t->ports[id];
        for (int32_t i = 0; port != NULL && i < port->incoming_count; i++)
            if (port->incoming[i]->slot != NULL)
                visit(m, port->incoming[i], port);
    }
}

static void count_output(maker *m, const vx_link *link, const vx_port *to)
{
    m->jobs[link->from]->output_count++;
}

static void add_output(maker *m, const vx_link *link, const vx_port *to)
{
    vx_conference_job *job = m->jobs[link->from];
    job->outputs[job->output_count++] =
        (vx_output){link->slot, input_from(job, to->mouth), to->mouth};
    if (to->is_conference)
        m->plan->turns[m->plan->turn_count++] = link->slot;
    if (to->rate_hz != job->port->rate_hz &&
        vx_port_need_feed(job->port, VX_SIDE_SOURCE, to->rate_hz) != VX_OK)
        m->status = VX_E_MEMORY;
}

/* Gives every conference the list of those who hear it. */
static void plan_outputs(maker *m)
{
    each_slot(m, count_output);
    for (int32_t i = 0; i < m->plan->conference_count; i++) {
        vx_conference_job *job = &m->plan->conferences[i];
        job->outputs = list_of(m, (size_t)job->output_count, sizeof *job->outputs);
        job->output_count = 0;
    }
    if (m->status == VX_OK)
        each_slot(m, add_output);
}

static void plan_listeners(maker *m, vx_port *port)
{
    vx_plan *plan = m->plan;
    for (int side = 0; side < VX_SIDES; side++) {
        const vx_detectors *d = &port->detectors[side];
        if (d->speech != NULL || d->silence != NULL || d->digit != NULL || d->level != NULL)
            plan->detects[plan->detect_count++] = (vx_detect_job){*d, port, side};
        if (port->ledgers[side] != NULL) {
            vx_ledger_job *job = &plan->ledgers[plan->ledger_count++];
            *job = (vx_ledger_job){port->ledgers[side], port, &port->origins, NULL, 0, side};
            if (side == VX_SIDE_SINK && !port->is_conference) {
                const vx_sink_job *sink = &plan->sinks[plan->sink_count - 1];
                job->inputs = sink->inputs;
                job->count = sink->count;
                job->origins = sink->channel != NULL ? vx_channel_origins(sink->channel) : NULL;
            }
        }
    }
}

static void plan_tap(maker *m, vx_tap *tap)
{
    vx_tap_job *job = &m->plan->taps[m->plan->tap_count++];
    job->tap = tap;
    for (int c = 0; c < tap->channels; c++) {
        job->inputs[c] = m->inputs;
        for (int32_t i = 0; i < tap->counts[c]; i++) {
            const vx_point *point = &tap->points[c][i];
            vx_port *port = m->topology->ports[point->port];
            if (port == NULL)
                continue; /* closed: it is silent from now on */
            if (port->is_conference)
                m->jobs[port->id]->all_wanted = 1;
            job->inputs[c][job->counts[c]++] = frame_at(m, port, point->side, tap->rate_hz);
        }
        m->inputs += job->counts[c];
    }
}

int vx_plan_make(vx_plan **out, uint64_t number, const vx_topology *topology)
{
    vx_plan *plan = calloc(1, sizeof *plan);
    maker m = {plan, topology, NULL, 0, 0, NULL, VX_OK};
    if (plan == NULL)
        return VX_E_MEMORY;
    plan->number = number;
    count_all(&m);
    make_lists(&m);
    for (int32_t id = 1; id < topology->port_end && m.status == VX_OK; id++) {
        vx_port *port = topology->ports[id];
        if (port == NULL)
            continue;
        plan->sources[plan->source_count++] = (vx_source_job){
            port, port->playback_marks, port->channels[VX_SIDE_SOURCE],
            port->is_conference ? NULL : muting_digits(port)};
        if (port->is_conference)
            plan_conference(&m, port);
        else
            plan_sink(&m, port);
        if (m.status == VX_OK)
            plan_listeners(&m, port);
    }
    if (m.status == VX_OK)
        plan_outputs(&m);
    for (int32_t id = 1; id < topology->tap_end && m.status == VX_OK; id++)
        if (topology->taps[id] != NULL)
            plan_tap(&m, topology->taps[id]);
    if (m.status != VX_OK) {
        vx_plan_free(plan);
        return m.status;
    }
    *out = plan;
    return VX_OK;
}
