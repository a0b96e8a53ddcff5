"""Folders of runs that somebody has broken: cut files, lines lost, strange values and sounds."""

from __future__ import annotations

import json
import shutil
from random import Random

from voxrt.media.wav import WavWriter

STRANGE = (
    None, True, -1, 0, 3.5, 10**15, "", "x", "call-2.wav", "../call-1.wav", [], ["x"], {}, {"x": 1},
)  # fmt: skip


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
    path = rng.choice([file for file in files if file.suffix in (".json", ".jsonl")])
    lines = lines_of(path) if path.suffix == ".jsonl" else [path.read_bytes()]
    at = rng.randrange(len(lines)) if rng.random() < 0.8 else 0
    record = json.loads(lines[at])
    inner = record
    while inner:
        key = rng.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        if isinstance(inner[key], dict | list) and rng.random() < 0.7:
            inner = inner[key]
        elif rng.random() < 0.3:
            del inner[key]
            break
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


def broken(folder, into, seed):
    """A copy of a folder in which one or two things have been broken; the same ones each time."""
    rng = Random(seed)
    shutil.copytree(folder, into)
    files = sorted(path for path in into.rglob("*") if path.is_file())
    for _ in range(rng.randrange(1, 3)):
        rng.choice(HOW)(rng, into, [file for file in files if file.exists()])
    return into
