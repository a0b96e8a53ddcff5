"""Pure tones are found with their frequency and length, and speech has none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.media.codecs import tone, ulaw_decode, ulaw_encode
from voxrt.media.pure_tone import RATE_HZ, ToneFinder
from voxrt.media.voice_synthetic import synthetic_voice

SILENCE = bytes(2 * 200 * RATE_HZ // 1_000)


def tones_in(pcm, step=None):
    finder, found = ToneFinder(), []
    for at in range(0, len(pcm), step or len(pcm)):
        found += finder.run(pcm[at : at + (step or len(pcm))])[1]
    return found


@settings(max_examples=40)
@given(st.integers(450, 3300), st.integers(200, 900), st.integers(-35, -6))
def test_frequency_and_length(hz, ms, level_dbfs):
    sound = tone([hz], RATE_HZ, ms, level_dbfs=level_dbfs)
    [found] = tones_in(SILENCE + ulaw_decode(ulaw_encode(sound)) + SILENCE)
    assert abs(found.hz - hz) <= max(4, 0.01 * hz)
    assert abs(found.began_ms - 200) <= 40
    assert abs(found.ms - ms) <= 60


def test_however_it_is_cut():
    sound = SILENCE + tone([1000], RATE_HZ, 333) + SILENCE
    assert tones_in(sound, 146) == tones_in(sound)


def test_two_tones_in_a_row():
    sound = tone([900], RATE_HZ, 200) + tone([1400], RATE_HZ, 200) + SILENCE
    assert [round(found.hz, -2) for found in tones_in(sound)] == [900, 1400]


@pytest.mark.parametrize("sound", [SILENCE, tone([1000], RATE_HZ, 60), b"\x01\x40" * 1600])
def test_silence_a_click_and_an_offset_are_no_tones(sound):
    assert tones_in(sound + SILENCE) == []


@pytest.mark.parametrize("digit", [(697, 1209), (941, 1633), (852, 1477)])
def test_keys_are_no_tones(digit):
    assert tones_in(tone(digit, RATE_HZ, 300) + SILENCE) == []


@settings(max_examples=30)
@given(st.text("abcdefghijklmnop .,", min_size=5, max_size=60), st.sampled_from("abcdef"))
def test_a_voice_has_none(text, voice):
    pcm, _ = synthetic_voice(text, voice, RATE_HZ, 1.0)
    assert tones_in(pcm + SILENCE) == []


def test_what_may_be_a_beep():
    beep, progress, fax = (
        tones_in(tone([hz], RATE_HZ, ms) + SILENCE)[0]
        for hz, ms in ((1000, 500), (425, 500), (1100, 5_500))
    )
    assert (beep.is_beep, progress.is_beep, fax.is_beep) == (True, False, False)
