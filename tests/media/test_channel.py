"""The channel between a phone and the platform: `Port.impair`."""

from __future__ import annotations

import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import MediaError
from voxrt.media.channel import Channel, ChannelStatistics
from voxrt.media.codecs import (
    alaw_decode,
    alaw_encode,
    level_dbfs,
    tone,
    ulaw_decode,
    ulaw_encode,
)
from voxrt.media.graph import Graph, Side

FRAME = 160  # samples at 8000 Hz
TONE = tone([200], 8_000, 4_000, level_dbfs=-15)


def sent(channel, pcm=TONE, *, side=Side.SOURCE, rate_hz=8_000, seed=1, frames=220, tag=7):
    """(what comes out, the statistics, the ledger) of a sound that goes through a channel."""
    graph = Graph()
    try:
        port, other = graph.port("phone", rate_hz), graph.port("other", rate_hz)
        port.impair(side, channel, seed=seed)
        speaker = port if side is Side.SOURCE else other
        other.send_to(port)
        tap, ledger = graph.tap((port, side)), port.ledger(side)
        speaker.push(pcm, tag=tag)
        assert graph.advance(frames) == frames
        return tap.read(), port.channel_statistics(side), ledger.read()
    finally:
        graph.close()


def samples(pcm):
    return array.array("h", pcm)


def lost_frames(ledger, frames):
    came = {heard.offset // FRAME for heard in ledger}
    return [frame for frame in range(frames) if frame not in came]


@pytest.mark.parametrize("side", list(Side))
def test_the_default_channel_changes_nothing(side):
    out, statistics, ledger = sent(Channel(), side=side)
    assert out[: len(TONE)] == TONE
    assert not any(out[len(TONE) :])
    assert statistics == ChannelStatistics(packets=220)
    assert [(h.tick, h.tag, h.offset) for h in ledger] == [(k, 7, k * FRAME) for k in range(200)]


@pytest.mark.parametrize("side", list(Side))
def test_a_delay_moves_sound_and_words_by_whole_packets(side):
    out, _, ledger = sent(Channel(delay_ms=50), side=side)
    assert out[: 2 * 3 * FRAME] == bytes(2 * 3 * FRAME)
    assert out[2 * 3 * FRAME :][: len(TONE)] == TONE
    assert [h.tick for h in ledger] == list(range(3, 203))


@pytest.mark.parametrize(
    ("codec", "encode", "decode"),
    [("pcmu", ulaw_encode, ulaw_decode), ("pcma", alaw_encode, alaw_decode)],
)
def test_g711_there_and_back(codec, encode, decode):
    out, _, _ = sent(Channel(codec=codec), frames=200)
    assert out == decode(encode(TONE))


@pytest.mark.parametrize("gain_db", [-60, -6, 0, 6])
def test_gain(gain_db):
    out, _, _ = sent(Channel(gain_db=gain_db), frames=200)
    assert level_dbfs(out) == pytest.approx(-15 + gain_db, abs=0.11)


def test_gain_saturates():
    out = samples(sent(Channel(gain_db=40), frames=200)[0])
    assert (min(out), max(out)) == (-32768, 32767)


@pytest.mark.parametrize("noise_dbfs", [-70, -40, -10])
def test_noise_has_its_level_and_no_colour(noise_dbfs):
    out, _, ledger = sent(Channel(noise_dbfs=noise_dbfs), b"")
    assert level_dbfs(out) == pytest.approx(noise_dbfs, abs=0.2)
    assert ledger == []
    x = samples(out)
    power = sum(a * a for a in x)
    for lag in (1, 2, 3, 10):
        alike = sum(a * b for a, b in zip(x, x[lag:], strict=False))
        assert abs(alike) < 0.03 * power


def test_losses_come_in_bursts_of_the_length_asked_for():
    graph = Graph()
    port = graph.port("phone", 8_000)
    port.impair(Side.SOURCE, Channel(loss_percent=10, burst_packets=4), seed=3)
    fates, before = [], 0
    for _ in range(40_000):
        graph.advance(1)
        lost = port.channel_statistics(Side.SOURCE).lost
        fates.append(lost - before)
        before = lost
    graph.close()
    bursts = "".join(map(str, fates)).split("0")
    lengths = [len(burst) for burst in bursts if burst]
    assert sum(fates) / len(fates) == pytest.approx(0.10, abs=0.01)
    assert sum(lengths) / len(lengths) == pytest.approx(4, rel=0.05)


def test_without_bursts_each_packet_is_lost_on_its_own():
    graph = Graph()
    port = graph.port("phone", 8_000)
    port.impair(Side.SOURCE, Channel(loss_percent=30), seed=3)
    graph.advance(40_000)
    assert port.channel_statistics(Side.SOURCE).lost / 40_000 == pytest.approx(0.3, abs=0.01)
    graph.close()


def test_jitter_is_what_rfc_3550_says_and_what_is_too_late_is_lost():
    graph = Graph()
    port = graph.port("phone", 8_000)
    port.impair(Side.SOURCE, Channel(jitter_ms=20, buffer_ms=40), seed=3)
    seen = []
    for _ in range(400):
        graph.advance(100)
        seen.append(port.channel_statistics(Side.SOURCE))
    graph.close()
    assert seen[-1].lost == 0
    assert seen[-1].late / seen[-1].packets == pytest.approx(0.1353, abs=0.01)  # e ** -2
    # The difference of two exponentially distributed delays has their mean as its mean size.
    assert sum(s.jitter_ms for s in seen) / len(seen) == pytest.approx(20, rel=0.1)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
def test_a_missing_packet_of_a_steady_tone_is_not_heard(rate_hz):
    """A tone is its own best continuation: no jump, and its level for the first 10 ms."""
    pcm = tone([200], rate_hz, 4_000, level_dbfs=-15)
    whole = samples(pcm)
    steepest = max(abs(a - b) for a, b in pairwise(whole))
    out, statistics, _ = sent(Channel(loss_percent=10), pcm, rate_hz=rate_hz, frames=200)
    assert statistics.lost > 10
    x = samples(out)
    assert max(abs(a - b) for a, b in pairwise(x)) <= 1.2 * steepest
    assert level_dbfs(out) == pytest.approx(-15, abs=1)


def test_a_burst_is_repeated_more_and_more_softly():
    graph = Graph()
    port = graph.port("phone", 8_000)
    port.impair(Side.SOURCE, Channel(loss_percent=50, burst_packets=8), seed=5)
    tap, ledger = graph.tap((port, Side.SOURCE)), port.ledger(Side.SOURCE)
    port.push(TONE)
    graph.advance(200)
    out, lost = tap.read(), lost_frames(ledger.read(), 200)
    graph.close()
    level = [level_dbfs(out[i : i + 2 * FRAME]) for i in range(0, len(out), 2 * FRAME)]
    bursts = [k for k in lost if k > 2 and k - 1 not in lost and {k + 1, k + 2, k + 3} <= {*lost}]
    assert bursts
    for k in bursts:
        assert -15 >= level[k] > level[k + 1] > level[k + 2] > level[k + 3] == -100


def test_words_that_are_lost_are_not_in_the_ledger():
    out, statistics, ledger = sent(Channel(loss_percent=20), frames=200)
    assert len(lost_frames(ledger, 200)) == statistics.lost > 20
    assert len(out) == len(TONE)


def test_the_seed_decides_and_effects_do_not_change_one_another():
    rough = Channel(loss_percent=10, burst_packets=2, noise_dbfs=-40, jitter_ms=5, codec="pcma")
    first, again, other = (sent(rough, seed=seed)[0] for seed in (9, 9, 10))
    assert first == again != other
    losses = [
        lost_frames(sent(channel, seed=9)[2], 200)
        for channel in (
            Channel(loss_percent=10, burst_packets=2),
            Channel(loss_percent=10, burst_packets=2, noise_dbfs=-30, gain_db=3),
        )
    ]
    assert losses[0] == losses[1] != []


def test_a_muted_and_a_stopped_sender():
    graph = Graph()
    port = graph.port("phone", 8_000)
    port.impair(Side.SOURCE, Channel(noise_dbfs=-40))
    tap = graph.tap((port, Side.SOURCE))
    levels = []
    for what in ("sends", "muted", "stops", "sends"):
        port.switch_channel(Side.SOURCE, what)
        graph.advance(50)
        levels.append(level_dbfs(tap.read()))
    assert levels == [pytest.approx(-40, abs=0.3), -100, -100, pytest.approx(-40, abs=0.3)]
    assert port.channel_statistics(Side.SOURCE).packets == 150
    port.impair(Side.SOURCE, None)
    assert port.channel(Side.SOURCE) is None
    graph.advance(50)
    assert not any(tap.read())
    assert port.channel_statistics(Side.SOURCE) == ChannelStatistics()
    graph.close()


def test_a_channel_is_exchanged_while_the_pacer_runs():
    graph = Graph()
    port, other = graph.port("phone", 8_000), graph.port("other", 16_000)
    port.send_to(other)
    graph.start_pacer(100)
    for number in range(200):
        port.push(TONE[:3_200])
        port.impair(Side.SOURCE, Channel(delay_ms=20 * (number % 5), loss_percent=20), seed=number)
        port.channel_statistics(Side.SOURCE)
    graph.stop_pacer()
    graph.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"gain_db": 41}, {"noise_dbfs": 0}, {"codec": "g729"}, {"loss_percent": 101},
        {"burst_packets": 0.5}, {"jitter_ms": -1}, {"buffer_ms": 2_001}, {"delay_ms": -1},
        {"loss_percent": 60, "burst_packets": 1}, {"loss_percent": float("nan")},
    ],
)  # fmt: skip
def test_settings_out_of_range(wrong):
    with pytest.raises(MediaError):
        Channel(**wrong)


def test_where_no_channel_can_be():
    graph = Graph()
    with pytest.raises(MediaError):
        graph.conference("room").impair(Side.SOURCE, Channel())
    with pytest.raises(MediaError):
        graph.port("phone", 16_000).impair(Side.SOURCE, Channel(codec="pcmu"))
    graph.close()
    with pytest.raises(MediaError):
        graph.port("late", 8_000)


SETTINGS = st.builds(
    Channel,
    gain_db=st.floats(-60, 40),
    noise_dbfs=st.none() | st.floats(-90, -10),
    loss_percent=st.floats(0, 50),
    burst_packets=st.none() | st.floats(1, 1_000),
    jitter_ms=st.floats(0, 1_000),
    buffer_ms=st.none() | st.integers(0, 2_000),
    delay_ms=st.integers(0, 2_000),
)


@settings(max_examples=30)
@given(channel=SETTINGS, rate_hz=st.sampled_from([8_000, 48_000]), seed=st.integers(0, 2**64 - 1))
def test_whatever_the_settings_every_packet_is_accounted_for(channel, rate_hz, seed):
    graph = Graph()
    try:
        port = graph.port("phone", rate_hz)
        port.impair(Side.SOURCE, channel, seed=seed)
        ledger = port.ledger(Side.SOURCE)
        port.push(tone([200], rate_hz, 2_000, level_dbfs=-15), tag=1)
        graph.advance(100 + channel.delay_frames)
        came = {heard.tick - channel.delay_frames for heard in ledger.read()}
        assert came <= set(range(100))
        statistics = port.channel_statistics(Side.SOURCE)
        assert statistics.packets == 100 + channel.delay_frames
        if channel.delay_frames == 0:
            assert len(came) == 100 - statistics.lost - statistics.late
    finally:
        graph.close()
