"""Words of speech that came without them, placed by the provider's transcript."""

from __future__ import annotations

from voxrt.connectors.captions import Captions
from voxrt.media.utterances import Utterances


def words(register: Utterances, tag: int) -> list[tuple[str, int, int]]:
    return [(word.text, word.start, word.end) for word in register.get(tag).speech.words]


def test_pieces_of_audio_follow_one_another_at_16_khz() -> None:
    captions = Captions(Utterances())
    first = captions.audio("item", 24_000, 24_000)
    second = captions.audio("item", 12_000, 24_000)
    assert (first.offset, first.samples, first.rate_hz) == (0, 16_000, 16_000)
    assert (second.offset, second.samples) == (16_000, 8_000)
    assert first.utterance == second.utterance


def test_a_phrase_ends_where_the_next_begins() -> None:
    register = Utterances()
    captions = Captions(register)
    tag = captions.audio("item", 32_000, 16_000).utterance
    captions.text("item", "Good day.", 0.0)
    captions.text("item", " Hello there", 1.0)
    captions.done("item")
    assert words(register, tag) == [
        ("Good", 0, 8_000),
        ("day.", 8_000, 16_000),
        ("Hello", 16_000, 24_000),
        ("there", 24_000, 32_000),
    ]
    assert register.get(tag).speech.text == "Good day. Hello there"


def test_text_that_comes_before_its_audio_is_kept() -> None:
    register = Utterances()
    captions = Captions(register)
    captions.text("item", "Hi", None)
    tag = captions.audio("item", 1_600, 16_000).utterance
    assert [word[0] for word in words(register, tag)] == ["Hi"]


def test_text_without_audio_registers_nothing() -> None:
    register = Utterances()
    Captions(register).text("item", "Hi", 0.0)
    Captions(register).done("item")
    assert len(register) == 0
