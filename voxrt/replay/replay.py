"""Plays a recording back: the same stimuli to the same scenario, or to another one."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import msgspec
from attrs import define, evolve, field, frozen

from voxrt.clock import US_PER_MS
from voxrt.connectors.link import Link
from voxrt.errors import UsageError
from voxrt.legs.switchboard import Switchboard
from voxrt.replay.after import After, take_over
from voxrt.replay.allowed import NOTHING_ALLOWED, Allowed
from voxrt.replay.check import check_records
from voxrt.replay.compare import Comparison, Divergence, Window, compare
from voxrt.replay.config import Given, Restored, restore
from voxrt.replay.feeder import Feeder
from voxrt.replay.folder import RunFolder, read_folder
from voxrt.replay.forms import Tolerance
from voxrt.replay.links import ReplayedProvider
from voxrt.replay.outside import RecordedAnswers
from voxrt.replay.phones import ReplayedPhones, recorded_callers, recorded_calls
from voxrt.replay.sockets import ClientAgain, ReplayedSockets
from voxrt.replay.sound import compare_sound
from voxrt.replay.watching import FirstDivergence
from voxrt.run import RunConfig, RunResult
from voxrt.run.agents import make_link_factory, read_agent
from voxrt.run.callers import read_queue_file
from voxrt.run.cast import Cast, Stage
from voxrt.run.runner import Run
from voxrt.run.sessions import PROVIDER_KEY, Sessions
from voxrt.session.journal import Record, read_journal
from voxrt.vox.context import Context
from voxrt.vox.socket_clients import connect_peer

#: What a replay of a run in real time allows for: nothing happens twice at the same microsecond.
REAL_TIME_MS = 100.0
#: What stops a replay that goes on in real time must be later than that.
STOPS_REAL_TIME_MS = 1_000.0
STOPPED = "The replay has come to the end of its recording"
REPORT_FILE = "replay.json"


@frozen(kw_only=True)
class Replayed:
    """What came of a replay.

    Attributes:
        folder: The recording.
        result: How the replay ended; its folder has a journal and recordings of its own.
        records: The replay's journal.
        comparison: Where the two part.
        changed: Files that are not as they were recorded, in words.
        until_ms: Up to when it was compared.
        private: What was opened with `privacy`, and when, in ms: nothing of it can be played back.
        stopped: Whether the first divergence stopped it; the comparison has that instant's, then.
        tolerance: How exact times had to be.
    """

    folder: RunFolder
    result: RunResult
    records: list[Record] = field(repr=False)
    comparison: Comparison
    changed: list[str]
    private: list[tuple[str, float]]
    until_ms: float
    stopped: bool
    tolerance: Tolerance


def replay(
    path: Path,
    given: Given,
    *,
    until: str = "",
    after: After | None = None,
    allowed: Allowed = NOTHING_ALLOWED,
    every: bool = False,
    watch: Callable[[Record], object] = lambda record: None,
) -> Replayed:
    """Plays a run's folder back, in virtual time, and compares what the scenario does.

    Differences of sound alone show at the end, when the journals are alike.

    Args:
        path: The folder.
        given: What is to be run.
        until: The number of a record, or the name of an event: nothing after it is played back
            or compared. Everything without it.
        after: Who goes on from there; without it the replay ends there.
        allowed: What may differ. Without a tolerance of its own that is no time at all, or for a
            recording in real time `REAL_TIME_MS`.
        every: Go on to the end and find every divergence. Otherwise the first one that is not
            allowed stops the replay, at the instant at which it shows.
        watch: Given every record of the replay's journal as it is written.

    Raises:
        InputError: The folder is not one of a run, something in it is damaged, or it does not say
            what was run.
    """
    folder = read_folder(path)
    if given.out.resolve() == folder.path.resolve():
        raise UsageError(
            "a replay does not write into the folder that it plays back.",
            hint="Name another one with --out.",
            file=str(given.out),
        )
    check_records(folder)
    restored = restore(folder, given)
    window = window_of(folder, until)
    if after is not None:
        if window.is_end:
            raise UsageError(
                "the past that is kept has no end: --then goes with --until.",
                hint="Say until which event or record.",
            )
        restored.config = _for_later(restored.config, given, after)
    tolerance = _tolerance(folder, restored.config, allowed)
    limit = tolerance
    if restored.config.time != "virtual":  # a busy machine is late, and is not another scenario
        limit = Tolerance(max(tolerance.ms, STOPS_REAL_TIME_MS))
    first = FirstDivergence(folder.records, window, limit, allowed, lambda: run.pause())
    troupe = _Troupe(folder, restored, window, after, None if every else first)
    run = Run(restored.config, troupe.watcher(watch), make_cast=troupe.cast)
    result = run.execute()
    records = read_journal(result.files["journal"])
    stopped = bool(first.found)
    if stopped:
        comparison = first.comparison()
    else:
        comparison = compare(folder.records, records, window, tolerance)
    if not comparison.divergences:
        comparison = compare_sound(comparison, folder, result.out, window, tolerance)
    return Replayed(
        folder=folder,
        result=result,
        records=records,
        comparison=comparison,
        changed=restored.changed,
        private=troupe.private,
        until_ms=run.clock.now_us() / US_PER_MS if stopped else window.t,
        stopped=stopped,
        tolerance=tolerance,
    )


def _tolerance(folder: RunFolder, config: RunConfig, allowed: Allowed) -> Tolerance:
    """How exact times have to be, in a replay of this configuration."""
    if allowed.tolerance_ms is not None:
        return Tolerance(allowed.tolerance_ms)
    return Tolerance(_usual_ms(folder) if config.time == "virtual" else REAL_TIME_MS)


def _for_later(config: RunConfig, given: Given, after: After) -> RunConfig:
    """The configuration of a replay that goes on with a provider."""
    if after.provider == "stand-in":
        return evolve(config, agent=after.agent)
    if after.provider == "live" and not given.secrets and not os.environ.get(PROVIDER_KEY):
        raise UsageError(
            f"--then live needs a key: {PROVIDER_KEY} in the environment.",
            hint="Or give the secret that the scenario takes it from with --secret.",
        )
    # A server on the network is not there in virtual time.
    return evolve(config, grok=after.provider, time="real", starts_at_ms=None)


def _usual_ms(folder: RunFolder) -> float:
    """What two times may differ by: nothing in virtual time, else so much of the wall's clock."""
    time = folder.run.get("options", {}).get("time", "virtual")
    return 0.0 if time == "virtual" else REAL_TIME_MS * (1.0 if time == "real" else float(time))


def window_of(folder: RunFolder, until: str) -> Window:
    """Up to where a recording is played back.

    Raises:
        UsageError: There is no such record or event.
    """
    if until:
        record = _record_of(folder, until)
        return Window(n=record["n"], t=record["t"], is_end=False)
    last = folder.records[-1]
    if folder.result is None:
        return Window(n=last["n"], t=last["t"], is_end=False)
    if folder.result.get("outcome") == "paused":  # no session has ended
        told = itertools.takewhile(_is_told_at_a_stop, reversed(folder.records[:-1]))
        return Window(n=last["n"] - 1 - len(list(told)), t=last["t"], is_end=False)
    if folder.result.get("outcome") == "interrupted":  # which no scenario does by itself
        for record in folder.of_kind("session"):
            if record.get("state") == "terminating":
                return Window(n=record["n"] - 1, t=record["t"], is_end=False)
    return Window(n=last["n"], t=last["t"], is_end=True)


def _is_told_at_a_stop(record: Record) -> bool:
    """Whether a record may be there only because the run was stopped: what was heard until then."""
    return record["kind"] in ("heard", "file")


def _record_of(folder: RunFolder, until: str) -> Record:
    if until.isdecimal():
        number = int(until)
        if 1 <= number <= len(folder.records):
            return folder.records[number - 1]
        raise UsageError(
            f"--until {until}: the journal has the records 1 to {len(folder.records)}.",
            file=str(folder.path),
        )
    events = folder.of_kind("event")
    for record in events:
        if until in (record["name"], str(record["name"]).rpartition(".")[2]):
            return record
    names = dict.fromkeys(str(record["name"]) for record in events)
    raise UsageError(
        f"--until {until}: the recording has no such event.",
        hint=f"It has {', '.join(names)}." if names else "It has none at all.",
        file=str(folder.path),
    )


@define(eq=False)
class _Troupe:
    """Everything around the sessions of a replay."""

    folder: RunFolder
    restored: Restored
    window: Window
    after: After | None
    first: FirstDivergence | None
    private: list[tuple[str, float]] = field(factory=list, init=False)
    feeder: Feeder = field(init=False)
    _provider: ReplayedProvider = field(init=False)
    _phones: ReplayedPhones = field(init=False)
    _sockets: ReplayedSockets = field(init=False)
    _later: Callable[[Context], Link] = field(init=False)
    _stage: Stage = field(init=False)

    def __attrs_post_init__(self) -> None:
        goes_on = self.after is not None and self.after.people is None
        far_until = inf if goes_on else self.window.n
        self.feeder = Feeder(self.folder.records, self.window.n, far_until)

    def watcher(self, watch: Callable[[Record], object]) -> Callable[[Record], None]:
        """What listens to the replay's journal."""

        def take(record: Record) -> None:
            self.feeder.watch(record)
            if self.first is not None:
                self.first.take(record)
            watch(record)

        return take

    def cast(self, stage: Stage) -> Cast:
        """Makes it."""
        self._stage, self.feeder.clock = stage, stage.clock
        if self.first is not None:
            self.first.begin(self.feeder)
        if self.after is not None:
            self._later = make_link_factory(
                stage.config,
                read_agent(stage.config),
                uses=Counter(),
                clock=stage.clock,
                speaker=stage.speaker,
                utterances=stage.utterances,
                spawn=stage.spawn,
                approximated=stage.approximated,
                warn=stage.warn,
            )
        far = self.folder.of_kind("far")
        self._phones = ReplayedPhones(
            self.feeder,
            recorded_callers(self.folder),
            recorded_calls(self.folder),
            [record for record in far if record.get("action") == "reached"],
        )
        self._sockets = ReplayedSockets(
            self.feeder, stage.utterances, self.folder, self._note_private
        )
        self._provider = ReplayedProvider(
            self.folder, self.feeder, stage.utterances, stage.warn, self._note_private
        )
        return Cast(
            phones=self._phones,
            queues=read_queue_file(stage.config).plan,
            rules=RecordedAnswers.of(self.folder).rules(self._sockets),
            make_link=self._provider.make,
            begin=self._begin,
        )

    def _note_private(self, what: str) -> None:
        self.private.append((what, self._stage.clock.now_us() / US_PER_MS))
        self._stage.warn("replay", f"{what} with privacy: nothing was recorded, and nothing comes")

    def _begin(self, sessions: Sessions) -> None:
        """Makes due what belongs to no call and no link."""
        store, clock = sessions.all[0].context.store, self._stage.clock
        for key, text, expire_at in self.restored.entries:
            store.put(key, text, expire_at - clock.unix_ms() // 1000)
        self.feeder.post(self._loose(sessions))
        if not self.window.is_end:
            end_us = round(self.window.t * US_PER_MS) + 1
            end = self._stop if self.after is None else self._go_on
            clock.call_at(end_us, end, sessions)

    def _stop(self, sessions: Sessions) -> None:
        sessions.stop(STOPPED)

    def _go_on(self, sessions: Sessions) -> None:
        """The past is over: others go on."""
        assert self.after is not None
        self._provider.go_on(self._later)
        if self.after.people is not None:
            board = self._phones.later = Switchboard(self.after.people)
            for leg in self._phones.legs:
                take_over(leg, board)

    def _loose(self, sessions: Sessions) -> Iterator[tuple[float, float, Callable[[], object]]]:
        calls = {
            record["call"] for record in self.folder.of_kind("far") if record["action"] == "phone"
        }
        for record in self.folder.of_kind("far", "note"):
            if record["call"] in calls or record.get("who") == "access URL":
                continue
            if record["kind"] == "note":
                yield record["n"], record["t"], partial(_write_note, sessions, record)
            elif record["action"] == "asks":
                yield record["n"], record["t"], partial(_ask, sessions, record)
            elif record["action"] == "connects":
                yield record["n"], record["t"], partial(self._connect, sessions, record)

    def _connect(self, sessions: Sessions, record: Record) -> None:
        """A client asks for a WebSocket; whether it is let in is the scenario's matter."""
        one = _session_of(sessions, record)
        if one is None:
            return
        peer = ClientAgain(self._sockets)
        headers = record.get("headers", {}).items()
        connect_peer(one.context, peer, record.get("path", ""), headers)


def _write_note(sessions: Sessions, record: Record) -> None:
    one = _session_of(sessions, record)
    if one is not None:
        fields = {name: record[name] for name in ("call", "who", "text")}
        one.session.journal.write("note", **fields)


def _ask(sessions: Sessions, record: Record) -> None:
    one = _session_of(sessions, record)
    if one is not None:
        one.context.remote.request(
            record["method"],
            record.get("path", ""),
            record.get("content", ""),
            list(record.get("headers", {}).items()),
        )


def _session_of(sessions: Sessions, record: Record) -> Any:
    number = record.get("session", 1)
    return sessions.all[number - 1] if number <= len(sessions.all) else None


def write_report(replayed: Replayed, divergences: Iterable[Divergence]) -> Path:
    """Leaves divergences in the replay's folder, for other tools.

    Returns:
        The file: `recording`, `compared`, `until_ms`, `private` (what was opened with `privacy`,
        and when), and for each divergence `what`, `t`, the numbers of both records, and the
        `fields` that differ.
    """
    path = replayed.result.out / REPORT_FILE
    report = {
        "format": 1,
        "recording": str(replayed.folder.path),
        "compared": replayed.comparison.compared,
        "until_ms": replayed.until_ms,
        "private": [{"what": what, "t": t} for what, t in replayed.private],
        "divergences": [
            {
                "what": one.what,
                "t": one.t,
                "recorded": None if one.recorded is None else one.recorded["n"],
                "replayed": None if one.replayed is None else one.replayed["n"],
                "fields": [list(entry) for entry in one.fields],
                **({"text": one.text} if one.text else {}),
            }
            for one in divergences
        ],
    }
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    return path
