"""What players sound like: to callers, in recordings, paused, looped and one after another."""

from __future__ import annotations

import itertools
import random
from array import array

import pytest

from voxrt.legs.builder import caller, party
from voxrt.media.codecs import tone
from voxrt.media.wav import read_wav

RIGHT = 1
SCENARIO = """
def on_call(e):
    e.call.addEventListener(CallEvents.Connected, lambda e: play(e.call))
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()

def play(call):
    {code}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
NUMBERS = "One two three four five six seven eight nine ten eleven twelve."


@pytest.fixture
def do(play):
    """Plays a scenario that does this with the connected call; the caller stays for a while."""

    def run(code, stays_ms=5_000, **options):
        code = code.replace("\n", "\n    ")
        who = caller(client_type="sip").wait(stays_ms).hang_up()  # at 16 kHz, as players are
        return play(SCENARIO.format(code=code), who, **options)

    return run


def started(played, number=0):
    """When the nth player began, in whole ms of the call, which began with the run."""
    found = [r for r in played.of("event") if r["name"].endswith("Player.Started")]
    return int(found[number]["t"]) - 20


def heard(played, from_ms=0, to_ms=None):
    """The samples that the caller hears."""
    wav = read_wav(played.out / "call-1.wav")
    samples = array("h", wav.pcm)[RIGHT :: wav.channels]
    to = None if to_ms is None else to_ms * wav.rate_hz // 1000
    return samples[from_ms * wav.rate_hz // 1000 : to]


def crossed(samples):
    """How often the sound changes its sign."""
    sounding = [sample for sample in samples if sample]
    return sum((one > 0) != (two > 0) for one, two in itertools.pairwise(sounding))


def crossings(played, from_ms, to_ms):
    """How often what the caller hears changes its sign: twice for each period."""
    return crossed(heard(played, from_ms, to_ms))


def longest_silence(samples):
    """How many samples in a row are next to nothing."""
    return max(
        (len(list(run)) for low, run in itertools.groupby(abs(s) < 33 for s in samples) if low),
        default=0,
    )


def test_a_text_is_heard_with_its_words(do):
    played = do("VoxEngine.createTTSPlayer('Welcome to the show.').sendMediaTo(call)")
    assert played.heard("caller") == ["Welcome to the show."]


def test_a_file_is_heard_while_it_plays(do, tone_file):
    tone_file("music.wav", 700)
    played = do("VoxEngine.createURLPlayer({'url': 'music.wav'}).sendMediaTo(call)")
    begin = started(played)
    assert not played.loud(0, RIGHT, 0, begin)
    assert longest_silence(heard(played, begin + 20, begin + 680)) < 8
    assert not played.loud(0, RIGHT, begin + 720, begin + 3_000)


def test_a_player_plays_though_nobody_listens(do, tone_file):
    """Its clock begins with it: who is linked later hears the rest."""
    tone_file("music.wav", 2_000)
    played = do(
        "player = VoxEngine.createURLPlayer({'url': 'music.wav'})\n"
        "setTimeout(lambda: player.sendMediaTo(call), 1500)"
    )
    begin = started(played)
    assert not played.loud(0, RIGHT, 0, begin + 1_360)
    assert played.loud(0, RIGHT, begin + 1_440, begin + 1_980)
    assert not played.loud(0, RIGHT, begin + 2_040, begin + 4_000)


def test_the_words_that_were_missed_are_not_heard(do):
    played = do(
        f"player = VoxEngine.createTTSPlayer('{NUMBERS}')\n"
        "setTimeout(lambda: player.sendMediaTo(call), 1500)"
    )
    (text,) = played.heard("caller")
    assert not {"One", "two"} & set(text.split())
    assert text.endswith("twelve.")


def test_a_pause_is_silent_and_loses_nothing(do):
    played = do(
        f"player = VoxEngine.createTTSPlayer('{NUMBERS}'); player.sendMediaTo(call)\n"
        "setTimeout(player.pause, 1000); setTimeout(player.resume, 3000)",
        stays_ms=9_000,
    )
    # The call was connected 20 ms after it began.
    assert played.loud(0, RIGHT, 200, 1_000)
    assert not played.loud(0, RIGHT, 1_060, 3_000)
    assert played.loud(0, RIGHT, 3_060, 4_000)
    said = " ".join(played.heard("caller"))
    assert sorted(set(said.split())) == sorted(NUMBERS.split())


def test_a_pause_goes_on_at_the_very_sample(do, tone_file):
    """With and without pauses the same samples are played."""
    tone_file("music.wav", 1_000, hz=443)
    code = "player = VoxEngine.createURLPlayer({'url': 'music.wav'}); player.sendMediaTo(call)\n"
    pauses = (
        "for ms in range(301, 900, 101):\n"
        "    setTimeout(player.pause, ms); setTimeout(player.resume, ms + 50)"
    )
    whole, pieces = do(code), do(code + pauses)
    assert len(pieces.of("command", name="ResumePlayer")) == 6
    whole, pieces = ([s for s in heard(played) if s] for played in (whole, pieces))
    assert len(whole) > 15_900
    assert whole == pieces


@pytest.mark.parametrize("seed", range(40))
def test_any_pauses_and_markers(do, tone_file, seed):
    """The same samples, every marker once and in order, whatever is done when."""
    rng = random.Random(seed)
    length_ms = rng.randrange(1, 1_500)
    tone_file("music.wav", length_ms, hz=443)
    steps = ["player = VoxEngine.createURLPlayer({'url': 'music.wav'}); player.sendMediaTo(call)"]
    offsets = [rng.randrange(0, length_ms + 1) for _ in range(rng.randrange(4))]
    steps += [f"player.addMarker({offset})" for offset in offsets]
    for _ in range(rng.randrange(8)):
        ms = rng.randrange(0, 1_600)
        steps.append(f"setTimeout(player.pause, {ms})")
        steps.append(f"setTimeout(player.resume, {ms + rng.choice([0, 1, 7, 20, 33, 200])})")
    steps.append("setTimeout(player.resume, 2000)")
    played = do("\n".join(steps))
    events = [r for r in played.of("event") if r["unit"] == "player"]
    names = [record["name"].partition(".")[2] for record in events]
    assert names == [
        "Created", "PlaybackReady", "Started",
        *["PlaybackMarkerReached"] * len(offsets), "PlaybackFinished",
    ]  # fmt: skip
    assert [r["data"]["offset"] for r in events[3:-1]] == sorted(offsets)
    times = [record["t"] for record in events]
    assert times == sorted(times)
    started_at, finished_at = events[2]["t"], events[-1]["t"]
    for record in events[3:-1]:  # those in the last, cut frame come with its end
        assert record["t"] >= min(started_at + record["data"]["offset"], finished_at)
    pcm = array("h", tone([443], 16_000, length_ms, level_dbfs=-20.0))
    assert [sample for sample in heard(played) if sample] == [sample for sample in pcm if sample]


def test_a_loop_has_no_gap(do, tone_file):
    """Also a very short one, whose length is no whole number of frames."""
    tone_file("music.wav", 250, hz=400)
    tone_file("click.wav", 5, hz=400)
    for name in ("music.wav", "click.wav"):
        played = do(f"VoxEngine.createURLPlayer('{name}', True).sendMediaTo(call)", stays_ms=25_000)
        begin = started(played)
        assert longest_silence(heard(played, begin + 20, begin + 24_000)) < 8
        assert crossings(played, begin + 1_000, begin + 21_000) == pytest.approx(16_000, abs=20)


def test_stop_is_silent_at_once(do, tone_file):
    tone_file("music.wav", 200)
    played = do(
        "player = VoxEngine.createURLPlayer('music.wav', True); player.sendMediaTo(call)\n"
        "setTimeout(player.stop, 1000)"
    )
    assert played.loud(0, RIGHT, 900, 1_000)
    assert not played.loud(0, RIGHT, 1_060, 4_000)


def test_a_tone_script_is_heard(do):
    played = do("VoxEngine.createToneScriptPlayer('425@-19;4(1/1/1)').sendMediaTo(call)")
    begin = started(played)
    for on in (0, 2_000):
        assert played.level(0, RIGHT, begin + on + 50, begin + on + 950) == pytest.approx(
            -25.2, abs=0.5
        )
        assert crossings(played, begin + on + 100, begin + on + 900) == pytest.approx(680, abs=4)
        assert not played.loud(0, RIGHT, begin + on + 1_040, begin + on + 1_960)


def test_a_sequence_has_no_gap(do, tone_file):
    """500 Hz, then words, then 1000 Hz."""
    tone_file("low.wav", 503, hz=500)
    tone_file("high.wav", 507, hz=1_000)
    played = do(
        "VoxEngine.createSequencePlayer({'segments': [{'url': 'low.wav'}, {'url': 'high.wav'},\n"
        "    {'text': 'Good morning.'}, {'url': 'low.wav'}]}).sendMediaTo(call)",
        stays_ms=8_000,
    )
    begin = started(played)
    assert crossings(played, begin + 100, begin + 400) == pytest.approx(300, abs=2)
    assert crossings(played, begin + 603, begin + 903) == pytest.approx(600, abs=2)
    assert longest_silence(heard(played, begin + 20, begin + 1_000)) < 8
    assert played.heard("caller") == ["Good morning."]


def test_one_player_feeds_several_calls(play, tone_file):
    tone_file("music.wav", 1_000)
    scenario = """
    def on_call(e):
        one = e.call
        one.answer()
        two = VoxEngine.callPSTN("15557654321", "1")
        two.addEventListener(CallEvents.Connected, lambda e: begin(one, two))
        setTimeout(VoxEngine.terminate, 6000)

    def begin(one, two):
        music = VoxEngine.createTTSPlayer("Hello to both of you.")
        music.sendMediaTo(one)
        music.sendMediaTo(two)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(20_000), party("1555*"))
    assert played.heard("caller") == ["Hello to both of you."]
    assert played.heard("party") == ["Hello to both of you."]


def test_music_on_hold_and_back(play, tone_file):
    """A player displaces the partner; its end does not bring the partner back, a new link does."""
    tone_file("music.wav", 1_000)
    scenario = """
    def on_call(e):
        global one, two
        one = e.call
        one.answer()
        two = VoxEngine.callPSTN("15557654321", "1")
        two.addEventListener(CallEvents.Connected, talk)
        setTimeout(VoxEngine.terminate, 9000)

    def talk(e):
        VoxEngine.sendMediaBetween(one, two)
        setTimeout(hold, 1000)
        setTimeout(lambda: VoxEngine.sendMediaBetween(one, two), 5000)

    def hold():
        music = VoxEngine.createURLPlayer({"url": "music.wav"})
        VoxEngine.sendMediaBetween(music, one)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    said = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    played = play(scenario, caller().wait(20_000), party("1555*").say(f"{said} {said}."))
    begin = started(played)
    assert played.warnings == []
    assert played.loud(0, RIGHT, begin - 500, begin - 120)
    assert played.level(0, RIGHT, begin + 50, begin + 950) == pytest.approx(-20, abs=1)
    assert not played.loud(0, RIGHT, begin + 1_060, begin + 3_800)
    assert played.loud(0, RIGHT, begin + 4_200, begin + 5_500)


def test_a_player_takes_no_audio(do):
    """As a target it has no effect, and says so."""
    played = do(
        "player = VoxEngine.createTTSPlayer('Welcome.'); player.sendMediaTo(call)\n"
        "call.sendMediaTo(player); player.sendMediaTo(player); call.stopMediaTo(player)"
    )
    assert played.heard("caller") == ["Welcome."]
    warning = ("ignored", "sendMediaTo: a Player takes no audio, nothing is sent to it")
    assert played.warnings == [warning, warning]


def test_stop_media_to(do, tone_file):
    tone_file("music.wav", 3_000)
    played = do(
        "player = VoxEngine.createURLPlayer({'url': 'music.wav'}); player.sendMediaTo(call)\n"
        "setTimeout(lambda: player.stopMediaTo(call), 1000)\n"
        "setTimeout(lambda: player.sendMediaTo(call), 2000)"
    )
    assert played.loud(0, RIGHT, 500, 1_000)
    assert not played.loud(0, RIGHT, 1_060, 2_000)
    assert played.loud(0, RIGHT, 2_060, 3_000)
    assert not played.loud(0, RIGHT, 3_200, 4_500)


def test_a_player_into_early_media_is_heard(play, tone_file):
    """And one that was linked before early media, from when it began."""
    tone_file("music.wav", 2_000)
    scenario = """
    def on_call(e):
        call = e.call
        VoxEngine.createURLPlayer({"url": "music.wav"}).sendMediaTo(call)
        setTimeout(call.startEarlyMedia, 1000)
        setTimeout(VoxEngine.terminate, 4000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario)
    assert not played.loud(0, RIGHT, 0, 1_000)
    assert played.loud(0, RIGHT, 1_060, 2_000)


def test_a_run_that_is_late_goes_on(do, tone_file, monkeypatch):
    """In real time the queue may run dry; what is missing is played later, and the end is told."""
    monkeypatch.setattr("voxrt.vox.playback.TOP_UP_US", 15_000_000)
    tone_file("music.wav", 30_000, hz=400)
    played = do(
        "VoxEngine.createURLPlayer({'url': 'music.wav'}).sendMediaTo(call)", stays_ms=40_000
    )
    names = [r["name"] for r in played.of("event") if r["unit"] == "player"]
    assert names == [
        f"Player.{name}" for name in ("Created", "PlaybackReady", "Started", "PlaybackFinished")
    ]
    assert crossed(heard(played)) == pytest.approx(24_000, abs=4)
    assert longest_silence(heard(played, 1_000, 29_000)) > 8


def test_a_player_is_the_same_in_real_time(do, tone_file):
    """A hundred times as fast; nothing here depends on how late the machine is."""
    tone_file("music.wav", 300)
    played = do(
        "player = VoxEngine.createURLPlayer({'url': 'music.wav'}); player.sendMediaTo(call)\n"
        "player.addMarker(0); setTimeout(player.pause, 200); setTimeout(player.resume, 1000)",
        time="100",
    )
    names = [r["name"].partition(".")[2] for r in played.of("event") if r["unit"] == "player"]
    assert names == [
        "Created", "PlaybackReady", "Started", "PlaybackMarkerReached", "PlaybackFinished",
    ]  # fmt: skip
    assert crossed(heard(played)) == pytest.approx(264, abs=6)
