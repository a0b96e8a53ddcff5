"""Whole runs in virtual time, and the start of the command.

A run is everything that `voxrt run` does but reading its files: the call is recorded, the journal
and the log are written, what was heard is written down.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import trio
import trio.testing

from bench.rows import Row, at_least, at_most, beside
from voxrt.run import RunConfig
from voxrt.run.runner import Run

SCENARIOS = Path(__file__).with_name("scenarios")
RATE = "simulated seconds per CPU second"
YARDSTICK = "20 ms loop on trio's autojump clock"
YARDSTICK_S = 30
HELP = "from voxrt.cli.main import main; main(['--help'])"


def run_rate(scenario: str, agent: str | None = None) -> float:
    """Simulated seconds per CPU second of a ten-minute call of a caller who says nothing."""
    with tempfile.TemporaryDirectory() as folder:
        config = RunConfig(
            scenarios=(SCENARIOS / scenario,),
            caller=SCENARIOS / "quiet.yaml",
            agent=SCENARIOS / agent if agent else None,
            out=Path(folder),
            speech="synthetic",
        )
        run = Run(config, lambda record: None)
        begin = time.process_time()
        result = run.execute()
        used_s = time.process_time() - begin
    if result.outcome != "normal" or result.record["warnings"]:
        raise RuntimeError(f"{scenario} ended as {result.outcome}: {result.record}")
    return float(result.record["duration_ms"]) / 1000 / used_s


def autojump_rate() -> float:
    """The same of a loop that does nothing but wait for its next frame."""

    async def loop() -> None:
        for k in range(1, YARDSTICK_S * 50 + 1):
            await trio.sleep_until(k * 0.02)

    begin = time.process_time()
    trio.run(loop, clock=trio.testing.MockClock(autojump_threshold=0))
    return YARDSTICK_S / (time.process_time() - begin)


def runs(rounds: int) -> list[Row]:
    """Calls without an agent, with one that is silent, and with one that talks all the time."""
    found: dict[str, list[float]] = {}
    run_rate("talking.py", "talking.yaml")  # imports what a run needs
    for _ in range(rounds):
        for name, rate in (
            ("yardstick", autojump_rate()),
            ("plain", run_rate("plain.py")),
            ("silent", run_rate("silent.py")),
            ("talking", run_rate("talking.py", "talking.yaml")),
        ):
            found.setdefault(name, []).append(rate)
    medians = {name: statistics.median(rates) for name, rates in found.items()}
    return [
        beside(
            at_least(name, medians[key], RATE, first=first, goal=goal),
            YARDSTICK,
            medians["yardstick"],
        )
        for key, name, first, goal in (
            ("plain", "call with both legs, nobody speaks, no agent", 1_000, 10_000),
            ("silent", "call with both legs, linked to a silent agent", 1_000, 10_000),
            ("talking", "call with an agent that talks all the time", 200, 1_000),
        )
    ]


def help_above_python(rounds: int, repeats: int) -> Row:
    """`voxrt --help`, above the start of Python itself: the best median of the rounds."""
    best = (float("inf"), 0.0)
    for _ in range(rounds):
        helped, bare = [], []
        for _ in range(repeats):
            bare.append(_started_ms(""))
            helped.append(_started_ms(HELP))
        start = statistics.median(bare)
        best = min(best, (statistics.median(helped) - start, start))
    name = "`voxrt --help`, above the start of Python"
    row = at_most(name, best[0], "ms CPU", first=250, goal=120)
    return beside(row, "the start of Python", best[1])


def _started_ms(code: str) -> float:
    """Milliseconds of CPU: other tenants of the machine disturb them less than time that passes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


PARTS: dict[str, Callable[[bool], list[Row]]] = {
    "run": lambda quick: runs(1 if quick else 3),
    "help": lambda quick: [help_above_python(1 if quick else 3, 3 if quick else 7)],
}
