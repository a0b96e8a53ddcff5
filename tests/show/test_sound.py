"""Outlines and small files of recordings."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxrt.media.wav import Wav, parse_wav
from voxrt.show import sound
from voxrt.show.sound import bucket_ms_for, outline, playable


@given(st.lists(st.integers(-32_768, 32_767), max_size=400))
def test_an_outline_is_the_peak_of_each_bucket(samples):
    found = outline(array("h", samples).tobytes(), 8_000, 10)
    buckets = [samples[at : at + 80] for at in range(0, len(samples), 80)]
    assert list(found) == [
        max(s >> 8 if s >= 0 else -(s >> 8) - 1 for s in bucket) for bucket in buckets
    ]


def test_long_recordings_have_coarse_outlines():
    assert bucket_ms_for(60_000) < bucket_ms_for(3_600_000)


def stereo(rate_hz):
    left, right = [0, 8_000, 0, -8_000] * rate_hz, [0] * 4 * rate_hz
    pcm = array("h", [value for pair in zip(left, right, strict=True) for value in pair])
    return Wav(pcm=pcm.tobytes(), rate_hz=rate_hz, channels=2)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 48_000])
def test_without_an_encoder_it_is_a_wav_file_of_8_khz(monkeypatch, rate_hz):
    monkeypatch.setattr(sound, "has_lame", lambda: False)
    made = playable(stereo(rate_hz))
    assert made.type == "audio/wav"
    wav = parse_wav(made.data)
    assert (wav.rate_hz, wav.channels) == (8_000, 2)
    assert wav.duration_us == stereo(rate_hz).duration_us
    assert not any(wav.channel(1))


def test_an_odd_length_is_padded(monkeypatch):
    monkeypatch.setattr(sound, "has_lame", lambda: False)
    made = playable(Wav(pcm=b"\1\0" * 7, rate_hz=8_000, channels=1))
    assert len(made.data) % 2 == 0
    assert parse_wav(made.data).samples == 7


@pytest.mark.parametrize(("rate_hz", "kbps"), [(8_000, 24), (16_000, 32), (48_000, 32)])
def test_with_an_encoder_it_is_a_small_mp3(rate_hz, kbps):
    pytest.importorskip("lameenc")
    made = playable(stereo(rate_hz))
    assert made.type == "audio/mpeg"
    assert len(made.data) == pytest.approx(kbps * 1000 / 8 * 4, rel=0.15)
