"""`voxrt call-list`: a scenario over the rows of a CSV list, with attempts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

if TYPE_CHECKING:
    from voxrt.run.call_list import Tried

_LIST = Group("The list", sort_key=1)
_WORLD = Group("Who is there", sort_key=2)
_RUN = Group("The runs", sort_key=3)


def call_list(
    *files: Annotated[
        Path,
        Parameter(name="FILE", help="Python scenarios, in order; they share one global scope."),
    ],
    list_: Annotated[
        Path,
        Parameter(name="--list", group=_LIST, help="The CSV list, with `;` between the columns."),
    ],
    attempts: Annotated[
        int, Parameter(group=_LIST, help="How many attempts there may be for a row.")
    ] = 1,
    caller: Annotated[
        Path | None,
        Parameter(group=_WORLD, help="The parties that the scenario calls: YAML or Python."),
    ] = None,
    queues: Annotated[
        Path | None, Parameter(group=_WORLD, help="Queues and their agents (YAML).")
    ] = None,
    agent: Annotated[
        Path | None, Parameter(group=_WORLD, help="What the stand-in says and does.")
    ] = None,
    http: Annotated[
        Path | None, Parameter(group=_WORLD, help="What the outside world answers.")
    ] = None,
    allow_net: Annotated[
        tuple[str, ...],
        Parameter(
            group=_WORLD,
            negative="",
            metavar="[HOST]",
            show_default=False,
            help="Let HTTP and mail really reach a host, or all of them. Repeatable.",
        ),
    ] = (),
    storage: Annotated[
        Path | None,
        Parameter(
            group=_WORLD, help="The file of ApplicationStorage; a new one for the list by default."
        ),
    ] = None,
    time: Annotated[
        str, Parameter(group=_RUN, help="`virtual` (as fast as possible), `real`, or a speed.")
    ] = "virtual",
    seed: Annotated[int, Parameter(group=_RUN, help="Same seed, same runs.")] = 1,
    secret: Annotated[
        tuple[str, ...],
        Parameter(
            group=_RUN,
            negative="",
            metavar="NAME=VALUE",
            show_default=False,
            help="For VoxEngine.getSecretValue. Repeatable.",
        ),
    ] = (),
    secrets_file: Annotated[
        Path | None, Parameter(group=_RUN, help="A file of NAME=VALUE lines.")
    ] = None,
    limits: Annotated[
        str, Parameter(group=_RUN, help="The platform's limits: `enforce`, `warn` or `off`.")
    ] = "enforce",
    out: Annotated[
        Path | None,
        Parameter(group=_RUN, metavar="DIR", help="For the files of the runs; runs/NAME-list."),
    ] = None,
) -> int:
    """Run a scenario over a call list.

    Each row is a session without a call; its columns are the session's custom data, as JSON. What
    the scenario reports by `CallList` decides about further attempts. One line is told for each
    attempt; `results.csv` has the list with what became of each row.
    """
    from voxrt.cli import options
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError
    from voxrt.outside.call_list import read_call_list
    from voxrt.run import RunConfig
    from voxrt.run.call_list import RESULTS_FILE, run_call_list
    from voxrt.scenario.source import scenario_name

    if not files:
        raise UsageError("no scenario was given.", hint="Name at least one file.")
    config = RunConfig(
        scenarios=tuple(files),
        caller=caller,
        queues=queues,
        agent=agent,
        http=http,
        allow_net=options.read_hosts(allow_net),
        storage=storage,
        time=time,
        seed=seed,
        secrets=options.read_secrets(secret, secrets_file),
        limits=limits,
        out=options.out_folder(out, f"{scenario_name(files[0])}-list"),
    )
    rows = read_call_list(list_)
    tried = run_call_list(config, rows, attempts, lambda one: say(line_of(one)))
    say(f"\nresults      {config.out / RESULTS_FILE}")
    return max(one.result.exit_code for one in tried)


def line_of(tried: Tried) -> str:
    """One attempt in one line."""
    import json

    who = ", ".join(tried.row.data.values())
    line = f"row {tried.row.number} ({who}), attempt {tried.attempt}: {tried.status}"
    if "result_data" in tried.outcome:
        line += f" {json.dumps(tried.outcome['result_data'], ensure_ascii=False)}"
    if tried.result.outcome != "normal":
        line += f"  [{tried.result.outcome}: {tried.result.finish_reason}]"
    return line
