"""What `voxrt run` is to run: files as they are named, or a rule of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from voxrt.errors import UsageError


@frozen
class Chosen:
    """The scenarios of a run.

    Attributes:
        name: What the run is called: its first scenario, or its rule.
        settings: The fields of `RunConfig` that say what is run.
    """

    name: str
    settings: dict[str, Any]


def choose_scenarios(
    files: Sequence[Path],
    *,
    project: Path | None,
    app: str | None,
    rule: str | None,
    to: str | None,
    start: bool,
    defines: Mapping[str, Any],
    replacements: Mapping[str, Path],
) -> Chosen:
    """The scenarios that a command line asks for; the arguments are its options.

    Raises:
        InputError: There is nothing to run, or the options contradict each other.
    """
    from voxrt.run.scenarios import of_project
    from voxrt.scenario.source import scenario_name

    if project is None:
        if not files:
            raise UsageError(
                "no scenario was given.", hint="Name at least one file, or a --project."
            )
        for option, value in (("--app", app), ("--rule", rule)):
            if value is not None:
                raise UsageError(f"{option} chooses within a project.", hint="Add --project DIR.")
        settings = {"defines": defines, "replacements": replacements, "to": to}
        return Chosen(scenario_name(files[0]), {"scenarios": tuple(files), **settings})
    if files:
        raise UsageError(
            f"files and --project exclude each other, and {files[0]} is a file.",
            hint="The rules of the project name its files.",
        )
    chosen = of_project(
        project,
        app=app,
        rule=rule,
        to=to,
        start=start,
        defines=defines,
        replacements=replacements,
    )
    return Chosen(str(chosen["rule"]), chosen)
