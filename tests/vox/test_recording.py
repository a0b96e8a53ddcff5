"""`call.record`: its events, and what is in the file, by its level over time."""

from __future__ import annotations

import importlib.util
import json
from array import array
from pathlib import Path

import pytest
from calls import level_of

from voxrt.errors import AudioFileError, OutputError
from voxrt.legs.builder import caller, party
from voxrt.media.wav import read_wav

#: The caller speaks from 540 ms on for a second and the scenario from 2500 ms on.
SCENARIO = """
def on_call(e):
    call = e.call
    watch(call, CallEvents.RecordStarted, CallEvents.RecordStopped, CallEvents.RecordError,
          CallEvents.Disconnected)
    call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 100))
    call.addEventListener(CallEvents.Connected, lambda e: connected(e.call))
    call.answer()

def connected(call):
    {record}
    setTimeout(lambda: call.say("Three four five."), 2400)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLER_MS, SCENARIO_MS = (700, 1_200), (2_700, 3_200)
CHANNELS = (0, 1)


@pytest.fixture(autouse=True)
def _no_encoders(monkeypatch):
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)


@pytest.fixture
def record(play):
    """Plays the scenario with this way of recording; the call lasts 5.04 s."""

    def run(code="call.record()", **options):
        who = caller().wait(500).say("One two three.").wait(3_000).hang_up()
        return play(SCENARIO.format(record=code), who, **options)

    return run


def file_of(played):
    (found,) = played.of("file", what="recording")
    return played.out / found["path"]


def test_events(record):
    played = record()
    assert [event.name for event in played.seen] == [
        "Call.RecordStarted",
        "Call.Disconnected",
        "Call.RecordStopped",
    ]
    connected = played.event("Connected")["t"]
    assert played.event("RecordStarted")["t"] == connected + 20
    assert played.event("RecordStopped")["t"] == played.event("Disconnected")["t"] + 15
    url = played.data("RecordStarted")["url"]
    assert url == f"file:recordings/{file_of(played).name}"
    stopped = played.data("RecordStopped")
    duration = played.data("Disconnected")["duration"]
    reason = "Stopped by user"
    assert stopped == {"url": url, "cost": "0", "duration": duration, "reason": reason}
    assert isinstance(stopped["duration"], int)


def test_mono_has_both_voices_on_both_sides(record):
    path = file_of(record())
    wav = read_wav(path)
    assert (wav.rate_hz, wav.channels) == (8_000, 2)
    samples = array("h", wav.pcm)
    assert samples[0::2] == samples[1::2]
    for channel in CHANNELS:
        assert level_of(path, channel, *CALLER_MS) > -30
        assert level_of(path, channel, *SCENARIO_MS) > -30


@pytest.mark.parametrize("form", ["stereo=True", "{'stereo': True}"])
def test_stereo_has_the_far_end_left_and_what_it_hears_right(record, form):
    path = file_of(record(f"call.record({form})"))
    assert level_of(path, 0, *CALLER_MS) > -30
    assert level_of(path, 1, *CALLER_MS) < -90
    assert level_of(path, 0, *SCENARIO_MS) < -90
    assert level_of(path, 1, *SCENARIO_MS) > -30


def test_it_is_as_long_as_the_call_from_there_on(record):
    played = record("setTimeout(call.record, 1000)")
    seconds = read_wav(file_of(played)).duration_us / 1_000_000
    since = played.event("Disconnected")["t"] - played.event("RecordStarted")["t"] + 20
    assert abs(seconds * 1000 - since) <= 40
    assert played.data("RecordStopped")["duration"] == int(seconds)


@pytest.mark.parametrize(("form", "rate_hz"), [("", 8_000), ("hd_audio=True", 48_000),
                                              ("lossless=True", 48_000)])  # fmt: skip
def test_rates(record, form, rate_hz):
    path = file_of(record(f"call.record({form})"))
    assert path.suffix == ".wav"
    assert read_wav(path).rate_hz == rate_hz


def test_hd_audio_and_lossless_exclude_each_other(record):
    played = record("call.record(hd_audio=True, lossless=True)")
    assert played.errors == ["record: hd_audio and lossless exclude each other"]


@pytest.mark.parametrize(("form", "kind"), [("", "mp3"), ("lossless=True", "flac")])
def test_encoded_when_there_is_an_encoder(record, monkeypatch, form, kind):
    def encode(path, wanted):
        assert wanted == kind
        made = Path(path).with_suffix(f".{kind}")
        made.write_bytes(b"encoded")
        return made

    monkeypatch.setattr("voxrt.vox.reel.encoders", lambda: {"mp3", "flac"})
    monkeypatch.setattr("voxrt.vox.reel.encode", encode)
    played = record(f"call.record({form})")
    path = file_of(played)
    assert path.read_bytes() == b"encoded"
    assert played.data("RecordStarted")["url"].endswith(f".{kind}")
    assert [p.suffix for p in path.parent.iterdir()] == [f".{kind}"]


def test_an_encoder_that_fails_is_told_and_leaves_the_wav(record, monkeypatch):
    def encode(path, wanted):
        raise AudioFileError("no luck")

    monkeypatch.setattr("voxrt.vox.reel.encoders", lambda: {"mp3"})
    monkeypatch.setattr("voxrt.vox.reel.encode", encode)
    played = record()
    assert "no luck" in played.data("RecordError")["error"]
    assert [event.name for event in played.seen][-1] == "Call.RecordError"
    assert "RecordStopped" not in played.events()
    assert read_wav(file_of(played)).channels == 2


@pytest.mark.skipif(importlib.util.find_spec("lameenc") is None, reason="lameenc is not installed")
def test_real_mp3(record, monkeypatch):
    from voxrt.media.encode import encoders

    monkeypatch.setattr("voxrt.vox.reel.encoders", encoders)
    path = file_of(record())
    assert path.suffix == ".mp3"
    assert path.read_bytes()[0] == 0xFF


def test_a_recording_is_played_by_its_url(play):
    """On another call: that of the recording has ended by then."""
    scenario = """
    def on_call(e):
        e.call.addEventListener(CallEvents.Connected, lambda e: e.call.record())
        e.call.addEventListener(CallEvents.RecordStopped, hear)
        e.call.answer()

    def hear(e):
        two = VoxEngine.callPSTN("1555", "1")
        two.addEventListener(CallEvents.Connected, lambda _: two.startPlayback(e.url))
        watch(two, CallEvents.PlaybackStarted, CallEvents.PlaybackFinished)
        two.addEventListener(CallEvents.PlaybackFinished, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    who = caller().wait(300).say("One two three.").wait(700).hang_up()
    played = play(scenario, who, party("1555", answer_after_ms=0).wait(9_000))
    started, finished = played.seen
    assert started.duration == read_wav(file_of(played)).duration_us // 1_000
    assert not finished.get("error")
    assert played.loud(1, 1, started.duration // 2, started.duration // 2 + 200)


def test_recording_twice_is_ignored_with_a_warning(record):
    played = record("call.record(); call.record(stereo=True)")
    assert played.events().count("RecordStarted") == 1
    assert played.warnings == [("ignored", "record: the call is being recorded already")]


def test_terminate_leaves_record_stopped_to_the_journal(record):
    """No handler hears of it; the file is whole."""
    played = record("call.record(); setTimeout(VoxEngine.terminate, 2000)")
    assert [event.name for event in played.seen] == ["Call.RecordStarted"]
    assert played.events()[-2:] == ["Disconnected", "RecordStopped"]
    assert played.event("RecordStopped")["handlers"] == 0
    assert played.data("RecordStopped")["duration"] == 2
    assert abs(read_wav(file_of(played)).duration_us - 2_000_000) <= 40_000


def test_name_prefix(record):
    played = record("call.record(recordNamePrefix='tour 7/../x')")
    assert file_of(played).name.startswith("tour_7_.._x")
    assert file_of(played).parent == played.out / "recordings"


def transcription_of(played):
    (found,) = played.of("file", what="transcription")
    assert Path(found["path"]).stem == Path(played.of("file", what="recording")[0]["path"]).stem
    return played.out / found["path"]


def test_a_transcription_as_text(record):
    played = record("call.record(transcribe=True, language='en-US')")
    path = transcription_of(played)
    assert path.suffix == ".txt"
    assert path.read_text() == "Left: One two three.\nRight: Three four five.\n"
    assert played.warnings == []
    assert any("transcriptions" in text for text in played.result.record["approximated"])


def test_a_transcription_as_json_with_labels_from_the_beginning_of_the_recording(record):
    code = "call.record(transcribe=True, language='en-US', labels=['Ann', 'Bot'], format='json')"
    played = record(f"setTimeout(lambda: {code}, 1000)")
    under_way, said = json.loads(transcription_of(played).read_text())
    assert (under_way["label"], under_way["from_ms"]) == ("Ann", 0)
    start_ms = played.of("command", name="Record")[0]["t"]
    heard = next(r for r in played.of("heard") if r["by"] == "caller")
    assert said == {
        "label": "Bot",
        "text": "Three four five.",
        "from_ms": heard["from_ms"] - start_ms,
        "to_ms": heard["to_ms"] - start_ms,
    }


@pytest.mark.parametrize(
    ("params", "warning"),
    [
        ("", "transcribe needs a language of ASRLanguage, nothing is transcribed"),
        ("language='en-US', provider='acme'", "provider is one of google, yandex, tcs, not 'acme'"),
        ("language='en-US', format='xml'", "format is 'json' or not given, not 'xml'"),
        ("language='en-US', labels=['Ann']", "labels are two texts, not ['Ann']"),
    ],
)
def test_what_a_transcription_cannot_be_made_of_is_told(record, params, warning):
    played = record(f"call.record(transcribe=True, {params})")
    assert played.warnings == [("ignored", f"record: {warning}")]
    assert bool(played.of("file", what="transcription")) == bool(params)


def test_a_transcription_that_cannot_be_written_is_told(record, monkeypatch):
    """The recording itself is whole."""

    def refuse(path, parts):
        raise OutputError("this file of the run cannot be written: disk full", file=str(path))

    monkeypatch.setattr("voxrt.vox.reel.write_whole", refuse)
    played = record("call.record(transcribe=True, language='en-US')")
    names = [event.name for event in played.seen]
    assert names == ["Call.RecordStarted", "Call.Disconnected", "Call.RecordError"]
    assert played.seen[2].error == "this file of the run cannot be written: disk full"
    assert read_wav(file_of(played)).duration_us > 2_000_000
    assert played.of("file", what="transcription") == []


def test_without_words_a_transcription_is_empty(play):
    code = "call.record(transcribe=True, language='en-US', format='json'); call.hangup()"
    played = play(SCENARIO.format(record=code))
    assert transcription_of(played).read_text() == "[]\n"


def test_a_call_that_ends_at_once_has_neither_event(record):
    played = record("call.record(); call.hangup()")
    assert not {"RecordStarted", "RecordStopped"} & set(played.events())
    assert file_of(played).exists()
