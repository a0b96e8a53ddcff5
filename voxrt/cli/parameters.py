"""Options that several commands have, each written once: its type, group and help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Group, Parameter

SCENARIO = Group("The scenario", sort_key=0)
CALL = Group("The call", sort_key=1)
AGENT = Group("The agent", sort_key=2)
OUTSIDE = Group("The outside world", sort_key=3)
RUN = Group("The run", sort_key=4)
OUTPUT = Group("Output", sort_key=5)


def repeatable(group: Group, metavar: str, what: str) -> Parameter:
    """An option that is given any number of times."""
    return Parameter(
        group=group,
        negative="",
        metavar=metavar,
        show_default=False,
        help=f"{what} Repeatable.",
    )


def flag(group: Group, what: str, *names: str) -> Parameter:
    """A switch that is off unless it is given."""
    return Parameter(name=names or None, group=group, negative="", show_default=False, help=what)


Files = Annotated[
    Path, Parameter(name="FILE", help="Scenarios, in order; they share one global scope.")
]
Project = Annotated[
    Path | None,
    Parameter(
        group=SCENARIO,
        metavar="DIR",
        help="A folder with applications and rules, instead of files; see docs/projects.md.",
    ),
]
App = Annotated[
    str | None,
    Parameter(group=SCENARIO, metavar="NAME", help="The application, when there are several."),
]
Rule = Annotated[
    str | None,
    Parameter(
        group=SCENARIO,
        metavar="NAME",
        help="The rule; otherwise the first that takes the number.",
    ),
]
Define = Annotated[
    tuple[str, ...],
    repeatable(
        SCENARIO,
        "NAME=VALUE",
        "Fills in a variable or a placeholder of the files; NAME:=JSON for other values than text.",
    ),
]
Replace = Annotated[
    tuple[str, ...],
    repeatable(
        SCENARIO, "FILE=OTHER", "Reads another file instead of a scenario, which may be missing."
    ),
]
To = Annotated[str | None, Parameter(group=CALL, help="The number that is called.")]
CustomData = Annotated[
    str | None, Parameter(group=CALL, help="The session's custom data, usually JSON.")
]
Caller = Annotated[
    Path | None,
    Parameter(group=CALL, help="Who calls: a caller script (YAML or Python) or a WAV file."),
]
Parties = Annotated[
    Path | None,
    Parameter(group=CALL, help="The parties that the scenario calls: YAML or Python."),
]
Queues = Annotated[
    Path | None,
    Parameter(group=CALL, help="Queues and their agents (YAML), see docs/queues.md."),
]
Agent = Annotated[
    Path | None,
    Parameter(group=AGENT, help="What the stand-in says and does: YAML or Python."),
]
Http = Annotated[
    Path | None,
    Parameter(group=OUTSIDE, help="What the outside world answers and asks: YAML or Python."),
]
AllowNet = Annotated[
    tuple[str, ...],
    repeatable(OUTSIDE, "[HOST]", "Let HTTP and mail really reach a host, or all of them."),
]
Storage = Annotated[
    Path | None,
    Parameter(
        group=OUTSIDE,
        help="The file of ApplicationStorage; by default a new one in the folder of the run.",
    ),
]
Time = Annotated[
    str, Parameter(group=RUN, help="`virtual` (as fast as possible), `real`, or a speed.")
]
Date = Annotated[
    str | None,
    Parameter(
        group=RUN,
        metavar="DATE",
        show_default=False,
        help="When virtual time begins: 2026-03-06T22:30 (UTC), or with a zone, as in "
        "2026-03-06T22:30+01:00. By default on a Monday, 2026-01-05T09:00.",
    ),
]
Seed = Annotated[int, Parameter(group=RUN, help="Same seed, same run.")]
Secret = Annotated[
    tuple[str, ...],
    repeatable(
        RUN,
        "NAME=VALUE",
        "For VoxEngine.getSecretValue; NAME alone takes the environment variable.",
    ),
]
SecretsFile = Annotated[Path | None, Parameter(group=RUN, help="A file of NAME=VALUE lines.")]
LimitsMode = Annotated[
    str, Parameter(group=RUN, help="The platform's limits: `enforce`, `warn` or `off`.")
]
Out = Annotated[
    Path | None,
    Parameter(group=OUTPUT, metavar="DIR", help="For the files of the run; runs/NAME by default."),
]
