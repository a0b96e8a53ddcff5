"""The audio graph of a run, driven by its clock, and its marks brought to their owners.

In virtual time the clock asks for the audio up to its next instant, and the graph stops at the
first mark on the way. In real time the graph's pacer thread owns the cadence, and a task here
waits on its file descriptor. Either way a mark becomes an entry of the clock's agenda.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

import trio
from attrs import define, field

from voxrt.clock import US_PER_MS, Clock
from voxrt.clocks import RealClock
from voxrt.media.graph import Graph, Mark, MarkKind, Port, Side, Tap

FRAME_US = 20 * US_PER_MS


@define(eq=False)
class _Reader:
    order: tuple[int, int]
    read: Callable[[], int | None]
    due_tick: int | None = None


def _order(called: tuple[_Reader, tuple[int, int]]) -> tuple[int, int]:
    return called[0].order


@define(eq=False)
class MediaDriver:
    """Renders the graph as time passes and tells the owners of ports what happened.

    Args:
        clock: The run's clock.
        graph: The run's audio graph.
    """

    clock: Clock
    graph: Graph
    _readers: dict[tuple[int, int], _Reader] = field(factory=dict, init=False)
    _reader_count: int = field(default=0, init=False)
    _due: list[tuple[int, tuple[int, int]]] = field(factory=list, init=False)
    """When readers want to be called, the soonest first; a reader may have changed its mind."""
    _listeners: dict[int, list[Callable[[Mark], None]]] = field(factory=dict, init=False)
    _drains: dict[int, Callable[[], None]] = field(factory=dict, init=False)
    _finishes: dict[int, Callable[[], None]] = field(factory=dict, init=False)

    def listen(self, port: Port, listener: Callable[[Mark], None]) -> None:
        """Calls the listener with every mark of the port."""
        self._listeners.setdefault(port.id, []).append(listener)

    def forget(self, port: Port) -> None:
        """Ends the listening to a port that is about to be closed."""
        self._listeners.pop(port.id, None)

    def drain_with(
        self, tap: Tap, drain: Callable[[], None], finish: Callable[[], None] | None = None
    ) -> None:
        """Calls `drain` whenever the tap has a chunk of audio, or is full.

        `finish` is called when the run stops before this was undone, to complete a file.
        """
        self._drains[tap.id] = drain
        if finish is not None:
            self._finishes[tap.id] = finish

    def stop_draining(self, tap: Tap) -> None:
        """Undoes `drain_with`."""
        self._drains.pop(tap.id, None)
        self._finishes.pop(tap.id, None)

    def read_with(
        self, port: Port, side: Side, read: Callable[[], int | None], *, place: int = 0
    ) -> None:
        """Calls `read` after audio was computed, when the ledger of a port's side has changed.

        Args:
            port: A port with a ledger on that side.
            side: The side.
            read: Reads the ledger. Returns after how many ticks of the graph, counted from its
                first, it wants to be called even though nothing has changed; `None` for never.
            place: Readers are called in the order of their places, then in that of these calls.
        """
        self._reader_count += 1
        self._readers[port.id, side.value] = _Reader((place, self._reader_count), read)

    def stop_reading(self, port: Port, side: Side) -> None:
        """Undoes `read_with`."""
        self._readers.pop((port.id, side.value), None)

    def finish(self) -> None:
        """The run stops, perhaps in the middle of a call: files become complete."""
        for finish in list(self._finishes.values()):
            finish()

    def advance_to(self, time_us: int) -> int:
        """Renders the frames that begin before an instant, or up to the first mark or reader.

        A mark of the frame that begins at k x 20 ms is due when the frame is over: what is done
        then takes effect in the next frame.
        """
        wanted = -(-time_us // FRAME_US) - self.graph.tick
        if wanted <= 0:
            return time_us
        graph, due = self.graph, self._due
        most = min(wanted, max(due[0][0] - graph.tick, 1)) if due else wanted
        ran = graph.advance(most, to_news=True)
        self._collect()
        # Readers read at the end of a frame, whatever else is due before.
        if graph.take_news() or (due and due[0][0] <= graph.tick):
            self.clock.call_at(graph.tick * FRAME_US, self._keep_books)
        return time_us if ran == wanted else min(time_us, graph.tick * FRAME_US)

    def _keep_books(self) -> None:
        readers, due, tick = self._readers, self._due, self.graph.tick
        ledgers = set(self.graph.changed_ledgers())
        while due and due[0][0] <= tick:
            due_tick, ledger = heappop(due)
            if ledger in readers and readers[ledger].due_tick == due_tick:
                ledgers.add(ledger)
        called = [(readers[ledger], ledger) for ledger in ledgers if ledger in readers]
        for reader, ledger in sorted(called, key=_order):
            reader.due_tick = reader.read()
            if reader.due_tick is not None:
                heappush(due, (reader.due_tick, ledger))

    def _collect(self) -> None:
        for mark in self.graph.take_marks():
            self.clock.call_at((mark.tick + 1) * FRAME_US, self._tell, mark)

    def _tell(self, mark: Mark) -> None:
        if mark.kind in (MarkKind.CHUNK, MarkKind.TAP_FULL):
            drain = self._drains.get(mark.value)
            if drain is not None:
                drain()
            return
        for listener in list(self._listeners.get(mark.port.id, ())):
            listener(mark)

    async def pace(self, clock: RealClock, task_status: trio.TaskStatus[None]) -> None:
        """Runs the graph's pacer and collects its marks until cancelled: real time.

        The clock begins with the first frame.
        """
        wakes = self.graph.start_pacer(clock.speed)
        clock.begin()
        task_status.started()
        try:
            while True:
                await trio.lowlevel.wait_readable(wakes)
                self._collect()
                self._keep_books()
        finally:
            self.graph.stop_pacer()
