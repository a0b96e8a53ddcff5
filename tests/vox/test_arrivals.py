"""Streams that change their sample rate piece by piece, and the words that go with them."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.media.rates import converter
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.vox.arrivals import USUAL_HZ, Arrivals
from voxrt.xai.formats import PCM_RATES_HZ
from voxrt.xai.standin import SpokenSpan

PAIRS = [(rate, USUAL_HZ) for rate in PCM_RATES_HZ] + [(USUAL_HZ, rate) for rate in PCM_RATES_HZ]


def sine(rate_hz, samples, hz=440.0, peak=8000):
    """PCM16 of a sine."""
    step = 2 * math.pi * hz / rate_hz
    return array("h", [round(peak * math.sin(step * n)) for n in range(samples)]).tobytes()


def in_pieces(pcm, lengths):
    """The sound cut into pieces of these lengths, again and again."""
    at, turn = 0, 0
    while at < len(pcm):
        samples = lengths[turn % len(lengths)]
        yield pcm[at : at + 2 * samples]
        at, turn = at + 2 * samples, turn + 1


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS)
def test_pieces_make_the_same_as_the_whole(in_hz, out_hz):
    """However it is cut, the samples are the same ones, as many as there should be."""
    pcm = sine(in_hz, in_hz // 2)
    whole = converter(in_hz, out_hz)
    expected = whole.run(pcm) + whole.flush()
    assert len(expected) // 2 == in_hz // 2 * out_hz // in_hz
    cut = converter(in_hz, out_hz)
    pieces = [cut.run(piece) for piece in in_pieces(pcm, [1, 7, 489, 1600, 33])]
    assert b"".join(pieces) + cut.flush() == expected


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS)
def test_nothing_is_delayed(in_hz, out_hz):
    """Sample 0 lies at the same instant: the output is the sine as sampled at the other rate."""
    convert = converter(in_hz, out_hz)
    out = array("h", convert.run(sine(in_hz, in_hz // 4)) + convert.flush())
    ideal = array("h", sine(out_hz, len(out)))
    edge = out_hz // 100
    worst = max(abs(a - b) for a, b in zip(out[edge:-edge], ideal[edge:-edge], strict=True))
    assert worst < 120  # of 8000


def test_after_a_flush_a_new_stream_begins():
    """What was before leaves no trace in it."""
    fresh, used = converter(24_000, USUAL_HZ), converter(24_000, USUAL_HZ)
    used.run(sine(24_000, 1001, peak=30_000))
    used.flush()
    pcm = sine(24_000, 2400)
    assert used.run(pcm) + used.flush() == fresh.run(pcm) + fresh.flush()
    assert used.flush() == b""


@settings(max_examples=60)
@given(
    rate_hz=st.sampled_from([8_000, 16_000, 24_000, 48_000]),
    lengths=st.lists(st.integers(1, 3_000), min_size=1, max_size=6),
    cleared=st.integers(0, 8),
)
def test_words_stay_at_their_samples(rate_hz, lengths, cleared):
    """Offsets go on without a gap, also behind a clearing, and end where the utterance does."""
    utterances = Utterances()
    speech = Speaker("synthetic").say("One two three.", rate_hz=rate_hz)
    tag = utterances.add(speech, "agent")
    arrivals = Arrivals(utterances)
    pieces, at, turn, dropped = [], 0, 0, False
    for piece in in_pieces(speech.pcm, lengths):
        if turn == cleared:
            arrivals.drop()
            pieces, dropped = [], True
        span = SpokenSpan(tag, at, len(piece) // 2, rate_hz)
        pieces += arrivals.take(piece, rate_hz, span)
        at, turn = at + len(piece) // 2, turn + 1
    pieces += arrivals.flush()
    if not pieces:
        return
    played = utterances.get(pieces[0].tag).speech
    assert {piece.tag for piece in pieces} == {pieces[0].tag}
    for before, after in pairwise(pieces):
        assert after.offset == before.offset + len(before.pcm) // 2
    assert played.rate_hz == USUAL_HZ
    end = pieces[-1].offset + len(pieces[-1].pcm) // 2
    assert played.samples - (2 if dropped else 1) <= end <= played.samples
    assert dropped or pieces[0].offset == 0


def test_two_utterances_do_not_run_into_each_other():
    """The end of one is played with its own words, although it came out with the next."""
    utterances, speaker = Utterances(), Speaker("synthetic")
    arrivals = Arrivals(utterances)
    totals = {}
    for text in ("Hello there.", "Good bye now."):
        speech = speaker.say(text, rate_hz=24_000)
        tag = utterances.add(speech, "agent")
        span = SpokenSpan(tag, 0, speech.samples, 24_000)
        for piece in arrivals.take(speech.pcm, 24_000, span):
            totals[piece.tag] = totals.get(piece.tag, 0) + len(piece.pcm) // 2
    for piece in arrivals.flush():
        totals[piece.tag] += len(piece.pcm) // 2
    assert len(totals) == 2
    for tag, samples in totals.items():
        assert samples == utterances.get(tag).speech.samples


def test_sound_without_words():
    """A real provider's sound has no words: tag 0, and nothing is registered."""
    utterances = Utterances()
    arrivals = Arrivals(utterances)
    pieces = arrivals.take(sine(24_000, 2400), 24_000, None) + arrivals.flush()
    assert sum(len(piece.pcm) // 2 for piece in pieces) == 1600
    assert {piece.tag for piece in pieces} == {0}
    assert len(utterances) == 0
