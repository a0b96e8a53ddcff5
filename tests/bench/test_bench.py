"""The benchmarks' machinery; the figures themselves are no test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import kept, lines, verdict
from bench.rows import at_least, at_most, beside

ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_one_part_is_measured_printed_and_kept(tmp_path):
    file = tmp_path / "figures.json"
    ran = bench("--quick", "--only", "session.help", "--json", str(file))
    assert "`voxrt --help`, above the start of Python" in ran.stdout, ran.stderr
    (row,) = json.loads(file.read_text())["rows"]
    assert row["part"] == "session.help"
    assert row["figure"] > 0


@pytest.mark.parametrize("scenario", ["tool.py", "tool.js", "function.py", "function.js"])
def test_a_small_crowd_goes_well_in_both_languages(scenario):
    command = [sys.executable, "-m", "bench.crowd", "3", scenario]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    told = json.loads(ran.stdout or ran.stderr)
    assert (told["hung_up"], told["errors"]) == (3, 0)


@pytest.mark.parametrize("part", ["call", "event", "creation"])
def test_javascript_is_measured(tmp_path, part):
    file = tmp_path / "figures.json"
    ran = bench("--quick", "--only", f"javascript.{part}", "--json", str(file))
    assert ran.returncode == 0, ran.stderr
    rows = json.loads(file.read_text())["rows"]
    assert [row["figure"] > 0 for row in rows] == [True, True]


def test_a_name_that_no_part_has_is_told():
    ran = bench("--only", "nothing-like-it")
    assert ran.returncode == 2
    assert "no part has 'nothing-like-it' in its name" in ran.stderr


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (at_most("a", 1.0, "ms", first=3, goal=2), "goal"),
        (at_most("a", 2.5, "ms", first=3, goal=2), "first"),
        (at_most("a", 4.0, "ms", first=3, goal=2), "NOT MET"),
        (at_least("a", 2.0, "us", yardstick="b", reference=30.0, first=10, goal=20), "first"),
        (at_least("a", 5.0, "calls", goal=20), ""),
    ],
)
def test_a_row_is_judged_by_what_its_limit_counts(row, word):
    assert verdict(row) == word


def test_a_yardstick_beside_a_row_changes_nothing_of_its_verdict():
    row = at_least("rate", 1500.0, "per s", first=1000, goal=10_000)
    shown = beside(row, "a loop", 250.0)
    assert (verdict(shown), kept(shown, shown.goal)) == ("first", False)
    assert list(lines(shown)) == [
        "rate (per s; beside it a loop)",
        "         1,500       250     1,500   >= 1000  >= 10000  first",
    ]
