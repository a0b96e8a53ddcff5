"""`voxrt call-list`: a scenario over the rows of a CSV list, with attempts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.run.call_list import Tried

_LIST = Group("The list", sort_key=0)


def call_list(
    *files: parameters.Files,
    list_: Annotated[
        Path,
        Parameter(name="--list", group=_LIST, help="The CSV list, with `;` between the columns."),
    ],
    attempts: Annotated[
        int, Parameter(group=_LIST, help="How many attempts there may be for a row.")
    ] = 1,
    caller: parameters.Parties = None,
    queues: parameters.Queues = None,
    agent: parameters.Agent = None,
    http: parameters.Http = None,
    allow_net: parameters.AllowNet = (),
    storage: parameters.Storage = None,
    time: parameters.Time = "virtual",
    date: parameters.Date = None,
    seed: parameters.Seed = 1,
    secret: parameters.Secret = (),
    secrets_file: parameters.SecretsFile = None,
    limits: parameters.LimitsMode = "enforce",
    out: parameters.Out = None,
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
        starts_at_ms=options.read_date(date),
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
