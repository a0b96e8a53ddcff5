"""`voxrt run`: a scenario, a call, and an account of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.run import RunConfig, RunResult
    from voxrt.run.timing import Timing
    from voxrt.show.measures import Measures

#: What the summary calls the files that the scenario itself asked for.
_OWN_FILES = {"recording": "call.record"}


def run(
    *files: parameters.Files,
    project: parameters.Project = None,
    app: parameters.App = None,
    rule: parameters.Rule = None,
    define: parameters.Define = (),
    replace: parameters.Replace = (),
    video_conference: Annotated[
        bool,
        parameters.flag(
            parameters.SCENARIO,
            "Run as by a rule for video conferences, which Conference.add needs.",
        ),
    ] = False,
    to: parameters.To = None,
    from_: Annotated[
        str | None, Parameter(name="--from", group=parameters.CALL, help="The caller's number.")
    ] = None,
    caller: parameters.Caller = None,
    queues: parameters.Queues = None,
    start: Annotated[
        bool,
        parameters.flag(
            parameters.CALL, "Start without a call, as the API does; --caller may name the parties."
        ),
    ] = False,
    conference: Annotated[
        str,
        Parameter(
            group=parameters.CALL,
            metavar="NAME",
            show_default=False,
            help="With --start: as the session of this conference, which callConference calls.",
        ),
    ] = "",
    custom_data: parameters.CustomData = None,
    call_list: Annotated[
        Path | None,
        Parameter(
            group=parameters.CALL,
            help="A CSV list: its row is the custom data, as in a call list.",
        ),
    ] = None,
    row: Annotated[
        int,
        Parameter(group=parameters.CALL, help="Which row of the call list, counted from 1."),
    ] = 1,
    agent: parameters.Agent = None,
    grok: Annotated[
        str,
        Parameter(
            group=parameters.AGENT,
            help="`stand-in`, `live` (needs XAI_API_KEY), or the ws:// URL of another server.",
        ),
    ] = "stand-in",
    cassette: Annotated[
        Path | None,
        Parameter(
            group=parameters.AGENT,
            help="A recording of the connection: a .jsonl file, or a folder for several. It is "
            "played in place of --grok when it is there, and made when it is not.",
        ),
    ] = None,
    record_mode: Annotated[
        str,
        Parameter(
            group=parameters.AGENT,
            help="When the cassette is made: `once` (when it is not there), `none`, or `all`.",
        ),
    ] = "once",
    grok_option: Annotated[
        tuple[str, ...],
        parameters.repeatable(
            parameters.AGENT, "NAME=VALUE", "A switch of the Grok module, see docs/grok.md."
        ),
    ] = (),
    asr: Annotated[
        str,
        Parameter(
            group=parameters.RUN,
            help="What recognises speech: `words`, which voxrt's own speech carries, or an "
            "installed recogniser, see docs/asr.md.",
        ),
    ] = "words",
    asr_confidence: Annotated[
        int, Parameter(group=parameters.RUN, help="What full confidence of an ASR is: 1 or 100.")
    ] = 1,
    http: parameters.Http = None,
    allow_net: parameters.AllowNet = (),
    storage: parameters.Storage = None,
    serve: Annotated[
        int | None,
        Parameter(
            group=parameters.OUTSIDE,
            metavar="[PORT]",
            show_default=False,
            help="Serve the session's access URL on this machine; not in virtual time.",
        ),
    ] = None,
    time: parameters.Time = "virtual",
    date: parameters.Date = None,
    seed: parameters.Seed = 1,
    secret: parameters.Secret = (),
    secrets_file: parameters.SecretsFile = None,
    limits: parameters.LimitsMode = "enforce",
    out: parameters.Out = None,
    verbose: Annotated[
        bool, parameters.flag(parameters.OUTPUT, "Tell everything.", "--verbose", "-v")
    ] = False,
    quiet: Annotated[
        bool, parameters.flag(parameters.OUTPUT, "Only the summary.", "--quiet", "-q")
    ] = False,
) -> int:
    """Run a scenario with a call, and watch it.

    A caller phones the scenario, or the session is started without a call (`--start`). The account
    says who speaks, what happens and which tools are called; at the end come a summary and the
    paths of the recording, the log and the journal.
    """
    from voxrt.errors import UsageError
    from voxrt.run import RunConfig

    if verbose and quiet:
        raise UsageError("--verbose and --quiet exclude each other.")
    if (start or call_list is not None) and (from_ is not None or to is not None):
        option = "--start" if start else "--call-list"
        raise UsageError(f"{option} begins a session without a call: no --to and no --from.")
    from voxrt.cli import options
    from voxrt.cli.scenarios import choose_scenarios

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
    if video_conference:
        chosen.settings["video_conference"] = True
    config = RunConfig(
        **chosen.settings,
        from_=from_,
        caller=caller,
        queues=queues,
        start=start,
        conference=conference,
        custom_data=custom_data,
        agent=agent,
        grok=options.checked_grok(grok),
        cassette=cassette,
        record_mode=record_mode,
        grok_options=options.read_switches(grok_option),
        time=time,
        starts_at_ms=options.read_date(date),
        seed=seed,
        out=options.out_folder(out, chosen.name),
        secrets=options.read_secrets(secret, secrets_file),
        limits=limits,
        asr=asr,
        asr_confidence=asr_confidence,
        http=http,
        allow_net=options.read_hosts(allow_net),
        storage=storage,
        serve=serve,
        call_list=None if call_list is None else options.read_row(call_list, row),
    )
    return watch_run(config, verbose=verbose, quiet=quiet)


def watch_run(config: RunConfig, *, verbose: bool, quiet: bool) -> int:
    """Runs it, draws the account and the summary, and returns the exit code."""
    from voxrt.cli.options import speed_of
    from voxrt.cli.terminal import make_console
    from voxrt.cli.view import View
    from voxrt.clock import US_PER_MS
    from voxrt.clocks import RealClock
    from voxrt.run import run as run_session
    from voxrt.show.account import Account
    from voxrt.show.measures import Measures

    console = make_console()
    speed = speed_of(config.time)
    live = speed is not None and console.is_terminal and not quiet
    measures = Measures()
    stopwatch = RealClock(speed=speed or 1.0)
    view = View(
        console,
        None if quiet else Account(verbose=verbose),
        elapsed_ms=(lambda: stopwatch.now_us() / US_PER_MS) if live else None,
        ordered=speed is None,
    )

    def watch(record: dict[str, object]) -> None:
        stopwatch.begin()  # the first record is the run's zero
        measures.feed(record)
        view.watch(record)

    with view:
        result = run_session(config, watch)
    if not quiet:
        console.print()
    summarize(
        measures,
        outcome=result.outcome,
        finish_reason=result.finish_reason,
        files=_files(result, measures),
    )
    return int(result.exit_code)


def summarize(
    measures: Measures,
    *,
    outcome: str,
    finish_reason: str,
    files: Iterable[tuple[str, Path]],
    timing: Timing | None = None,
) -> None:
    """Prints the errors of a run with their lines, and its summary."""
    from voxrt.cli.summary import error_text, summary_lines
    from voxrt.cli.terminal import make_console

    console = make_console()
    for record in measures.errors:
        console.print(error_text(record), soft_wrap=True)
        console.print()
    lines = summary_lines(
        measures, outcome=outcome, finish_reason=finish_reason, files=files, timing=timing
    )
    for line in lines:
        console.print(line, soft_wrap=True)


def _files(result: RunResult, measures: Measures) -> list[tuple[str, Path]]:
    """The recordings, what the scenario and its connectors wrote, the log, the journal."""
    heads = ("recording", "cassette")
    first = [(what, path) for what, path in result.files.items() if what.startswith(heads)]
    told = {path.resolve() for path in result.files.values()}
    named = [(what, result.out / path) for what, path in measures.files]
    named = [(_OWN_FILES.get(what, what), path) for what, path in named]
    own = [(what, path) for what, path in named if path.resolve() not in told]
    logs = [(what, path) for what, path in result.files.items() if what.startswith("log")]
    last = [*logs, ("journal", result.files["journal"])]
    return [(what, shown(path)) for what, path in (*first, *own, *last)]


def shown(path: Path) -> Path:
    """The path as a reader of the terminal wants it: relative to where they are, when below."""
    try:
        return path.resolve().relative_to(Path.cwd())
    except ValueError:
        return path
