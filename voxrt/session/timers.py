"""`setTimeout` and `setInterval` of a scenario."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from attrs import define, field

from voxrt.clock import US_PER_MS, Clock, Timer
from voxrt.errors import LimitError, ScenarioTypeError
from voxrt.session.limits import LimitMode, Limits
from voxrt.session.values import kind_of


@define(eq=False, repr=False)
class ScriptTimers:
    """The timers of one session.

    Args:
        clock: The run's clock.
        limits: How many may be active, and the shortest interval.
        call: Calls a script function with its arguments under the session's watch.
        warn: Tells the user, with a code, what is not as it was asked for.
        record: Writes down what becomes of a timer: `id`, `state` (`set`, `fires`, `cleared`), and
            of one that is set `delay_ms`, and `repeat` for an interval.
    """

    clock: Clock
    limits: Limits
    call: Callable[[Any, tuple[Any, ...]], object]
    warn: Callable[[str, str], object]
    record: Callable[..., object]
    _closed: bool = field(default=False, init=False)
    _timers: dict[int, Timer] = field(factory=dict, init=False)
    _last: int = field(default=0, init=False)

    def set_timeout(self, function: Any, delay_ms: float, arguments: tuple[Any, ...]) -> int:
        """Calls the function once after a delay in milliseconds.

        As in JavaScript, a negative or infinite delay, or one that is no number, counts as 0.

        Raises:
            LimitError: 100 timers are active.
            ScenarioTypeError: There is no function to call.
        """
        return self._start(function, _delay_us(delay_ms, 0), arguments, repeat=False)

    def set_interval(self, function: Any, delay_ms: float, arguments: tuple[Any, ...]) -> int:
        """Calls the function again and again.

        Delays below 100 ms are raised to it; where limits are not enforced, those below 1 ms to
        that, because time would not pass.
        """
        shortest_ms, mode = self.limits.shortest_interval_ms, self.limits.mode
        if mode is not LimitMode.ENFORCE:
            if mode is LimitMode.WARN and not delay_ms >= shortest_ms:
                self.warn("limit", f"the platform raises an interval to {shortest_ms} ms")
            shortest_ms = 1
        return self._start(function, _delay_us(delay_ms, shortest_ms), arguments, repeat=True)

    def clear(self, number: Any) -> None:
        """Stops a timer; an unknown number is ignored."""
        timer = self._timers.pop(number, None) if isinstance(number, int) else None
        if timer is not None:
            timer.cancel()
            self.record(id=number, state="cleared")

    def close(self) -> None:
        """Stops every timer, also those that will be set: the session is ending."""
        self._closed = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _start(
        self, function: Any, delay_us: int, arguments: tuple[Any, ...], *, repeat: bool
    ) -> int:
        if not callable(function):
            raise ScenarioTypeError(f"a timer needs a function, not {kind_of(function)}")
        self._last += 1
        if self._closed:
            self.warn("ignored", "the session is ending: this timer never fires")
            return self._last
        if len(self._timers) >= self.limits.timers:
            message = f"a session has at most {self.limits.timers} active timers"
            if self.limits.mode is LimitMode.ENFORCE:
                raise LimitError(message, hint="Clear timers that are no longer needed.")
            if self.limits.mode is LimitMode.WARN:
                self.warn("limit", message)
        repeats = {"repeat": True} if repeat else {}
        self.record(id=self._last, state="set", delay_ms=delay_us / US_PER_MS, **repeats)
        self._arm(self._last, function, delay_us, arguments, repeat)
        return self._last

    def _arm(
        self, number: int, function: Any, delay_us: int, arguments: tuple[Any, ...], repeat: bool
    ) -> None:
        def due() -> None:
            if repeat:
                self._arm(number, function, delay_us, arguments, repeat)
            else:
                del self._timers[number]
            self.record(id=number, state="fires")
            self.call(function, arguments)

        self._timers[number] = self.clock.call_later(delay_us, due)


def _delay_us(delay_ms: float, shortest_ms: int) -> int:
    if not math.isfinite(delay_ms):
        delay_ms = 0
    return int(max(delay_ms, shortest_ms) * US_PER_MS)
