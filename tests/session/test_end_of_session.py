"""What a session waits for before it is over, and how long."""

from __future__ import annotations

import pytest

from voxrt.run import RunConfig
from voxrt.run.runner import Run


@pytest.fixture
def ended(tmp_path):
    """Runs a session that ends at once, with something under way; gives its last events."""

    def run(setup):
        path = tmp_path / "scenario.py"
        path.write_text("VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate)\n")
        records = []
        config = RunConfig(scenarios=(path,), start=True, out=tmp_path / "out", speech="synthetic")
        one = Run(config, records.append)
        setup(one)
        one.execute()
        last = ("Application.Terminating", "Application.Terminated")
        return [(r["t"], r["name"]) for r in records if r.get("name") in last]

    return run


def test_with_nothing_under_way_it_is_over_at_once(ended):
    assert [t for t, _ in ended(lambda run: None)] == [0.0, 0.0]


def test_it_is_over_when_the_last_is(ended):
    def setup(run):
        for ms in (100, 300, 200):
            run.session.hold_end()
            run.clock.call_later(ms * 1_000, run.session.release_end)

    assert [t for t, _ in ended(setup)] == [0.0, 300.0]


def test_what_ended_before_is_not_waited_for(ended):
    def setup(run):
        run.session.hold_end()
        run.session.release_end()

    assert [t for t, _ in ended(setup)] == [0.0, 0.0]


def test_it_waits_for_90_seconds_at_most_and_says_its_last_word_once(ended):
    def setup(run):
        run.session.hold_end()
        run.clock.call_at(90_000_000, run.session.release_end)

    assert [t for t, _ in ended(setup)] == [0.0, 90_000.0]
