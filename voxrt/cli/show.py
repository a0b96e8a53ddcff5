"""`voxrt show`: a run after the fact, as an account, a page, labels or a trace."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.show.beside import Parting
    from voxrt.show.folder import ShownRun

PAGE = Group("The page", sort_key=0)
FORMS = Group("Other forms", sort_key=1)
FILES = {"html": "show.html", "labels": "labels.txt", "trace": "trace.json"}


def show(
    folder: Annotated[Path, Parameter(help="The folder of a run.")],
    /,
    *,
    html: Annotated[
        bool, parameters.flag(PAGE, "Write a page that opens from disk: FOLDER/show.html.")
    ] = False,
    beside: Annotated[
        Path | None,
        Parameter(group=PAGE, metavar="FOLDER", help="Another run, on the same page."),
    ] = None,
    divergence: Annotated[
        str | None,
        Parameter(
            group=PAGE,
            metavar="N[:M]",
            help="Where the runs part: the record, and its number in the second run; found "
            "by itself without this.",
        ),
    ] = None,
    no_sound: Annotated[
        bool, parameters.flag(PAGE, "Leave the recordings out: a smaller page.")
    ] = False,
    scenario: Annotated[
        tuple[Path, ...],
        parameters.repeatable(
            PAGE, "FILE", "A scenario file that is elsewhere than when it was run."
        ),
    ] = (),
    labels: Annotated[
        bool, parameters.flag(FORMS, "Write a label track for Audacity: FOLDER/labels.txt.")
    ] = False,
    trace: Annotated[
        bool,
        parameters.flag(FORMS, "Write a trace for Perfetto and Chrome: FOLDER/trace.json."),
    ] = False,
    out: Annotated[
        Path | None,
        Parameter(
            group=parameters.OUTPUT, metavar="FILE", help="Another name for what is written."
        ),
    ] = None,
    verbose: Annotated[
        bool, parameters.flag(parameters.OUTPUT, "Tell everything.", "--verbose", "-v")
    ] = False,
) -> int:
    """Show a run after the fact.

    Without options, tells its account and its figures in the terminal.
    """
    from voxrt.errors import UsageError
    from voxrt.show.folder import load

    wanted = {"html": html, "labels": labels, "trace": trace}
    forms = [form for form, is_wanted in wanted.items() if is_wanted]
    if out is not None and len(forms) != 1:
        raise UsageError("--out names one file: give one of --html, --labels and --trace with it.")
    if not html and (beside or divergence or no_sound):
        raise UsageError("--beside, --divergence and --no-sound go with --html.")
    run = load(folder, scenario)
    if not forms:
        return _tell(run, verbose=verbose)
    other = None if beside is None else load(beside, scenario)
    parting = _parting(divergence, run, other)
    for form in forms:
        if form == "html":
            from voxrt.show.page import render

            runs = [run] if other is None else [run, other]
            text = render(runs, parting=parting, sound=not no_sound)
            for problem in (problem for shown in runs for problem in shown.problems):
                _warn(problem)
        elif form == "labels":
            from voxrt.show.labels import labels_text

            text = labels_text(run.timeline)
        else:
            from voxrt.show.trace import trace_text

            text = trace_text(run)
        _write(out or folder / FILES[form], text)
    return 0


def _tell(run: ShownRun, *, verbose: bool) -> int:
    """The account and the figures, as `voxrt run` tells them."""
    from voxrt.cli.run import summarize
    from voxrt.cli.terminal import make_console
    from voxrt.cli.view import View
    from voxrt.show.account import Account

    console = make_console()
    with View(console, Account(verbose=verbose)) as view, run.folder.reading() as records:
        for record in records:
            view.watch(record)
    console.print()
    result = run.timeline.result() or {}
    told = len(run.problems)  # files that are not there are told with what would show them
    summarize(
        run.measures,
        outcome=str(result.get("outcome", "cut off")),
        finish_reason=str(result.get("finish_reason") or "the journal ends here"),
        files=run.files(),
        timing=run.timing,
    )
    for problem in run.problems[told:]:
        _warn(problem)
    return 0


def _parting(text: str | None, run: ShownRun, other: ShownRun | None) -> Parting | None:
    """The two records of `--divergence N[:M]`, or those where the runs part.

    Raises:
        UsageError: It is not of this form, or a run has no such record.
    """
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError
    from voxrt.show.beside import Parting, find_parting

    if text is None:
        found_parting = None if other is None else find_parting(run, other)
        if other is not None and found_parting is None:
            say("the two runs do the same")
        return found_parting
    found = re.fullmatch(r"(\d+)(?::(\d+))?", text)
    if found is None:
        raise UsageError(f"--divergence takes N or N:M, two numbers of records, not {text!r}.")
    if other is None:
        raise UsageError("--divergence is about two runs: name the second one with --beside.")
    numbers = int(found[1]), int(found[2] or found[1])
    for number, shown in zip(numbers, (run, other), strict=True):
        if not 1 <= number <= len(shown.records):
            most = len(shown.records)
            raise UsageError(
                f"--divergence names the record {number}, and the run has 1 to {most}.",
                file=str(shown.path),
            )
    return Parting(*numbers)


def _write(path: Path, text: str) -> None:
    from voxrt.cli.run import shown
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError

    data = text.encode()
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(f"it cannot be written: {error.strerror}", file=str(path)) from None
    say(f"{shown(path)}  {_size_text(len(data))}")


def _size_text(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size // 1000, 1)} kB"


def _warn(text: str) -> None:
    sys.stderr.write(f"warning: {text}\n")
