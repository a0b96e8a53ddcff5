"""One run as a test sees it: what happened, what was heard, and what must always hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import define, field

from voxrt.errors import UsageError
from voxrt.legs.verdict import GAVE_UP
from voxrt.run import RunConfig, RunResult, run
from voxrt.run.summary import Summary
from voxrt.session.journal import Record
from voxrt.testing.audible import Audible
from voxrt.testing.expectations import Expectation, Happens, Problem
from voxrt.testing.happenings import Happening, Timeline
from voxrt.testing.heard import Heard
from voxrt.testing.patterns import Pattern

#: What every run of a test must keep to, unless the test allows otherwise; and what each is.
AUDITS: Final = {
    "errors": "the scenario failed, or the run did",
    "unused": "an answer, a party, a rule or a fault was declared and never used",
    "undone": "somebody at a phone could not do all that their script says, or did not get what "
    "it expects",
    "outside": "a request went out, or a phone was called, for which nothing was declared",
    "limits": "a limit of the platform was exceeded",
    "gave-up": "somebody waited for what did not come",
    "leaks": "an asynchronous function of the scenario still waited when the session had ended",
}


class ExpectationError(AssertionError):
    """What a test expected is not so; the message says what happened around it."""


@define(eq=False)
class Conversation:
    """A run, while it goes on and after.

    Args:
        config: What is run, and how.
        allow: The names of `AUDITS` that need not hold.

    Attributes:
        timeline: What happened so far.
        result: How it ended; `None` while it goes on.
    """

    config: RunConfig
    allow: Sequence[str] = ()
    timeline: Timeline = field(factory=Timeline, init=False)
    result: RunResult | None = field(default=None, init=False)
    _audible: Audible = field(factory=Audible, init=False)

    def __attrs_post_init__(self) -> None:
        for name in self.allow:
            if name not in AUDITS:
                raise UsageError(f"nothing to allow is called {name!r}; there is {_listed(AUDITS)}")

    def run(self) -> None:
        """Runs it to its end.

        Raises:
            InputError: Something that was given is wrong; nothing was run.
        """
        self.result = run(self.config, self.timeline.take, self._audible.take)

    @property
    def out(self) -> Path:
        """The run's folder."""
        return self.config.out

    # --- what happened ----------------------------------------------------------------------

    @property
    def records(self) -> list[Record]:
        """The records of the journal so far."""
        return self.timeline.records

    @property
    def happenings(self) -> list[Happening]:
        """What happened so far."""
        return self.timeline.happenings

    @property
    def events(self) -> list[str]:
        """The names of all events so far."""
        return [happening.name for happening in self.timeline.of("event")]

    @property
    def logs(self) -> list[str]:
        """What the scenario wrote with `Logger.write`."""
        return [happening.text for happening in self.timeline.of("log")]

    @property
    def tools(self) -> list[Happening]:
        """The agent's function calls: `name`, and their arguments as `data`."""
        return self.timeline.of("tool")

    @property
    def calls(self) -> list[str]:
        """The ids of all calls so far, in the order in which they began."""
        summary = Summary()
        for record in self.records:
            summary.take(record)
        return list(summary.calls)

    def heard(self, call: int = 1) -> Heard:
        """What the phone of a call heard so far.

        Args:
            call: Its number, from 1, in the order in which the calls began.

        Raises:
            UsageError: There is no such call.
        """
        calls = self.calls
        if not 1 <= call <= len(calls):
            raise UsageError(f"there is no call {call}: the run has {len(calls)}")
        return self.heard_by(calls[call - 1])

    def heard_by(self, call: str) -> Heard:
        """The same, of the call with this id."""
        recording = None
        if self.result is not None and call in self.calls:
            recording = self.out / f"call-{self.calls.index(call) + 1}.wav"
        return Heard(
            phrases=[h for h in self.timeline.of("hear") if h.call == call],
            stretches=self._audible.heard(call),
            said=self._audible.said(call),
            records=[r for r in self.records if r["kind"] == "heard" and r["call"] == call],
            recording=recording,
        )

    # --- what is expected -------------------------------------------------------------------

    def expect(self, *expected: Expectation | Pattern) -> None:
        """Checks that this is so; of a pattern, that it happened.

        Raises:
            ExpectationError: It is not.
        """
        __tracebackhide__ = True
        for one in expected:
            problem = as_expectation(one).check(self.happenings)
            if problem is not None:
                raise self.failure(problem)

    def failure(self, problem: Problem) -> ExpectationError:
        """A problem as an error that says what happened around it, and where to read on."""
        from voxrt.testing.report import context, places

        at_ms = self.timeline.now_ms if problem.at_ms is None else problem.at_ms
        lines = [problem.text, "", *context(self.records, at_ms), *places(self.out)]
        return ExpectationError("\n".join(lines))

    def audit(self) -> list[Problem]:
        """What must hold for every run and does not, of what is not allowed.

        Raises:
            UsageError: The run goes on.
        """
        if self.result is None:
            raise UsageError("a run can be audited when it is over")
        return [
            Problem(text=text, audit=name)
            for name, find in _AUDITORS.items()
            if name not in self.allow
            for text in find(self, self.result)
        ]


def as_expectation(expected: Expectation | Pattern) -> Expectation:
    """A pattern as the expectation that it happens; an expectation as it is."""
    return Happens(expected) if isinstance(expected, Pattern) else expected


# --- the audits ---------------------------------------------------------------------------------


def _errors(conversation: Conversation, result: RunResult) -> Iterable[str]:
    errors = conversation.timeline.of("error")
    for record in conversation.records:
        if record["kind"] == "error":
            place = f"{record['file']}:{record.get('line')}: " if record.get("file") else ""
            yield f"the scenario failed: {place}{record['text']}"
    if result.outcome not in ("normal", _UNFULFILLED) and not errors:
        told = [w.text for w in conversation.timeline.of("warning") if w.name in _RUN_FAILED]
        yield f"the run ended as {result.outcome!r}{': ' + told[-1] if told else ''}"


#: The outcome of a run in which somebody gave up, or did not get what their script expects.
_UNFULFILLED = "not as expected"
#: Warnings that tell why a run failed.
_RUN_FAILED = ("too-long", "stalled", "provider")


def _unused(conversation: Conversation, result: RunResult) -> Iterable[str]:
    played = result.record.get("unused_answers", ())  # also what of a cassette was not played
    every = dict.fromkeys([*result.unused, *(f"the answer {what}" for what in played)])
    return (f"declared and never used: {what}" for what in every)


def _undone(conversation: Conversation, result: RunResult) -> Iterable[str]:
    for what in result.undone:
        yield f"the call ended before this was done: {what}"
    for warning in conversation.timeline.of("warning", "not-as-expected"):
        yield warning.text


def _outside(conversation: Conversation, result: RunResult) -> Iterable[str]:
    for record in conversation.records:
        if record["kind"] in ("http", "mail", "socket") and record.get("source") == "closed":
            what = record.get("url") or record.get("subject") or ""
            yield f"nothing was declared for {record.get('method', record['kind'])} {what}".rstrip()
    for what in result.record.get("approximated", ()):
        if what.startswith("the phone "):
            yield f"called {what.removeprefix('the phone ')}"


def _limits(conversation: Conversation, result: RunResult) -> Iterable[str]:
    for warning in conversation.timeline.of("warning", "limit"):
        yield f"a limit was exceeded: {warning.text}"


def _gave_up(conversation: Conversation, result: RunResult) -> Iterable[str]:
    for person in result.record.get("people", ()):
        if person["came"] == GAVE_UP:
            yield f"{person['who']} gave up: {person['detail']}"


def _leaks(conversation: Conversation, result: RunResult) -> Iterable[str]:
    return (f"still waited when the session had ended: {what}" for what in result.leaked)


_Auditor = Callable[[Conversation, RunResult], Iterable[str]]
_AUDITORS: Final[dict[str, _Auditor]] = {
    "errors": _errors,
    "unused": _unused,
    "undone": _undone,
    "outside": _outside,
    "limits": _limits,
    "gave-up": _gave_up,
    "leaks": _leaks,
}


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(map(str, names))
