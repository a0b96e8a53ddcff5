"""The audio graph: ports that exchange 20 ms frames, run tick by tick in C.

A tick makes one frame of every port: sources (queue, clip, tone), conferences, sinks (the mix of
the links), then detectors, ledgers and taps; `native/vx_graph.h` has the whole order. Tick k makes
the frame that begins at k * 20 ms, and a change takes effect at the next tick. Time passes only
through `advance`, or through the pacer, which runs the ticks in real time in a thread of its own.

One thread at a time uses a graph; the pacer's own is taken care of.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, TypeVar

from voxrt._native import ffi, lib
from voxrt.errors import MediaError
from voxrt.media.core import Core, to_int32
from voxrt.media.marks import (
    FRAME_MS,
    GraphStatistics,
    Heard,
    Mark,
    MarkKind,
    Side,
    VadSettings,
    kind_of,
    side_of,
)
from voxrt.media.port import Conference, Ledger, Port
from voxrt.media.tap import Tap, points_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.media.tap import Point

__all__ = [
    "FRAME_MS",
    "Conference",
    "Graph",
    "GraphStatistics",
    "Heard",
    "Ledger",
    "Mark",
    "MarkKind",
    "Port",
    "Side",
    "Tap",
    "VadSettings",
]

_MARK_BATCH = 256
_POINT = Struct("=ii")
_NONE: frozenset[tuple[int, int]] = frozenset()
_P = TypeVar("_P", bound=Port)


class Graph:
    """Ports, their links, and the time that passes for them."""

    def __init__(self) -> None:
        self._core = Core()
        self._marks = ffi.new("vx_mark[]", _MARK_BATCH)
        self._points = ffi.new("vx_point[]", 64)
        self._ticks: int | None = 0
        """Known without asking the core, but not once the pacer counts, or at the end."""

    def _check(self, status: int) -> int:
        return status if status >= 0 else self._core.check(status, "The audio graph")

    @property
    def closed(self) -> bool:
        """Whether the graph has been closed."""
        return self._core.closed

    # What is in it

    def port(self, name: str, rate_hz: int, *, queue_ms: int = 10_000) -> Port:
        """Adds a port.

        Args:
            name: For messages and logs.
            rate_hz: 8000, 16000, 24000 or 48000.
            queue_ms: How much sound its queue takes; memory follows what is really queued.

        Raises:
            MediaError: Another rate, or a queue of less than 1 ms or more than 2^31 samples.
        """
        return self._add(Port, name, rate_hz, queue_ms)

    def conference(self, name: str, rate_hz: int = 16_000, *, queue_ms: int = 10_000) -> Conference:
        """Adds a conference, which mixes at its own rate."""
        return self._add(Conference, name, rate_hz, queue_ms)

    def _add(self, kind: type[_P], name: str, rate_hz: int, queue_ms: int) -> _P:
        queue_samples = min(rate_hz // 1000 * queue_ms, 2**31)
        is_conference = issubclass(kind, Conference)
        status = lib.vx_graph_add_port(
            self._core.handle, to_int32(rate_hz), queue_samples, is_conference
        )
        port_id = self._core.check(status, f"Port {name!r} of {rate_hz} Hz")
        made = kind(name, port_id, rate_hz, self._core)
        self._core.ports[port_id] = made
        return made

    def tap(
        self,
        left: Point,
        right: Point | None = None,
        *,
        rate_hz: int | None = None,
        mix: Sequence[Point] = (),
        chunk_ms: int = 0,
        buffer_ms: int = 10_000,
    ) -> Tap:
        """Keeps what passes some points from the next tick on, until it is read.

        Args:
            left: A port and one of its sides.
            right: Another, for the right channel; none makes the tap mono.
            rate_hz: 8000, 16000, 24000 or 48000; the rate of the left port by default.
            mix: More points, up to seven, mixed into the left channel.
            chunk_ms: Raise CHUNK each time so much has come; 0 for never.
            buffer_ms: How much waits to be read: 40 to 3,600,000, and a frame more than a chunk.
                When it is full, `advance` stops with TAP_FULL, and the pacer drops what comes.

        Raises:
            MediaError: A point's port is closed or in another graph, or a value out of range.
        """
        for port, _ in (left, *mix, *((right,) if right else ())):
            if port._core is not self._core:
                raise MediaError(f"Port {port.name!r} is in another graph.")
        rate_hz = rate_hz if rate_hz is not None else left[0].rate_hz
        lefts, rights = points_of([left, *mix]), points_of([right] if right else [])
        tap_id = self._check(
            lib.vx_graph_add_tap(
                self._core.handle,
                to_int32(rate_hz),
                lefts,
                len(lefts),
                rights,
                len(rights),
                to_int32(chunk_ms),
                to_int32(buffer_ms),
            )
        )
        return Tap(tap_id, rate_hz, 2 if right else 1, self._core)

    # Time

    @property
    def tick(self) -> int:
        """Ticks that have run: the next one makes the frame that begins at `tick * 20` ms."""
        if self._ticks is None:
            return self._check(lib.vx_graph_ticks(self._core.handle))
        return self._ticks

    def advance(self, ticks: int, *, to_news: bool = False) -> int:
        """Runs up to `ticks` ticks, and stops after the first that raised a mark.

        Other Python threads go on meanwhile. While a tap is full nothing runs: the result is 0
        and there is a TAP_FULL mark.

        Args:
            ticks: How many, at most.
            to_news: Stop, too, after a tick in which a ledger changed that had not since it was
                read.

        Returns:
            How many ran.

        Raises:
            MediaError: A negative number, the pacer runs, or the graph is closed.
        """
        run = lib.vx_graph_advance_to_news if to_news else lib.vx_graph_advance
        ran = self._check(run(self._core.handle, ticks))
        if self._ticks is not None:
            self._ticks += ran
        return ran

    def take_marks(self) -> list[Mark]:
        """The marks since the last time, by tick, port id and kind; also drains the pacer's fd."""
        batch, ports = self._marks, self._core.ports
        taken: list[Mark] = []
        count = _MARK_BATCH
        while count == _MARK_BATCH:
            count = self._check(lib.vx_graph_take_marks(self._core.handle, batch, _MARK_BATCH))
            for mark in batch[0:count] if count else ():
                side, kind = side_of(mark.side), kind_of(mark.kind)
                taken.append(Mark(mark.tick, ports[mark.port], side, kind, mark.value))
        return taken

    def changed_ledgers(self) -> frozenset[tuple[int, int]]:
        """Which ledgers have changed since they were read, by the id of the port and `Side.value`.

        Sound began there, went elsewhere in its utterance, or ended. Sound that just goes on is no
        change, though there are entries to read.
        """
        count = self._check(
            lib.vx_graph_changed_ledgers(self._core.handle, self._points, len(self._points))
        )
        if count > len(self._points):
            self._points = ffi.new("vx_point[]", 2 * count)
            return self.changed_ledgers()
        points = ffi.buffer(self._points, count * _POINT.size)
        return frozenset(_POINT.iter_unpack(points)) if count else _NONE

    def take_news(self) -> bool:
        """Whether a ledger has changed since this was asked for the last time."""
        return bool(self._check(lib.vx_graph_take_news(self._core.handle)))

    # Real time

    def start_pacer(self, speed: float = 1.0, *, realtime: bool = False) -> int:
        """Runs the ticks from a thread in C, in real time or a multiple of it.

        It never drifts: tick k is due at start + k * 20 ms / speed on the monotonic clock. After
        a stall it catches up at twice the cadence, so that no output gets a burst. While it runs,
        `advance` is refused and everything else works without waiting for it.

        Args:
            speed: 0.01 to 100.
            realtime: Ask for real-time priority; without the privilege, go on as usual.

        Returns:
            A file descriptor that is readable while marks wait, for
            `trio.lowlevel.wait_readable`; it belongs to the graph.

        Raises:
            MediaError: It runs already, the speed is out of range, or there is no thread to have.
        """
        permille = round(max(-1.0, min(speed, 1e6)) * 1000)
        wakes = self._check(lib.vx_pacer_start(self._core.handle, permille, realtime))
        self._ticks = None
        return wakes

    def stop_pacer(self) -> None:
        """Stops the pacer and waits for its tick to end; harmless when it does not run."""
        if not self.closed:
            self._check(lib.vx_pacer_stop(self._core.handle))

    def pacer_lateness_ns(self) -> list[int]:
        """How late the latest ticks of the running pacer began, in nanoseconds, oldest first.

        At most 8192 of them.
        """
        out = ffi.new("int64_t[]", lib.VX_LATENESS_KEPT)
        count = self._check(lib.vx_pacer_lateness(self._core.handle, out, len(out)))
        return list(out[0:count])

    def statistics(self) -> GraphStatistics:
        """A snapshot of what it holds and how it fared."""
        out = ffi.new("vx_graph_statistics *")
        self._check(lib.vx_graph_get_statistics(self._core.handle, out))
        return GraphStatistics(
            ticks=out.ticks,
            ports=out.ports,
            taps=out.taps,
            links=out.links,
            plans=out.plans,
            marks_lost=out.marks_lost,
            late_ticks=out.late_ticks,
            worst_late_ns=out.worst_late_ns,
            pacing=bool(out.pacing),
        )

    def close(self) -> None:
        """Stops the pacer, closes all ports and taps, and frees them; harmless when closed."""
        self._ticks = None
        self._core.close()
