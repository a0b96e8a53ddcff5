"""What a run executes when it is the rule of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from voxrt.run.config import Project
from voxrt.run.sessions import DEFAULT_TO
from voxrt.scenario.choice import choose
from voxrt.scenario.project import open_project


def of_project(
    folder: Path,
    *,
    app: str | None,
    rule: str | None,
    to: str | None,
    start: bool,
    defines: Mapping[str, Any],
    replacements: Mapping[str, Path],
) -> dict[str, Any]:
    """The fields of `RunConfig` that say what is run, of a rule of a project.

    Raises:
        InputError: The project is wrong, or no rule fits.
    """
    application = open_project(folder, app, defines)
    choice = choose(
        application,
        default_to=DEFAULT_TO,
        to=to,
        rule=rule,
        start=start,
        defines=defines,
        replacements=replacements,
    )
    return {
        "scenarios": choice.scenarios,
        "defines": choice.defines,
        "replacements": choice.replacements,
        "rule": choice.rule,
        "application": choice.application,
        "to": choice.to,
        "video_conference": choice.video_conference,
        "project": Project(
            application=application, defines=defines, replacements=replacements, folder=folder
        ),
    }
