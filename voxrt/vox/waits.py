"""How long a call may stay as it is: unanswered, in early media, while a push is out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS, US_PER_S, Timer
from voxrt.session.limits import LimitMode
from voxrt.vox.call_facts import FAILURES
from voxrt.vox.leg import NO_HEADERS

if TYPE_CHECKING:
    from voxrt.vox.line import Line


@define(eq=False)
class Waits:
    """The time-outs of one call; one at a time, at whose end the call ends.

    Args:
        line: The call.
    """

    line: Line
    _timeout: Timer | None = field(default=None, init=False)
    _push: Timer | None = field(default=None, init=False)

    def begin(self, seconds: int, told: str) -> None:
        """Begins a time of the platform.

        Args:
            seconds: How long it is.
            told: What the platform does at its end, for a warning when limits only warn.
        """
        self.end()
        if self.line.context.session.limits.mode is not LimitMode.OFF:
            text = f"{told} for {seconds} s"
            self._timeout = self.line.clock.call_later(
                seconds * US_PER_S, self._limit_is_over, text
            )

    def begin_answer(self) -> None:
        """Begins the time in which an outgoing call has to be answered."""
        seconds = self.line.answer_timeout_s
        if seconds is None:
            limit_s = self.line.context.session.limits.no_answer_s
            self.begin(limit_s, "the platform fails a call that is not answered")
            return
        self.end()  # what was asked for is no limit
        self._timeout = self.line.clock.call_later(seconds * US_PER_S, self._is_over)

    def begin_push(self) -> None:
        """Begins the time in which a user has to come online: `Failed` 480 at its end."""
        self.end()
        self._push = self.line.clock.call_later(
            self.line.push_timeout_ms * US_PER_MS, self.line.end, 480, FAILURES[480]
        )

    def end_push(self) -> None:
        """The user has come online, if a push was out: the time to answer begins now."""
        if self._push is not None:
            self.begin_answer()

    def end(self) -> None:
        """Ends what is waited for; harmless when nothing is."""
        for timer in (self._timeout, self._push):
            if timer is not None:
                timer.cancel()
        self._timeout = self._push = None

    def _limit_is_over(self, text: str) -> None:
        if self.line.context.session.enforces(text):
            self._is_over()

    def _is_over(self) -> None:
        self.line.leg.hung_up(NO_HEADERS)
        self.line.end(408, "")
