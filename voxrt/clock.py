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

import math
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import trio
import trio.testing
from attrs import define, field

from voxrt.agenda import Agenda
from voxrt.agenda import Timer as Timer
from voxrt.errors import StalledError

US_PER_MS = 1_000
US_PER_S = 1_000_000

#: What `unix_ms` shows at the start of a virtual run: 2026-01-05 09:00:00 UTC, a Monday.
VIRTUAL_EPOCH_MS = 1_767_603_600_000

#: A stall in virtual time is reported after this much real time.
STALL_REPORT_S = 5.0

#: A driver with that many entries to call in a row lets input, output and signals in between.
TURNS_PER_BREATH = 256


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
    _changed: trio.Event = field(factory=trio.Event, init=False)
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
        timer = self._agenda.enter(max(time_us, self.now_us()), call, args)
        self._changed.set()
        return timer

    def call_later(self, delay_us: int, call: Callable[..., object], *args: Any) -> Timer:
        """Calls a plain function after a delay in microseconds."""
        timer = self._agenda.enter(self.now_us() + max(delay_us, 0), call, args)
        self._changed.set()
        return timer

    def call_soon(self, call: Callable[..., object], *args: Any) -> Timer:
        """Calls a plain function now, after everything that is already due."""
        timer = self._agenda.enter_now(self.now_us(), call, args)
        self._changed.set()
        return timer

    def call_next(self, call: Callable[..., object], *args: Any) -> None:
        """Calls a plain function before anything else that is due: the run's microtasks."""
        self._next.append(Timer(call, args))
        self._changed.set()

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
        self._changed.set()

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


class _Others(trio.abc.Instrument):
    """Notices that a task other than the driver has become runnable, and whether there is one.

    Trio can be asked for the number of runnable tasks and for the next deadline, but that costs
    more than most turns of virtual time.
    """

    def __init__(self, driver: trio.lowlevel.Task) -> None:
        self._driver = driver
        self._alive = _tasks_beside(driver)
        # The driver itself may have to end at some time, as in `trio.fail_after`.
        seconds = trio.lowlevel.current_statistics().seconds_to_next_deadline
        self._limited = not math.isinf(seconds)
        self.runnable = False

    @property
    def deadlines(self) -> bool:
        """Whether trio may have deadlines; while the driver is alone it has none."""
        return self._limited or bool(self._alive)

    def task_spawned(self, task: trio.lowlevel.Task) -> None:
        self._alive.add(task)

    def task_exited(self, task: trio.lowlevel.Task) -> None:
        self._alive.discard(task)

    def task_scheduled(self, task: trio.lowlevel.Task) -> None:
        if task is not self._driver:
            self.runnable = True


#: Trio's own task, which waits for calls from other threads.
_QUIET_TASK = "<TrioToken.run_sync_soon task>"


def _tasks_beside(driver: trio.lowlevel.Task) -> set[trio.lowlevel.Task]:
    """The tasks but the driver, those that wait for it to end, and trio's own."""
    root = trio.lowlevel.current_root_task()
    found = set() if root is None else {root}
    new = list(found)
    while new:
        new = [child for task in new for nursery in task.child_nurseries
               for child in nursery.child_tasks if child.name != _QUIET_TASK]  # fmt: skip
        found.update(new)
    task: trio.lowlevel.Task | None = driver
    while task is not None:
        found.discard(task)
        task = None if task.parent_nursery is None else task.parent_nursery.parent_task
    return found


class _VirtualTrioClock(trio.abc.Clock):
    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock

    def start_clock(self) -> None:
        """The run's own zero is the start."""

    def current_time(self) -> float:
        # A deadline is a sum of floats: one that means this very microsecond may lie a rounding
        # error behind it. Trio's loop, which asks for the deadlines that have passed, is given
        # half a microsecond more than tasks, which add their delays to what they are told.
        ahead = 0 if trio.lowlevel.in_trio_task() else 0.5
        return (self._clock.now_us() + ahead) / US_PER_S

    def deadline_to_sleep_time(self, deadline: float) -> float:
        # The driver jumps to the deadline when its turn comes; trio must not wait for it.
        return 0.0 if deadline <= self.current_time() else 86_400.0


@define(eq=False, slots=False)
class VirtualClock(Clock):
    """Time that jumps from one due instant to the next.

    Args:
        epoch_ms: The date at the start of the run, in milliseconds since 1970.
    """

    epoch_ms: int = VIRTUAL_EPOCH_MS
    _now_us: int = field(default=0, init=False)
    _trio_clock: _VirtualTrioClock | None = field(default=None, init=False)

    def now_us(self) -> int:
        return self._now_us

    def unix_ms(self) -> int:
        return self.epoch_ms + self._now_us // US_PER_MS

    @property
    def trio_clock(self) -> trio.abc.Clock:
        if self._trio_clock is None:
            self._trio_clock = _VirtualTrioClock(self)
        return self._trio_clock

    @property
    def is_virtual(self) -> bool:
        return True

    async def _drive(self, media: Media | None, finished: Callable[[], bool]) -> None:
        others = _Others(trio.lowlevel.current_task())
        trio.lowlevel.add_instrument(others)
        try:
            await self._turn_by_turn(media, finished, others)
        finally:
            trio.lowlevel.remove_instrument(others)

    async def _turn_by_turn(
        self, media: Media | None, finished: Callable[[], bool], others: _Others
    ) -> None:
        # What other tasks have to say belongs to the present instant, so they go first: at the
        # start, after each wait, and whenever one has become runnable. Without that, a turn costs
        # no trio pass. When all tasks are blocked, none that was noticed before is runnable.
        await trio.testing.wait_all_tasks_blocked()
        others.runnable = False
        turn = 0
        while not finished():
            turn += 1
            if turn % TURNS_PER_BREATH == 0 or others.runnable:
                await trio.testing.wait_all_tasks_blocked()
                others.runnable = False
                continue
            timer = self._pop_due(self._now_us)
            if timer is not None:
                timer.fire()
            elif any(self._holds.values()):
                await self._wait_for_holds()
            else:
                await self._jump(media, others)

    async def _jump(self, media: Media | None, others: _Others) -> None:
        """Moves to the next due instant, or to the first mark before it."""
        due = self.next_due_us
        trio_due = self._trio_deadline_us() if others.deadlines else None
        if trio_due is not None and (due is None or trio_due <= due):
            due = trio_due
        if due is None:
            raise StalledError(
                "virtual time cannot go on: nothing is due and nothing is held",
                hint="A task waits for something that no part of the run will do.",
            )
        self._now_us = max(self._now_us, media.advance_to(due) if media else due)
        if trio_due is not None and trio_due <= self._now_us:
            await trio.testing.wait_all_tasks_blocked()  # trio looks at its deadlines now

    def _trio_deadline_us(self) -> int | None:
        seconds = trio.lowlevel.current_statistics().seconds_to_next_deadline
        if math.isinf(seconds):
            return None
        # Rounding errors are far below the quarter, and the quarter is below what `current_time`
        # gives trio's loop: the deadline has passed for trio when this instant has come.
        return self._now_us + max(math.ceil(seconds * US_PER_S - 0.25), 0)

    async def _wait_for_holds(self) -> None:
        self._changed = trio.Event()
        token = trio.lowlevel.current_trio_token()
        alarm = threading.Timer(STALL_REPORT_S, token.run_sync_soon, (self._report_stall,))
        alarm.daemon = True
        alarm.start()
        try:
            await self._changed.wait()
        finally:
            alarm.cancel()
        await trio.testing.wait_all_tasks_blocked()

    def _report_stall(self) -> None:
        if self.on_stall is not None and self.holds:
            self.on_stall(self.holds)


class _RealTrioClock(trio.abc.Clock):
    def __init__(self, clock: RealClock) -> None:
        self._clock = clock

    def start_clock(self) -> None:
        """The run's own zero is the start."""

    def current_time(self) -> float:
        return self._clock.now_us() / US_PER_S

    def deadline_to_sleep_time(self, deadline: float) -> float:
        return (deadline - self.current_time()) / self._clock.speed


@define(eq=False, slots=False)
class RealClock(Clock):
    """Time that passes as the system's monotonic clock does, or `speed` times as fast.

    It stands at zero until `begin`, so that the run's zero is the audio's zero too.

    Args:
        speed: Run seconds per real second, above 0; 1.0 is real time.
    """

    speed: float = 1.0
    _origin_ns: int | None = field(default=None, init=False)
    _origin_unix_ms: int = field(factory=lambda: time.time_ns() // 1_000_000, init=False)
    _trio_clock: _RealTrioClock | None = field(default=None, init=False)

    def begin(self) -> None:
        """Lets time pass from now on; harmless when it passes already."""
        if self._origin_ns is None:
            self._origin_ns = time.monotonic_ns()

    def now_us(self) -> int:
        if self._origin_ns is None:
            return 0
        elapsed_us = (time.monotonic_ns() - self._origin_ns) // 1_000
        return elapsed_us if self.speed == 1.0 else int(elapsed_us * self.speed)

    def unix_ms(self) -> int:
        return self._origin_unix_ms + self.now_us() // US_PER_MS

    @property
    def trio_clock(self) -> trio.abc.Clock:
        if self._trio_clock is None:
            self._trio_clock = _RealTrioClock(self)
        return self._trio_clock

    @property
    def is_virtual(self) -> bool:
        return False

    async def _drive(self, media: Media | None, finished: Callable[[], bool]) -> None:
        # The audio graph is driven by its own pacer thread; its marks arrive as agenda entries
        # made by whoever reads the pacer's file descriptor, so `media` is not used.
        self.begin()
        while not finished():
            await self._fire_due(finished)
            due = self.next_due_us
            delay_us = math.inf if due is None else due - self.now_us()
            # Relative, because a server's clock is not the one that its trio runs on.
            with trio.move_on_after(max(delay_us, 0) / US_PER_S):
                # The same deadline serves until another entry is the next one.
                while self.next_due_us == due and not finished():
                    self._changed = trio.Event()
                    await self._changed.wait()
                    await self._fire_due(finished)

    async def _fire_due(self, finished: Callable[[], bool]) -> None:
        turn = 0
        while not finished():
            timer = self._pop_due(self.now_us())
            if timer is None:
                return
            timer.fire()
            turn += 1
            if not self._is_due(self.now_us()):
                continue  # the wait that follows gives the others their turn
            runnable = trio.lowlevel.current_statistics().tasks_runnable
            if runnable or turn % TURNS_PER_BREATH == 0:
                # The second pass is there because the first may come before the others' turn.
                await trio.lowlevel.checkpoint()
                await trio.lowlevel.checkpoint()


def process_time_us() -> int:
    """Microseconds of processor time all threads of this process have used together."""
    return time.process_time_ns() // 1_000


def cpu_time_us() -> int:
    """Microseconds of processor time this thread has used, for the limit on one callback."""
    return time.thread_time_ns() // 1_000


def make_clock(mode: str, epoch_ms: int | None = None) -> Clock:
    """The clock for a `--time` option: `virtual`, `real`, or a factor such as `4`.

    Args:
        mode: The option.
        epoch_ms: The date at the start of virtual time; `VIRTUAL_EPOCH_MS` by default.

    Raises:
        ValueError: `mode` is none of these.
    """
    if mode == "virtual":
        return VirtualClock(epoch_ms=VIRTUAL_EPOCH_MS if epoch_ms is None else epoch_ms)
    if mode == "real":
        return RealClock()
    speed = float(mode)
    if not 0.01 <= speed <= 1000:
        raise ValueError(f"a speed must lie between 0.01 and 1000, not {mode}")
    return RealClock(speed=speed)
