"""Folders that somebody has broken: always a replay or one clear message, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from broken import broken
from examples import MAKERS

from voxrt.errors import InputError
from voxrt.run import run

#: More with VOXRT_FUZZ_SEEDS=1000.
SEEDS = int(os.environ.get("VOXRT_FUZZ_SEEDS", "40"))
EXAMPLES = ("examples/lookup", "examples/websocket", "agents/restaurant.py", "examples/transfer")


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """One folder for each example."""
    folders = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path(__file__).parents[2])
        patch.setattr("voxrt.vox.reel.encoders", set)
        for name in EXAMPLES:
            kind, _, example = name.partition("/")
            out = tmp_path_factory.mktemp("recorded") / "run"
            run(MAKERS[kind](example, out))
            folders[name] = out
    return folders


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_broken_folder_is_replayed_or_refused(recordings, again, tmp_path, seed):
    folder = broken(recordings[EXAMPLES[seed % len(EXAMPLES)]], tmp_path / "broken", seed)
    told = None
    try:
        again(folder)
    except InputError as error:
        told = error
    if told is not None:
        assert told.message
        assert told.file
        assert "\n" not in told.message
