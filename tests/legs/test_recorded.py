"""Recorded callers: WAV files with and without labels."""

from __future__ import annotations

import pytest

from voxrt.errors import AudioFileError, DocumentError
from voxrt.legs.recorded import FileLeg
from voxrt.legs.sound_file import load_sound
from voxrt.media.rational import samples_of
from voxrt.media.wav import WavWriter

LEFT, RIGHT = b"\x10\x27", b"\x00\x10"


@pytest.fixture
def recording(tmp_path):
    with WavWriter(tmp_path / "call.wav", 8_000, 2) as writer:
        writer.append((LEFT + RIGHT) * 16_000)
    return writer.path


def label(recording, text):
    recording.with_suffix(".labels.txt").write_text(text, encoding="utf-8")


def test_it_plays_from_the_answer_and_hangs_up_a_second_after_its_end(on_line, recording):
    line = on_line(FileLeg(load_sound(recording), number="1555"))
    line.at(960, line.leg.answered, {})
    line.run(10_000)
    assert line.notes == [(1_000, "plays call.wav"), (4_020, "hangs up")]
    assert line.told == [(4_020, "hung up")]
    assert line.leg.person.number == "1555"


def test_it_can_stay(on_line, recording):
    line = on_line(FileLeg(load_sound(recording), hang_up_after_ms=None))
    line.at(960, line.leg.answered, {})
    line.run(60_000)
    assert line.told == []


def test_the_left_channel_is_the_caller(recording):
    speech = load_sound(recording).speech(8_000)
    assert set(samples_of(speech.pcm)) == {10_000}
    assert speech.samples == 16_000
    assert speech.words == ()


def test_labels_give_the_words(on_line, recording):
    label(recording, "0.1\t0.5\thello\n\\\t100.0\t200.0\n\n1.0\t2.0\tgood evening\n")
    line = on_line(FileLeg(load_sound(recording)))
    line.at(960, line.leg.answered, {})
    line.run(10_000)
    assert line.heard() == [(1_100, "hello"), (2_000, "good"), (2_363, "evening")]


def test_words_of_labels_past_the_end_are_silent(recording):
    label(recording, "1.5\t9\tone two three\n")
    words = load_sound(recording).speech(16_000).words
    assert words[-1].start == words[-1].end == 32_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "a label is `begin <tab> end <tab> text`"),
        ("1\tx\thello", "a label is `begin"),
        ("nan\t1\thello", "a label is `begin"),
        ("2\t1\thello", "labels must lie in order of time"),
    ],
)
def test_wrong_labels_are_named_with_their_line(recording, text, message):
    label(recording, f"0\t0.1\tx\n{text}\n")
    with pytest.raises(DocumentError, match=rf"call\.labels\.txt:2: {message}"):
        load_sound(recording)


def test_labels_that_are_not_text_are_named(recording):
    recording.with_suffix(".labels.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(DocumentError, match=r"call\.labels\.txt: the file cannot be read"):
        load_sound(recording)


def test_an_empty_recording_is_refused(tmp_path):
    WavWriter(tmp_path / "empty.wav", 8_000).close()
    with pytest.raises(AudioFileError, match=r"empty\.wav: it has no sound"):
        load_sound(tmp_path / "empty.wav")
