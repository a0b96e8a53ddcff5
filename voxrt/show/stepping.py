"""A session that is driven one command at a time: `voxrt step`.

A command adds steps to the script of the person at the phone. Then the whole session runs again
from its beginning, in virtual time, and stops when the last step is done. The same seed and the
same steps give the same bytes, so all that happened before happens again, and only what is new is
told. There is no process to keep alive, nothing that a crash could lose, any command can be taken
back, and a scenario that was edited in between is seen to do something else.

A folder of steps is the folder of a run with `step.json` beside its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypedDict

import msgspec
import yaml
from attrs import define, evolve, field, frozen

from voxrt.documents import parse_document
from voxrt.errors import DocumentError, UsageError
from voxrt.legs.script import CallerScript, Party
from voxrt.legs.step_file import STEP_KEYS, WORDS, read_steps
from voxrt.legs.steps import Step
from voxrt.run.config import RunConfig, RunResult
from voxrt.run.runner import Run
from voxrt.session.journal import Record, read_journal

FORMAT = 1
FILE = "step.json"

#: How long, in ms, an answer is waited for after what is said, and a call's connection.
LISTEN_MS, ANSWER_MS = 15_000, 60_000

#: Steps whose value is a text, whatever it looks like.
_TEXTS = (
    "say", "play", "voicemail", "barge_in", "press", "message", "info", "request", "transfer",
)  # fmt: skip

#: Where in the scenario something comes from; an edit above it makes it another line.
_NO_PLACE = dict.fromkeys(("at", "line", "column", "end_column", "stack"))

#: What somebody does that wants an answer.
SPEAKS = ("say", "play", "barge_in", "press", "message", "tone")

#: What a folder of steps does by itself: the call is answered.
FIRST: dict[str, Any] = {
    "wait_for": "answer", "timeout_ms": ANSWER_MS, "on_timeout": "continue",
}  # fmt: skip
LISTEN: dict[str, Any] = {
    "wait_for": "agent_turn", "timeout_ms": LISTEN_MS, "on_timeout": "continue",
}  # fmt: skip


@define(kw_only=True)
class StepFile:
    """What `step.json` has.

    Attributes:
        options: How the session is run, as the command line had it.
        folder: Where sounds are looked for: where the command line was.
        commands: The steps of each command so far, as caller scripts write them.
        told: How many records have been told.
        ended: Whether the session is over.
    """

    options: dict[str, Any]
    folder: str
    commands: list[list[Any]] = field(factory=list)
    told: int = 0
    ended: bool = False

    def steps(self) -> tuple[Step, ...]:
        """The steps of all commands.

        Raises:
            DocumentError: One is wrong.
        """
        found: list[Step] = []
        for command in self.commands:
            text = msgspec.json.encode(command).decode()
            found += read_steps(parse_document(text, file="the step"), Path(self.folder))
        return tuple(found)

    def script(self) -> str:
        """All steps as a caller script, in YAML."""
        steps = [step for command in self.commands for step in command]
        return yaml.safe_dump(steps, allow_unicode=True, sort_keys=False, width=1000)

    def save(self, folder: Path) -> None:
        """Writes it into the folder, at once or not at all."""
        value = {
            "format": FORMAT, "options": self.options, "folder": self.folder,
            "commands": self.commands, "told": self.told, "ended": self.ended,
        }  # fmt: skip
        new = folder / f"{FILE}.new"
        new.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n")
        new.replace(folder / FILE)


_Text: TypeAlias = str | None
_List: TypeAlias = list[str]
#: The options of `start`, and what kind of values they have.
_OPTIONS = TypedDict(
    "_OPTIONS",
    {
        "files": _List, "project": _Text, "app": _Text, "rule": _Text, "define": _List,
        "replace": _List, "to": _Text, "from": _Text, "caller": _Text, "queues": _Text,
        "start": bool, "conference": str, "custom_data": _Text, "agent": _Text, "http": _Text,
        "date": _Text, "seed": int, "secret": _List, "secrets_file": _Text, "limits": str,
    },
)  # fmt: skip


def load_steps(folder: Path) -> StepFile:
    """Reads the `step.json` of a folder.

    Raises:
        UsageError: There is none, or it is of another version.
        DocumentError: It is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        raise UsageError(
            "no session is driven in steps here.",
            hint=f"Begin one: voxrt step {folder} start SCENARIO",
            file=str(folder),
        )
    try:
        value = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        if value.pop("format") != FORMAT:
            raise UsageError("another version of voxrt wrote this.", file=str(path))
        state = msgspec.convert(value, type=StepFile)
        msgspec.convert(state.options, type=_OPTIONS)
        return state
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise DocumentError(f"it is damaged: {error}", file=str(path)) from None


def read_command(verb: str, words: Sequence[str], extra: Sequence[str]) -> list[Any]:
    """The steps that a command line asks for.

    Args:
        verb: The name of a step of caller scripts, or `steps` for a YAML list of them.
        words: Its value.
        extra: `KEY=VALUE` for the step's other keys.

    Raises:
        UsageError: An option is not of its form.
        DocumentError: It is no step.
    """
    text = " ".join(words)
    if verb == "steps":
        value = parse_document(text, file="the steps").plain()
        return value if isinstance(value, list) else [value]
    if verb in WORDS:
        if text or extra:
            raise UsageError(f"`{verb}` takes nothing, and got {text or extra[0]!r}.")
        return [verb]
    step: dict[str, Any] = {verb: text if verb in _TEXTS else _value(text, verb)}
    for pair in extra:
        key, equals, given = pair.partition("=")
        if not key or not equals:
            raise UsageError(f"--with takes KEY=VALUE, not {pair!r}.")
        step[key] = _value(given, key)
    if verb == "wait_for" and "on_timeout" not in step:
        step["on_timeout"] = "continue"  # what is driven by hand goes on
    if verb not in STEP_KEYS:
        read_steps(parse_document(msgspec.json.encode([step]).decode(), file="the step"), Path())
    return [step]


def _value(text: str, what: str) -> Any:
    return parse_document(text, file=what).plain() if text else None


@frozen(kw_only=True)
class Taken:
    """What came of a command.

    Attributes:
        records: All that happened so far, without what the stop itself brought about.
        result: Of the run; its outcome is `paused` while the session goes on.
        differs_at: The number of the first record that had been told and is another one now;
            0 when all are the same.
        before: That record as it was; `None` when there was none.
    """

    records: list[Record]
    result: RunResult
    differs_at: int
    before: Record | None


@define(eq=False)
class _Stopper:
    """The prompter that has nothing more to say: the run stops."""

    run: Run | None = None
    records: int | None = None
    _count: int = field(default=0, init=False)

    def watch(self, record: Record) -> None:
        self._count = record["n"]

    def next_steps(self, call: str, now_ms: float) -> Sequence[Step]:
        if self.run is not None and self.records is None:
            self.records = self._count
            self.run.pause()
        return ()

    def call_over(self) -> None:
        """The session goes on to its own end."""


def take(state: StepFile, config: RunConfig, script: CallerScript) -> Taken:
    """Runs the session from its beginning to the end of the last step.

    Args:
        state: The steps, and how many records have been told.
        config: How it is run; `caller` is made here.
        script: The people of the session. The first who is called, when the session begins
            without a call, or the caller do the steps; the others do what the script says.

    Raises:
        InputError: A file or a step is wrong; nothing has been run.
    """
    journal = config.out / "journal.jsonl"
    before = read_journal(journal)[: state.told] if journal.is_file() else []
    stopper = _Stopper()
    records: list[Record] = []
    steps = state.steps()

    def watch(record: Record) -> None:
        records.append(record)
        stopper.watch(record)

    run = Run(evolve(config, caller=_with_steps(script, config.start, steps, stopper)), watch)
    stopper.run = run
    result = run.execute()
    if stopper.records is not None:
        del records[stopper.records :]
    differs_at = next(
        (
            number
            for number, old in enumerate(before, 1)
            if number > len(records) or not _same(records[number - 1], old)
        ),
        0,
    )
    return Taken(
        records=records,
        result=result,
        differs_at=differs_at,
        before=before[differs_at - 1] if differs_at else None,
    )


def _same(record: Record, old: Record) -> bool:
    """Whether the same happened; the files of the scenario may have been edited."""
    if record["kind"] == old["kind"] == "run":
        return True
    return {**record, **_NO_PLACE} == {**old, **_NO_PLACE}


def _with_steps(
    script: CallerScript, start: bool, steps: tuple[Step, ...], stopper: _Stopper
) -> CallerScript:
    if not start:
        return evolve(script, caller=evolve(script.caller, steps=steps, prompter=stopper))
    first, *others = script.parties or (Party(match="*", name="callee"),)
    return evolve(script, parties=(evolve(first, steps=steps, prompter=stopper), *others))
