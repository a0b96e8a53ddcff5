"""Speech recognition: events and their order, what is recognised, and what may go wrong."""

from __future__ import annotations

import pytest
from attrs import define, field

from voxrt.legs.builder import caller, party
from voxrt.media.recogniser import Recognised

SCENARIO = """
require(Modules.ASR)

def on_call(e):
    global call
    call = e.call
    call.addEventListener(CallEvents.Connected, begin)
    call.addEventListener(CallEvents.Disconnected, lambda: setTimeout(VoxEngine.terminate, 1000))
    call.answer()

def listen(*given, **params):
    global asr
    params = params or (None if given else {{"profile": ASRProfileList.Google.en_US}})
    asr = VoxEngine.createASR(*given, **(params or {{}}))
    for name in ASREvents:
        asr.addEventListener(ASREvents[name], seen.append)
    return asr

def begin():
    {code}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
LISTEN = "call.sendMediaTo(listen())"
PHRASE = ["CaptureStarted", "SpeechCaptured", "Result"]


@pytest.fixture
def hear(play):
    """Plays a scenario that does this when the call is connected."""

    def run(who, code=LISTEN, *parties, **options):
        text = SCENARIO.format(code=code.replace("\n", "\n    "))
        return play(text, who, *parties, **options)

    return run


def names(played):
    """The events that reached the scenario."""
    return [event.name.removeprefix("ASR.") for event in played.seen]


def texts(played, name="Result"):
    return [event.text for event in played.seen if event.name == f"ASR.{name}"]


def times(played, name):
    return [record["t"] for record in played.of("event", name=f"ASR.{name}")]


# --- the order of events ------------------------------------------------------------------------


def test_one_phrase(hear):
    played = hear(caller().wait(500).say("A table for two, please.").wait(1500).hang_up())
    assert names(played) == ["Started", *PHRASE, "Stopped"]
    assert texts(played) == ["a table for two please"]


def test_recognition_goes_on_after_a_result(hear):
    who = caller().wait(500).say("First.").wait(1500).say("Second.").wait(1500).hang_up()
    played = hear(who)
    assert names(played) == ["Started", *PHRASE, *PHRASE, "Stopped"]
    assert texts(played) == ["first", "second"]


def test_the_instants(hear):
    """Capture as speech begins; 700 ms after its end it is captured, and 150 ms later known."""
    played = hear(caller().wait(480).say("Hello there.").wait(2000).hang_up())
    spoken = next(record for record in played.of("heard") if record["speaker"] == "caller")
    assert times(played, "Started") == [60]
    [began], [ended], [known] = (times(played, name) for name in PHRASE)
    assert 0 < began - spoken["from_ms"] <= 120
    assert 680 <= ended - spoken["to_ms"] <= 740
    assert known == ended + 150


def test_interim_results_grow_until_speech_is_captured(hear):
    code = "call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US, interimResults=True))"
    played = hear(
        caller().wait(300).say("I would like a table for two.").wait(1500).hang_up(), code
    )
    interim = texts(played, "InterimResult")
    assert len(interim) > 3
    assert names(played) == [
        "Started", "CaptureStarted", *["InterimResult"] * len(interim),
        "SpeechCaptured", "Result", "Stopped",
    ]  # fmt: skip
    whole = "I would like a table for two"
    assert all(whole.startswith(text) for text in interim)
    assert [len(text) for text in interim] == sorted({len(text) for text in interim})
    assert texts(played) == [whole]


def test_no_interim_results_unless_asked_for(hear):
    played = hear(caller().wait(300).say("I would like a table for two.").wait(1500).hang_up())
    assert texts(played, "InterimResult") == []


def test_nothing_begins_without_a_stream(hear):
    played = hear(caller().wait(300).say("Hello.").wait(1500).hang_up(), "listen()")
    assert names(played) == []


def test_a_result_comes_before_the_next_phrase(hear):
    """Also when the next phrase begins within the 150 ms that a result takes."""
    played = hear(caller().say("First.").wait(770).say("Second.").wait(1500).hang_up())
    assert names(played) == ["Started", *PHRASE, *PHRASE, "Stopped"]
    captured, results = times(played, "CaptureStarted"), times(played, "Result")
    assert results[0] - times(played, "SpeechCaptured")[0] < 150
    assert results[0] <= captured[1]


# --- what events carry --------------------------------------------------------------------------


def test_the_fields_of_a_result(hear):
    played = hear(caller().wait(500).say("Hello.").wait(1500).hang_up())
    result = next(event for event in played.seen if event.name == "ASR.Result")
    assert result.asr is played.scope["asr"]
    assert result.id == result.asr.id()
    assert set(result) == {
        "name", "id", "asr", "text", "confidence", "resultEndTime", "channelTag", "languageCode",
    }  # fmt: skip
    assert (result.confidence, result.languageCode) == (0.92, "en-us")
    assert 0.5 < float(result.resultEndTime.removesuffix("s")) < 1.5


def test_other_providers_tell_text_and_confidence_only(hear):
    code = "call.sendMediaTo(listen(profile=ASRProfileList.Yandex.ru_RU))"
    played = hear(caller().wait(500).say("Hello.").wait(1500).hang_up(), code)
    assert set(played.of("event", name="ASR.Result")[0]["data"]) == {"text", "confidence"}


def test_confidence_on_a_scale_of_a_hundred(hear):
    played = hear(caller().wait(500).say("Hello.").wait(1500).hang_up(), asr_confidence=100)
    assert [e.confidence for e in played.seen if e.name == "ASR.Result"] == [92]


def test_stopped_tells_cost_and_whole_seconds(hear):
    played = hear(caller().wait(4000).hang_up(), LISTEN + "\nsetTimeout(asr.stop, 2500)")
    assert names(played) == ["Started", "Stopped"]
    assert played.of("event", name="ASR.Stopped")[0]["data"] == {"cost": "0", "duration": 2}


def test_what_it_says_of_itself(hear):
    code = """
for made in (listen(), VoxEngine.createASR("ru-RU", "asr-dict-yand-general"),
             VoxEngine.createASR({"lang": ASRLanguage.GERMAN_DE, "dict": ["ja", "nein"]}),
             VoxEngine.createASR({"profile": ASRProfileList.Google.cmn_Hans_CN,
                                  "phraseHints": ["hi"]}),
             VoxEngine.createASR({"profile": ASRProfileList.Yandex.auto})):
    Logger.write([made.language(), made.dictionary(), isinstance(made, ASR)])
"""
    played = hear(caller().wait(100).hang_up(), code)
    assert played.log == [
        '["en-US",[],true]',
        '["ru-RU",["asr-dict-yand-general"],true]',
        '["de-DE",["ja","nein"],true]',
        '["cmn-Hans-CN",["hi"],true]',
        '["",[],true]',
    ]


def test_a_call_that_sends_to_an_asr_detects_voice(hear):
    code = """
Logger.write(call.vad())
call.sendMediaTo(listen())
Logger.write(call.vad())
call.stopMediaTo(asr)
Logger.write(call.vad())
"""
    assert hear(caller().wait(100).hang_up(), code).log == ["false", "true", "false"]


def test_the_result_of_the_run_says_that_nothing_was_recognised_from_sound(hear):
    played = hear(caller().wait(100).hang_up())
    assert any("carries" in line for line in played.result.record["approximated"])


# --- what is recognised -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("Hello there. How are you?", "hello there how are you"),
        ("I think I'm late, Ann.", "I think I'm late Ann"),
        ("NASA called. It is 5 o'clock!", "NASA called it is 5 o'clock"),
        ("Well, McDonald is here.", "well McDonald is here"),
    ],
)
def test_texts_have_no_punctuation_unless_asked_for(hear, said, plain):
    code = (
        LISTEN
        + """
call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US, enableAutomaticPunctuation=True))
"""
    )
    played = hear(caller().wait(300).say(said).wait(1500).hang_up(), code)
    assert texts(played) == [plain, said]


def test_phrase_hints_are_spelt_as_given_and_surer(hear):
    code = """
call.sendMediaTo(listen())
call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US, phraseHints=["La Piazza", "check-in"]))
"""
    played = hear(caller().wait(300).say("la piazza, the check-in.").wait(1500).hang_up(), code)
    plain, hinted = [event for event in played.seen if event.name == "ASR.Result"]
    assert (plain.text, hinted.text) == ("la piazza the check-in", "La Piazza the check-in")
    assert hinted.confidence > plain.confidence


def test_texts_are_replaced_as_asked_for(hear):
    code = """
entries = [{"search": "two", "replace": "2", "caseSensitive": False}]
call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US,
                        transcriptNormalization={"entries": entries}))
"""
    played = hear(caller().wait(300).say("Two or twofold.").wait(1500).hang_up(), code)
    assert texts(played) == ["2 or twofold"]


def test_a_word_that_was_cut_off_is_not_understood(hear):
    code = LISTEN + "\nsetTimeout(lambda: call.stopMediaTo(asr), 1000)"
    played = hear(
        caller().wait(300).say("We need incomprehensibilities.").wait(2500).hang_up(), code
    )
    assert texts(played) == ["we need"]


def test_what_the_scenario_plays_is_not_heard(hear):
    code = LISTEN + '\ncall.say("This is the agent speaking.")'
    played = hear(caller().wait(3000).say("And me.").wait(1500).hang_up(), code)
    assert texts(played) == ["and me"]


def test_a_player_can_be_recognised(hear):
    code = 'VoxEngine.createTTSPlayer("Good morning.").sendMediaTo(listen())'
    played = hear(caller().wait(4000).hang_up(), code)
    assert texts(played) == ["good morning"]
    assert names(played)[-1] == "Result"  # the end of a player is not the end of the ASR


def test_media_between_a_call_and_an_asr_goes_one_way(hear):
    code = "VoxEngine.sendMediaBetween(call, listen())\nLogger.write(hasattr(asr, 'sendMediaTo'))"
    played = hear(caller().wait(300).say("Hello.").wait(1500).hang_up(), code)
    assert texts(played) == ["hello"]
    assert played.log == ["false"]


def test_unclear_speech_is_misheard_alike_in_every_run(hear):
    said = "Please put me through to the sales department about the invoice of last month."
    who = caller().wait(300).say(said, unclear=0.5).wait(1500).hang_up()
    one, other = hear(who), hear(who)
    [text] = texts(one)
    assert texts(other) == [text]
    plain = said.lower().rstrip(".").split()
    assert 2 < len(set(text.split()) & set(plain)) < len(set(plain))
    [result] = [event for event in one.seen if event.name == "ASR.Result"]
    assert result.confidence < 0.9


def test_an_expected_phrase_is_understood_though_it_is_unclear(hear):
    code = "call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US, phraseHints=['sales']))"
    played = hear(caller().wait(300).say("Sales.", unclear=1).wait(1500).hang_up(), code)
    assert texts(played) == ["sales"]


def test_a_recording_without_words_is_speech_without_text(hear, tone_file):
    path = tone_file("said.wav", 1200)
    played = hear(caller().wait(300).play(path).wait(1500).hang_up())
    [text] = texts(played)
    assert text.startswith("(speech, 1.")
    assert [e.confidence for e in played.seen if e.name == "ASR.Result"] == [0]


def test_a_tone_is_captured_and_has_no_result(hear):
    played = hear(caller().wait(300).press("5555", kind="inband").wait(1500).hang_up())
    assert "CaptureStarted" in names(played)
    assert texts(played) == []


# --- single utterances --------------------------------------------------------------------------

SINGLE = "call.sendMediaTo(listen(profile=ASRProfileList.Google.en_US, singleUtterance=True))"


def test_a_single_utterance_has_one_result(hear):
    code = SINGLE + "\nasr.addEventListener(ASREvents.Result, lambda: call.sendMediaTo(asr))"
    who = caller().wait(300).say("First.").wait(1500).say("Second.").wait(1500).hang_up()
    played = hear(who, code)
    assert names(played) == ["Started", *PHRASE]
    assert (
        "ignored",
        "sendMediaTo: this ASR recognises nothing any more, nothing is sent to it",
    ) in (played.warnings)


def test_a_single_utterance_that_has_ended_can_be_stopped(hear):
    code = SINGLE + "\nasr.addEventListener(ASREvents.Result, lambda: asr.stop())"
    played = hear(caller().wait(300).say("First.").wait(1500).hang_up(), code)
    assert names(played) == ["Started", *PHRASE, "Stopped"]


def test_a_single_utterance_takes_a_minute_at_most(hear):
    long = " ".join(["on"] * 400)
    played = hear(caller().wait(300).say(long).hang_up(), SINGLE)
    assert names(played) == ["Started", *PHRASE]
    assert times(played, "SpeechCaptured") == [60_020]
    assert 100 < texts(played)[0].count("on") < 400


def test_nothing_is_said_for_a_minute(hear):
    who = caller().wait(61_000).say("Too late.").wait(1500).hang_up()
    assert names(hear(who, SINGLE)) == ["Started"]


# --- ends and faults ----------------------------------------------------------------------------


@pytest.mark.parametrize("after_ms", range(0, 2400, 150))
def test_stopped_at_every_moment(hear, after_ms):
    """`Stopped` is the last event, whatever the recogniser was doing."""
    code = f"call.sendMediaTo(listen())\nsetTimeout(lambda: asr.stop(), {after_ms})"
    played = hear(caller().wait(300).say("Hello there.").wait(2500).hang_up(), code)
    got = names(played)
    assert got[-1] == "Stopped"
    assert got[:-1] == ["Started", *PHRASE][: len(got) - 1]
    assert got.count("Stopped") == 1
    assert played.errors == []


@pytest.mark.parametrize("after_ms", range(40, 2400, 190))
def test_hung_up_at_every_moment(hear, after_ms):
    code = LISTEN + f"\nsetTimeout(lambda: call.hangup(), {after_ms})"
    played = hear(caller().wait(300).say("Hello there.").wait(2500), code)
    got = names(played)
    assert got[-1] == "Stopped"
    assert got[:-1] == ["Started", *PHRASE][: len(got) - 1]


@pytest.mark.parametrize("after_ms", range(40, 2000, 240))
def test_terminated_at_every_moment(hear, after_ms):
    """`Stopped` is written down, and no handler hears of it."""
    code = LISTEN + f"\nsetTimeout(VoxEngine.terminate, {after_ms})"
    played = hear(caller().wait(300).say("Hello there.").wait(2500), code)
    assert "Stopped" not in names(played)
    assert len(times(played, "Stopped")) == 1
    assert played.errors == []


def test_stop_twice(hear):
    played = hear(caller().wait(500).hang_up(), LISTEN + "\nasr.stop(); asr.stop()")
    assert names(played) == ["Stopped"]


def test_stopped_from_a_handler_of_its_result(hear):
    code = LISTEN + "\nasr.addEventListener(ASREvents.Result, lambda: asr.stop())"
    who = caller().wait(300).say("First.").wait(1500).say("Second.").wait(1500).hang_up()
    assert names(hear(who, code)) == ["Started", *PHRASE, "Stopped"]


def test_an_ended_asr_takes_no_stream(hear):
    played = hear(caller().wait(500).hang_up(), LISTEN + "\nasr.stop()\ncall.sendMediaTo(asr)")
    assert any("recognises nothing any more" in text for _, text in played.warnings)


def test_two_streams_are_mixed_with_a_warning(hear):
    code = """
other = VoxEngine.callPSTN("15557654321", "15550000000")
call.sendMediaTo(listen())
other.sendMediaTo(asr)
"""
    bob = party("1555*", answer_after_ms=200).wait(100).say("Bob is speaking here.")
    who = caller().wait(400).say("And so does Ann.").wait(2000).hang_up()
    played = hear(who, code, bob)
    assert [code for code, _ in played.warnings] == ["asr"]
    words = set(" ".join(texts(played)).split())
    assert {"bob", "speaking", "so", "does", "Ann"} <= words


def test_of_two_calls_the_last_to_end_ends_it(hear):
    code = """
other = VoxEngine.callPSTN("15557654321", "15550000000")
call.sendMediaTo(listen())
other.sendMediaTo(asr)
"""
    bob = party("1555*", answer_after_ms=200).wait(300).hang_up()
    played = hear(caller().wait(1500).say("Bye.").wait(1500).hang_up(), code, bob)
    assert names(played) == ["Started", *PHRASE, "Stopped"]
    assert times(played, "Stopped") == [played.event("Disconnected", call=0)["t"]]


def test_the_stream_is_taken_away_while_somebody_speaks(hear):
    """What was heard is the phrase."""
    code = (
        LISTEN + "\nasr.addEventListener(ASREvents.CaptureStarted, lambda: call.stopMediaTo(asr))"
    )
    played = hear(caller().wait(300).say("Hello there, my friends.").wait(1500).hang_up(), code)
    assert names(played)[:3] == ["Started", "CaptureStarted", "SpeechCaptured"]


@define
class Broken:
    """A recogniser that fails, at the beginning or at the end."""

    at_end: bool
    name: str = "broken"
    rate_hz: int = 0
    slow: bool = False
    approximated: str = "broken"

    def begin(self, task):
        if not self.at_end:
            raise ValueError(f"no model for {task.language}")
        return self

    def hear(self, piece):
        pass

    def result(self):
        raise OSError("the model is gone")


@pytest.mark.parametrize("slow", [False, True])
def test_a_recogniser_that_fails(hear, slow):
    def setup(run):
        run.context.recogniser = Broken(at_end=True, slow=slow)

    who = caller().wait(300).say("First.").wait(1500).say("Second.").wait(1500).hang_up()
    played = hear(who, setup=setup)
    failed = ["CaptureStarted", "SpeechCaptured", "Error"]
    assert names(played) == ["Started", *failed, *failed, "Stopped"]
    assert {e.error for e in played.seen if e.name == "ASR.Error"} == {"the model is gone"}


def test_a_language_that_the_recogniser_does_not_know(hear):
    def setup(run):
        run.context.recogniser = Broken(at_end=False)

    played = hear(caller().wait(300).say("First.").wait(1500).hang_up(), setup=setup)
    assert names(played) == ["Started", "Error", "Stopped"]
    assert played.of("event", name="ASR.Error")[0]["data"] == {"error": "no model for en-US"}


@define
class Listening:
    """A recogniser that takes sound, in a thread: it counts what it was given."""

    heard: list = field(factory=list)
    name: str = "counting"
    rate_hz: int = 8_000
    slow: bool = True
    approximated: str = "counting"

    def begin(self, task):
        self.heard.append(bytearray())
        return self

    def hear(self, piece):
        self.heard[-1] += piece.pcm

    def result(self):
        return Recognised(f"{len(self.heard[-1]) / 16_000:.1f} s", 0.5)


def test_a_recogniser_that_takes_sound(hear):
    """It gets 400 ms of what came before, and the pause; its result is one of the same instant."""
    recogniser = Listening()

    def setup(run):
        run.context.recogniser = recogniser

    played = hear(caller().wait(900).say("Hello there.").wait(1500).hang_up(), setup=setup)
    spoken = played.of("heard", speaker="caller")[0]
    said_ms = spoken["to_ms"] - spoken["from_ms"]
    got_ms = len(recogniser.heard[0]) / 16
    assert said_ms + 1000 <= got_ms <= said_ms + 1200
    assert texts(played) == [f"{got_ms / 1000:.1f} s"]
    assert times(played, "Result")[0] == times(played, "SpeechCaptured")[0] + 150
    assert max(abs(x) for x in memoryview(recogniser.heard[0]).cast("h")) > 5_000


def test_a_slow_recogniser_keeps_the_order_of_events(hear):
    """Also when a phrase begins before the result of the one before was due."""

    def setup(run):
        run.context.recogniser = Listening()

    who = caller().say("First.").wait(770).say("Second.").wait(1500).hang_up()
    assert names(hear(who, setup=setup)) == ["Started", *PHRASE, *PHRASE, "Stopped"]


def test_results_of_the_same_instant_come_in_the_order_of_asking(hear):
    def setup(run):
        run.context.recogniser = Listening()

    code = """
global made
made = [listen() for _ in range(8)]
for one in made:
    call.sendMediaTo(one)
"""
    who = caller().wait(300).say("Hello there.").wait(1500).hang_up()
    played = hear(who, code, setup=setup)
    results = [e.asr for e in played.seen if e.name == "ASR.Result"]
    assert results == played.scope["made"]


def test_a_slow_recogniser_has_its_say_when_the_minute_is_over(hear):
    """The result of a single utterance that was cut off at its minute."""

    def setup(run):
        run.context.recogniser = Listening()

    long = " ".join(["on"] * 400)
    played = hear(caller().wait(300).say(long).hang_up(), SINGLE, setup=setup)
    assert names(played) == ["Started", *PHRASE]
    assert times(played, "Result") == [60_170]


# --- wrong parameters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{}", "createASR: profile is missing"),
        ("profile=5", "profile must be one of ASRProfileList, not a number"),
        ("7", "createASR takes its parameters as an object, not a number"),
        ("profile='en', phraseHints='yes'", "phraseHints must be an array of strings"),
        ("profile='en', phraseHints=[1]", "phraseHints must be an array of strings"),
        ("profile='en', speechContexts=['a']", "speechContexts[0] must be an object"),
        (
            "profile='en', transcriptNormalization={'entries': [{'search': ''}]}",
            "transcriptNormalization needs the strings search and replace",
        ),
    ],
)
def test_parameters_that_are_wrong(hear, given, message):
    played = hear(caller().wait(100), f"VoxEngine.createASR({given})")
    assert len(played.errors) == 1
    assert message in played.errors[0]


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ("interimResult=True", "no-such-parameter", "did you mean interimResults?"),
        ("profanityFilter=True", "not-emulated", "profanityFilter has no effect"),
        ("model=ASRModelList.Yandex.general", "foreign-model", "a model of Yandex is of no use"),
    ],
)
def test_parameters_that_do_nothing(hear, given, code, message):
    made = f"VoxEngine.createASR(profile=ASRProfileList.Google.en_US, {given})"
    played = hear(caller().wait(100).hang_up(), made)
    [(told, text)] = played.warnings
    assert told == code
    assert message in text


def test_without_the_module(play):
    played = play(
        """
        VoxEngine.addEventListener(
            AppEvents.Started, lambda: (VoxEngine.createASR("en-US"), VoxEngine.terminate())
        )
        """,
        start=True,
    )
    assert [code for code, _ in played.warnings] == ["not-required"]
