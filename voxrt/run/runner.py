"""Runs a scenario: builds everything, drives the clock, leaves a folder behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import trio
from attrs import define, field

from voxrt import __version__
from voxrt.clock import US_PER_S, Clock
from voxrt.clocks import RealClock, make_clock
from voxrt.connectors.grok import GrokModule, GrokSettings, read_options
from voxrt.connectors.pipecat import PipecatModule
from voxrt.connectors.silero import SileroModule
from voxrt.disk import write_whole
from voxrt.errors import OutputError, StalledError, UsageError, VoxrtError
from voxrt.legs.verdict import GAVE_UP, verdict_fields
from voxrt.media.graph import Graph
from voxrt.media.recogniser import WORDS, Recogniser, load_recogniser
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.outside.store import Store
from voxrt.run.cassettes import keep_cassette, with_cassette
from voxrt.run.cast import Cast, Stage, declared_cast
from voxrt.run.config import (
    EXIT_INTERRUPTED,
    EXIT_NORMAL,
    EXIT_NOT_AS_EXPECTED,
    EXIT_RUN_FAILED,
    EXIT_SCRIPT_ERROR,
    JOURNAL_FORMAT,
    PROFILES,
    RunConfig,
    RunResult,
)
from voxrt.run.garbage import rarely_collected
from voxrt.run.interrupts import Interrupts
from voxrt.run.observer import Audible
from voxrt.run.options import options_of, stored
from voxrt.run.outside import make_store, outside_fields, post_requests, serve_access
from voxrt.run.sessions import Equipment, OneSession, Sessions
from voxrt.run.summary import Summary
from voxrt.run.timing import FILE as TIMING_FILE
from voxrt.run.timing import TimingFile
from voxrt.run.work import Work, first_work
from voxrt.scenario.source import too_long
from voxrt.session.journal import Journal, Record
from voxrt.session.limits import LimitMode, Limits
from voxrt.session.log import SessionLog
from voxrt.session.media import MediaDriver
from voxrt.session.session import SCRIPT_ERROR, Session, State
from voxrt.vox.context import STORAGE_FILE, Context
from voxrt.vox.management import VoximplantAPI
from voxrt.vox.phone_number import load_tables
from voxrt.vox.storage import ApplicationStorage

#: The emulated modules, by their `Modules` member.
MODULES = {
    "ApplicationStorage": ApplicationStorage,
    "Grok": GrokModule,
    "Pipecat": PipecatModule,
    "Silero": SileroModule,
    "VoximplantAPI": VoximplantAPI,
}

FILES = {
    "journal": "journal.jsonl",
    "log": "session.log",
    "result": "result.json",
    "timing": TIMING_FILE,
}
#: What earlier runs left in the same folder, and would tell lies about this one.
OLD_FILES = (
    STORAGE_FILE,
    "call-*.wav",
    "said-call-*.wav",
    "session-*.log",
    "links/*.jsonl",
    "sockets/*.jsonl",
    "traces/*-*.txt",
    "statistics/*-*.json",
    "show.html",
    "labels.txt",
    "trace.json",
    "replay.json",
)
INTERRUPTED = "Terminated administratively"


def run(
    config: RunConfig,
    watch: Callable[[Record], object] = lambda record: None,
    audible: Audible | None = None,
    cast: Callable[[Stage], Cast] = declared_cast,
) -> RunResult:
    """Runs a scenario to its end.

    Args:
        config: What to run, and how.
        watch: Given every record of the journal as it is written.
        audible: Given all that was audible on either side of every call, before the words of it
            are in the journal (`voxrt.run.observer`).
        cast: Makes who and what is around the sessions: what the configuration declares.

    Returns:
        How it ended. What the scenario does wrong is in the result, not an exception.

    Raises:
        InputError: A file or an option is wrong; nothing has been run.
    """
    return Run(config, watch, audible, cast).execute()


def _went_wrong(session: Session) -> bool:
    return bool(session.script_errors) or session.finish_reason == SCRIPT_ERROR


def _clock(config: RunConfig) -> Clock:
    try:
        clock = make_clock(config.time, config.starts_at_ms)
    except ValueError:
        raise UsageError(
            f"--time must be `virtual`, `real` or a factor from 0.01 to 1000, not {config.time!r}"
        ) from None
    if clock.is_virtual and (config.grok == "live" or "://" in config.grok):
        raise UsageError(
            "a provider on the network cannot be reached in virtual time",
            hint="Add `--time real`.",
        )
    return clock


def _recogniser(config: RunConfig) -> Recogniser | None:
    """The recogniser that was asked for; `None` for the one that voxrt has by itself."""
    if config.asr_confidence not in (1, 100):
        raise UsageError(f"--asr-confidence must be 1 or 100, not {config.asr_confidence}")
    return None if config.asr == WORDS else load_recogniser(config.asr)


def _limits(config: RunConfig) -> Limits:
    modes = {mode.value: mode for mode in LimitMode}
    if config.limits not in modes:
        raise UsageError(f"--limits must be one of {', '.join(modes)}, not {config.limits!r}")
    return Limits(mode=modes[config.limits])


@define(eq=False, repr=False)
class Run:
    """One run: made of a configuration, executed once."""

    config: RunConfig
    watch: Callable[[Record], object]
    audible: Audible | None = None
    make_cast: Callable[[Stage], Cast] = declared_cast
    clock: Clock = field(init=False)
    session: Session = field(init=False)
    context: Context = field(init=False)
    summary: Summary = field(factory=Summary, init=False)
    _journal: Journal = field(init=False)
    _log: SessionLog = field(init=False)
    _timing: TimingFile = field(init=False)
    _graph: Graph = field(init=False)
    _media: MediaDriver = field(init=False)
    sessions: Sessions = field(init=False)
    _cast: Cast = field(init=False)
    _store: Store = field(init=False)
    _first: OneSession = field(init=False)
    _tasks: trio.Nursery | None = field(default=None, init=False)
    _failure: str = field(default="", init=False)
    _disappointed: bool = field(default=False, init=False)
    _interrupts: Interrupts = field(init=False)
    _paused: bool = field(default=False, init=False)
    _gave_up: bool = field(default=False, init=False)

    # --- building -------------------------------------------------------------------------------

    def __attrs_post_init__(self) -> None:
        self._interrupts = Interrupts(self._stop_soon, self._cancel)
        config = self.config = with_cassette(self.config)
        work = first_work(config, self._interrupts.look)
        limits = _limits(config)
        long_files = list(too_long(work.sources, limits.scenario_chars))
        if long_files and limits.mode is LimitMode.ENFORCE:
            raise long_files[0]
        recogniser = _recogniser(config)
        self.clock = _clock(config)
        switches = read_options(config.grok_options)
        self.clock.on_stall = self._tell_stall
        speaker, utterances = Speaker(config.speech), Utterances()  # type: ignore[arg-type]
        self._cast = self.make_cast(
            Stage(
                config=config,
                clock=self.clock,
                speaker=speaker,
                utterances=utterances,
                spawn=self._spawn,
                approximated=self._approximate,
                warn=lambda code, text: self.session.warn(code, text),
            )
        )
        self._store = make_store(config, self.clock)
        if not self.clock.is_virtual and work.mentions("PhoneNumber"):
            load_tables()
        self._prepare_folder()  # everything that the user gave has been checked
        for key, value in config.stored.items():
            self._store.put(key, value, limits.storage_ttl_s)
        self._open_records(work, speaker.engine)
        self._graph = Graph()
        self._media = MediaDriver(self.clock, self._graph)
        self.sessions = Sessions(
            Equipment(
                config=config,
                clock=self.clock,
                journal=self._journal,
                media=self._media,
                speaker=speaker,
                utterances=utterances,
                switchboard=self._cast.phones,
                limits=limits,
                connect={"Grok": GrokSettings(make_link=self._cast.make_link, **switches)},
                modules=MODULES,
                queues=self._cast.queues,
                recogniser=recogniser,
                rules=self._cast.rules,
                store=self._store,
                spawn=self._spawn,
                approximated=self._approximate,
                broken=self._give_up,
                look=self._interrupts.look,
                audible=self.audible,
            )
        )
        self._first = self.sessions.make(work, conference=config.conference)
        self.session, self.context = self._first.session, self._first.context
        for error in long_files if limits.mode is LimitMode.WARN else ():
            self.session.warn("limit", f"{error.file}: {error.message}")
        if speaker.engine == "synthetic":
            self._approximate("speech: a synthetic voice, not words (no espeak-ng installed)")

    def _open_records(self, work: Work, speech: str) -> None:
        """Opens the journal and its views, and writes what the run is."""
        start_ms, out, config = self.clock.unix_ms(), self.config.out, self.config
        entries = stored(config, self._store)
        self._journal = Journal(self.clock, out / FILES["journal"], on_broken=self._give_up)
        self._log = SessionLog(out / FILES["log"], start_ms, self._give_up)
        self._timing = TimingFile(out / FILES["timing"], self.clock, self._give_up)
        self._journal.listeners += [
            self._timing.take,
            self.summary.take,
            self._write_log,
            self.watch,
        ]
        start = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=start_ms)
        self._journal.write(
            "run",
            voxrt=__version__,
            format=JOURNAL_FORMAT,
            profile=PROFILES[-1],
            seed=config.seed,
            scenario={
                "language": work.script.language,
                "files": [
                    {"name": file.name, "path": file.path.as_posix(), "sha256": file.sha256}
                    for file in work.sources
                ],
            },
            options=options_of(config),
            speech=speech,
            **({"storage": entries} if entries else {}),
            date=start.isoformat(timespec="milliseconds"),
        )

    def _write_log(self, record: Record) -> None:
        if "session" not in record:  # the others have logs of their own
            self._log.write(record)

    def _prepare_folder(self) -> None:
        try:
            self.config.out.mkdir(parents=True, exist_ok=True)
            for old in FILES.values():
                (self.config.out / old).unlink(missing_ok=True)
            for pattern in OLD_FILES:
                for old_file in self.config.out.glob(pattern):
                    old_file.unlink()
            (self.config.out / FILES["journal"]).touch()
        except OSError as error:
            raise UsageError(
                f"the folder for the run cannot be written: {error.strerror or error}",
                hint="Name another one with --out.",
                file=str(self.config.out),
            ) from None

    # --- executing ------------------------------------------------------------------------------

    def execute(self) -> RunResult:
        """Runs to the end, whatever the end is; what was recorded is on disk then."""
        with self._interrupts.awaited(), rarely_collected():
            try:
                trio.run(self._main, clock=self.clock.trio_clock)
            except BaseException as error:
                if not self._interrupts.explain(error):
                    raise
            finally:
                self._interrupts.ignored = True
                result = self._finish()
        return result

    async def _main(self) -> None:
        async with trio.open_nursery() as nursery:
            self._tasks = nursery
            if isinstance(self.clock, RealClock):
                await nursery.start(self._media.pace, self.clock)
            if self.config.serve is not None:
                address = await serve_access(
                    nursery, self.config.serve, self.clock, self.sessions.contexts
                )
                self.sessions.served_at(address)
                self._approximate("the secure access URL: it is served without TLS")
            self.clock.call_soon(self._begin)
            self.clock.call_later(self.config.longest_s * US_PER_S, self._too_long)
            self._interrupts.obey_in_trio()
            try:
                await self.clock.drive(self._media, self._is_over)
            except StalledError as error:
                self._fail(error)
            nursery.cancel_scope.cancel()

    def _begin(self) -> None:
        self.context.exchange.open()
        row, custom_data = self.config.call_list, self.config.custom_data
        self.session.start(custom_data if row is None else row.custom_data)
        post_requests(self._cast.rules, self.clock, self.sessions.find)
        self._cast.begin(self.sessions)
        self.sessions.await_callers()
        if self.config.start or row is not None or self.session.state is not State.RUNNING:
            return
        self.sessions.call_in(self._first, self._cast.phones.script.caller)

    def pause(self) -> None:
        """Stops the run after what is being done now; its sessions do not end.

        The outcome is `paused`: what is on disk is all that happened so far.
        """
        self._paused = True

    def _is_over(self) -> bool:
        return self._paused or self._gave_up or self.sessions.over

    def _spawn(self, task: Callable[[], Any]) -> None:
        assert self._tasks is not None
        self._tasks.start_soon(task)

    # --- what may happen ------------------------------------------------------------------------

    def _too_long(self) -> None:
        self._failure = f"the run was ended after {self.config.longest_s} s"
        self.session.warn("too-long", self._failure)
        self._stop(INTERRUPTED)

    def _give_up(self, error: OutputError) -> None:
        """What happens cannot be written down: the run stops after what is being done now."""
        if self._interrupts.ignored:
            self._fail(error)
        else:
            self.clock.call_soon(self._fail, error)

    def _fail(self, error: VoxrtError) -> None:
        if self._gave_up:  # where one file finds no room, others find none either
            return
        self._gave_up = True
        self._failure = error.message
        if self.session.state is not State.TERMINATED:
            self.session.finish_reason = INTERRUPTED
        self._journal.write("error", code=error.code, text=str(error))

    def _stop(self, reason: str) -> None:
        self.sessions.stop(reason)

    def _stop_soon(self) -> None:
        self.clock.call_soon(self._stop, INTERRUPTED)

    def _cancel(self) -> None:
        if self._tasks is not None:
            self._tasks.cancel_scope.cancel()

    def _tell_stall(self, holds: dict[str, int]) -> None:
        names = ", ".join(f"{name} ({count})" for name, count in holds.items())
        self.session.warn("stalled", f"virtual time stands still and waits for: {names}")

    def _approximate(self, what: str) -> None:
        if what not in self.summary.approximated:
            self.summary.approximated.append(what)

    # --- ending ---------------------------------------------------------------------------------

    def _finish(self) -> RunResult:
        self._media.finish()
        for destination in self._cast.phones.made_up:
            self._approximate(f"the phone {destination}: nobody declared it, it was made up")
        for told in self._cast.phones.given_up:
            self.session.warn("gave-up", told)
        verdicts = self._cast.verdicts()
        for verdict in verdicts:
            if not verdict.passed and verdict.came != GAVE_UP:  # of that a warning has told
                self.session.warn("not-as-expected", verdict.told)
        self._disappointed = not all(verdict.passed for verdict in verdicts)
        kept = self._keep_cassette()
        record = self._journal.write(
            "result",
            outcome=self._outcome()[0],
            finish_reason=self._finish_reason(),
            duration_ms=self.clock.now_us() / 1000,
            **self.summary.fields(),
            **self.sessions.result(),
            **outside_fields(self.context),
            **verdict_fields(verdicts),
        )
        self._store.close()
        self._journal.close()
        self._log.close()
        self._timing.close()
        self._graph.close()
        self.sessions.close()
        out = self.config.out
        self._write_result(record)
        outcome, code = self._outcome()
        files = {name: out / file for name, file in FILES.items()}
        for number, path in enumerate(self.sessions.logs, 2):
            files[f"log {number}"] = path
        for number, path in enumerate(self.sessions.recordings, 1):
            files["recording" if number == 1 else f"recording {number}"] = path
        if kept is not None:
            files["cassette"] = kept
        return RunResult(
            outcome=outcome,
            exit_code=code,
            finish_reason=self._finish_reason(),
            out=out,
            files=files,
            record=record,
            unused=tuple(self._cast.unused()),
            undone=tuple(self._cast.undone()),
            leaked=tuple(told for one in self.sessions.all for told in one.session.engine.leaked),
        )

    def _keep_cassette(self) -> Path | None:
        if self._outcome()[0] in ("interrupted", "failed"):
            return None
        try:
            return keep_cassette(self.config, self.sessions.links, self._journal)
        except OutputError as error:
            self._fail(error)
            return None

    def _write_result(self, record: Record) -> None:
        """The result as a file of its own; that the journal has it may have failed just now."""
        record["outcome"] = self._outcome()[0]
        text = msgspec.json.format(msgspec.json.encode(record), indent=2)
        try:
            write_whole(self.config.out / FILES["result"], (text, b"\n"))
        except OutputError as error:
            self._fail(error)
            record["outcome"] = self._outcome()[0]

    def _finish_reason(self) -> str:
        """The first session's; a run that was paused has none."""
        return "" if self._paused else self.session.finish_reason

    def _outcome(self) -> tuple[str, int]:
        if self._interrupts.count:
            return "interrupted", EXIT_INTERRUPTED
        if self._gave_up:
            return "failed", EXIT_RUN_FAILED
        if self._paused:
            return "paused", EXIT_NORMAL
        lost = self.config.grok != "stand-in" and self.summary.provider_failures
        if self._failure or lost or not self.sessions.over:
            return "failed", EXIT_RUN_FAILED
        if any(_went_wrong(one.session) for one in self.sessions.all):
            return "script error", EXIT_SCRIPT_ERROR
        if self._disappointed:
            return "not as expected", EXIT_NOT_AS_EXPECTED
        return "normal", EXIT_NORMAL
