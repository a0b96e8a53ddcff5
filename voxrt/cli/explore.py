"""`voxrt explore`: conversations made up until one goes wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.testing.explore import Found


def explore(
    *files: parameters.Files,
    project: parameters.Project = None,
    app: parameters.App = None,
    rule: parameters.Rule = None,
    define: parameters.Define = (),
    replace: parameters.Replace = (),
    to: parameters.To = None,
    caller: Annotated[
        Path | None,
        Parameter(
            group=parameters.CALL,
            help="Who may be called, and what callers say and press: a caller script in YAML.",
        ),
    ] = None,
    queues: parameters.Queues = None,
    start: Annotated[
        bool,
        parameters.flag(
            parameters.CALL,
            "Start without a call; the exploration plays the first of the parties of --caller.",
        ),
    ] = False,
    custom_data: parameters.CustomData = None,
    say: Annotated[
        tuple[str, ...],
        parameters.repeatable(parameters.CALL, "TEXT", "Something that the caller may say."),
    ] = (),
    press: Annotated[
        tuple[str, ...],
        parameters.repeatable(parameters.CALL, "KEYS", "Keys that the caller may press."),
    ] = (),
    agent: Annotated[
        Path | None,
        Parameter(group=parameters.AGENT, help="What the stand-in says and does, in YAML."),
    ] = None,
    http: Annotated[
        Path | None,
        Parameter(group=parameters.OUTSIDE, help="What the outside world answers, in YAML."),
    ] = None,
    check: Annotated[
        Path | None,
        Parameter(
            group=parameters.RUN,
            help="A Python file with a function `check(run)` that tells what is wrong with a run.",
        ),
    ] = None,
    examples: Annotated[
        int, Parameter(group=parameters.RUN, help="How many conversations are made up at most.")
    ] = 100,
    seconds: Annotated[
        float | None, Parameter(group=parameters.RUN, help="Go on for so long instead.")
    ] = None,
    moves: Annotated[
        int, Parameter(group=parameters.RUN, help="How many moves a conversation has at most.")
    ] = 8,
    date: parameters.Date = None,
    seed: Annotated[
        int, Parameter(group=parameters.RUN, help="Same seed, same conversations.")
    ] = 1,
    secret: parameters.Secret = (),
    secrets_file: parameters.SecretsFile = None,
    limits: parameters.LimitsMode = "enforce",
    out: parameters.Out = None,
) -> int:
    """Make conversations up until one goes wrong.

    The caller speaks, interrupts, presses keys, falls silent and hangs up at any moment; the
    provider, the phones called and the outside world fail. The conversation that goes wrong is
    made as short as possible and written down, to be run again.
    """
    from voxrt.cli import options
    from voxrt.cli.scenarios import choose_scenarios
    from voxrt.errors import UsageError
    from voxrt.run import RunConfig
    from voxrt.testing.explore import Found, explore, load_check, write_found
    from voxrt.testing.explore_plan import beside

    for option, value in (("--examples", examples), ("--moves", moves), ("--seconds", seconds)):
        if value is not None and value <= 0:
            raise UsageError(f"{option} must be greater than 0, not {value}.")
    chosen = choose_scenarios(
        files,
        project=project,
        app=app,
        rule=rule,
        to=to,
        start=start,
        defines=options.read_defines(define),
        replacements=options.read_replacements(replace),
    )
    config = RunConfig(
        **chosen.settings,
        caller=caller,
        queues=queues,
        start=start,
        custom_data=custom_data,
        agent=agent,
        http=http,
        starts_at_ms=options.read_date(date),
        secrets=options.read_secrets(secret, secrets_file),
        limits=limits,
    )
    result = explore(
        config,
        check=None if check is None else load_check(check),
        examples=examples,
        seconds=seconds,
        seed=seed,
        most_moves=moves,
        said=say,
        pressed=press,
    )
    if isinstance(result, Found):
        folder = options.out_folder(out, f"explore-{chosen.name}")
        where = {} if project is None else {"project": beside(project, folder), "rule": chosen.name}
        if project is not None and app is not None:
            where["app"] = app
        return _tell_found(result, write_found(result, config, folder, where))
    from voxrt.cli.terminal import make_console

    make_console().print(f"nothing       went wrong in {result.runs} conversations", style="green")
    return 0


def _tell_found(found: Found, path: Path) -> int:
    from voxrt.cli.exits import SCENARIO_FAILED
    from voxrt.cli.run import shown
    from voxrt.cli.terminal import make_console
    from voxrt.testing.explore_plan import as_yaml

    console = make_console()
    console.print(as_yaml(found.plan.told), soft_wrap=True, markup=False, highlight=False)
    console.print(f"found         {found.failure.told}", style="bold red", soft_wrap=True)
    console.print(f"after         {found.runs} conversations", soft_wrap=True)
    console.print(f"conversation  {shown(path)}", soft_wrap=True)
    console.print(f"run           {shown(path.parent)}", soft_wrap=True)
    return SCENARIO_FAILED
