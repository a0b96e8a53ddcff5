"""The agenda of a run: what is to be called, and when.

Entries are called by (instant, sequence number), so those of one instant in the order in which
they were made. Nearly half of them are made for the instant that is now: these wait in a line of
their own, which costs less than a place among all that is to come.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field


@define(eq=False, slots=True)
class Timer:
    """An entry of the agenda."""

    _call: Callable[..., object]
    _args: tuple[Any, ...]
    cancelled: bool = False

    def cancel(self) -> None:
        """Takes the entry back; harmless when it has been called or cancelled already."""
        self.cancelled = True
        self._call = _nothing
        self._args = ()

    def fire(self) -> None:
        """Calls the entry's function."""
        self._call(*self._args)


def _nothing() -> None:
    """What a cancelled timer calls."""


@define(eq=False)
class Agenda:
    """The entries that have not been called, in order. Instants are microseconds of the run."""

    _later: list[tuple[int, int, Timer]] = field(factory=list, init=False)
    _soon: deque[tuple[int, int, Timer]] = field(factory=deque, init=False)
    _sequence: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Timer]:
        """Those that are to be called, in no order."""
        for _, _, timer in (*self._soon, *self._later):
            if not timer.cancelled:
                yield timer

    def enter(self, time_us: int, call: Callable[..., object], args: tuple[Any, ...]) -> Timer:
        """Adds an entry for an instant that has not passed."""
        self._sequence += 1
        timer = Timer(call, args)
        heapq.heappush(self._later, (time_us, self._sequence, timer))
        return timer

    def enter_now(self, now_us: int, call: Callable[..., object], args: tuple[Any, ...]) -> Timer:
        """Adds an entry for this instant, which must not be earlier than that of a former one."""
        self._sequence += 1
        timer = Timer(call, args)
        self._soon.append((now_us, self._sequence, timer))
        return timer

    @property
    def next_due_us(self) -> int | None:
        """The instant of the next entry; `None` when there is none."""
        soon, later = self._soon, self._later
        while soon and soon[0][2].cancelled:
            soon.popleft()
        while later and later[0][2].cancelled:
            heapq.heappop(later)
        if soon and later:
            return min(soon[0][0], later[0][0])
        if soon or later:
            return (soon or later)[0][0]
        return None

    def pop_due(self, now_us: int) -> Timer | None:
        """Takes the next entry off, if it is due."""
        soon, later = self._soon, self._later
        while True:
            if soon and not (later and later[0] < soon[0]):
                timer = soon.popleft()[2]
            elif later and later[0][0] <= now_us:
                timer = heapq.heappop(later)[2]
            else:
                return None
            if not timer.cancelled:
                return timer
