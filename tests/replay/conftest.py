"""What tests of replays share: runs of the examples, recorded and played back."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import MAKERS

from voxrt.replay.config import Given
from voxrt.replay.replay import replay
from voxrt.run import run

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def without_encoders(monkeypatch):
    """Where the examples' files are, and without the encoders that a machine may lack."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)


@pytest.fixture
def record(tmp_path):
    """Runs an example, such as `agents/project`; returns the folder that it leaves."""

    def made(name):
        kind, _, example = name.partition("/")
        return run(MAKERS[kind](example, tmp_path / "recorded")).out

    return made


@pytest.fixture
def again(tmp_path):
    """Plays a folder back into one of the test's own."""

    def play(folder, *scenarios, out="replayed", **options):
        given = {name: options.pop(name) for name in ("defines", "secrets") if name in options}
        return replay(folder, Given(scenarios=scenarios, out=tmp_path / out, **given), **options)

    return play
