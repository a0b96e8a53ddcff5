"""Plays a conversation file, and says whether the test passed."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from voxrt.legs.script import CallerScript
from voxrt.run.config import EXIT_INTERRUPTED
from voxrt.testing.conversation import Conversation, ExpectationError
from voxrt.testing.conversation_file import ConversationFile, Placed, read_conversation
from voxrt.testing.director import Director, Lead
from voxrt.testing.expectation_file import FigureBound
from voxrt.testing.expectations import Problem
from voxrt.testing.report import write_timeline


@frozen(kw_only=True)
class Failure:
    """One reason why a test failed.

    Attributes:
        place: `file:line` of what was expected; empty for what must hold in every test.
        text: What is wrong, and what happened around it.
    """

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text


@frozen(kw_only=True)
class Verdict:
    """What came of a test.

    Attributes:
        file: The test.
        failures: Why it failed; none when it passed.
        duration_ms: How long the run was, in virtual time.
        conversation: The run.
    """

    file: ConversationFile
    failures: Sequence[Failure]
    duration_ms: float
    conversation: Conversation = field(repr=False)

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.failures

    @property
    def interrupted(self) -> bool:
        """Whether somebody ended the run."""
        result = self.conversation.result
        return result is not None and result.exit_code == EXIT_INTERRUPTED


def play(file: ConversationFile, out: Path) -> Verdict:
    """Runs a conversation to its end; what fails is in the verdict.

    Args:
        file: The conversation, read for this run.
        out: The folder of the run.

    Raises:
        InputError: A file that it names is wrong, such as the scenario; nothing was run.
    """
    config = evolve(file.config, out=out, caller=file.script)
    conversation = Conversation(config, file.allow)
    lead = Lead(Director(conversation), [placed.value for placed in file.conversation])
    if file.conversation:
        script = led_by(lead, file.script, start=config.start)
        conversation.config = evolve(config, caller=script)
    conversation.run()
    if file.conversation:
        lead.finish()
    assert conversation.result is not None
    return Verdict(
        file=file,
        failures=_failures(file, conversation, lead),
        duration_ms=conversation.result.record["duration_ms"],
        conversation=conversation,
    )


def play_file(
    path: Path, out: Path, *, allow: Sequence[str] = (), speech: str = "auto", keep: bool = False
) -> Verdict:
    """Reads a conversation file and plays it; the folder of one that fails has its page.

    Args:
        path: The file.
        out: The folder of the run.
        allow: The names of audits that need not hold, beside those of the file.
        speech: Which voices speak, when the file leaves that open.
        keep: Whether the folder is kept when the test passed.

    Raises:
        InputError: The file, or one that it names, is wrong; nothing was run.
    """
    file = read_conversation(path)
    if file.config.speech == "auto":
        file = evolve(file, config=evolve(file.config, speech=speech))
    verdict = play(evolve(file, allow=(*file.allow, *allow)), out)
    if not verdict.passed:
        write_timeline(out)
    elif not keep:
        shutil.rmtree(out)
    return verdict


def led_by(prompter: Any, script: CallerScript, *, start: bool) -> CallerScript:
    """A script whose first person is prompted: the caller, or the first party of a run without.

    Args:
        prompter: What leads them (`voxrt.legs.script.Prompter`).
        script: Who takes part.
        start: Whether the session begins without a call.
    """
    if not start:
        return evolve(script, caller=evolve(script.caller, prompter=prompter))
    first, *rest = script.parties
    return evolve(script, parties=(evolve(first, prompter=prompter), *rest))


def _failures(file: ConversationFile, conversation: Conversation, lead: Lead) -> list[Failure]:
    found = []
    if lead.failure is not None:
        number, error = lead.failure
        found.append(Failure(place=file.conversation[number].place, text=str(error)))
    else:  # what is expected of the whole call cannot hold when it was broken off
        found += [
            failure for placed in file.expectations for failure in _check(placed, conversation)
        ]
    problems = conversation.audit()
    if lead.failure is not None:  # what was not reached was not used either
        problems = [p for p in problems if p.audit not in ("unused", "undone", "gave-up", "leaks")]
    return found + [Failure(place="", text=problem.text) for problem in problems]


def _check(placed: Placed, conversation: Conversation) -> list[Failure]:
    try:
        if isinstance(placed.value, FigureBound):
            problem = _figure_problem(placed.value, conversation)
            if problem is not None:
                raise conversation.failure(problem)
        else:
            conversation.expect(placed.value)
    except ExpectationError as error:
        return [Failure(place=placed.place, text=str(error))]
    return []


def _figure_problem(bound: FigureBound, conversation: Conversation) -> Problem | None:
    calls = len(conversation.calls)
    if bound.call > calls:
        return Problem(text=f"expected {bound} of call {bound.call}, but there were {calls} calls")
    try:
        value = getattr(conversation.heard(bound.call), bound.name)
    except AssertionError as error:
        return Problem(text=f"expected {bound}, but {error}")
    if bound.bound.holds(value):
        return None
    return Problem(text=f"expected {bound}, but it is {value!r}", at_ms=value.at_ms)
