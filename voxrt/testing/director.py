"""Leads the person at a phone through a conversation: what they do, and what must be so meanwhile.

A conversation is a generator of steps. It is resumed when the step before is done, on the run's
clock, and looks at what happened so far; so what it expects is checked at the moment at which the
conversation is, and what it yields depends on nothing but the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from attrs import define, field, frozen

from voxrt.legs.steps import (
    HANG_UP,
    Beep,
    HangUp,
    Message,
    Play,
    Press,
    Say,
    Step,
    Tone,
    Wait,
    WaitFor,
)
from voxrt.testing.conversation import Conversation, ExpectationError
from voxrt.testing.expectations import Absent, Expectation, Problem
from voxrt.testing.happenings import Happening
from voxrt.testing.patterns import Pattern, Text

DEFAULT_TIMEOUT_MS: Final = 30_000
#: How often is looked whether what is expected has happened.
_LOOK_MS: Final = 100
_MOST_CONDITION_MS: Final = 3_600_000

#: What a person does that begins a new turn of the conversation.
_TURNS = (Say, Play, Press, Message, Tone, Beep)
_WAITS = (Wait, WaitFor, HangUp)


@frozen
class Hear:
    """The person listens until they have heard this.

    Attributes:
        pattern: A pattern of kind `hear`.
        timeout_ms: How long at most.
    """

    pattern: Pattern
    timeout_ms: int = field(default=DEFAULT_TIMEOUT_MS, kw_only=True)


@frozen
class Expect:
    """This must be so, or come about, in the present turn of the conversation."""

    expectation: Expectation
    timeout_ms: int = field(default=DEFAULT_TIMEOUT_MS, kw_only=True)


@frozen
class HungUp:
    """The scenario must hang up."""

    timeout_ms: int = field(default=DEFAULT_TIMEOUT_MS, kw_only=True)


Item = Step | Hear | Expect | HungUp


@define(eq=False)
class Director:
    """What the person at one phone is led by.

    Args:
        conversation: The run.

    Attributes:
        call: The id of their call; to be set with the time.
        now_ms: The time at which the conversation is; to be set before it is resumed.
        over: Whether the call has ended.
    """

    conversation: Conversation
    call: str = field(default="", init=False)
    now_ms: float = field(default=0.0, init=False)
    over: bool = field(default=False, init=False)
    _turn_ms: float = field(default=0.0, init=False)
    """When the person last began to say or do something."""
    _position: int = field(default=0, init=False)
    """Up to where the text of this turn has been listened for."""

    def do(self, item: Item) -> Iterator[Step]:
        """The steps of one item of a conversation.

        Raises:
            ExpectationError: What is expected did not come about.
        """
        if isinstance(item, Hear):
            return self._hear(item)
        if isinstance(item, Expect):
            return self._expect(item)
        if isinstance(item, HungUp):
            return self._hung_up(item)
        return self._act(item)

    def _act(self, step: Step) -> Iterator[Step]:
        if self.over and not isinstance(step, _WAITS):
            raise self._failed(f"the call was over before this could be done: {step}")
        if isinstance(step, _TURNS):
            self._turn_ms, self._position = self.now_ms, 0
        yield step

    def _failed(self, text: str, at_ms: float | None = None) -> ExpectationError:
        return self.conversation.failure(Problem(text=text, at_ms=at_ms))

    # --- hearing ----------------------------------------------------------------------------

    def _hear(self, item: Hear) -> Iterator[Step]:
        if self._heard(item.pattern):
            return
        until_ms = self.now_ms + item.timeout_ms
        if not self.over:
            yield WaitFor(condition="agent_turn", timeout_ms=item.timeout_ms, on_timeout="continue")
        while not self._heard(item.pattern):
            left_ms = int(until_ms - self.now_ms)
            if self.over or left_ms <= 0:
                raise self._not_heard(item)
            yield WaitFor(condition="agent_speech", timeout_ms=left_ms, on_timeout="continue")
            if not self.over:
                yield WaitFor(condition="agent_silence", on_timeout="continue")

    def _heard(self, pattern: Pattern) -> bool:
        """Whether the words came in this turn, behind those that were listened for before."""
        assert pattern.text is not None
        found = _search(self._turn_text(pattern), pattern.text, self._position)
        if found is not None:
            self._position = found
        return found is not None

    def _turn_text(self, pattern: Pattern) -> str:
        """What was heard in this turn; what the pattern does not mean is blanked out."""
        parts = []
        for phrase in self._phrases():
            meant = pattern.is_named(phrase) and (
                pattern.data is ... or phrase.data["complete"] == pattern.data["complete"]
            )
            parts.append(phrase.text if meant else " " * len(phrase.text))
        return " ".join(parts)

    def _phrases(self) -> list[Happening]:
        return [
            phrase
            for phrase in self.conversation.timeline.of("hear")
            if phrase.call == self.call and phrase.at_ms >= self._turn_ms
        ]

    def _not_heard(self, item: Hear) -> ExpectationError:
        heard = " ".join(phrase.text for phrase in self._phrases())
        since = f"was heard since {self._turn_ms / 1000:.3f} s"
        told = f'"{heard}" {since}' if heard else f"nothing {since}"
        end = ", and the call is over" if self.over else f", for {item.timeout_ms} ms"
        return self._failed(f"expected to have {item.pattern}, but {told}{end}")

    # --- the rest ---------------------------------------------------------------------------

    def _expect(self, item: Expect) -> Iterator[Step]:
        until_ms = self.now_ms + item.timeout_ms
        while True:
            problem = item.expectation.check(self._turn())
            if problem is None:
                return
            if self.over or isinstance(item.expectation, Absent) or self.now_ms >= until_ms:
                raise self.conversation.failure(problem)
            yield Wait(ms=_LOOK_MS)

    def _turn(self) -> list[Happening]:
        """What happened in this turn of the conversation."""
        return [h for h in self.conversation.happenings if h.at_ms >= self._turn_ms]

    def _hung_up(self, item: HungUp) -> Iterator[Step]:
        if not self.over:
            yield Wait(ms=item.timeout_ms)
        if not self.over:
            raise self._failed(f"expected the scenario to hang up, but not in {item.timeout_ms} ms")


@define(eq=False)
class Lead:
    """A whole conversation that is known beforehand, as what prompts a person.

    Args:
        director: Leads them.
        items: The conversation.

    Attributes:
        failure: What went wrong, and at which item.
    """

    director: Director
    items: Sequence[Item]
    failure: tuple[int, ExpectationError] | None = field(default=None, init=False)
    _number: int = field(default=-1, init=False)
    _steps: Iterator[Step] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._steps = self._play()

    def next_steps(self, call: str, now_ms: float) -> Sequence[Step]:
        """The next step; hangs up when something went wrong."""
        self.director.call, self.director.now_ms = call, now_ms
        try:
            step = next(self._steps, None)
        except ExpectationError as error:
            self.failure = (self._number, error)
            return [HANG_UP]
        return [] if step is None else [step]

    def call_over(self) -> None:
        """Only what needs no call can still be done."""
        self.director.over = True

    def finish(self) -> None:
        """Checks what is left when the run is over: the call may have ended before it was asked."""
        self.director.over = True
        call, now_ms = self.director.call, self.director.conversation.timeline.now_ms
        while self.failure is None and (steps := self.next_steps(call, now_ms)):
            assert isinstance(steps[0], _WAITS)

    def _play(self) -> Iterator[Step]:
        for number, item in enumerate(self.items):
            self._number = number
            yield from self.director.do(item)


def _search(text: str, wanted: Text, position: int) -> int | None:
    """The end of what was found in a text from a position on."""
    expression = wanted if isinstance(wanted, re.Pattern) else _expression(wanted)
    found = expression.search(text.replace("\u2019", "'"), position)
    return found.end() if found is not None else None


def _expression(phrase: str) -> re.Pattern[str]:
    """The words of a phrase, side by side, whatever stands between them."""
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", phrase.replace("\u2019", "'"))
    between = r"[\W_]+"
    return re.compile(rf"(?<!\w){between.join(map(re.escape, words))}(?!\w)", re.IGNORECASE)
