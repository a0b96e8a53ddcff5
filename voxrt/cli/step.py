"""`voxrt step`: a session driven one command at a time, with answers in JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.run import RunConfig
    from voxrt.session.journal import Record
    from voxrt.show.stepping import StepFile, Taken

STEP = Group("The step", sort_key=0)
START = Group("With `start`", sort_key=1)

#: What is done that is no step of a caller script.
START_VERB, UNDO, AGAIN, SCRIPT = "start", "undo", "again", "script"


def _option(what: str, metavar: str | None = None) -> Parameter:
    return Parameter(group=START, help=what, metavar=metavar, show_default=False, negative="")


def step(
    folder: Annotated[Path, Parameter(help="Where the session is kept.")],
    verb: Annotated[
        str,
        Parameter(
            help="`start`, a step of a caller script (`say`, `press`, …), `steps`, `undo`, "
            "`again`, `script`."
        ),
    ] = "",
    /,
    *words: Annotated[str, Parameter(name="VALUE", help="Files for `start`, or the step's value.")],
    with_: Annotated[
        tuple[str, ...],
        Parameter(
            name="--with",
            group=STEP,
            metavar="KEY=VALUE",
            negative="",
            show_default=False,
            help="Another key of the step. Repeatable.",
        ),
    ] = (),
    no_listen: Annotated[
        bool,
        parameters.flag(STEP, "Do not wait for the answer to what is said or pressed."),
    ] = False,
    records: Annotated[
        bool, parameters.flag(STEP, "Answer with whole records of the journal.")
    ] = False,
    verbose: Annotated[
        bool, parameters.flag(STEP, "Answer with everything, in short.", "--verbose", "-v")
    ] = False,
    project: Annotated[
        Path | None, _option("A folder with rules, instead of files.", "DIR")
    ] = None,
    app: Annotated[str | None, _option("The application of the project.", "NAME")] = None,
    rule: Annotated[str | None, _option("The rule of the project.", "NAME")] = None,
    define: Annotated[tuple[str, ...], _option("As for `voxrt run`.", "NAME=VALUE")] = (),
    replace: Annotated[tuple[str, ...], _option("As for `voxrt run`.", "FILE=OTHER")] = (),
    to: Annotated[str | None, _option("The number that is called.")] = None,
    from_: Annotated[
        str | None, Parameter(name="--from", group=START, help="The caller's number.")
    ] = None,
    caller: Annotated[Path | None, _option("Who is on the phones; the steps are yours.")] = None,
    queues: Annotated[Path | None, _option("The queues of SmartQueue and ACD.")] = None,
    without_call: Annotated[
        bool, _option("Begin without a call, as `voxrt run --start`: the steps are the callee's.")
    ] = False,
    conference: Annotated[
        str, _option("With --without-call: as the session of this conference.", "NAME")
    ] = "",
    custom_data: Annotated[str | None, _option("The session's custom data.")] = None,
    agent: Annotated[Path | None, _option("What the stand-in's agent says.")] = None,
    http: Annotated[Path | None, _option("What HTTP requests are answered.")] = None,
    date: Annotated[
        str | None, _option("When the session begins, as for `voxrt run`.", "DATE")
    ] = None,
    seed: Annotated[int, _option("Same seed, same session.")] = 1,
    secret: Annotated[
        tuple[str, ...], _option("The name of an environment variable with a secret.", "NAME")
    ] = (),
    secrets_file: Annotated[Path | None, _option("A file of NAME=VALUE lines.")] = None,
    limits: Annotated[str, _option("`enforce`, `warn` or `off`.")] = "enforce",
) -> int:
    """Drive a session one command at a time.

    Each command answers with JSON lines: what happened since the one before, and at last how
    things stand. Time passes only while a command is carried out.
    """
    from voxrt.errors import UsageError
    from voxrt.show.stepping import LISTEN, SPEAKS, load_steps, read_command

    given = {
        "project": project, "app": app, "rule": rule, "define": define, "replace": replace,
        "to": to, "from": from_, "caller": caller, "queues": queues, "start": without_call,
        "conference": conference, "custom_data": custom_data, "agent": agent, "http": http,
        "date": date, "seed": seed, "secret": secret, "secrets_file": secrets_file,
        "limits": limits,
    }  # fmt: skip
    if verb == START_VERB:
        state = _start(folder, words, given)
        return _answer(folder, state, whole=records, verbose=verbose)
    wrong = [name for name, value in given.items() if value != _DEFAULTS.get(name)]
    if wrong:
        option = {"start": "without_call"}.get(wrong[0], wrong[0]).replace("_", "-")
        raise UsageError(f"--{option} goes with `start` only: the session has begun already.")
    state = load_steps(folder)
    if verb == SCRIPT:
        sys.stdout.write(state.script())
        return 0
    if verb == UNDO:
        _take_back(state, words)
    elif verb and verb != AGAIN:
        if state.ended:
            raise UsageError(
                "the session has ended.",
                hint=f"`voxrt step {folder} undo` takes the last command back.",
                file=str(folder),
            )
        steps = read_command(verb, words, with_)
        if verb in SPEAKS and not no_listen:
            steps.append(LISTEN)
        state.commands.append(steps)
    return _answer(folder, state, whole=records, verbose=verbose, quiet=verb == UNDO)


def _take_back(state: StepFile, words: tuple[str, ...]) -> None:
    """Removes the last commands; what happened before them has been told."""
    from voxrt.errors import UsageError

    count = int(words[0]) if len(words) == 1 and words[0].isdecimal() else 1
    if (words and words != (str(count),)) or count < 1:
        raise UsageError(f"`undo` takes a number of commands, not {' '.join(words)!r}.")
    if count >= len(state.commands):
        raise UsageError(
            f"there are {len(state.commands) - 1} commands that can be taken back.",
            hint="`start` begins another session.",
        )
    del state.commands[-count:]
    state.told = 0


#: The options of `start` as they are when they are not given.
_DEFAULTS: dict[str, Any] = {
    "define": (), "replace": (), "secret": (), "start": False, "conference": "", "seed": 1,
    "limits": "enforce",
}  # fmt: skip


def _start(folder: Path, files: tuple[str, ...], given: Mapping[str, Any]) -> StepFile:
    """A new session; paths become absolute, so that later commands may come from elsewhere."""
    from voxrt.errors import UsageError
    from voxrt.show.stepping import FIRST, LISTEN, StepFile

    if any("=" in name for name in given["secret"]):
        raise UsageError(
            "the folder would have the secret's value: --secret takes NAME here.",
            hint="Set the environment variable, or use --secrets-file.",
        )
    options = {
        name: str(value.absolute()) if isinstance(value, Path) else value
        for name, value in given.items()
    }
    options["files"] = [str(Path(file).absolute()) for file in files]
    state = StepFile(options=options, folder=str(Path.cwd()), commands=[[FIRST, LISTEN]])
    for old in ("step.json", "journal.jsonl"):
        (folder / old).unlink(missing_ok=True)
    return state


def _config(folder: Path, options: Mapping[str, Any]) -> RunConfig:
    from voxrt.cli.options import read_date, read_defines, read_replacements, read_secrets
    from voxrt.cli.scenarios import choose_scenarios
    from voxrt.run import RunConfig

    def path(name: str) -> Path | None:
        return None if options[name] is None else Path(options[name])

    chosen = choose_scenarios(
        [Path(file) for file in options["files"]],
        project=path("project"),
        app=options["app"],
        rule=options["rule"],
        to=options["to"],
        start=options["start"],
        defines=read_defines(options["define"]),
        replacements=read_replacements(options["replace"]),
    )
    return RunConfig(
        **chosen.settings,
        from_=options["from"],
        queues=path("queues"),
        start=options["start"],
        conference=options["conference"],
        custom_data=options["custom_data"],
        agent=path("agent"),
        http=path("http"),
        starts_at_ms=read_date(options["date"]),
        seed=options["seed"],
        secrets=read_secrets(options["secret"], path("secrets_file")),
        limits=options["limits"],
        out=folder,
    )


def _answer(
    folder: Path, state: StepFile, *, whole: bool, verbose: bool, quiet: bool = False
) -> int:
    """Carries it out, prints what is new unless it is `quiet`, and keeps the state."""
    from voxrt.cli.terminal import say
    from voxrt.legs.script import CallerScript
    from voxrt.legs.script_file import load_script
    from voxrt.show.stepping import take

    config = _config(folder, state.options)
    caller = state.options["caller"]
    script = CallerScript() if caller is None else load_script(caller)
    taken = take(state, config, script)
    if taken.result.outcome == "interrupted":
        return int(taken.result.exit_code)
    if taken.differs_at:
        state.told = taken.differs_at - 1
        now = taken.records[state.told : taken.differs_at]
        differs = {"differs_at": taken.differs_at, "before": taken.before}
        _say(say, differs | {"now": now[0] if now else None})
    if quiet:
        state.told = len(taken.records)
    new = [record for record in taken.records if record["n"] > state.told]
    for line in new if whole else _told(taken.records, state.told, verbose):
        _say(say, line)
    state.told = len(taken.records)
    state.ended = taken.result.outcome != "paused"
    state.save(folder)
    _say(say, _standing(taken, new, len(state.commands)))
    return int(taken.result.exit_code)


def _told(records: list[Record], told: int, verbose: bool) -> Iterator[dict[str, Any]]:
    """The new records as the account tells them."""
    from voxrt.show.account import Account

    account = Account(verbose=verbose)
    for record in records:
        for entry in account.tell(record):
            if record["n"] > told:
                line = {"t": entry.time_ms, "n": record["n"], "who": entry.who, "text": entry.text}
                yield line | ({"aside": entry.aside} if entry.aside else {})


def _standing(taken: Taken, new: list[Record], commands: int) -> dict[str, Any]:
    """How things stand: the last line of every answer."""
    from voxrt.show.account import PLATFORM

    result, paused = taken.result, taken.result.outcome == "paused"
    standing: dict[str, Any] = {
        "state": "waiting" if paused else "ended",
        "at_ms": result.record["t"],
        "heard": [
            record["text"] + ("" if record["complete"] else " —")
            for record in new
            if record["kind"] == "heard" and record["by"] != PLATFORM
        ],
        "commands": commands,
        "records": len(taken.records),
    }
    if not paused:
        standing |= {"outcome": result.outcome, "finish_reason": result.finish_reason}
    return standing


def _say(say: Any, value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")))
