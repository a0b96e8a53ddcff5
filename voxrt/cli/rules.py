"""`voxrt rules`: which rule of a project takes a number, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from rich.text import Text

    from voxrt.scenario.project import Application
    from voxrt.scenario.rules import Verdict


def rules(
    number: Annotated[str, Parameter(name="NUMBER", help="What is dialled.")],
    /,
    *,
    project: Annotated[
        Path, Parameter(metavar="DIR", help="A folder with applications and rules.")
    ],
    app: Annotated[
        str | None, Parameter(metavar="NAME", help="The application, when there are several.")
    ] = None,
    define: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            metavar="NAME=VALUE",
            show_default=False,
            help="Fills in a placeholder of the configuration. Repeatable.",
        ),
    ] = (),
) -> int:
    """Say which rule of a project takes a number, and why.

    Lists the rules in order, with their patterns and scenarios; the first whose pattern matches
    the whole number takes it. The exit code is 1 when none does.
    """
    from voxrt.cli.exits import OK, SCENARIO_FAILED
    from voxrt.cli.options import read_defines
    from voxrt.cli.terminal import make_console
    from voxrt.scenario.project import open_project
    from voxrt.scenario.rules import judge

    application = open_project(project, app, read_defines(define))
    verdicts = judge(application.rules, number)
    console = make_console()
    for line in rules_lines(application, number, verdicts):
        console.print(line, soft_wrap=True)
    return OK if any(verdict.takes for verdict in verdicts) else SCENARIO_FAILED


def rules_lines(application: Application, number: str, verdicts: tuple[Verdict, ...]) -> list[Text]:
    """The answer as styled lines: a head, two lines for each rule, and the outcome."""
    from rich.cells import cell_len
    from rich.text import Text

    from voxrt.scenario.rules import destination_of

    lines = [
        Text.assemble((application.name, "bold"), f"  {application.rules_file}"),
        Text(),
    ]
    name_cells = max((cell_len(verdict.rule.name) for verdict in verdicts), default=0)
    pattern_cells = max((cell_len(verdict.rule.pattern) for verdict in verdicts), default=0)
    for verdict in verdicts:
        rule = verdict.rule
        style = "bold green" if verdict.takes else ""
        why = "takes it" if verdict.takes else verdict.why
        lines.append(
            Text.assemble(
                ("> " if verdict.takes else "  ", style),
                (rule.name + " " * (name_cells - cell_len(rule.name)), style),
                f"  {rule.pattern}" + " " * (pattern_cells - cell_len(rule.pattern)),
                (f"  {why}", style or "dim"),
            )
        )
        lines.append(_scenarios(application, verdict, " " * (name_cells + 4)))
    destination = destination_of(number)
    asked = number if destination == number else f"{number}, as {destination},"
    taken = next((verdict.rule.name for verdict in verdicts if verdict.takes), None)
    outcome = f"{asked} is taken by {taken}" if taken else f"no rule takes {asked.rstrip(',')}"
    return [*lines, Text(), Text(outcome, style="bold green" if taken else "bold red")]


def _scenarios(application: Application, verdict: Verdict, indent: str) -> Text:
    from rich.text import Text

    line = Text(indent)
    for number, scenario in enumerate(verdict.rule.scenarios):
        line.append(", " if number else "", style="dim")
        line.append(scenario.name, style="dim")
        if application.scenario_file(scenario) is None:
            line.append(" (no file)", style="yellow")
    if not verdict.rule.scenarios:
        line.append("no scenarios", style="yellow")
    return line
