"""The platform's limits, in one table, and what enforces the one on a handler's time.

Source: https://voximplant.com/docs/guides/voxengine/limits, unless a row says otherwise.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from types import FrameType

from attrs import frozen

from voxrt.clock import US_PER_S, cpu_time_us


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
    timers: int = 100
    """Active timers; the next one is an error."""
    shortest_interval_ms: int = 100
    """A smaller `setInterval` is raised to this."""
    callback_s: int = 1
    """Processor time of one handler; a session that exceeds it is ended."""
    custom_data_bytes: int = 200
    """Custom data above this is kept, with a warning: documents disagree about it."""
    message_bytes: int = 8_192
    """The body of `sendMessage` and `sendInfo`."""
    log_chars: int = 15_000
    """The text of one `Logger.write`; the rest is cut."""
    tts_chars: int = 1_500
    """The text of one `say`; more gives `PlaybackFinished` with an error."""
    header_bytes: int = 200
    """The value of one SIP header; the rest is cut, with a warning."""


class CallbackTimeout(BaseException):
    """One handler used up its time. Not an `Exception`, so that a script cannot swallow it."""


@contextmanager
def callback_budget(limit_s: int, mode: LimitMode) -> Iterator[None]:
    """Ends the script's code with `CallbackTimeout` when it has computed for too long.

    In the main thread a signal interrupts it, also in an endless loop, and again every 100 ms in
    case the script catches everything; in another thread it is noticed when the code returns.
    """
    if mode is LimitMode.OFF:
        yield
    elif threading.current_thread() is not threading.main_thread():
        before_us = cpu_time_us()
        yield
        if cpu_time_us() - before_us > limit_s * US_PER_S:
            raise CallbackTimeout
    else:
        before = signal.signal(signal.SIGVTALRM, _interrupt)
        signal.setitimer(signal.ITIMER_VIRTUAL, limit_s, 0.1)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise CallbackTimeout
