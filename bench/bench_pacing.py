"""The pacer in real time, beside a plain sleeper, and how soon trio knows; about six seconds."""

from __future__ import annotations

import statistics
import time

import trio

from bench.rows import Row, at_most
from voxrt._native import ffi, lib
from voxrt.media.graph import Graph, MarkKind, Side

US = 1e-3  # from ns
SPEED = 4
PERIOD_NS = 20_000_000 // SPEED
LEGS = 200


def at_share(values: list[int], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def legs(graph: Graph, count: int) -> None:
    """Pairs of talking legs at 8 kHz, linked both ways."""
    sound = bytes(range(1, 251)) * 640
    for at in range(0, count, 2):
        one, other = (graph.port(f"leg {at + i}", 8000, queue_ms=60_000) for i in range(2))
        one.send_to(other)
        other.send_to(one)
        one.push(sound)
        other.push(sound)


def lateness(seconds: float, *, realtime: bool = False) -> list[Row]:
    """Ticks of 20 legs every 5 ms, and a thread that only sleeps, at the same time."""
    graph, count = Graph(), round(seconds * 1e9 / PERIOD_NS)
    legs(graph, 20)
    sleeper, slept = ffi.new("vx_sleeper **"), ffi.new("int64_t[]", count)
    graph.start_pacer(SPEED, realtime=realtime)
    lib.vx_sleeper_start(sleeper, PERIOD_NS, count)
    lib.vx_sleeper_finish(sleeper[0], slept)
    paced, plain = graph.pacer_lateness_ns()[1:], list(slept)
    drift = min(paced[-50:]) // PERIOD_NS
    graph.close()
    what = "lateness of a paced tick" + (", real-time priority" if realtime else "")
    yardstick = "plain sleeper beside it"
    limits = {0.5: (None, None), 0.99: (4.0, 2.0), 0.999: (None, None)}
    return [
        at_most(
            f"{what}, p{100 * share:g}",
            at_share(paced, share) * US,
            "us",
            yardstick=yardstick,
            reference=at_share(plain, share) * US,
            first=first,
            goal=goal,
        )
        for share, (first, goal) in limits.items()
    ] + [at_most(f"drift after {len(paced)} ticks", drift, "frames", first=0, goal=0)]


async def wake_ups(count: int) -> tuple[list[int], list[int]]:
    """How late a task in trio wakes: by the pacer's descriptor, and by `trio.sleep_until`."""
    graph = Graph()
    port = graph.port("leg", 8000)
    port.detect(Side.SOURCE, level_ms=20)
    fd = graph.start_pacer(5)
    woken, slept = [], []
    while len(woken) < count:
        await trio.lowlevel.wait_readable(fd)
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        marks = [mark for mark in graph.take_marks() if mark.kind is MarkKind.LEVEL]
        woken += [now - lib.vx_pacer_due_ns(graph._core.handle, mark.tick) for mark in marks]
    graph.close()
    start = trio.current_time()
    for k in range(1, count + 1):
        await trio.sleep_until(start + k * 0.004)
        slept.append(round((trio.current_time() - start - k * 0.004) * 1e9))
    return woken[1:], slept


def trio_wake_ups(seconds: float) -> tuple[Row, Row]:
    woken, slept = trio.run(wake_ups, round(seconds / 0.004))
    return at_most(
        "lateness of the wake-up in trio, p50 (limit in us)",
        statistics.median(woken) * US,
        "us",
        first=350,
        goal=250,
    ), at_most(
        "the same, beside trio",
        statistics.median(woken) * US,
        "us",
        yardstick="trio.sleep_until",
        reference=statistics.median(slept) * US,
    )


def paced_cpu(seconds: float) -> tuple[Row, Row]:
    """CPU of the whole process while the pacer serves 200 talking legs."""
    graph = Graph()
    legs(graph, LEGS)
    graph.advance(1)
    graph.start_pacer()
    begin = time.process_time()
    trio.run(trio.sleep, seconds)
    paced = (time.process_time() - begin) / seconds * 1e3
    graph.close()

    async def tasks() -> None:
        async def leg() -> None:
            start = trio.current_time()
            for k in range(1, round(seconds / 0.02) + 1):
                await trio.sleep_until(start + k * 0.02)

        async with trio.open_nursery() as nursery:
            for _ in range(LEGS):
                nursery.start_soon(leg)

    begin = time.process_time()
    trio.run(tasks)
    trio_ms = (time.process_time() - begin) / seconds * 1e3
    return (
        at_most(f"CPU for {LEGS} legs, paced", paced, "ms CPU per s", first=40, goal=20),
        at_most(
            "the same, beside trio",
            paced,
            "ms CPU per s",
            yardstick=f"{LEGS} tasks in trio.sleep_until",
            reference=trio_ms,
        ),
    )


def rows(seconds: float = 5.0) -> list[Row]:
    """All rows of this file.

    Args:
        seconds: How long to measure, about.
    """
    return [
        *lateness(0.4 * seconds),
        *trio_wake_ups(0.15 * seconds),
        *paced_cpu(0.15 * seconds),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row)
