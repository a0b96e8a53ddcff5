"""Gives the stimuli of a recording again, each at its instant and in its place there.

Several things often happen at one instant of virtual time, and their order decides what a scenario
does. A stimulus is therefore given when as many records of its instant have been written as there
were before it in the recording; while they are not, and anything else is due now, it waits. When
nothing else is due, the scenario does something else than it did, and the stimulus is given.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable

from attrs import define, field, frozen

from voxrt.clock import US_PER_MS, Clock
from voxrt.replay.kinds import is_counted
from voxrt.session.journal import Record

LEAST_SHIFT_US = 100 * US_PER_MS


@frozen(order=True)
class Stimulus:
    """Something that comes from outside.

    Attributes:
        n: The number of its record, which orders the stimuli of one instant.
        at_us: When, in microseconds since the run began.
        give: Does it.
        before: How many records of the instant come first; 0 for one whose instant was moved.
    """

    n: float
    at_us: int = field(order=False)
    give: Callable[[], object] = field(order=False)
    before: int = field(default=0, order=False)


@define(eq=False)
class Feeder:
    """Gives stimuli on the clock of a run.

    Args:
        records: The recording.
        until: The number of the last record that counts: nothing after it is given.
        far_until: The same for what far ends of calls say and do, who may go on alone.
    """

    records: list[Record]
    until: float
    far_until: float
    clock: Clock = field(init=False)
    _before: dict[int, int] = field(factory=dict, init=False)
    """How many counted records of its instant come before a record, by its number."""
    _instant: float = field(default=0.0, init=False)
    _written: int = field(default=0, init=False)
    """The counted records of the present instant."""
    _waiting: list[Stimulus] = field(factory=list, init=False)
    _quiet: list[Callable[[], object]] = field(factory=list, init=False)
    _polls: bool = field(default=False, init=False)

    def __attrs_post_init__(self) -> None:
        instant, count = 0.0, 0
        for record in self.records:
            if record["t"] != instant:
                instant, count = record["t"], 0
            self._before[record["n"]] = count
            count += is_counted(record)

    def watch(self, record: Record) -> None:
        """Counts the records of the replay; a listener of its journal."""
        if record["t"] != self._instant:
            self._instant, self._written = record["t"], 0
        self._written += is_counted(record)

    def shift_us(self, began_ms: float) -> int:
        """How much later something begins than in the recording: 0 when that is next to nothing.

        What belongs to it is given so much later. In real time nothing begins at the very same
        microsecond again, and small differences must not add up.
        """
        later_us = self.clock.now_us() - round(began_ms * US_PER_MS)
        return later_us if abs(later_us) > LEAST_SHIFT_US else 0

    def after(self, t_ms: float) -> int:
        """The number of the last record that was written by a time; 0 before the first."""
        return bisect_right(self.records, t_ms, key=lambda record: record["t"])

    def at(self, t_ms: float) -> list[Record]:
        """The records of an instant."""
        start = bisect_left(self.records, t_ms, key=lambda record: record["t"])
        return self.records[start : self.after(t_ms)]

    def post(
        self,
        stimuli: Iterable[tuple[float, float, Callable[[], object]]],
        shift_us: int = 0,
        *,
        until: float | None = None,
    ) -> None:
        """Makes stimuli due.

        Args:
            stimuli: The number of the record, its time in ms, and what is to be done. A number
                between two records stands for what has none of its own.
            shift_us: How much later than in the recording, as what they belong to began later.
            until: Instead of the feeder's own.
        """
        for n, t_ms, give in stimuli:
            if n > (self.until if until is None else until):
                continue
            before = 0 if shift_us else self._count_before(n, t_ms)
            stimulus = Stimulus(n, round(t_ms * US_PER_MS) + shift_us, give, before)
            self.clock.call_at(stimulus.at_us, self._due, stimulus)

    def _count_before(self, n: float, t_ms: float) -> int:
        whole = int(n)
        if whole == n and whole in self._before:
            return self._before[whole]
        record = self.records[min(whole, len(self.records) - 1)]  # the first one after it
        return self._before[record["n"]] if record["t"] == t_ms else 0

    def when_quiet(self, call: Callable[[], object]) -> None:
        """Calls a plain function once nothing more is to be done at this instant."""
        self._quiet.append(call)
        self._poll()

    def _due(self, stimulus: Stimulus) -> None:
        heapq.heappush(self._waiting, stimulus)
        if len(self._waiting) == 1:
            self._turn()

    def _poll(self) -> None:
        """Looks again after all that is due: one entry for everything that waits here.

        Two of them would wait for each other.
        """
        if not self._polls:
            self._polls = True
            self.clock.call_soon(self._look)

    def _look(self) -> None:
        self._polls = False
        self._turn()

    def _turn(self) -> None:
        """Gives what can be given now, and waits with the rest for its place."""
        while self._waiting:
            head = self._waiting[0]
            written = self._written if self._instant == self.clock.now_us() / US_PER_MS else 0
            if written < head.before and self._is_busy():
                break
            heapq.heappop(self._waiting)
            head.give()
        if self._quiet and not self._waiting and not self._is_busy():
            calls, self._quiet = self._quiet, []
            for call in calls:
                call()
        if self._waiting or self._quiet:
            self._poll()

    def _is_busy(self) -> bool:
        """Whether anything else is due now."""
        due_us = self.clock.next_due_us
        return due_us is not None and due_us <= self.clock.now_us()
