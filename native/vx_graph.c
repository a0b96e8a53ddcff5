#include "vx_graph.h"

#include <stdlib.h>
#include <string.h>

#include "vx_graph_parts.h"
#include "vx_pacer.h"
#include "vx_status.h"

enum { FIRST_MARKS = 1024 };

int vx_graph_new(vx_graph **out)
{
    vx_graph *g;
    if (out == NULL)
        return VX_E_ARGUMENT;
    g = calloc(1, sizeof *g);
    if (g == NULL)
        return VX_E_MEMORY;
    if (vx_ring_init(&g->marks, sizeof(vx_mark), FIRST_MARKS) != VX_OK) {
        free(g);
        return VX_E_MEMORY;
    }
    vx_wake_init(&g->wake);
    g->port_end = g->tap_end = 1;
    g->changed = 1;
    *out = g;
    return VX_OK;
}

static void free_link(void *item)
{
    vx_link *link = item;
    if (link->slot != NULL)
        vx_slot_free(link->slot);
    free(link);
}

static void free_port(void *item)
{
    vx_port_free(item);
}

static void free_tap(void *item)
{
    vx_tap_free(item);
}

void vx_graph_free(vx_graph *g)
{
    if (g == NULL)
        return;
    vx_pacer_stop(g);
    for (int32_t id = 1; id < g->port_end; id++) {
        vx_port *port = g->ports[id];
        if (port == NULL)
            continue;
        for (int32_t i = 0; i < port->incoming_count; i++)
            free_link(port->incoming[i]);
        vx_port_free(port);
    }
    for (int32_t id = 1; id < g->tap_end; id++)
        if (g->taps[id] != NULL)
            vx_tap_free(g->taps[id]);
    while (g->garbage != NULL) {
        vx_garbage *next = g->garbage->next;
        g->garbage->release(g->garbage);
        g->garbage = next;
    }
    while (g->plans != NULL) {
        vx_plan *older = g->plans->older;
        vx_plan_free(g->plans);
        g->plans = older;
    }
    vx_wake_close(&g->wake);
    vx_ring_free(&g->marks);
    free(g->ports);
    free(g->taps);
    free(g);
}

void vx_graph_discard(vx_graph *g, vx_garbage *item, void (*release)(void *))
{
    if (item == NULL)
        return;
    item->release = release;
    item->number = g->plan_number + 1;
    item->next = g->garbage;
    g->garbage = item;
}

void vx_graph_reclaim(vx_graph *g)
{
    uint64_t adopted = atomic_load_explicit(&g->adopted, memory_order_acquire);
    vx_garbage **link = &g->garbage;
    vx_plan **older = &g->plans;
    while (*link != NULL) {
        vx_garbage *item = *link;
        if (item->number <= adopted) {
            *link = item->next;
            item->release(item);
        } else {
            link = &item->next;
        }
    }
    while (*older != NULL) {
        vx_plan *plan = *older;
        if (plan->number < adopted) {
            *older = plan->older;
            vx_plan_free(plan);
        } else {
            older = &plan->older;
        }
    }
}

int vx_graph_settle(vx_graph *g)
{
    vx_topology topology = {g->ports, g->port_end, g->taps, g->tap_end};
    vx_plan *plan, *passed_over;
    int status;
    if (!g->changed)
        return VX_OK;
    status = vx_plan_make(&plan, ++g->plan_number, &topology);
    if (status != VX_OK)
        return status;
    g->changed = 0;
    passed_over = atomic_exchange_explicit(&g->offered, plan, memory_order_acq_rel);
    if (passed_over != NULL) { /* the tick never saw it: it is the newest one */
        g->plans = passed_over->older;
        vx_plan_free(passed_over);
    }
    plan->older = g->plans;
    g->plans = plan;
    vx_graph_reclaim(g);
    return VX_OK;
}

int vx_graph_change(vx_graph *g)
{
    g->changed = 1;
    return g->pacer != NULL ? vx_graph_settle(g) : VX_OK;
}

vx_port *vx_graph_port(vx_graph *g, int id, int *status)
{
    *status = g == NULL || id < 1 || id >= g->port_end ? VX_E_ARGUMENT
              : g->ports[id] == NULL                   ? VX_E_CLOSED
                                                       : VX_OK;
    return *status == VX_OK ? g->ports[id] : NULL;
}

vx_tap *vx_graph_tap(vx_graph *g, int id, int *status)
{
    *status = g == NULL || id < 1 || id >= g->tap_end ? VX_E_ARGUMENT
              : g->taps[id] == NULL                   ? VX_E_CLOSED
                                                      : VX_OK;
    return *status == VX_OK ? g->taps[id] : NULL;
}

/* Makes room for one more pointer at index `end`. */
static int grow(void *list, int32_t end, int32_t *room)
{
    void **old = *(void ***)list, **bigger;
    int32_t wanted = *room == 0 ? 16 : 2 * *room;
    if (end < *room)
        return VX_OK;
    bigger = realloc(old, (size_t)wanted * sizeof *bigger);
    if (bigger == NULL)
        return VX_E_MEMORY;
    memset(bigger + *room, 0, (size_t)(wanted - *room) * sizeof *bigger);
    *(void ***)list = bigger;
    *room = wanted;
    return VX_OK;
}

int vx_graph_add_port(vx_graph *g, int rate_hz, int64_t queue_samples, int is_conference)
{
    int status, id;
    if (g == NULL)
        return VX_E_ARGUMENT;
    id = g->port_end;
    if (id > VX_PORTS_MAX)
        return VX_E_FULL;
    status = grow(&g->ports, id, &g->port_room);
    if (status == VX_OK)
        status = vx_port_new(&g->ports[id], id, rate_hz, queue_samples, is_conference != 0);
    if (status != VX_OK)
        return status;
    g->port_end++;
    status = vx_graph_change(g);
    return status == VX_OK ? id : status;
}

/* Where the link from that port is, or would be, among those into `to`. */
static int32_t find_link(const vx_port *to, int from)
{
    int32_t low = 0, high = to->incoming_count;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (to->incoming[middle]->from < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void remove_link(vx_graph *g, vx_port *to, int32_t at)
{
    vx_link *link = to->incoming[at];
    g->ports[link->from]->outgoing_count--;
    vx_graph_discard(g, &link->garbage, free_link);
    to->incoming_count--;
    g->links--;
    memmove(to->incoming + at, to->incoming + at + 1,
            (size_t)(to->incoming_count - at) * sizeof *to->incoming);
}

/* Removes the link between two ports if there is one; `to` may be no port. */
static void remove_link_of(vx_graph *g, int32_t from, int32_t to)
{
    vx_port *port = to > 0 && to < g->port_end ? g->ports[to] : NULL;
    int32_t at = port != NULL ? find_link(port, from) : 0;
    if (port != NULL && at < port->incoming_count && port->incoming[at]->from == from)
        remove_link(g, port, at);
}

static int new_link(vx_link **out, const vx_port *from, const vx_port *to)
{
    vx_link *link = calloc(1, sizeof *link);
    if (link == NULL)
        return VX_E_MEMORY;
    link->from = from->id;
    link->to = to->id;
    if (from->is_conference && vx_slot_new(&link->slot, from, to) != VX_OK) {
        free(link);
        return VX_E_MEMORY;
    }
    *out = link;
    return VX_OK;
}

int vx_graph_link(vx_graph *g, int from, int to)
{
    int status;
    vx_link *link;
    vx_port *target, *source = vx_graph_port(g, from, &status);
    int32_t at;
    if (source == NULL || (target = vx_graph_port(g, to, &status)) == NULL)
        return status;
    at = find_link(target, from);
    if (at < target->incoming_count && target->incoming[at]->from == from)
        return VX_OK;
    status = grow(&target->incoming, target->incoming_count, &target->incoming_room);
    if (status == VX_OK)
        status = new_link(&link, source, target);
    if (status != VX_OK)
        return status;
    memmove(target->incoming + at + 1, target->incoming + at,
            (size_t)(target->incoming_count - at) * sizeof *target->incoming);
    target->incoming[at] = link;
    target->incoming_count++;
    source->outgoing_count++;
    g->links++;
    return vx_graph_change(g);
}

int vx_graph_pair(vx_graph *g, int ear, int mouth)
{
    int status;
    vx_port *listener = vx_graph_port(g, ear, &status);
    if (listener == NULL || vx_graph_port(g, mouth, &status) == NULL)
        return status;
    listener->mouth = mouth;
    return vx_graph_change(g);
}

int vx_graph_unlink(vx_graph *g, int from, int to)
{
    int status;
    vx_port *target;
    int32_t at;
    if (vx_graph_port(g, from, &status) == NULL ||
        (target = vx_graph_port(g, to, &status)) == NULL)
        return status;
    at = find_link(target, from);
    if (at >= target->incoming_count || target->incoming[at]->from != from)
        return 0;
    remove_link(g, target, at);
    status = vx_graph_change(g);
    return status == VX_OK ? 1 : status;
}

int vx_graph_close_port(vx_graph *g, int id)
{
    int status;
    vx_port *port = vx_graph_port(g, id, &status);
    if (port == NULL)
        return status;
    while (port->incoming_count > 0)
        remove_link(g, port, port->incoming_count - 1);
    /* Ports that are linked were mostly made one after the other. */
    for (int32_t away = 1; port->outgoing_count > 0; away++) {
        remove_link_of(g, id, id - away);
        remove_link_of(g, id, id + away);
    }
    g->ports[id] = NULL;
    vx_graph_discard(g, &port->garbage, free_port);
    return vx_graph_change(g);
}

int vx_graph_add_tap(vx_graph *g, int rate_hz, const vx_point *left, int left_count,
                     const vx_point *right, int right_count, int chunk_ms, int buffer_ms)
{
    const vx_point *points[2] = {left, right};
    int counts[2] = {left_count, right_count};
    int status, id;
    vx_tap *tap;
    if (g == NULL || left == NULL || left_count < 1 || left_count > VX_TAP_POINTS ||
        right_count < 0 || right_count > VX_TAP_POINTS || (right_count > 0 && right == NULL))
        return VX_E_ARGUMENT;
    for (int c = 0; c < 2; c++)
        for (int i = 0; i < counts[c]; i++)
            if (points[c][i].side < 0 || points[c][i].side >= VX_SIDES)
                return VX_E_ARGUMENT;
            else if (vx_graph_port(g, points[c][i].port, &status) == NULL)
                return status;
    id = g->tap_end;
    status = grow(&g->taps, id, &g->tap_room);
    if (status == VX_OK)
        status = vx_tap_new(&tap, id, rate_hz, right_count > 0 ? 2 : 1, chunk_ms, buffer_ms);
    if (status != VX_OK)
        return status;
    for (int c = 0; c < tap->channels; c++) {
        tap->counts[c] = counts[c];
        memcpy(tap->points[c], points[c], (size_t)counts[c] * sizeof(vx_point));
    }
    g->taps[id] = tap;
    g->tap_end++;
    status = vx_graph_change(g);
    return status == VX_OK ? id : status;
}

int vx_graph_close_tap(vx_graph *g, int id)
{
    int status;
    vx_tap *tap = vx_graph_tap(g, id, &status);
    if (tap == NULL)
        return status;
    g->taps[id] = NULL;
    vx_graph_discard(g, &tap->garbage, free_tap);
    return vx_graph_change(g);
}
