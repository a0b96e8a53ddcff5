#include "vx_ledger.h"

int vx_ledger_init(vx_ledger *ledger)
{
    atomic_init(&ledger->lost, 0);
    atomic_init(&ledger->changed, 0);
    return vx_ring_init(&ledger->ring, sizeof(vx_heard), VX_LEDGER_ENTRIES);
}

int vx_ledger_has_room(const vx_ledger *ledger)
{
    return vx_ring_room(&ledger->ring) >= VX_ORIGINS_MAX;
}

static int goes_on(const vx_ledger *ledger, const vx_origin *from)
{
    const vx_origin *last = &ledger->last;
    if (ledger->last_count != 1 || from->port != last->port || from->tag != last->tag)
        return 0;
    return from->tag == 0 ||
           (from->samples == last->samples && from->offset == last->offset + last->samples);
}

/* Notes whether the frame is more than a going on, and what it leads to. */
static int note_change(vx_ledger *ledger, const vx_origins *origins)
{
    int result = vx_ledger_has_room(ledger) ? 0 : VX_LEDGER_FULL;
    int same = origins->count == 0 ? ledger->last_count == 0
                                   : origins->count == 1 && goes_on(ledger, &origins->list[0]);
    if (!same && !atomic_exchange_explicit(&ledger->changed, 1, memory_order_acq_rel))
        result |= VX_LEDGER_NEWS;
    ledger->last_count = origins->count;
    if (origins->count > 0)
        ledger->last = origins->list[0];
    return result;
}

int vx_ledger_write(vx_ledger *ledger, const vx_origins *origins, int64_t tick)
{
    vx_heard entries[VX_ORIGINS_MAX];
    int count = origins->count < VX_ORIGINS_MAX ? origins->count : VX_ORIGINS_MAX;
    if (count == 0)
        return note_change(ledger, origins);
    for (int i = 0; i < count; i++) {
        const vx_origin *from = &origins->list[i];
        entries[i] =
            (vx_heard){tick, from->tag, from->offset, from->port, from->samples, 0, 0};
    }
    entries[count - 1].truncated = origins->truncated || origins->count > count;
    if (!vx_ring_write(&ledger->ring, entries, (uint64_t)count))
        atomic_fetch_add_explicit(&ledger->lost, count, memory_order_relaxed);
    return note_change(ledger, origins);
}
