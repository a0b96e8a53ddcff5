"""A call that a test conducts while it goes on.

    call.hear("Good evening, this is La Piazza.")
    call.say("A table for two at eight, please.")
    call.expect(tool("check_table", guests=2))
    call.hear("by the window")
    call.hang_up()

The run has a thread of its own, and so its own trio loop, whatever loop the test is in. The two
never work at the same time: the run stands still, between two events, while the test decides what
the caller does next, and the test waits while that is done. So a test is as deterministic as the
run is, and virtual time does not pass while it thinks.
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Sequence
from queue import SimpleQueue
from types import FrameType
from typing import Final, Self

from attrs import define, field

from voxrt.clock import US_PER_S, process_time_us
from voxrt.errors import StalledError, UsageError
from voxrt.legs.builder import Steps
from voxrt.legs.script import Person
from voxrt.legs.steps import HANG_UP, Step
from voxrt.run import RunResult
from voxrt.session.limits import end_computing, in_script
from voxrt.testing.conversation import Conversation
from voxrt.testing.director import (
    DEFAULT_TIMEOUT_MS,
    Director,
    Expect,
    Hear,
    HungUp,
    Item,
)
from voxrt.testing.expectations import Expectation
from voxrt.testing.happenings import Happening
from voxrt.testing.heard import Heard
from voxrt.testing.patterns import Pattern, Text, hear

#: A run that does not come back for so long hangs: a scenario computes for ever, or voxrt does.
HANGS_S: Final = 60.0
#: How often is looked at a run that has not come back yet.
LOOK_S: Final = 0.5
#: A scenario that is found at work for so long, in processor time, computes for ever.
COMPUTES_S: Final = 2


@define(eq=False)
class Handover:
    """Hands steps to the person in the run's thread, and the turn back to the test.

    Attributes:
        call: The id of the call.
        now_ms: The time at which the person asked.
        over: Whether the call, or the whole run, has ended.
    """

    call: str = field(default="", init=False)
    over: bool = field(default=False, init=False)
    now_ms: float = field(default=0.0, init=False)
    _given: SimpleQueue[Sequence[Step]] = field(factory=SimpleQueue, init=False)
    _asked: threading.Semaphore = field(factory=lambda: threading.Semaphore(0), init=False)

    # In the run's thread:

    def next_steps(self, call: str, now_ms: float) -> Sequence[Step]:
        """Lets the test go on until it says what is done next; the run stands still."""
        self.call, self.now_ms = call, now_ms
        self._asked.release()
        return self._given.get()

    def call_over(self) -> None:
        """The person can do nothing any more; the test goes on when the run is over."""
        self.over = True

    def run_over(self) -> None:
        """The run has ended."""
        self.over = True
        self._asked.release()

    # In the test's thread:

    def give(self, steps: Sequence[Step]) -> None:
        """Has the person do this."""
        self._given.put(steps)

    def wait(self, wait_s: float) -> bool:
        """Waits until the person asks, or the run is over; false when neither comes about."""
        return self._asked.acquire(timeout=wait_s)


@define(eq=False, repr=False)
class LiveCall(Steps[Person]):
    """Somebody at a phone, led by the test. What they can do are the steps of a caller's script.

    Each method returns when it has been done.

    Attributes:
        conversation: The run.
    """

    conversation: Conversation = field(kw_only=True)
    _handover: Handover = field(kw_only=True)
    _director: Director = field(init=False)
    _thread: threading.Thread = field(init=False)
    _error: BaseException | None = field(default=None, init=False)
    _lost: bool = field(default=False, init=False)
    """Whether the run did not come back; then nobody waits for it again."""

    def __attrs_post_init__(self) -> None:
        self._director = Director(self.conversation)

    def __repr__(self) -> str:
        return f"<{self.person.name or 'somebody'} on the phone>"

    def begin(self) -> Self:
        """Starts the run, and returns when the person is connected, or the run is over.

        Raises:
            InputError: Something that was given is wrong; nothing was run.
        """
        self._thread = threading.Thread(target=self._run, name="voxrt run", daemon=True)
        self._thread.start()
        self._wait()
        return self

    def _run(self) -> None:
        try:
            self.conversation.run()
        except BaseException as error:
            self._error = error
        finally:
            self._handover.run_over()

    def _wait(self) -> None:
        self._watch()
        director, handover = self._director, self._handover
        director.call, director.now_ms, director.over = (
            handover.call,
            handover.now_ms,
            handover.over,
        )
        if self._error is not None:
            error, self._error = self._error, None
            raise error

    def _watch(self) -> None:
        """Waits for the turn; a scenario that computes for ever is ended meanwhile.

        The limit on computing is a signal, which reaches the main thread only. A scenario in
        Python that is found at work each time while nothing is recorded has exceeded it.
        """
        records, since_us = -1, 0
        for _ in range(round(HANGS_S / LOOK_S)):
            if self._handover.wait(LOOK_S):
                return
            frame = sys._current_frames().get(self._thread.ident or 0)
            if records != len(self.conversation.records) or not in_script(frame):
                records, since_us = len(self.conversation.records), process_time_us()
            elif process_time_us() - since_us > COMPUTES_S * US_PER_S:
                end_computing(self._thread.ident or 0)
        self._lost = True
        raise _hangs(self._thread)

    # --- what the person does ---------------------------------------------------------------

    def _add(self, *steps: Step) -> Self:
        __tracebackhide__ = True
        for step in steps:
            self._do(step)
        return self

    def _do(self, item: Item) -> None:
        __tracebackhide__ = True
        for step in self._director.do(item):
            if self._director.over:
                continue  # there is nothing left to wait for
            self._handover.give([step])
            self._wait()

    def hear(
        self,
        text: Text,
        *,
        source: str = "",
        complete: bool | None = None,
        timeout_ms: int = DEFAULT_TIMEOUT_MS,
    ) -> Self:
        """Listens until these words were heard, since the person last spoke or did something.

        Args:
            text: Words that stand side by side, or a regular expression.
            source: Who must say it: `agent`, `player`, or the name of a person.
            complete: Whether the sentence must be heard to its end.
            timeout_ms: How long at most, in virtual time.

        Raises:
            ExpectationError: It was not heard.
        """
        __tracebackhide__ = True
        self._do(Hear(hear(text, source=source, complete=complete), timeout_ms=timeout_ms))
        return self

    def expect(
        self, *expected: Expectation | Pattern, timeout_ms: int = DEFAULT_TIMEOUT_MS
    ) -> Self:
        """Waits until this is so, counted from when the person last spoke or did something.

        When the call is over, the whole run counts.

        Raises:
            ExpectationError: It did not come about.
        """
        __tracebackhide__ = True
        from voxrt.testing.conversation import as_expectation

        for one in expected:
            if self._director.over:
                self.conversation.expect(one)
            else:
                self._do(Expect(as_expectation(one), timeout_ms=timeout_ms))
        return self

    def is_hung_up(self, *, timeout_ms: int = DEFAULT_TIMEOUT_MS) -> Self:
        """Waits until the scenario hangs up.

        Raises:
            ExpectationError: It does not.
        """
        __tracebackhide__ = True
        self._do(HungUp(timeout_ms=timeout_ms))
        return self

    def hang_up(self) -> Self:
        """Hangs up, and lets the run come to its end."""
        __tracebackhide__ = True
        return super().hang_up()

    def finish(self) -> Self:
        """Hangs up when the call is not over, and waits for the end of the run."""
        while not self._director.over and not self._lost:
            self._handover.give([HANG_UP])
            self._wait()
        if not self._lost:
            self._thread.join(HANGS_S)
        return self

    # --- what is so -------------------------------------------------------------------------

    @property
    def heard(self) -> Heard:
        """What the person heard so far, with figures."""
        return self.conversation.heard_by(self._director.call)

    @property
    def result(self) -> RunResult:
        """How the run ended.

        Raises:
            UsageError: It goes on.
        """
        if self.conversation.result is None:
            raise UsageError("the run goes on; call `finish()` first")
        return self.conversation.result

    @property
    def tools(self) -> list[Happening]:
        """The agent's function calls so far: `name`, and their arguments as `data`."""
        return self.conversation.tools

    @property
    def events(self) -> list[str]:
        """The names of all events so far."""
        return self.conversation.events

    @property
    def logs(self) -> list[str]:
        """What the scenario wrote with `Logger.write` so far."""
        return self.conversation.logs


def _hangs(thread: threading.Thread) -> StalledError:
    """The error of a run that does not come back, with where it is."""
    frame: FrameType | None = sys._current_frames().get(thread.ident or 0)
    place = traceback.extract_stack(frame)[-1] if frame is not None else None
    return StalledError(
        f"the run has not come back for {HANGS_S:g} s",
        hint="It waits for something, or computes in code that cannot be interrupted.",
        file=place.filename if place else None,
        line=place.lineno if place else None,
    )
