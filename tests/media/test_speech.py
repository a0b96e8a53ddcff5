"""Speech by both engines: lengths, words, levels, and the same bytes every time."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxrt.errors import MediaError, UsageError
from voxrt.media import voice_espeak
from voxrt.media.rational import samples_of
from voxrt.media.speech import Speaker, default_cache_dir
from voxrt.media.utterances import Utterances

TEXT = "Hello there, how can I help you? I'd like 2 tables - Zoë's."

needs_espeak = pytest.mark.skipif(
    not voice_espeak.is_installed(), reason="the extra `speech` is not installed"
)
engines = pytest.mark.parametrize(
    "engine", [pytest.param("espeak", marks=needs_espeak), "synthetic"]
)


@engines
@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 24_000, 48_000])
def test_the_words_of_a_speech_are_its_text_in_order(engine, rate_hz, tmp_path):
    speech = Speaker(engine, tmp_path).say(TEXT, rate_hz=rate_hz)
    assert speech.text == TEXT
    assert " ".join(word.text for word in speech.words) == TEXT
    assert all(word.start < word.end for word in speech.words)
    assert all(a.end <= b.start for a, b in pairwise(speech.words))
    assert speech.words[0].start >= 0
    assert speech.words[-1].end <= speech.samples
    assert speech.rate_hz == rate_hz
    assert 2.5 < speech.samples / rate_hz < 5
    assert speech.synthetic == (engine == "synthetic")


@engines
def test_the_peak_is_six_decibels_below_full_scale(engine, tmp_path):
    samples = samples_of(Speaker(engine, tmp_path).say("Good evening, this is Ann").pcm)
    assert 13_000 < max(map(abs, samples)) < 17_500


@engines
def test_there_is_no_silence_before_the_first_word_and_after_the_last(engine, tmp_path):
    speech = Speaker(engine, tmp_path).say("Good evening", rate_hz=16_000)
    samples = samples_of(speech.pcm)
    assert max(map(abs, samples[:480])) > 100
    assert max(map(abs, samples[-480:])) > 50


@engines
def test_what_was_said_before_changes_nothing(engine, tmp_path):
    first = Speaker(engine, tmp_path / "a").say("The fish is fresh.")
    busy = Speaker(engine, tmp_path / "b")
    for text in ("Hi.", "Something else altogether", "The fish"):
        busy.say(text)
    assert busy.say("The fish is fresh.") == first


@engines
def test_the_two_default_voices_differ(engine, tmp_path):
    speaker = Speaker(engine, tmp_path)
    agent, caller = (speaker.say("Good evening", voice=name) for name in ("agent", "caller"))
    assert agent.pcm != caller.pcm
    assert agent.voice != caller.voice
    assert speaker.say("Good evening").pcm == agent.pcm


@engines
def test_speed_shortens(engine, tmp_path):
    speaker = Speaker(engine, tmp_path)
    normal, fast = (speaker.say(TEXT, speed=speed).samples for speed in (1.0, 1.6))
    assert 0.5 < fast / normal < 0.8


@engines
@pytest.mark.parametrize("text", ["", "   ", "...", "<break time='2s'/>", "!?"])
def test_nothing_to_say_is_no_samples(engine, text, tmp_path):
    speech = Speaker(engine, tmp_path).say(text)
    assert (speech.pcm, speech.words) == (b"", ())


@engines
def test_markup_is_not_spoken(engine, tmp_path):
    speaker = Speaker(engine, tmp_path)
    marked = speaker.say('<speak>Tom &amp; <emphasis level="strong">Ann</emphasis></speak>')
    assert marked.text == "Tom & Ann"
    assert marked == speaker.say("Tom & Ann")
    assert speaker.say("2 < 3 and AT&amp;T").text == "2 < 3 and AT&amp;T"


@settings(max_examples=60)
@given(st.text(max_size=40), st.sampled_from([8_000, 48_000]), st.floats(0.25, 4.0))
def test_any_text_gives_words_within_its_samples(text, rate_hz, speed):
    speech = Speaker("synthetic").say(text, rate_hz=rate_hz, speed=speed)
    edges = [e for word in speech.words for e in (word.start, word.end)]
    assert edges == sorted(edges)
    assert not edges or edges[-1] <= speech.samples
    assert "".join("".join(w.text for w in speech.words).split()) in "".join(speech.text.split())


@needs_espeak
def test_espeak_takes_any_text(tmp_path_factory):
    speaker = Speaker("espeak", tmp_path_factory.mktemp("cache"))

    @settings(max_examples=60)
    @given(st.text(max_size=30))
    def check(text):
        speech = speaker.say(text, rate_hz=8_000)
        edges = [e for word in speech.words for e in (word.start, word.end)]
        assert edges == sorted(edges)
        assert not edges or edges[-1] <= speech.samples

    check()


@needs_espeak
@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="espeak-ng computes in floating point: its bytes are those of one kind of machine",
)
def test_the_bytes_of_a_phrase_do_not_depend_on_the_time_of_day(tmp_path):
    speaker = Speaker("espeak", tmp_path)
    if speaker.version != "1.52.0":
        pytest.skip(f"the recorded hash is of espeak-ng 1.52.0, here is {speaker.version}")
    speech = speaker.say("The fish is fresh.")
    assert sha256(speech.pcm).hexdigest()[:16] == "6ba5dff394e1ff09"


@needs_espeak
def test_a_platform_voice_speaks_its_language(tmp_path):
    speaker = Speaker("espeak", tmp_path)
    assert speaker.say("Привет", voice="Amazon.ru_RU_Tatyana").voice.startswith("ru+f")
    assert speaker.say("hello", voice="Amazon.en_US_Joanna").voice.startswith("en-us+f")
    assert speaker.say("hello", voice="en-gb+m2").voice == "en+m2"
    assert speaker.say("hello", voice="no such voice").voice.startswith("en-us+")


@needs_espeak
def test_a_second_process_makes_the_same_bytes(tmp_path):
    code = (
        "import sys; from hashlib import sha256; from voxrt.media.speech import Speaker\n"
        "speech = Speaker('espeak', sys.argv[1]).say('The fish is fresh.')\n"
        "print(sha256(speech.pcm).hexdigest(), len(speech.words))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            capture_output=True, text=True, check=True,
        ).stdout
        for name in ("a", "b", "b")
    ]  # fmt: skip
    assert runs[0] == runs[1] == runs[2]


@needs_espeak
def test_the_engine_is_fresh_even_when_its_library_stays_loaded(tmp_path):
    import ctypes

    import espeakng_loader

    expected = Speaker("espeak", tmp_path / "a").say("The fish is fresh.")
    kept = ctypes.CDLL(espeakng_loader.get_library_path())
    try:
        speaker = Speaker("espeak", tmp_path / "b")
        speaker.say("Something else")
        assert speaker.say("The fish is fresh.") == expected
    finally:
        import _ctypes

        _ctypes.dlclose(kept._handle)


@needs_espeak
def test_a_phrase_is_found_in_the_cache_by_the_next_run(tmp_path, monkeypatch):
    speech = Speaker("espeak", tmp_path).say(TEXT)
    monkeypatch.setattr(voice_espeak.Espeak, "render", None)
    assert Speaker("espeak", tmp_path).say(TEXT) == speech


@needs_espeak
@pytest.mark.parametrize("damage", ["cut", "empty", "json", "words", "folder"])
def test_a_damaged_cache_is_repaired(damage, tmp_path):
    speech = Speaker("espeak", tmp_path).say(TEXT)
    (file,) = tmp_path.rglob("*.speech")
    whole = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        facts = json.loads(whole.partition(b"\n")[0])
        facts["words"] = [["x"]]
        file.write_bytes(
            {
                "cut": whole[:-10],
                "empty": b"",
                "json": b"[1]\n" + whole,
                "words": json.dumps(facts).encode() + b"\n" + speech.pcm,
            }[damage]
        )
    assert Speaker("espeak", tmp_path).say(TEXT) == speech
    if damage != "folder":
        assert file.read_bytes() == whole


@needs_espeak
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    assert Speaker("espeak", tmp_path / "file").say("Hi").samples > 0
    assert Speaker("espeak", tmp_path / "file" / "below").say("Hi").samples > 0


def test_auto_is_synthetic_where_espeak_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(voice_espeak, "is_installed", lambda: False)
    speaker = Speaker("auto", tmp_path)
    assert speaker.engine == "synthetic"
    assert speaker.say("Hi").synthetic
    with pytest.raises(UsageError, match=r"not installed Install the extra: pip install"):
        Speaker("espeak", tmp_path)


def test_auto_is_synthetic_where_espeak_does_not_load(tmp_path, monkeypatch):
    def fail(self):
        raise MediaError("espeak-ng cannot be loaded: wrong ELF class")

    monkeypatch.setattr(voice_espeak, "is_installed", lambda: True)
    monkeypatch.setattr(voice_espeak.Espeak, "__attrs_post_init__", fail)
    assert Speaker("auto", tmp_path).engine == "synthetic"
    with pytest.raises(UsageError, match="wrong ELF class"):
        Speaker("espeak", tmp_path)


def test_wrong_arguments_are_named(tmp_path):
    speaker = Speaker("synthetic", tmp_path)
    with pytest.raises(MediaError, match="44100 Hz is not a rate of the audio core"):
        speaker.say("Hi", rate_hz=44_100)
    with pytest.raises(MediaError, match=r"the speed 9 is not between 0\.25 and 4\.0"):
        speaker.say("Hi", speed=9)
    with pytest.raises(UsageError, match="there is no speech engine 'loud'"):
        Speaker("loud")


def test_the_cache_folder_follows_the_platform(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache_dir() == tmp_path / "voxrt" / "speech"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache_dir() == tmp_path / ".cache" / "voxrt" / "speech"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_cache_dir() == tmp_path / "Library" / "Caches" / "voxrt" / "speech"


def test_utterances_count_from_one():
    utterances = Utterances()
    speech = Speaker("synthetic").say("Good evening")
    assert utterances.add(speech, "agent") == 1
    assert utterances.add(speech, "caller") == 2
    assert utterances.get(2).speaker == "caller"
    assert utterances.get(2).speech is speech
    assert 0 not in utterances
    assert len(utterances) == 2
    with pytest.raises(KeyError):
        utterances.get(0)
    with pytest.raises(KeyError):
        utterances.get(3)
