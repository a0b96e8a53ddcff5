"""Reading cassettes: what they may be, and one clear message for everything else."""

from __future__ import annotations

import json

import pytest
from cassettes import HEAD, audio, received, sent, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voxrt.errors import DocumentError, InputError, UsageError
from voxrt.xai.cassette import read_cassette, read_cassettes

PING = received(110, {"type": "ping"})


def test_a_cassette_has_its_lines_with_their_numbers(tmp_path):
    path = write(tmp_path / "c.jsonl", PING, sent(120.5, {"type": "x"}), audio(200))
    cassette = read_cassette(path)
    assert (cassette.opened_us, cassette.dialled_us) == (100_000, 0)
    assert [(line.number, line.t_us, line.type) for line in cassette.lines] == [
        (2, 110_000, "ping"),
        (3, 120_500, "x"),
        (4, 200_000, "input_audio_buffer.append"),
    ]
    assert [line.audio_us for line in cassette.lines] == [None, None, 100_000]
    assert [line.is_asked for line in cassette.lines] == [False, True, False]


def test_a_line_that_a_kill_cut_off_is_left_out(tmp_path):
    path = write(tmp_path / "c.jsonl", PING)
    path.write_bytes(path.read_bytes() + b'{"t": 120, "direc')
    assert len(read_cassette(path).lines) == 1


def test_a_folder_has_its_connections_in_order(tmp_path):
    for number in (10, 2, 1):
        write(tmp_path / f"{number}.jsonl", url=f"ws://{number}")
    (tmp_path / "notes.jsonl").write_text("")
    urls = [cassette.head["url"] for cassette in read_cassettes(tmp_path)]
    assert urls == ["ws://1", "ws://2", "ws://10"]


def test_what_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(UsageError, match=r"no such cassette.*record-mode once"):
        read_cassettes(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="no cassette in this folder"):
        read_cassettes(tmp_path)


WRONG = {
    "format": ({**HEAD, "format": 2}, 1, "its format is 2; this version reads 1"),
    "written by": ({**HEAD, "format": 2, "voxrt": "9"}, 1, "written by voxrt 9"),
    "no header": ({"t": 1}, 1, "begins with an object that has `format`"),
    "provider": ({**HEAD, "provider": "openai"}, 1, "`provider` is `xai`, not 'openai'"),
    "opened": ({**HEAD, "opened_ms": "soon"}, 1, "`opened_ms` is a time"),
    "ignore": ({**HEAD, "ignore": "voice"}, 1, "`ignore` is a list"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_first_line_is_named(tmp_path, name):
    head, line, text = WRONG[name]
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(head) + "\n" + json.dumps(PING))
    with pytest.raises(DocumentError) as caught:
        read_cassette(path)
    assert (caught.value.line, text in caught.value.message) == (line, True)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ([], "a `direction`, one of sent"),
        ({"t": 1, "direction": "up"}, "a `direction`, one of sent"),
        ({"direction": "sent", "message": {"type": "x"}}, "its time `t`"),
        ({"t": -1, "direction": "sent", "message": {"type": "x"}}, "its time `t`"),
        ({"t": 1, "direction": "sent", "message": {}}, "an object with a `type`"),
        ({"t": 1, "direction": "sent", "text": "x"}, "an object with a `type`"),
        ({"t": 1, "direction": "received"}, "an object with a `type`"),
        ({"t": 1, "direction": "closed"}, "has its `code`"),
        (sent(1, {"type": "input_audio_buffer.append", "audio": "AAAA"}), "sent audio is"),
        (received(1, {"type": "x"}, speech={"utterance": 1}), "`speech` has"),
        (received(1, {"type": "x"}, binary=True), "its sound in `delta`"),
        ({"t": 1, "direction": "received", "text": "x", "binary": True}, "its sound in `delta`"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, text):
    path = write(tmp_path / "c.jsonl", PING, line, PING)
    with pytest.raises(DocumentError) as caught:
        read_cassette(path)
    assert (caught.value.line, caught.value.file) == (3, str(path))
    assert text in caught.value.message


def error_of(path):
    try:
        read_cassette(path)
    except InputError as error:
        return error
    return None


PIECES = st.binary(max_size=6) | st.sampled_from(
    [b'"', b"{", b"[" * 3000, b"null", b"\n", b"-1", b'{"t":'],
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=200,
)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 30), PIECES), min_size=1, max_size=4))
def test_broken_files_are_one_clear_message(tmp_path, changes):
    """Bytes changed, cut and put in: it is read, or the file and what is wrong are named."""
    path = write(tmp_path / "c.jsonl", PING, sent(120, {"type": "x"}), audio(200))
    content = bytearray(path.read_bytes())
    for at, length, piece in changes:
        content[at : at + length] = piece
    path.write_bytes(content)
    error = error_of(path)
    assert error is None or (error.file == str(path) and error.message)
