"""`say`, `startPlayback` and `stopPlayback`: their events, and what was really heard."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.media.speech import Speaker

SCENARIO = """
def on_call(e):
    call = e.call
    watch(call, CallEvents.PlaybackReady, CallEvents.PlaybackStarted, CallEvents.PlaybackFinished)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Connected, lambda e: talk(e.call))
    call.answer()

def talk(call):
    {talk}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
READY, STARTED, FINISHED = "Call.PlaybackReady", "Call.PlaybackStarted", "Call.PlaybackFinished"


@pytest.fixture
def talk(play):
    """Plays a scenario that does this with the connected call; the caller stays for a while."""

    def run(code, stays_ms=6_000, **options):
        return play(SCENARIO.format(talk=code), caller().wait(stays_ms).hang_up(), **options)

    return run


def names(played):
    return [event.name for event in played.seen]


def test_say(talk):
    played = talk("call.say('Welcome to the show.')")
    assert names(played) == [READY, STARTED, FINISHED]
    speech = Speaker("synthetic").say("Welcome to the show.", rate_hz=16_000)
    duration = played.data("PlaybackStarted")["duration"]
    assert duration == speech.samples * 1000 // 16_000
    assert played.data("PlaybackReady") == played.data("PlaybackFinished") == {}
    lasted = played.event("PlaybackFinished")["t"] - played.event("PlaybackStarted")["t"]
    assert abs(lasted - duration) <= 20
    assert played.heard("caller") == ["Welcome to the show."]
    assert played.of("heard")[0]["complete"] is True


def test_a_second_say_replaces_the_first(talk):
    """At once, and the first has no `PlaybackFinished`."""
    played = talk(
        "call.say('One two three four five six seven eight nine ten.');"
        "setTimeout(lambda: call.say('Stop.'), 1500)"
    )
    assert names(played) == [READY, STARTED, READY, STARTED, FINISHED]
    first, second = played.of("heard", by="caller")
    assert first["text"].startswith("One two three")
    assert first["complete"] is False
    assert "nine" not in first["text"]
    assert second["text"] == "Stop."


def test_start_playback_replaces_say(talk, tone_file):
    tone_file("music.wav", 300)
    played = talk("call.say('One two three four five.'); call.startPlayback('music.wav')")
    assert names(played) == [READY, STARTED, FINISHED]
    assert played.data("PlaybackStarted")["duration"] == 300
    assert played.heard("caller") == []


def test_stop_playback_is_silent_at_once_and_finishes_nothing(talk):
    played = talk("call.say('One two three four five six.'); setTimeout(call.stopPlayback, 1000)")
    assert names(played) == [READY, STARTED]
    assert played.loud(0, 1, 300, 1_000)
    assert not played.loud(0, 1, 1_060, 5_000)


def test_stop_playback_before_it_began_and_when_nothing_plays(talk):
    played = talk("call.stopPlayback(); call.say('One.'); call.stopPlayback()")
    assert names(played) == []
    assert played.heard("caller") == []


def test_say_again_after_it_was_stopped(talk):
    played = talk(
        "call.say('One two three.'); setTimeout(call.stopPlayback, 500);"
        "setTimeout(lambda: call.say('Four.'), 600)"
    )
    assert names(played) == [READY, STARTED, READY, STARTED, FINISHED]


def test_text_of_1500_characters(talk):
    played = talk(f"call.say('{'a ' * 750}')", stays_ms=1_000)
    assert names(played) == [READY, STARTED]
    played = talk(f"call.say('{'a ' * 750}b')", stays_ms=1_000)
    assert names(played) == [FINISHED]
    assert "1500 characters" in played.data("PlaybackFinished")["error"]


@pytest.mark.parametrize(
    ("call", "voice"),
    [
        ("say('Hi.')", ""),
        ("say('Hi.', Language.US_ENGLISH_FEMALE)", "en_US_female"),
        ("say('Hi.', Language.RU_RUSSIAN_MALE, {'pitch': 'low'})", "ru_RU_male"),
        ("say('Hi.', Language.UK_ENGLISH_FEMALE)", "en_GB_female"),
        ("say('Hi.', Language.EUR_SPANISH_FEMALE)", "es_ES_female"),
        ("say('Hi.', {'language': VoiceList.Amazon.en_US_Joanna})", "Amazon.en_US_Joanna"),
        ("say('Hi.', {'voice': VoiceList.Google.de_DE_Chirp_HD_D})", "Google.de_DE_Chirp_HD_D"),
        ("say('Hi.', voice=VoiceList.Amazon.Neural.en_GB_Amy)", "Amazon.Neural.en_GB_Amy"),
    ],
)
def test_voices_in_new_and_old_forms(talk, call, voice):
    played = talk(f"call.{call}", stays_ms=700)
    assert played.errors == []
    (command,) = played.of("command", name="Say")
    assert command["params"][0]["voice"] == voice
    assert played.heard("caller") == ["Hi."]


@pytest.mark.parametrize("text", ["None", "{'text': 'a'}", "['a']"])
def test_say_takes_text(talk, text):
    assert talk(f"call.say({text})").errors[0].startswith("say: text must be a string")


def test_start_playback(talk, tone_file):
    tone_file("music.wav", 700)
    played = talk("call.startPlayback('music.wav')")
    assert names(played) == [READY, STARTED, FINISHED]
    assert played.data("PlaybackStarted")["duration"] == 700
    begin = int(played.event("PlaybackStarted")["t"])
    assert played.loud(0, 1, begin, begin + 660)
    assert not played.loud(0, 1, begin + 740, begin + 2_000)


def test_urls_of_files(talk, tone_file):
    path = tone_file("my tone.wav", 100)
    for url in ("my tone.wav", "file:my%20tone.wav", f"file://{path}", str(path)):
        played = talk(f"call.startPlayback({url!r})", stays_ms=1_000)
        assert names(played) == [READY, STARTED, FINISHED], url


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("missing.wav", "missing.wav"),
        ("text.wav", "text.wav"),
        ("empty.wav", "nothing to play"),
        ("https://example.com/a.mp3", "closed"),
        ("http://example.com/a.wav", "closed"),
    ],
)
def test_what_cannot_be_played(talk, tmp_path, tone_file, url, text):
    """`PlaybackFinished` with `error`, and nothing else; the scenario goes on."""
    (tmp_path / "text.wav").write_text("no sound at all")
    tone_file("empty.wav", 0)
    played = talk(f"call.startPlayback({url!r})")
    assert names(played) == [FINISHED]
    assert text in played.data("PlaybackFinished")["error"]
    assert played.result.outcome == "normal"


def test_nothing_to_say(talk):
    played = talk("call.say('')")
    assert names(played) == [FINISHED]
    assert "nothing" in played.data("PlaybackFinished")["error"]


@pytest.mark.parametrize("loop", ["True", "{'loop': True}", "loop=True"])
def test_a_loop_never_finishes(talk, tone_file, loop):
    """The second argument may be the loop itself, the older form."""
    tone_file("music.wav", 200)
    played = talk(f"call.startPlayback('music.wav', {loop})", stays_ms=3_000)
    assert names(played) == [READY, STARTED]
    assert played.loud(0, 1, 2_000, 3_000)


def test_a_loop_can_be_stopped(talk, tone_file):
    tone_file("music.wav", 200)
    played = talk(
        "call.startPlayback('music.wav', True); setTimeout(call.stopPlayback, 1000)",
        stays_ms=3_000,
    )
    assert names(played) == [READY, STARTED]
    assert not played.loud(0, 1, 1_100, 3_000)


def test_say_needs_a_connected_call(play):
    scenario = """
    def on_call(e):
        watch(e.call)
        e.call.say("Too early.")
        setTimeout(VoxEngine.terminate, 2000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario)
    assert played.events() == ["Disconnected"]
    assert played.warnings == [("ignored", "say on an incoming call in state ALERTING is ignored")]


def test_say_on_an_outgoing_call_is_heard_there(play):
    scenario = """
    def on_start(e):
        call = VoxEngine.callPSTN("15557654321", "1")
        call.addEventListener(CallEvents.Connected, lambda e: call.say("Your table is ready."))
        call.addEventListener(CallEvents.PlaybackFinished, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, None, party("1555*"), start=True)
    assert played.heard("party") == ["Your table is ready."]


def test_a_call_that_ends_while_it_is_spoken_to(talk):
    played = talk("call.say('One two three four five six seven eight.')", stays_ms=1_500)
    assert names(played) == [READY, STARTED]
    (heard,) = played.of("heard", by="caller")
    assert heard["complete"] is False
    assert played.run.context.graph.closed


@pytest.mark.parametrize(("country", "round_ms"), [("RU", 5_000), ("US", 6_000)])
def test_progress_tone_in_early_media(play, country, round_ms):
    """Again and again, until the answer brings something else to hear."""
    scenario = f"""
    def on_call(e):
        call = e.call
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.addEventListener(CallEvents.Connected, lambda e: call.say("Good morning."))
        call.startEarlyMedia()
        call.playProgressTone("{country}")
        setTimeout(call.answer, 7000)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(2_500).hang_up())
    tone = ["PlaybackReady", "PlaybackStarted"]
    assert [name for name in played.events() if "Playback" in name] == [
        *tone, *tone, "PlaybackFinished",
    ]  # fmt: skip
    first = played.of("event", name="Call.PlaybackStarted")[0]
    assert first["data"] == {"duration": round_ms}
    begin = int(first["t"])
    assert played.loud(0, 1, begin, begin + 900)
    assert not played.loud(0, 1, begin + 2_100, begin + 4_900)
    assert played.loud(0, 1, begin + round_ms + 50, begin + round_ms + 700)
    assert played.heard("caller") == ["Good morning."]
    assert not played.loud(0, 1, 8_300, 9_000)


@pytest.mark.parametrize("country", ["'DE'", "None", "1", "{}"])
def test_progress_tone_of_no_country(talk, country):
    assert talk(f"call.playProgressTone({country})").errors[0].startswith("playProgressTone: ")


def test_progress_tone_needs_early_media(play):
    scenario = """
    def on_call(e):
        e.call.playProgressTone("US")
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    assert play(scenario).warnings[0][0] == "ignored"
