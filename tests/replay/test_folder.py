"""The reader of a run's folder: what it takes, and the one message it has for anything else."""

from __future__ import annotations

import json
import shutil
import struct

import pytest

from voxrt.errors import InputError
from voxrt.replay.folder import read_folder

TALK = """
async def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    await e.call.say("Hello.")

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture
def ran(play):
    return play(TALK).result.out


def lines_of(folder):
    return (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)


def with_lines(folder, lines):
    (folder / "journal.jsonl").write_bytes(b"".join(lines))
    return folder


def test_a_run_is_read(ran):
    folder = read_folder(ran)
    assert folder.run["kind"] == "run"
    assert folder.result == folder.records[-1]
    assert [record["n"] for record in folder.records] == [*range(1, len(folder.records) + 1)]
    assert folder.recording("call-1.wav").channels == 2
    assert folder.end_ms == folder.records[-1]["t"]


def test_a_killed_run_is_read_up_to_the_kill(ran):
    lines = lines_of(ran)
    folder = read_folder(with_lines(ran, [*lines[:10], lines[10][:-9]]))
    assert len(folder.records) == 10
    assert folder.result is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda lines: [], "begins with a record of the kind `run`"),
        (lambda lines: lines[1:], "begins with a record of the kind `run`"),
        (lambda lines: [*lines[:3], b"{\n", *lines[3:]], "journal.jsonl:4: this line is not JSON"),
        (lambda lines: [*lines[:3], b"7\n"], "journal.jsonl:4: a record is an object"),
        (lambda lines: [*lines[:3], *lines[4:]], "record 4 is missing before 5"),
        (lambda lines: [*lines, lines[-1]], "is missing"),
        (lambda lines: [lines[0], b"[" * 100_000 + b"\n"], "nested too deeply"),
        (lambda lines: [b"\xff\xfe\n", *lines], "this line is not JSON"),
        (lambda lines: [_changed(lines[0], format=2), *lines[1:]], "the journal has the format 2"),
        (
            lambda lines: [_changed(lines[0], profile="2031-01"), *lines[1:]],
            "under the behaviour profile '2031-01' by voxrt 0.1.0, and this version knows 2026-11",
        ),
        (lambda lines: [*lines[:3], _changed(lines[3], t="soon")], "`t` of a record is a time"),
        (lambda lines: [*lines[:3], _changed(lines[3], kind=None)], "`kind` of a record is a text"),
        (lambda lines: [*lines[:-1], _changed(lines[-1], t=0)], "its time is earlier"),
    ],
)
def test_a_broken_journal_gets_one_clear_message(ran, change, told):
    with_lines(ran, change(lines_of(ran)))
    with pytest.raises(InputError) as error:
        read_folder(ran)
    assert told in str(error.value)
    assert "journal.jsonl" in str(error.value)


def _changed(line, **fields):
    return json.dumps(json.loads(line) | fields).encode() + b"\n"


def test_what_is_no_folder_of_a_run_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    for path, told in (
        (tmp_path, "there is no journal.jsonl in it"),
        (tmp_path / "file", "this is a file"),
        (tmp_path / "none", "there is no such folder"),
    ):
        with pytest.raises(InputError, match=told):
            read_folder(path)


def test_a_recording_that_is_none_says_so(ran):
    folder = read_folder(ran)
    path = ran / "call-1.wav"
    header = bytearray(path.read_bytes())
    struct.pack_into("<HIIHH", header, 22, 1, 8_000, 16_000, 2, 16)
    path.write_bytes(header)
    with pytest.raises(InputError, match=r"call-1\.wav: this is not a run's recording"):
        folder.recording("call-1.wav")
    path.unlink()
    with pytest.raises(InputError, match="there is no such file"):
        folder.recording("call-1.wav")


def test_links_are_read_in_order_of_their_numbers(ran):
    shutil.rmtree(ran / "links", ignore_errors=True)
    (ran / "links").mkdir()
    head = {"format": 1, "voxrt": "0", "provider": "xai", "url": "wss://x", "opened_ms": 1.0}
    line = {"n": 7, "t": 5.0, "direction": "received", "message": {"type": "ping"}}
    for number in (10, 2):
        text = f"{json.dumps(head)}\n{json.dumps(line)}\n{{"
        (ran / "links" / f"{number}.jsonl").write_text(text)
    links = read_folder(ran).links
    assert [link.number for link in links] == [2, 10]
    assert links[0].lines == [line]
    assert links[0].head == head


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "begins with an object that has `format`"),
        ('{"format": 9}\n', "its format is 9"),
        ('{"format": 1}\n{"t": 1}\n', "2.jsonl:2: a line has a `direction`"),
        ('{"format": 1}\n{"direction": "sent"}\n', "a line has its time `t` in ms"),
        ('{"format": 1}\n{"t": 1, "direction": "sent"}\n', "a line has a `message`"),
    ],
)
def test_a_broken_link_gets_one_clear_message(ran, text, told):
    (ran / "links").mkdir(exist_ok=True)
    (ran / "links" / "2.jsonl").write_text(text)
    with pytest.raises(InputError) as error:
        _ = read_folder(ran).links
    assert told in str(error.value)
