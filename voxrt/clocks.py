"""The clocks of a run: virtual time, which jumps, and real time, perhaps at another speed."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

import trio
import trio.testing
from attrs import define, field

from voxrt.clock import STALL_REPORT_S, US_PER_MS, US_PER_S, VIRTUAL_EPOCH_MS, Clock, Media
from voxrt.errors import StalledError

#: A driver with that many entries to call in a row lets input, output and signals in between.
TURNS_PER_BREATH = 256


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
        self._changed = changed = trio.Event()
        token = trio.lowlevel.current_trio_token()
        alarm = threading.Timer(STALL_REPORT_S, token.run_sync_soon, (self._report_stall,))
        alarm.daemon = True
        alarm.start()
        try:
            await changed.wait()
        finally:
            self._changed = None
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
