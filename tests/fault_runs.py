"""Runs the table of faults: each service, each way in which it fails, at each moment of a call.

A row of `tests/faults/*.yaml` is code that is Python and JavaScript at once: calls of the platform
with literals, one to a line. It is run before the call is connected, while something plays on it,
and after it has been hung up; what the scenario is told is held to the file beside the table.
"""

from __future__ import annotations

import json
import os
from contextlib import nullcontext
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import yaml
from attrs import define, evolve, field, frozen
from recognisers import Echo
from small_disk import room_for

from voxrt.clock import US_PER_MS
from voxrt.media.wav import read_wav
from voxrt.outside.call_list import Row
from voxrt.run.config import RunConfig, RunResult
from voxrt.run.runner import Run
from voxrt.session.journal import read_journal
from voxrt.vox.context import STORAGE_FILE

TABLES = Path(__file__).parent / "faults"

MOMENTS = ("before", "playing", "after")
LANGUAGES = ("py", "js")
#: When the row's code is run, in ms of the run, and how much later its `then`.
FAULT_MS = {"start": 0, "before": 0, "playing": 520, "after": 1_000}
THEN_AFTER_MS = 2_000
#: When a file is broken, in ms after the fault.
BREAKS_AFTER_MS = 1_000
SQLITE_PAGE_BYTES, SQLITE_CHANGES = 4_096, 27
#: How long a run is watched after the end of its sessions: longer than all that may be due then.
LINGERS_MS = 150_000
LONGEST_S = 600


@frozen(kw_only=True)
class Fault:
    """A row of the table.

    Attributes:
        service: The table that it is in.
        fault: What goes wrong, in words.
        do: Code that makes the service and has it fail.
        then: Code that is run two seconds later, on what is dead by then.
        modules: What the scenario requires.
        lasts_ms: When the caller hangs up, unless it is the moment `after`.
        steps: What the caller does before that.
        parties, http, queues, agent: Of the run, as its files have them.
        row: The row of a call list that the session is.
        never_answered: The call that comes is not answered 3 s after its fault.
        caller: More of the caller.
        breaks_storage: What of the storage's file is overwritten a second after the fault: the
            `whole` of it, or its `pages`.
        limits: Numbers of `Limits` that make the row shorter.
        blocked: A folder that cannot be made, because a file has its name.
        room_bytes: What a file may have, on a disk that is nearly full.
        recogniser: `fails` for one that does.
        options: More of the run's options.
        moments: When it is tried; `start` is a session that begins without a call.
    """

    service: str
    fault: str
    do: str
    then: str = ""
    modules: tuple[str, ...] = ()
    lasts_ms: int = 6_000
    steps: tuple[Any, ...] = ()
    parties: tuple[Any, ...] = ()
    http: Any = None
    queues: Any = None
    agent: Any = None
    row: dict[str, str] | None = None
    never_answered: bool = False
    caller: dict[str, Any] = field(factory=dict)
    breaks_storage: str = ""
    limits: dict[str, int] = field(factory=dict)
    blocked: str = ""
    room_bytes: int | None = None
    recogniser: str = ""
    options: dict[str, Any] = field(factory=dict)
    moments: tuple[str, ...] = MOMENTS

    def scenario(self, language: str, moment: str, ends_ms: int | None = None) -> str:
        """The whole scenario; `ends_ms` after its fault it ends itself."""
        do, then = dedent(self.do), dedent(self.then)
        if ends_ms is not None:
            do += f'\nlater({ends_ms}, VoxEngine, "terminate")'
        nothing = "pass" if language == "py" else ";"
        filled = {
            "REQUIRE": "\n".join(f"require(Modules.{name})" for name in self.modules),
            "DO": indent(do, "    "),
            "THEN": indent(then.strip() or nothing, "    "),
            "MOMENT": json.dumps(moment),
            "ANSWERS": str(int(not self.never_answered)),
            "THEN_AFTER_MS": str(THEN_AFTER_MS),
        }
        text = (TABLES / f"scenario.{language}.in").read_text(encoding="utf-8")
        for name, code in filled.items():
            text = text.replace(f"@{name}@", code)
        return text


class FailingRecogniser(Echo):
    """A recogniser that breaks with the first sound."""

    def hear(self, piece: Any) -> None:
        raise ValueError("the model is broken")


#: A declared outside world whose answers are larger than the platform takes.
BIG_ANSWERS = """
def http(request):
    return {"text": "a" * (2 * 1024 * 1024 + 1)}
"""


#: Units that every session has to its end.
PERMANENT = ("RequestQueue",)
#: What the run itself has to come: its own end, what was declared for later, and the other
#: callers of queues, who are in no session.
STILL_DUE = (
    "Run._too_long",
    "RemoteAccess.request",
    "connect_peer",
    "Exchange._free",
    "MediaDriver._keep_books",
)


#: Records of what goes on beside the sessions, and after them.
BESIDE = ("agent", "queue", "access", "far")


@define
class Probe:
    """What was left over a while after the last session of a run had ended."""

    ports: int = 0
    taps: int = 0
    links: int = 0
    tasks: list[str] = field(factory=list)
    units: list[str] = field(factory=list)
    due: list[str] = field(factory=list)
    holds: dict[str, int] = field(factory=dict)
    other: list[str] = field(factory=list)

    def look(self, run: Run) -> None:
        """Looks at a run whose sessions are over."""
        found = run.context.graph.statistics()
        self.ports, self.taps, self.links = found.ports, found.taps, found.links
        self.holds = run.clock.holds
        assert run._tasks is not None
        self.tasks = sorted(task.name for task in run._tasks.child_tasks)
        self.due = [
            timer._call.__qualname__
            for timer in run.clock._agenda
            if timer._call.__qualname__ not in STILL_DUE
        ]
        media = run.context.media
        self.other = [f"a listener of port {port}" for port in media._listeners]
        self.other += [f"a drain of tap {tap}" for tap in media._drains]
        for one in run.sessions.all:
            units = [type(unit).__name__ for unit in one.session._units]
            self.units += [unit for unit in units if unit not in PERMANENT]
            self.other += [f"a player {player.id()}" for player in one.context.players]


class ProbedRun(Run):
    """A run that goes on for a while after its last session has ended, and is looked at then."""

    probe: Probe
    _lingers = False
    _looked_at = False

    def _is_over(self) -> bool:
        if super()._is_over() and not self._lingers:
            self._lingers = True
            self.clock.call_later(LINGERS_MS * US_PER_MS, self._look_around)
        return self._looked_at

    def _look_around(self) -> None:
        self.probe.look(self)
        self._looked_at = True


@define
class Outcome:
    """A finished run of a row."""

    result: RunResult
    records: list[dict[str, Any]]
    probe: Probe
    files: tuple[int, int]
    """How many files the process had open before and after."""

    def told(self, since_ms: int) -> list[str]:
        """What the scenario was told, a line each, with the ms since its fault."""
        lines = []
        for record in self.records:
            text = _line(record)
            if text is not None and record["t"] >= since_ms:
                lines.append(f"{record['t'] - since_ms:g} {text}")
        return lines


def _line(record: dict[str, Any]) -> str | None:
    match record["kind"]:
        case "event" if record["handlers"] and record["name"] not in QUIET:
            return f"{record['name']}{_shown(record['data'])}"
        case "log":
            return f"> {record['text']}"
        case "warning":
            return f"! {record['code']}: {record['text']}"
        case "error":
            return f"!! {record['text']}"
    return None


#: Events of the scenario itself.
QUIET = (
    "Application.Started",
    "Application.CallAlerting",
    "Grok.VoiceAgentAPI.Unknown",  # pings, and what the stand-in says of itself
)
#: Fields that say nothing of a fault.
HIDDEN = (
    "headers",
    "scheme",
    "displayName",
    "direction",
    "cost",
    "callId",
    "url",
    "path",
    "endpointId",
    "data",
)


def _shown(data: dict[str, Any]) -> str:
    fields = {
        key: value
        for key, value in data.items()
        if key not in HIDDEN and not (isinstance(value, dict) and "id" in value)
    }
    return f" {json.dumps(fields, ensure_ascii=False, sort_keys=True)}" if fields else ""


def read_table(service: str) -> list[Fault]:
    """The rows of a service."""
    document = yaml.safe_load((TABLES / f"{service}.yaml").read_text(encoding="utf-8"))
    common = document.get("all", {})
    rows = []
    for row in document["faults"]:
        fields = {**common, **row}
        for name in ("modules", "steps", "parties", "moments"):
            if name in fields:
                fields[name] = tuple(fields[name])
        rows.append(Fault(service=service, **fields))
    return rows


def run_fault(
    row: Fault,
    language: str,
    moment: str,
    folder: Path,
    *,
    ends_ms: int | None = None,
    hangs_up_ms: int | None = None,
) -> Outcome:
    """Runs a row.

    Args:
        row: The row.
        language: `py` or `js`.
        moment: One of `MOMENTS`.
        folder: Everything is written there.
        ends_ms: The scenario terminates so long after the fault.
        hangs_up_ms: The caller hangs up so long after the fault.
    """
    wait_ms = row.lasts_ms if moment != "after" else FAULT_MS["after"] - 520
    steps = [*row.steps, {"wait": wait_ms}, "hang_up"]
    if hangs_up_ms is not None:
        begins = [{"wait_for": "ringing", "timeout_ms": 100, "on_timeout": "continue"}]
        wait_ms = FAULT_MS[moment] + hangs_up_ms - 100
        steps = [*(begins if moment == "before" else ()), {"wait": max(wait_ms, 1)}, "hang_up"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"scenario.{language}"
    path.write_text(row.scenario(language, moment, ends_ms), encoding="utf-8")
    documents = {
        "caller": {"caller": {"steps": steps, **row.caller}, "parties": list(row.parties)},
        "http": row.http,
        "queues": row.queues,
        "agent": row.agent,
    }
    files: dict[str, Any] = {}
    for name, document in documents.items():
        if document == {"python": "big"}:
            files[name] = folder / "http.py"
            files[name].write_text(BIG_ANSWERS, encoding="utf-8")
        elif document is not None:
            files[name] = folder / f"{name}.yaml"
            files[name].write_text(json.dumps(document), encoding="utf-8")
    if row.row is not None:
        files["call_list"] = Row(number=1, data=row.row)
    if row.blocked:
        (folder / "run").mkdir()
        (folder / "run" / row.blocked).write_text("in the way")
    before = _open_files()
    probe = Probe()
    config = RunConfig(
        scenarios=(path,),
        start=moment == "start",
        out=folder / "run",
        speech="synthetic",
        longest_s=LONGEST_S,
        **{**files, **row.options},
    )
    run = ProbedRun(config, lambda record: None)
    run.probe = probe
    if row.recogniser == "fails":
        run.context.recogniser = FailingRecogniser()
    if row.limits:
        run.session.limits = evolve(run.session.limits, **row.limits)
    if row.breaks_storage:
        at_ms = FAULT_MS[moment] + BREAKS_AFTER_MS
        run.clock.call_at(
            at_ms * US_PER_MS, break_storage, config.out / STORAGE_FILE, row.breaks_storage
        )
    with nullcontext() if row.room_bytes is None else room_for(row.room_bytes):
        result = run.execute()
    return Outcome(result, read_journal(result.files["journal"]), probe, (before, _open_files()))


def break_storage(path: Path, what: str) -> None:
    """Somebody overwrites a file of SQLite, but for its first page when it is only `pages`."""
    data = bytearray(path.read_bytes())
    start = 0 if what == "whole" else SQLITE_PAGE_BYTES
    data[start:] = b"\xff" * (len(data) - start)
    data[SQLITE_CHANGES] ^= 0xFF  # SQLite trusts its cache unless the count of changes has changed
    path.write_bytes(data)


def _open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def check(outcome: Outcome) -> None:
    """What holds after every run: it ended by itself, wrote all of it, and left nothing open."""
    records, probe = outcome.records, outcome.probe
    assert [record["n"] for record in records] == list(range(1, len(records) + 1))
    assert records[-1]["kind"] == "result"
    assert outcome.result.outcome == "normal", [_line(r) for r in records if _line(r)]
    sessions = {record.get("session", 1) for record in records if record["kind"] == "session"}
    ended = [r for r in records if r["kind"] == "session" and r["state"] == "terminated"]
    assert len(ended) == len(sessions)
    late = records[records.index(ended[-1]) + 1 : -1]
    assert [r for r in late if r["kind"] not in BESIDE and r.get("code") != "gave-up"] == []
    assert "too-long" not in [r.get("code") for r in records]
    assert "stalled" not in [r.get("code") for r in records]
    assert probe == Probe()
    for path in outcome.result.out.rglob("*.wav"):
        read_wav(path)
    assert outcome.files[0] == outcome.files[1]
