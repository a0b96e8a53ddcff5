"""Calls for the scenarios under test: a whole run in virtual time with the synthetic voice."""

from __future__ import annotations

import textwrap
from contextlib import closing
from pathlib import Path

import pytest
from calls import Played

from voxrt.legs.builder import caller
from voxrt.media.codecs import tone
from voxrt.media.wav import WavWriter
from voxrt.run.config import RunConfig
from voxrt.run.runner import Run

PRELUDE = """
seen = []

def watch(call, *names):
    # All but StateChanged when none is named.
    every = [CallEvents[name] for name in CallEvents if name != "StateChanged"]
    for name in names or every:
        call.addEventListener(name, seen.append)
"""


@pytest.fixture
def play(tmp_path, monkeypatch):
    """Runs a scenario, given as text, against a scripted caller and parties."""
    monkeypatch.chdir(tmp_path)

    def run(scenario, who=None, *parties, setup=lambda run: None, **config):
        number = len(list(tmp_path.glob("scenario*.py"))) + 1
        path = Path(f"scenario{number}.py")
        path.write_text(PRELUDE + textwrap.dedent(scenario))
        script = (who or caller()).script(*parties)
        monkeypatch.setattr("voxrt.run.cast.read_caller", lambda config: script)
        out = tmp_path / f"out{number}"
        records = []
        config = {"scenarios": (path,), "out": out, "speech": "synthetic", **config}
        one = Run(RunConfig(**config), records.append)
        setup(one)
        return Played(one, one.execute(), records, out)

    return run


@pytest.fixture
def tone_file(tmp_path):
    """Writes a WAV file with a steady tone, in the folder where the scenario runs."""

    def write(name, ms, hz=440, rate_hz=16_000, level_dbfs=-20.0):
        pcm = tone([hz], rate_hz, ms, level_dbfs=level_dbfs)
        with closing(WavWriter(tmp_path / name, rate_hz, 1)) as file:
            file.append(pcm)
        return tmp_path / name

    return write
