"""Where two runs part."""

from __future__ import annotations

import pytest

from voxrt.run import RunConfig, run
from voxrt.show.beside import find_parting
from voxrt.show.folder import load

SCENARIO = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()
    Logger.write("first")
    setTimeout(lambda: e.call.hangup(), 3000)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def play(tmp_path):
    """`play(text)` is the run of a scenario."""
    made = []

    def do(text):
        made.append(text)
        path = tmp_path / f"shop{len(made)}.py"
        path.write_text(text)
        out = tmp_path / f"run{len(made)}"
        run(RunConfig(scenarios=(path,), out=out, speech="synthetic"))
        return load(out)

    return do


def test_runs_that_do_the_same_do_not_part(play):
    assert find_parting(play(SCENARIO), play("\n\n" + SCENARIO)) is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('"first"', '"other"', "changed: log"),
        ("3000", "2000", "changed: timer set"),
        ('    Logger.write("first")\n', "", "only in A: log"),
        (
            "    e.call.answer()\n",
            '    Logger.write("new")\n    e.call.answer()\n',
            "only in B: log",
        ),
    ],
)
def test_the_first_difference_is_named_on_both_sides(play, old, new, what):
    assert old in SCENARIO
    before, after = play(SCENARIO), play(SCENARIO.replace(old, new))
    parting = find_parting(before, after)
    assert parting.text == what
    records = before.records[parting.first - 1], after.records[parting.second - 1]
    assert records[0]["t"] == records[1]["t"]
    assert what.split()[-1] in {record["kind"] for record in records} | {"set"}
