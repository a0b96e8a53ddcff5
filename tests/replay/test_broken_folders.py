"""Folders that somebody has broken: always a replay or one clear message, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from random import Random

import pytest
from examples import MAKERS

from voxrt.errors import InputError
from voxrt.media.wav import WavWriter
from voxrt.run import run

STRANGE = (
    None, True, -1, 0, 3.5, 10**15, "", "x", "call-2.wav", "../call-1.wav", [], ["x"], {}, {"x": 1},
)  # fmt: skip
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


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


def cut(rng, folder, files):
    path = rng.choice(files)
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) + 1)])


def remove(rng, folder, files):
    rng.choice(files).unlink()


def flip(rng, folder, files):
    path = rng.choice(files)
    data = bytearray(path.read_bytes())
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    path.write_bytes(data)


def drop_a_line(rng, folder, files):
    path = rng.choice([file for file in files if file.suffix == ".jsonl"])
    lines = lines_of(path)
    del lines[rng.randrange(len(lines))]
    path.write_bytes(b"".join(lines))


def swap_lines(rng, folder, files):
    path = rng.choice([file for file in files if file.suffix == ".jsonl"])
    lines = lines_of(path)
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    path.write_bytes(b"".join(lines))


def spoil_a_field(rng, folder, files):
    path = rng.choice([file for file in files if file.suffix == ".jsonl"])
    lines = lines_of(path)
    at = rng.randrange(len(lines)) if rng.random() < 0.8 else 0
    record = json.loads(lines[at])
    inner = record
    while True:
        keys = list(inner)
        if not keys:
            break
        key = rng.choice(keys)
        if isinstance(inner[key], dict) and rng.random() < 0.7:
            inner = inner[key]
            continue
        if rng.random() < 0.3:
            del inner[key]
        else:
            inner[key] = rng.choice(STRANGE)
        break
    lines[at] = json.dumps(record).encode() + b"\n"
    path.write_bytes(b"".join(lines))


def foreign_sound(rng, folder, files):
    path = folder / "call-1.wav"
    with WavWriter(path, rng.choice([8_000, 11_025, 44_100]), rng.choice([1, 2])) as wav:
        wav.append(bytes(rng.choice([0, 400, 40_000])))


HOW = (cut, remove, flip, drop_a_line, swap_lines, spoil_a_field, spoil_a_field, foreign_sound)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_broken_folder_is_replayed_or_refused(recordings, again, tmp_path, seed):
    rng = Random(seed)
    name = rng.choice(EXAMPLES)
    folder = tmp_path / "broken"
    shutil.copytree(recordings[name], folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _ in range(rng.randrange(1, 3)):
        rng.choice(HOW)(rng, folder, [file for file in files if file.exists()])
    told = None
    try:
        again(folder)
    except InputError as error:
        told = error
    if told is not None:
        assert told.message
        assert told.file
        assert "\n" not in told.message
