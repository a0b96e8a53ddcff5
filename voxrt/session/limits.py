"""The platform's limits, in one table, and what enforces the one on a handler's time.

Source: https://voximplant.com/docs/guides/voxengine/limits, unless a row says otherwise.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from functools import cache
from itertools import cycle
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from attrs import define, field, frozen

import voxrt
from voxrt.clock import US_PER_S, cpu_time_us
from voxrt.errors import LimitError


class LimitMode(Enum):
    """What exceeding a limit does."""

    OFF = "off"
    WARN = "warn"
    ENFORCE = "enforce"


@frozen
class Limits:
    """The platform's numbers; a test may make its own."""

    mode: LimitMode = LimitMode.ENFORCE
    idle_s: int = 60
    """A session with no call and no queue request ends after this."""
    queue_idle_s: int = 7_200
    """One with no call, but with a request that waits in a queue, after this."""
    unanswered_s: int = 60
    """An incoming call that is not answered is disconnected after this."""
    early_media_s: int = 60
    """So is one in early media, counted from its start."""
    no_answer_s: int = 60
    """An outgoing call that is not answered fails with 408 after this."""
    call_attempts: int = 50
    """Outgoing calls a session; the next one fails with 403."""
    progressing_calls: int = 10
    """Calls that are not connected yet, at one time; the next one fails with 403."""
    transfers: int = 10
    """REFERs that one call sends; the next one gives `TransferFailed` with 403."""
    timers: int = 100
    """Active timers; the next one is an error."""
    shortest_interval_ms: int = 100
    """A smaller `setInterval` is raised to this."""
    scenario_chars: int = 256 * 1024
    """The text of one scenario; a longer one cannot be saved, and is not run."""
    callback_s: int = 1
    """Processor time of one handler; a session that exceeds it is ended."""
    memory_bytes: int = 16 << 20
    """What a script in an engine of its own may use; a session that exceeds it is ended."""
    custom_data_bytes: int = 200
    """Custom data above this is kept, with a warning: documents disagree about it."""
    message_bytes: int = 8_192
    """The body of `sendMessage` and `sendInfo`."""
    log_chars: int = 15_000
    """The text of one `Logger.write`; the rest is cut."""
    tts_chars: int = 1_500
    """The text of one `say` or player; more gives `PlaybackFinished` with an error."""
    players: int = 10
    """Players at one time; the next one gives `Error` and `PlaybackFinished` with an error."""
    audio_bytes: int = 10 * 1024 * 1024
    """The file of a player; a larger one gives the same."""
    audio_fetch_s: int = 12
    """How long it may take to fetch one; longer gives the same, with `Timeout is reached`."""
    conference_endpoints: int = 100
    """Endpoints of one conference; the next one gives `ConferenceError`."""
    header_bytes: int = 200
    """The value of one SIP header; the rest is cut, with a warning."""
    headers_bytes: int = 4_095
    """All SIP headers of one message; those that no longer fit are left out, with a warning."""
    shortest_ring_s: int = 10
    """A shorter `VI-CallTimeout` is raised to this."""
    longest_ring_s: int = 400
    """A longer one is lowered to this."""
    shortest_push_ms: int = 10_000
    """A shorter `pushNotificationTimeout` is raised to this."""
    longest_push_ms: int = 60_000
    """A longer one is lowered to this."""
    http_active: int = 3
    """HTTP requests under way at one time; the next ones wait."""
    http_requests: int = 35
    """Requests under way and waiting; the next one is an error."""
    mail_active: int = 2
    """Mails under way at one time; the next ones wait."""
    mails: int = 10
    """Mails under way and waiting; the next one is an error."""
    spare_websockets: int = 3
    """Incoming WebSockets beyond one for each call; the next one fails."""
    storage_key_chars: int = 200
    """The key of an entry of the storage; a longer one is refused."""
    storage_value_chars: int = 2_000
    """Its value; a longer one is refused."""
    storage_ttl_s: int = 7_776_000
    """How long it may live: 90 days."""


class ScriptKilled(BaseException):
    """A limit that nothing in a script may catch; not an `Exception`, for that reason."""

    def error(self, limits: Limits) -> LimitError:
        """What the scenario's author is told, with the place where it happened."""
        message, hint = self._explain(limits)
        error = LimitError(message, hint=hint).with_traceback(self.__traceback__)
        error.__cause__ = self.__cause__
        return error

    def _explain(self, limits: Limits) -> tuple[str, str]:
        raise NotImplementedError


class CallbackTimeout(ScriptKilled):
    """One handler used up its time."""

    def _explain(self, limits: Limits) -> tuple[str, str]:
        return (
            f"one callback may compute for {limits.callback_s} s",
            "The platform ends a session whose callback takes longer.",
        )


class MemoryExceeded(ScriptKilled):
    """The script used up its memory."""

    def _explain(self, limits: Limits) -> tuple[str, str]:
        return (
            f"a session may use {limits.memory_bytes >> 20} MB of memory",
            "The platform ends a session that uses more.",
        )


#: A script that catches `CallbackTimeout` is interrupted again, after 3 to 43 microseconds in turn:
#: one of them is as long as the way from its `except` to where it is outside of its `try`.
_AGAIN_S = [(3 + 7 * turn % 41) / 1_000_000 for turn in range(41)]

_OURS = str(Path(voxrt.__file__).parent) + os.sep


class Budget(Protocol):
    """Runs the scenario's code, and ends it when it computes for too long."""

    @property
    def limits(self) -> Limits:
        """The limits that it keeps."""

    def run(self, step: Callable[[], Any]) -> Any:
        """Calls a function that runs the scenario's code.

        Returns:
            What it returned.

        Raises:
            CallbackTimeout: It computed for longer than the limit.
        """

    def paused(self) -> AbstractContextManager[None]:
        """Does not count what voxrt does on the scenario's behalf, such as loading a library."""


@define(eq=False, repr=False)
class CallbackBudget:
    """The budget of code in Python.

    In the main thread a signal interrupts it, also in an endless loop; if it catches that, it is
    interrupted again and again, until an interruption meets it outside of its `try`. It is never
    interrupted inside of voxrt, whose work must be whole. In another thread its time is looked
    at when it returns; `end_computing` is for those who watch that thread. Code of C that does
    not come back, such as a huge power, is not ended.

    Args:
        limits: The time, and whether to enforce it.
        warn: Tells the user that the time was exceeded, when limits only warn.
    """

    limits: Limits
    warn: Callable[[str], object]
    _running: bool = field(default=False, init=False)
    _not_counted_us: int = field(default=0, init=False)
    _alarm: tuple[Any, tuple[float, float]] | None = field(default=None, init=False)

    def run(self, step: Callable[[], Any]) -> Any:
        """Calls a function that runs the scenario's code.

        Returns:
            What it returned.

        Raises:
            CallbackTimeout: It computed for longer than the limit.
        """
        if self._running or self.limits.mode is LimitMode.OFF:
            return step()
        self._running = True
        try:
            main = threading.current_thread() is threading.main_thread()
            if main and self.limits.mode is LimitMode.ENFORCE:
                return self._interruptible(step)
            return self._measured(step)
        finally:
            self._running = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Does not count what voxrt does on the scenario's behalf, such as loading a library."""
        began_us = cpu_time_us()
        left_s, _ = signal.getitimer(signal.ITIMER_VIRTUAL)
        timed = left_s > 0 and threading.current_thread() is threading.main_thread()
        if timed:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        try:
            yield
        finally:
            self._not_counted_us += cpu_time_us() - began_us
            if timed:
                signal.setitimer(signal.ITIMER_VIRTUAL, left_s)

    def _measured(self, step: Callable[[], Any]) -> Any:
        before_us, self._not_counted_us = cpu_time_us(), 0
        try:
            return step()
        finally:
            if cpu_time_us() - before_us - self._not_counted_us > self.limits.callback_s * US_PER_S:
                if self.limits.mode is LimitMode.ENFORCE:
                    raise CallbackTimeout
                self.warn(f"one callback computed for more than {self.limits.callback_s} s")

    def _interruptible(self, step: Callable[[], Any]) -> Any:
        _handle_expiry()
        _running.append(self)
        signal.setitimer(signal.ITIMER_VIRTUAL, self.limits.callback_s)
        try:
            return step()
        finally:
            _running.pop()  # first of all, so that a signal under way does nothing any more
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self._give_back_alarm()

    def take_alarm(self) -> None:
        """Takes the process's alarm for the repeated interruptions, when it is not taken yet."""
        if self._alarm is None:
            timer = signal.setitimer(signal.ITIMER_REAL, 0)
            self._alarm = signal.signal(signal.SIGALRM, _expired), timer

    def _give_back_alarm(self) -> None:
        if self._alarm is not None:
            handler, timer = self._alarm
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, *timer)
            self._alarm = None


#: Who runs the scenario's code now: none, or one.
_running: list[CallbackBudget] = []
_again = cycle(_AGAIN_S)


@cache
def _handle_expiry() -> None:
    """Handles the signal from the first callback on; to set it each time costs more than to run."""
    signal.signal(signal.SIGVTALRM, _expired)


def _expired(number: int, frame: FrameType | None) -> None:
    if _running:
        _running[-1].take_alarm()
        may_raise = in_script(frame)
        signal.setitimer(signal.ITIMER_REAL, next(_again))
        if may_raise:
            raise CallbackTimeout


def end_computing(thread: int) -> bool:
    """Ends the scenario's code that computes in another thread, as the signal does in the main one.

    Args:
        thread: The thread's identifier. It should have computed for long: what is raised arrives
            a moment later, and may meet other code than was seen.

    Returns:
        Whether the scenario's code was running there.
    """
    if not in_script(sys._current_frames().get(thread)):
        return False
    raise_in = ctypes.pythonapi.PyThreadState_SetAsyncExc
    return bool(raise_in(ctypes.c_ulong(thread), ctypes.py_object(CallbackTimeout)))


def in_script(frame: FrameType | None) -> bool:
    """Whether the scenario, or what it calls, runs in this frame, and not voxrt on its behalf.

    Outwards from the frame, there must be no part of voxrt before the scenario's own code.
    """
    if frame is None or frame.f_code.co_filename.startswith(_OURS):
        return False
    inside_ours = False
    while frame is not None:
        if frame.f_code is CallbackBudget.run.__code__:
            return True
        ours = frame.f_code.co_filename.startswith(_OURS)
        if inside_ours and not ours:
            return False
        inside_ours = inside_ours or ours
        frame = frame.f_back
    return False
