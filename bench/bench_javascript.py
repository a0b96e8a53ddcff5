"""JavaScript scenarios: a call of the platform, an event, a session's engine, many sessions.

The times of single steps are CPU time of a session that stands still: nothing else of the run is
in them. The journal is written to a file, as in a run.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from bench.crowd import Crowd, Member
from bench.rows import Row, at_most, beside, measure
from voxrt.session.emitter import Emitter
from voxrt.session.values import Envelope, Struct

CROWD = 500
LANGUAGES = {"py": "Python", "js": "JavaScript"}
#: Scenarios of many sessions, and how many ms apart these begin: what it is, and the goals for time
#: (s) and memory (MB).
CROWDS = {
    ("tool", 0): ("with media", 2, 200),
    ("tool", 2): ("with media, beginning 2 ms apart", None, None),
    ("function", 0): ("without media", None, None),
}
IDLE = 500
#: What an agent's last transcript comes with.
PAYLOAD = {
    "type": "response.output_audio_transcript.done",
    "event_id": "3b0f5bd5-1d9f-4a4c-8a94-5e2ffb1d2c0f",
    "response_id": "f2b4d6c8-6f0a-4f8d-a8a1-0a3c61c6c1b2",
    "item_id": "9c5d2a60-1f0e-4f37-bb19-2a7c4f9e8d10",
    "output_index": 0,
    "content_index": 0,
    "transcript": "Your order is on its way, and will be with you tomorrow before noon.",
}
SCRIPT = """
function getter(times) { for (let i = 0; i < times; i++) call.state(); }
function nothing(times) { for (let i = 0; i < times; i++) here(); }
function here() {}
function method(times) {
  for (let i = 0; i < times; i++) {
    take({ item: { type: "function_call_output", call_id: "call_7", output: "{}" }, count: i });
  }
}
let heard = 0;
const handlers = [0, 1, 2].map(() => (e) => { heard += e.data.payload.transcript.length; });
"""


@frozen
class Standing:
    """A session whose scenario has run, and which stands still."""

    member: Member

    @property
    def runtime(self) -> Any:
        """The engine."""
        return self.member.session.script.runtime

    def function(self, name: str) -> Callable[..., Any]:
        """A function of the scenario."""
        return self.runtime.evaluate(name, "bench.js")


@contextlib.contextmanager
def standing(script: str) -> Iterator[Standing]:
    """A session with a call, and a scenario of this text."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bench.js").write_text(script, encoding="utf-8")
        crowd = Crowd(folder, folder / "bench.js")
        member = Member(crowd, folder / "0", 0)
        member.session.define({"call": member.call, "take": lambda given: None})
        standing = Standing(member)
        standing.runtime.arm(0)
        try:
            yield standing
        finally:
            member.session.script.close()
            member.close()


def host_calls(rounds: int) -> list[Row]:
    """Calls of the platform from a loop of the script, which is in the figure."""
    with standing(SCRIPT) as session:
        getter, method, nothing = map(session.function, ("getter", "method", "nothing"))
        plain, simple, given = (
            us * 1e6 for us in measure(nothing, getter, method, rounds=rounds, round_s=0.003)
        )
    yardstick = "a call of a function of its own"
    return [
        beside(at_most("call.state()", simple, "us", first=5, goal=2), yardstick, plain),
        beside(
            at_most("a call with an object of objects", given, "us", first=5, goal=2),
            yardstick,
            plain,
        ),
    ]


def events(rounds: int) -> list[Row]:
    """A connector's event, from the session to its handlers; without what the journal costs."""
    rows = []
    with standing(SCRIPT) as session:
        deliver = session.member.session._run_handlers
        functions = session.function("handlers")
        for count in (1, 3):
            emitter = Emitter(unit="client", id="c1", subject={"client": session.member.call})
            for function in functions[:count]:
                emitter.handlers.add("done", function)

            def dispatch(times: int, emitter: Emitter = emitter) -> None:
                for _ in range(times):
                    data = Envelope({"customEvent": "done", "payload": Struct(PAYLOAD)})
                    event = emitter.event("done", {"data": data})
                    deliver(emitter.handlers.of("done"), event, True, None)

            (took_s,) = measure(dispatch, rounds=rounds, round_s=0.003)
            name = f"an event with a payload to {count} handler{'s' if count > 1 else ''}"
            rows.append(at_most(name, took_s * 1e6, "us", first=30, goal=10))
        if not session.function("heard"):
            raise RuntimeError("no handler was called")
    return rows


def creation(rounds: int) -> list[Row]:
    """An engine with all globals of the platform: made, `require`d, and closed."""
    with standing("require(Modules.Grok);") as session:
        script = session.member.session.script

        def make(times: int) -> None:
            for _ in range(times):
                script.execute(session.member.session)
                script.close()

        (took_s,) = measure(make, rounds=rounds, round_s=0.02)
        script.execute(session.member.session)
        used = session.runtime.used_bytes
    return [
        at_most("a session's engine, made and closed", took_s * 1e3, "ms", first=3, goal=1),
        at_most("memory that an idle engine counts", used / 1e6, "MB"),
    ]


def memory() -> list[Row]:
    """What idle engines cost the process, measured in one of its own."""
    command = [sys.executable, "-c", f"from bench.bench_javascript import idle; idle({IDLE})"]
    grown_mb = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [at_most("memory of an idle session's engine", grown_mb / IDLE, "MB")]


def idle(engines: int) -> None:
    """Makes engines, and prints by how many MB the process has grown."""
    with standing("require(Modules.Grok);") as session:
        script = session.member.session.script
        kept = [script.runtime]
        before = resident_mb()
        for _ in range(engines):
            script.execute(session.member.session)
            kept.append(script.runtime)
        print(resident_mb() - before)
        for runtime in kept:
            runtime.close()


def resident_mb() -> float:
    """The memory that this process has now."""
    status = Path("/proc/self/status")
    if not status.exists():
        raise RuntimeError("the memory of a process is known on Linux only")
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def crowd(rounds: int, sessions: int = CROWD) -> list[Row]:
    """Many calls at once, the same scenarios in both languages; child processes, in turn."""
    best: dict[tuple[str, str, int], dict[str, float]] = {}
    for _ in range(rounds):
        for scenario, apart_ms in CROWDS:
            for language in LANGUAGES:
                least = best.setdefault((scenario, language, apart_ms), {})
                found = _crowd(f"{scenario}.{language}", sessions, apart_ms)
                for name, value in found.items():
                    least[name] = min(value, least.get(name, value))
    rows = []
    for (scenario, apart_ms), (what, goal_s, goal_mb) in CROWDS.items():
        for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
            own, beside_it = (best[scenario, each, apart_ms] for each in (language, other))
            name = f"{sessions} sessions in {LANGUAGES[language]} at once, {what}"
            yardstick = f"in {LANGUAGES[other]}"
            time = at_most(name, own["cpu_s"], "s CPU", first=6, goal=goal_s)
            name = f"{name}: peak memory"
            peak = at_most(name, own["peak_mb"], "MB", first=400, goal=goal_mb)
            rows.append(beside(time, yardstick, beside_it["cpu_s"]))
            rows.append(beside(peak, yardstick, beside_it["peak_mb"]))
    return rows


def _crowd(file: str, sessions: int, apart_ms: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.crowd", str(sessions), file, str(apart_ms)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if told["hung_up"] != sessions or told["errors"]:
        raise RuntimeError(f"not all sessions went well: {told}")
    return dict(told)


PARTS: dict[str, Callable[[bool], list[Row]]] = {
    "call": lambda quick: host_calls(5 if quick else 150),
    "event": lambda quick: events(5 if quick else 150),
    "creation": lambda quick: creation(3 if quick else 20),
    "memory": lambda quick: memory(),
    "crowd": lambda quick: crowd(1 if quick else 3),
}
