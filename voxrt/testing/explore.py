"""Explorations: many conversations with one scenario, made up, until one goes wrong.

Hypothesis makes conversations up from moves (`voxrt.testing.explore_machine`): somebody speaks,
interrupts, presses keys, falls silent, hangs up, at any moment; the provider replies late, or not,
or drops the connection; phones are busy; answers of the outside world are late or fail. Each is
run in virtual time, and must keep to what holds for every run. One that does not is made as short
as possible, and written down as a conversation file, which fails again.

docs/explore.md tells how it is used.
"""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import define, evolve, field, frozen

from voxrt.clock import US_PER_S
from voxrt.clocks import RealClock
from voxrt.errors import DocumentError, InputError, UsageError
from voxrt.python_file import run_file
from voxrt.run import RunConfig, RunResult, run
from voxrt.run.dates import date_of
from voxrt.session.journal import Record
from voxrt.testing.explore_plan import Ground, Plan, as_yaml, beside, read_ground

#: The files that an exploration leaves.
CONVERSATION = "found.conversation.yaml"
#: The longest that a run may take, in seconds of its own time, before it counts as stuck.
LONGEST_S = 1_800
#: A round of an exploration that goes by time.
ROUND_EXAMPLES = 50
#: What is not wrong with a made-up conversation, though it would be with a test.
ALLOWED = ("unused", "undone", "outside", "gave-up", "leaks")
NO_PROJECT: Mapping[str, str] = {}


@frozen(kw_only=True)
class Played:
    """A run of an exploration, for a check of one's own.

    Attributes:
        result: How it ended.
        records: The records of its journal.
    """

    result: RunResult
    records: tuple[Record, ...] = field(repr=False)

    def of(self, kind: str, **about: Any) -> list[Record]:
        """The records of a kind with these fields, in order."""
        return [
            record
            for record in self.records
            if record["kind"] == kind and all(record.get(k) == v for k, v in about.items())
        ]


#: Says what is wrong with a run; empty or `None` when nothing is. May assert, too.
Check = Callable[[Played], str | None]


@frozen(kw_only=True)
class Failure:
    """What went wrong in a run.

    Attributes:
        kind: `script error`, `limit`, `stuck` (the session did not end), `failed` (the run did),
            `internal error` (of voxrt), or `check`.
        text: In words.
        place: The `file:line` of the scenario or of the check, if there is one.
    """

    kind: str
    text: str
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells it apart from other failures: its place, or its text without one.

        What a check says may have figures of the run in it.
        """
        return self.kind, self.place or ("" if self.kind == "check" else self.text)

    @property
    def told(self) -> str:
        """In one line."""
        return f"{self.kind}: {f'{self.place}: ' if self.place else ''}{self.text}"


@frozen(kw_only=True)
class Found:
    """A conversation that goes wrong, as short as it could be made.

    Attributes:
        failure: What goes wrong.
        plan: What is done.
        documents: The YAML files of the run, by the field of `RunConfig` that names them.
        runs: How many runs it took, those included that made it shorter.
    """

    failure: Failure
    plan: Plan
    documents: Mapping[str, str]
    runs: int


@define
class Explorer:
    """Runs plans against a scenario and judges them.

    Args:
        config: What is run. Its `caller`, `agent` and `http` are replaced by the plans'.
        ground: What the plans begin with.
        check: One's own, beside what holds for every run.

    Attributes:
        runs: How many there have been.
        found: The latest plan that went wrong.
    """

    config: RunConfig
    ground: Ground
    check: Check | None = None
    runs: int = field(default=0, init=False)
    found: tuple[Plan, Failure] | None = field(default=None, init=False)
    _known: dict[str, Failure | None] = field(factory=dict, init=False)

    def judge(self, plan: Plan) -> Failure | None:
        """Runs a plan, unless it has been run; what went wrong, or nothing."""
        documents = plan.documents()
        key = "\n---\n".join(f"{name}\n{text}" for name, text in documents.items())
        if key not in self._known:
            self.runs += 1
            with tempfile.TemporaryDirectory(prefix="voxrt-explore-") as folder:
                self._known[key] = self.play(documents, Path(folder))
        failure = self._known[key]
        if failure is not None:
            self.found = plan, failure
        return failure

    def shorten(self) -> None:
        """Leaves out of `found` whatever its failure does not need.

        Hypothesis lessens what it drew; that no step is left that could be spared is seen to here.
        """
        found, before = self.found, None
        while found is not None and found is not before:
            before = found
            found = next(self._failing_like(found[1], found[0].shorter()), found)
        self.found = found

    def _failing_like(
        self, failure: Failure, plans: Iterable[Plan]
    ) -> Iterator[tuple[Plan, Failure]]:
        for plan in plans:
            other = self.judge(plan)
            if other is not None and other.key == failure.key:
                yield plan, other

    def play(self, documents: Mapping[str, str], folder: Path) -> Failure | None:
        """Writes the files of a run into a folder, runs it there, and judges it."""
        records: list[Record] = []
        try:
            result = run(self._config(documents, folder), records.append)
        except InputError:
            raise
        except Exception as error:  # a bug, which is what is looked for
            return Failure(kind="internal error", text=_last_line(error), place=_place(error))
        return _wrong_with(Played(result=result, records=tuple(records)), self.check)

    def _config(self, documents: Mapping[str, str], folder: Path) -> RunConfig:
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[str, Any] = {}
        for name, text in documents.items():
            files[name] = folder / f"{name}.yaml"
            files[name].write_text(text, encoding="utf-8")
        return evolve(self.config, out=folder, **files)


def explore(
    config: RunConfig,
    *,
    check: Check | None = None,
    examples: int = 100,
    seconds: float | None = None,
    seed: int = 1,
    most_moves: int = 8,
    said: tuple[str, ...] = (),
    pressed: tuple[str, ...] = (),
) -> Found | Explorer:
    """Looks for a conversation that goes wrong.

    Args:
        config: What is run, in virtual time. `caller`, `agent` and `http` are YAML files, from
            which the exploration takes who may be called, what is said and what is answered.
        check: One's own check of every run: returns or asserts what is wrong.
        examples: How many conversations are made up at most.
        seconds: Goes on for so long instead, in rounds with a seed each; what is found in a round
            does not depend on the time.
        seed: The same seed makes the same conversations up.
        most_moves: How many moves a conversation has at most.
        said: Said as well.
        pressed: Pressed as well.

    Returns:
        What was found, or the explorer when nothing was.

    Raises:
        InputError: A file is wrong; nothing was run.
        UsageError: Hypothesis is not installed.
    """
    ground = read_ground(
        caller=_file(config.caller),
        agent=_file(config.agent),
        answers=_file(config.http),
        said=said,
        pressed=pressed,
        calls_out=config.start,
    )
    config = evolve(config, longest_s=min(config.longest_s, LONGEST_S))
    explorer = Explorer(config=config, ground=ground, check=check)
    if explorer.judge(Plan(ground)) is None:
        from voxrt.testing.explore_machine import search

        if seconds is None:
            search(explorer, examples=examples, seed=seed, most_moves=most_moves)
        else:
            clock = RealClock()
            clock.begin()
            while explorer.found is None and clock.now_us() < seconds * US_PER_S:
                search(explorer, examples=ROUND_EXAMPLES, seed=seed, most_moves=most_moves)
                seed += 1
    explorer.shorten()
    if explorer.found is None:
        return explorer
    plan, failure = explorer.found
    return Found(failure=failure, plan=plan, documents=plan.documents(), runs=explorer.runs)


def write_found(
    found: Found, config: RunConfig, folder: Path, project: Mapping[str, str] = NO_PROJECT
) -> Path:
    """Writes what was found as a conversation file, and leaves a run of it.

    Args:
        found: What was found.
        config: What was explored.
        folder: Where the file goes, and the run with its own files.
        project: The keys `project`, `app` and `rule` of the file, when the scenarios are those of
            a rule.

    Returns:
        The conversation file. The same folder has the run's `caller.yaml`, `agent.yaml` and
        `http.yaml`, for `voxrt run`.
    """
    Explorer(config=config, ground=found.plan.ground).play(found.documents, folder)
    path = folder / CONVERSATION
    text = conversation_text(found, config, folder, project)
    path.write_text(text, encoding="utf-8")
    return path


def conversation_text(
    found: Found, config: RunConfig, folder: Path, project: Mapping[str, str] = NO_PROJECT
) -> str:
    """What was found as the text of a conversation file that lies in `folder`.

    Secrets are not in it.
    """
    files = [beside(path, folder) for path in config.scenarios]
    given: dict[str, Any] = {
        **(dict(project) or {"scenario": files[0] if len(files) == 1 else files}),
        "define": dict(config.defines),
        "replace": {name: beside(path, folder) for name, path in config.replacements.items()},
        "to": config.to,
        "from": config.from_,
        "start": config.start,
        "conference": config.conference,
        "video_conference": config.video_conference,
        "custom_data": config.custom_data,
        "date": None if config.starts_at_ms is None else date_of(config.starts_at_ms),
        "queues": beside(config.queues, folder) if config.queues is not None else None,
        "grok_options": dict(config.grok_options),
    }
    about = {
        "about": f"Found by voxrt explore. {found.failure.told}",
        **{key: value for key, value in given.items() if value},
        "seed": config.seed,
        "limits": config.limits,
        "speech": config.speech,
        "longest_s": min(config.longest_s, LONGEST_S),
        "allow": list(ALLOWED),
    }
    return as_yaml(found.plan.conversation(about))


# --- what is wrong ------------------------------------------------------------------------------


def _wrong_with(played: Played, check: Check | None) -> Failure | None:
    result, records = played.result, played.records
    for record in records:
        if record["kind"] == "error":
            line = f":{record['line']}" if record.get("line") else ""
            place = f"{Path(record['file']).name}{line}" if record.get("file") else ""
            return Failure(kind="script error", text=str(record["text"]), place=place)
    for record in records:
        if record["kind"] == "warning" and record["code"] == "limit":
            return Failure(kind="limit", text=str(record["text"]))
    if result.outcome == "failed":
        for record in played.of("warning"):
            if record["code"] in ("too-long", "stalled"):
                return Failure(kind="stuck", text=str(record["text"]))
        return Failure(kind="failed", text=result.finish_reason or "the run failed")
    if result.outcome == "script error":
        return Failure(kind="script error", text=result.finish_reason)
    if check is None:
        return None
    try:
        told = check(played)
    except AssertionError as error:
        text = str(error).partition("\n")[0] or "the check failed"
        return Failure(kind="check", text=text, place=_place(error))
    return Failure(kind="check", text=str(told)) if told else None


def load_check(path: Path) -> Check:
    """The function `check(run)` of a Python file.

    Raises:
        DocumentError: The file cannot be run, or has no such function.
    """
    check: Check | None = run_file(path).get("check")
    if not callable(check):
        raise DocumentError(
            "it has no function `check(run)`",
            hint="It returns or asserts what is wrong with a run.",
            file=str(path),
        )
    return check


def _file(given: object) -> Path | None:
    if isinstance(given, Path | None):
        return given
    raise UsageError("an exploration takes the caller, the agent and the answers as YAML files")


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def _place(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
