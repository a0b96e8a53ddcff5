"""Words from what was audible."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.media.hearing import Hearing
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Speech, Utterances, Word

RATE_HZ = 8_000
FRAME = 160


@pytest.fixture
def utterances():
    words = (Word("one", 0, 320), Word("two", 400, 720), Word("three.", 720, 1_600))
    return register_of(words, 1_600)


def register_of(words, samples):
    speech = Speech(
        text=" ".join(word.text for word in words), pcm=bytes(2 * samples), rate_hz=RATE_HZ,
        words=tuple(words), synthetic=True, voice="test",
    )  # fmt: skip
    register = Utterances()
    register.add(speech, "agent")
    register.add(speech, "caller")
    return register


def frame(tick, tag, offset, samples=FRAME, source="port"):
    return SimpleNamespace(tick=tick, tag=tag, offset=offset, samples=samples, source=source)


def frames(tag, first, count, tick=0, source="port"):
    return [
        frame(tick + index, tag, (first + index) * FRAME, source=source) for index in range(count)
    ]


def told(words):
    return [(w.text, w.share) for w in words]


def test_a_whole_utterance(utterances):
    words = Hearing(utterances).feed(frames(1, 0, 10))
    assert told(words) == [("one", 100), ("two", 100), ("three.", 100)]
    assert [(w.start_us, w.end_us) for w in words] == [
        (0, 40_000), (50_000, 90_000), (90_000, 200_000),
    ]  # fmt: skip
    assert {(w.utterance, w.speaker) for w in words} == {(1, "agent")}


def test_a_word_is_told_when_its_last_sample_has_passed(utterances):
    hearing = Hearing(utterances)
    assert [told(hearing.feed([line])) for line in frames(1, 0, 10)] == [
        [], [("one", 100)], [], [], [("two", 100)], [], [], [], [], [("three.", 100)],
    ]  # fmt: skip


def test_an_utterance_that_is_cut_off_ends_within_a_word(utterances):
    hearing = Hearing(utterances)
    assert told(hearing.feed(frames(1, 0, 4))) == [("one", 100)]
    assert told(hearing.feed([], until_us=279_000)) == []
    assert told(hearing.feed([], until_us=280_000)) == [("two", 75)]
    assert told(hearing.flush()) == []


def test_the_next_utterance_closes_what_fell_silent(utterances):
    hearing = Hearing(utterances)
    hearing.feed(frames(1, 0, 4))
    words = hearing.feed(frames(2, 0, 2, tick=20))
    assert [(w.speaker, w.text, w.share) for w in words] == [
        ("agent", "two", 75), ("caller", "one", 100),
    ]  # fmt: skip


def test_flush_reports_the_word_under_way(utterances):
    hearing = Hearing(utterances)
    hearing.feed(frames(1, 0, 5) + frames(1, 5, 1, tick=5))
    assert told(hearing.flush()) == [("three.", 27)]
    assert hearing.flush() == []


def test_a_short_gap_in_the_delivery_loses_nothing(utterances):
    words = Hearing(utterances).feed(frames(1, 0, 4) + frames(1, 4, 6, tick=9))
    assert told(words) == [("one", 100), ("two", 100), ("three.", 100)]
    assert words[1].end_us == 190_000


def test_a_jump_ends_one_stretch_and_begins_another(utterances):
    words = Hearing(utterances).feed(frames(1, 0, 1) + frames(1, 3, 2, tick=1))
    assert told(words) == [("one", 50), ("two", 75)]


def test_an_utterance_can_be_heard_twice(utterances):
    words = Hearing(utterances).feed(frames(1, 0, 10) + frames(1, 0, 10, tick=10))
    assert told(words) == 2 * [("one", 100), ("two", 100), ("three.", 100)]


def test_two_speak_at_once(utterances):
    both = [line for pair in zip(frames(1, 0, 10), frames(2, 0, 10), strict=True) for line in pair]
    words = Hearing(utterances).feed(both)
    assert [(w.speaker, w.text) for w in words[:4]] == [
        ("agent", "one"), ("caller", "one"), ("agent", "two"), ("caller", "two"),
    ]  # fmt: skip


def test_the_same_utterance_from_two_sources_is_heard_twice(utterances):
    words = Hearing(utterances).feed(
        [
            line
            for pair in zip(frames(1, 0, 2, source="a"), frames(1, 0, 2, source="b"), strict=True)
            for line in pair
        ]
    )
    assert told(words) == 2 * [("one", 100)]


def test_audio_without_words_is_counted(utterances):
    hearing = Hearing(utterances)
    assert hearing.feed([frame(0, 0, 0), frame(1, 77, 0)]) == []
    assert hearing.unknown_samples == 2 * FRAME


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_any_cutting_of_a_speech_gives_all_its_words(lengths):
    speech = Speaker("synthetic").say("one, two three four", rate_hz=8_000)
    utterances = Utterances()
    tag = utterances.add(speech, "agent")
    hearing = Hearing(utterances)
    words, offset = [], 0
    while offset < speech.samples:
        samples = min(lengths[offset % len(lengths)], speech.samples - offset)
        words += hearing.hear(tag, offset, samples, at_us=offset * 125)
        offset += samples
    assert [(w.text, w.share) for w in words] == [(w.text, 100) for w in speech.words]
    assert [w.start_us for w in words] == [w.start * 125 for w in speech.words]
    assert [w.end_us for w in words] == [w.end * 125 for w in speech.words]


def test_a_lost_packet_is_a_gap_in_its_word(utterances):
    """The word goes on behind it; 20 of its 110 ms are missing."""
    came = [f for f in frames(1, 0, 10) if f.tick != 6]
    words = Hearing(utterances).feed(came)
    assert told(words) == [("one", 100), ("two", 100), ("three.", 81)]
    assert [(w.start_us, w.end_us) for w in words][-1] == (90_000, 200_000)


def test_a_word_of_which_nothing_came_is_not_heard(utterances):
    came = [f for f in frames(1, 0, 10) if f.tick not in (2, 3, 4)]
    assert told(Hearing(utterances).feed(came)) == [("one", 100), ("three.", 90)]


LONG = 16_000


@st.composite
def ledgers(draw):
    """Two sources that play an utterance each, go on, stop, begin elsewhere, or send a part."""
    lines, at = [], {"a": 0, "b": 0}
    for tick in range(draw(st.integers(1, 60))):
        for tag, source in ((1, "a"), (2, "b")):
            move = draw(st.sampled_from(["on"] * 60 + ["rest", "rest", "jump", "part", "unknown"]))
            if move == "rest":
                continue
            if move == "jump":
                at[source] = draw(st.integers(0, LONG - 1))
            samples = min(FRAME, LONG - at[source])
            if move == "part":
                samples = min(samples, draw(st.integers(1, FRAME)))
            if samples:
                known = 9 if move == "unknown" else tag
                lines.append(frame(tick, known, at[source], samples, source))
                at[source] += samples
        if draw(st.integers(0, 9)) == 0:
            at["b"] = LONG  # nothing more comes from there: the other one speaks alone
    return lines


@given(lines=ledgers(), data=st.data())
def test_however_many_frames_come_at_once_the_words_are_the_same(lines, data):
    register = register_of([Word(str(at), at, at + 330) for at in range(0, LONG - 400, 400)], LONG)
    one_by_one, at_once = Hearing(register), Hearing(register)
    end_us = (lines[-1].tick + 1) * 20_000 if lines else 0
    wanted = [
        word
        for line in lines
        for word in one_by_one.hear(
            line.tag, line.offset, line.samples, at_us=line.tick * 20_000, source=id(line.source)
        )
    ]
    wanted += one_by_one.feed([], until_us=end_us)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=4)))
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True):
        found += at_once.feed(lines[start:end])
    found += at_once.feed([], until_us=end_us)
    assert found == wanted
    assert at_once.flush() == one_by_one.flush()
    assert at_once.unknown_samples == one_by_one.unknown_samples
