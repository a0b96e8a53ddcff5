"""`voxrt test`: conversation files as tests."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

from cyclopts import Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.testing.results import TestResult

#: Where the runs of failed tests are kept when `--out` is not given.
OUT = Path("runs/test")


def run_tests(
    *paths: Annotated[
        Path, Parameter(name="DIR", help="Folders, or conversation files; this folder by default.")
    ],
    only: Annotated[
        str | None,
        Parameter(
            name=("--only", "-k"),
            group=parameters.RUN,
            metavar="TEXT",
            help="Only the tests that have this text in their path or name.",
        ),
    ] = None,
    allow: Annotated[
        tuple[str, ...],
        parameters.repeatable(
            parameters.RUN, "NAME", "What does not fail a test, see docs/testing.md."
        ),
    ] = (),
    speech: Annotated[
        str, Parameter(group=parameters.RUN, help="The voices: `auto`, `espeak` or `synthetic`.")
    ] = "auto",
    junit: Annotated[
        Path | None,
        Parameter(group=parameters.OUTPUT, metavar="FILE", help="Write the results as JUnit XML."),
    ] = None,
    json: Annotated[
        Path | None,
        Parameter(
            group=parameters.OUTPUT,
            metavar="FILE",
            help="Write a line of JSON for each test, when it has ended.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        Parameter(
            group=parameters.OUTPUT,
            metavar="DIR",
            show_default=False,
            help="Where the runs of failed tests are kept; runs/test by default.",
        ),
    ] = None,
    keep: Annotated[
        bool, parameters.flag(parameters.OUTPUT, "Keep the runs of passed tests, too.")
    ] = False,
) -> int:
    """Run conversation files as tests.

    Each is a call with what is said, heard and expected on it. The exit code is 0 when all pass,
    1 when one fails, 2 when one cannot be run.
    """
    from voxrt.cli.exits import BAD_INPUT, INTERRUPTED, OK, SCENARIO_FAILED
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError
    from voxrt.testing.collect import find_conversations
    from voxrt.testing.conversation import AUDITS
    from voxrt.testing.results import json_line, junit_xml

    for name in allow:
        if name not in AUDITS:
            raise UsageError(f"--allow takes one of {', '.join(AUDITS)}, not {name!r}.")
    if speech not in ("auto", "espeak", "synthetic"):
        raise UsageError(f"--speech must be auto, espeak or synthetic, not {speech!r}.")
    files = find_conversations(paths or (Path(),))
    chosen = [file for file in files if only is None or only in _said_of(file)]
    if not chosen:
        raise UsageError(f"none of {len(files)} conversations has {only!r} in its path or name.")
    results: list[TestResult] = []
    reports = {path: _open(path) for path in (junit, json) if path is not None}
    lines = reports.get(json) if json is not None else None
    for number, file in enumerate(chosen, 1):
        result = _play(file, (out or OUT) / _folder(number, file), allow, speech, keep)
        results.append(result)
        say(_line(result))
        if lines is not None:
            lines.write(json_line(result) + "\n")
            lines.flush()
        if result.outcome == "interrupted":
            break
    if junit is not None:
        reports[junit].write(junit_xml(results))
    for report in reports.values():
        report.close()
    for folder in (OUT, OUT.parent) if out is None else ():
        with suppress(OSError):  # nothing is left of tests that pass
            folder.rmdir()
    for result in results:
        if result.failures:
            say("")
            say(f"--- {result.file}")
            say("\n\n".join(result.failures))
    say("")
    say(_summary(results))
    outcomes = [result.outcome for result in results]
    if "interrupted" in outcomes:
        return INTERRUPTED
    return BAD_INPUT if "error" in outcomes else SCENARIO_FAILED if "failed" in outcomes else OK


def _play(file: Path, out: Path, allow: Sequence[str], speech: str, keep: bool) -> TestResult:
    from voxrt.clock import US_PER_MS
    from voxrt.clocks import RealClock
    from voxrt.errors import InputError
    from voxrt.testing.play import play_file
    from voxrt.testing.results import TestResult

    stopwatch = RealClock()
    stopwatch.begin()
    try:
        verdict = play_file(file, out, allow=allow, speech=speech, keep=keep)
    except InputError as error:
        text = f"error: {error} [{error.code}]"
        return TestResult(file=str(file), name=file.name, outcome="error", failures=(text,))
    outcome = "passed" if verdict.passed else "failed"
    if verdict.interrupted:
        outcome = "interrupted"
    return TestResult(
        file=str(file),
        name=verdict.file.name,
        outcome=outcome,
        failures=[str(failure) for failure in verdict.failures],
        virtual_ms=verdict.duration_ms,
        wall_ms=stopwatch.now_us() / US_PER_MS,
        run=str(out) if keep or not verdict.passed else "",
    )


def _said_of(file: Path) -> str:
    """Where a test is and what it is called; of a broken file where it is."""
    from voxrt.documents import read_document
    from voxrt.errors import DocumentError

    try:
        value = read_document(file).value
    except DocumentError:
        return str(file)
    name = value.get("name") if isinstance(value, dict) else None
    return f"{file} {name.value}" if name is not None else str(file)


def _folder(number: int, file: Path) -> str:
    return f"{number:03d}-{file.name.partition('.')[0]}"


def _line(result: TestResult) -> str:
    from voxrt.show.times import duration_text

    word = {"passed": "ok", "failed": "FAIL"}.get(result.outcome, result.outcome.upper())
    name = "" if result.file.endswith(result.name) else f"  {result.name}"
    times = ""
    if result.outcome != "error":
        times = f"  ({duration_text(result.virtual_ms)} in {duration_text(result.wall_ms)})"
    return f"{word:<5} {result.file}{name}{times}"


def _summary(results: Sequence[TestResult]) -> str:
    words = {"passed": "passed", "failed": "failed", "error": "could not be run",
             "interrupted": "interrupted"}  # fmt: skip
    counts = {word: sum(r.outcome == kind for r in results) for kind, word in words.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _open(path: Path) -> IO[str]:
    from voxrt.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"the results cannot be written: {reason}.", file=str(path)) from None
