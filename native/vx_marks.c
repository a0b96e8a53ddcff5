#include "vx_marks.h"

void vx_marks_add(vx_marks *marks, int port, int side, int kind, int64_t value)
{
    if (marks->count < marks->room)
        marks->list[marks->count++] =
            (vx_mark){marks->tick, value, port, (int16_t)side, (int16_t)kind};
}

static int comes_before(const vx_mark *a, const vx_mark *b)
{
    if (a->port != b->port)
        return a->port < b->port;
    return a->kind < b->kind;
}

/* Insertion sort: the phases of a tick go through the ports in order, so little moves. */
void vx_marks_sort(vx_marks *marks)
{
    for (int32_t i = 1; i < marks->count; i++) {
        vx_mark mark = marks->list[i];
        int32_t at = i;
        for (; at > 0 && comes_before(&mark, &marks->list[at - 1]); at--)
            marks->list[at] = marks->list[at - 1];
        marks->list[at] = mark;
    }
}
