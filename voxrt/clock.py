"""Time for one run: real, scaled or virtual behind one interface.

Everything that has time inside a run (script timers, media marks, the stand-in's pacing, caller
scripts, time-outs) is an entry on the clock's *agenda*, in the order of `voxrt.agenda`.
One task, in `Clock.drive`, takes the entries off in that order and calls them; nothing else
decides the order of events. Trio is asked for input, output and cancellation only: it shuffles
tasks that become runnable together, so a task that has something to say to a run posts it here.

In virtual time the driver jumps to the next instant at which anything is due, after the media
graph has been computed up to it. It jumps only when every other task is blocked and no *hold* is
taken. A hold is a named, counted claim that real work (a thread, a socket, a child process) is
outstanding; while one is taken, virtual time stands still.

Times are whole microseconds since the run began: integers compare and add exactly, so that two
runs meet at the same instants.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import trio
from attrs import define, field

from voxrt.agenda import Agenda
from voxrt.agenda import Timer as Timer

US_PER_MS = 1_000
US_PER_S = 1_000_000

#: What `unix_ms` shows at the start of a virtual run: 2026-01-05 09:00:00 UTC, a Monday.
VIRTUAL_EPOCH_MS = 1_767_603_600_000

#: A stall in virtual time is reported after this much real time.
STALL_REPORT_S = 5.0


class Media(Protocol):
    """What the driver of a virtual clock needs of the audio side."""

    def advance_to(self, time_us: int) -> int:
        """Computes the audio that begins before `time_us`, or up to the first mark.

        Returns:
            The instant reached, in microseconds, at most `time_us`. What happened on the way is
            on the agenda.
        """


@define(eq=False, slots=False)
class Clock(ABC):
    """The agenda and the present instant of one run.

    Attributes:
        on_stall: Called with the names and counts of the holds when virtual time has stood still
            for `STALL_REPORT_S` seconds of real time.
    """

    on_stall: Callable[[dict[str, int]], object] | None = None
    _agenda: Agenda = field(factory=Agenda, init=False)
    _next: deque[Timer] = field(factory=deque, init=False)
    _wakes: list[tuple[int, Callable[[], object]]] = field(factory=list, init=False)
    _holds: Counter[str] = field(factory=Counter, init=False)
    _changed: trio.Event | None = field(default=None, init=False)
    """What the driver waits for, when it does: that there may be something to do."""
    _over: bool = field(default=False, init=False)

    @abstractmethod
    def now_us(self) -> int:
        """Microseconds since the run began."""

    @abstractmethod
    def unix_ms(self) -> int:
        """The present date in milliseconds since 1970, as scripts and logs see it."""

    @property
    @abstractmethod
    def trio_clock(self) -> trio.abc.Clock:
        """The clock to give to `trio.run`, so that `trio.sleep` follows the run."""

    @property
    @abstractmethod
    def is_virtual(self) -> bool:
        """Whether time jumps instead of passing."""

    def call_at(self, time_us: int, call: Callable[..., object], *args: Any) -> Timer:
        """Calls a plain function at an instant, or now if that has passed.

        Entries due at the same instant are called in the order in which they were made.
        """
        now_us = self.now_us()
        timer = self._agenda.enter(time_us if time_us > now_us else now_us, call, args)
        self._stir()
        return timer

    def call_later(self, delay_us: int, call: Callable[..., object], *args: Any) -> Timer:
        """Calls a plain function after a delay in microseconds."""
        timer = self._agenda.enter(self.now_us() + max(delay_us, 0), call, args)
        self._stir()
        return timer

    def call_soon(self, call: Callable[..., object], *args: Any) -> Timer:
        """Calls a plain function now, after everything that is already due."""
        timer = self._agenda.enter_now(self.now_us(), call, args)
        self._stir()
        return timer

    def call_next(self, call: Callable[..., object], *args: Any) -> None:
        """Calls a plain function before anything else that is due: the run's microtasks."""
        self._next.append(Timer(call, args))
        self._stir()

    def wake(self, order: int, call: Callable[[], object]) -> None:
        """Calls a plain function once every task has had its say at this instant.

        Trio wakes tasks that are due together in random order. Each says so here, with a number
        that does not depend on that order, and they are called by that number. When the drive is
        over there is nobody to wait for, and the call is made at once.
        """
        if self._over:
            call()
            return
        self._wakes.append((order, call))
        self._stir()

    def _stir(self) -> None:
        """There may be something to do: the driver goes on, if it waits."""
        if self._changed is not None:
            self._changed.set()

    def _enter_wakes(self) -> None:
        """Puts the wakes of this instant on the agenda, in the order of their numbers."""
        if self._wakes:
            wakes = sorted(self._wakes, key=lambda wake: wake[0])
            self._wakes.clear()
            for _, call in wakes:
                self.call_soon(call)

    async def sleep_us(self, delay_us: int) -> None:
        """Waits on the agenda, for tasks that belong to the run."""
        done = trio.Event()
        timer = self.call_later(delay_us, done.set)
        try:
            await done.wait()
        finally:
            timer.cancel()

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Keeps virtual time still while real work is outstanding.

        Args:
            name: What is waited for, as a stalled run shows it, such as `"provider link"`.
        """
        self.take_hold(name)
        try:
            yield
        finally:
            self.release_hold(name)

    def take_hold(self, name: str) -> None:
        """Takes a hold that `release_hold` will end; `hold` is the safer form."""
        self._holds[name] += 1

    def release_hold(self, name: str) -> None:
        """Releases one hold of that name.

        Raises:
            ValueError: No such hold is taken.
        """
        if not self._holds[name]:
            raise ValueError(f"no hold named {name!r} is taken")
        self._holds[name] -= 1
        self._stir()

    @property
    def holds(self) -> dict[str, int]:
        """The holds that are taken, by name."""
        return {name: count for name, count in sorted(self._holds.items()) if count}

    @property
    def next_due_us(self) -> int | None:
        """The instant of the next entry; `None` when the agenda is empty."""
        return self._agenda.next_due_us

    def _is_due(self, now_us: int) -> bool:
        due = self.next_due_us
        return bool(self._next or self._wakes) or (due is not None and due <= now_us)

    def _pop_due(self, now_us: int) -> Timer | None:
        if self._next:
            return self._next.popleft()
        if self._wakes:
            self._enter_wakes()
        return self._agenda.pop_due(now_us)

    async def drive(self, media: Media | None, finished: Callable[[], bool]) -> None:
        """Calls the agenda's entries as they fall due until `finished()` is true.

        Args:
            media: The audio to compute up to each instant, in virtual time only.
            finished: Asked after every entry.

        Raises:
            StalledError: Virtual time, nothing is due, nothing is held, and it is not finished.
        """
        self._over = False
        try:
            await self._drive(media, finished)
        finally:
            self._over = True
            # Tasks that wait for their turn would wait for ever: nobody else wakes them.
            wakes = sorted(self._wakes, key=lambda wake: wake[0])
            self._wakes.clear()
            for _, call in wakes:
                call()

    @abstractmethod
    async def _drive(self, media: Media | None, finished: Callable[[], bool]) -> None:
        """What `drive` does in this kind of time."""


def process_time_us() -> int:
    """Microseconds of processor time all threads of this process have used together."""
    return time.process_time_ns() // 1_000


def cpu_time_us() -> int:
    """Microseconds of processor time this thread has used, for the limit on one callback."""
    return time.thread_time_ns() // 1_000
