"""Answering machine detection: who answered, in time, and whatever happens meanwhile."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import caller, party
from voxrt.media.codecs import tone
from voxrt.vox.amd_judge import Judge

GREETING = "Hi, you have reached Ann. I cannot take your call right now. Please leave a message."
DIAL = """
def on_start(e):
    global call, amd
    {made}
    call = VoxEngine.callPSTN("15557654321", "15550000000"{amd})
    {code}
    for ends in (CallEvents.Failed, CallEvents.Disconnected):
        call.addEventListener(ends, lambda: setTimeout(VoxEngine.terminate, 500))

def watch_amd():
    for name in AMD.Events:
        amd.addEventListener(AMD.Events[name], seen.append)

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""


@pytest.fixture
def dial(play):
    """Calls a party with a detector that begins by itself, and does something more."""

    def run(who, params="model=AMD.Model.US", code="", **options):
        made = f"amd = AMD.create({params}); watch_amd()"
        text = DIAL.format(made=made, amd=", {'amd': amd}", code=code)
        return play(text, None, who, start=True, **options)

    return run


def result(played):
    [event] = played.seen
    return event


def someone(**about):
    return party("1555*", **{"answer_after_ms": 500, **about})


# --- who answered -------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["Hello?", "Yes, who is this?", "Bob speaking."])
def test_a_person(dial, said):
    played = dial(someone().wait(200).say(said).wait(4000).hang_up())
    event = result(played)
    assert event.name == "AMD.Events.DetectionComplete"
    assert (event.resultClass, event.resultSubtype) == ("HUMAN", "NONE")
    assert 75 <= event.confidence <= 100
    [heard] = played.of("heard", speaker="15557654321")[-1:]
    told = played.of("event", name="AMD.Events.DetectionComplete")[0]["t"]
    assert 900 <= told - heard["to_ms"] <= 1500


def test_a_machine(dial):
    played = dial(someone().wait(300).voicemail(GREETING).wait(1000).hang_up())
    event = result(played)
    assert (event.resultClass, event.resultSubtype) == ("VOICEMAIL", "NONE")
    told = played.of("event", name="AMD.Events.DetectionComplete")[0]["t"]
    began = played.of("heard", speaker="15557654321")[0]["from_ms"]
    assert 2500 <= told - began <= 3000


def test_a_beep_alone_is_a_machine(dial):
    event = result(dial(someone().wait(700).beep(400).wait(1000).hang_up()))
    assert (event.resultClass, event.confidence) == ("VOICEMAIL", 99)


def test_a_short_greeting_with_a_beep_is_a_machine(dial):
    who = someone().wait(300).voicemail("Not here.", pause_ms=200).wait(2000).hang_up()
    assert result(dial(who)).resultClass == "VOICEMAIL"


def test_nobody_speaks(dial):
    """`TIMEOUT`, 6.5 s after `Connected`."""
    played = dial(someone().wait(20_000))
    event = result(played)
    assert event.resultClass == "TIMEOUT"
    assert "confidence" not in event
    assert "resultSubtype" not in event
    connected = played.event("Connected")["t"]
    assert played.of("event", name="AMD.Events.DetectionComplete")[0]["t"] == connected + 6_500


def test_the_timeout_is_the_scenario_s(dial):
    played = dial(someone().wait(20_000), "model=AMD.Model.US, timeout=2000")
    connected = played.event("Connected")["t"]
    assert played.of("event", name="AMD.Events.DetectionComplete")[0]["t"] == connected + 2_000


def test_the_ringing_does_not_count(dial):
    """The time begins with `Connected`, and what is heard before is not the answer."""
    played = dial(
        someone(answer_after_ms=15_000, early_media=GREETING).say("Hello?").wait(3000).hang_up()
    )
    assert result(played).resultClass == "HUMAN"


def test_a_call_that_is_not_answered(dial):
    assert result(dial(someone(answer_after_ms=None))).resultClass == "CALL_ENDED"


def test_a_threshold_waits_until_it_is_sure(dial):
    quick = dial(someone().voicemail(GREETING).wait(500))
    slow = dial(someone().voicemail(GREETING).wait(500), "model='us', thresholds={'voicemail': .9}")
    one, other = (p.of("event", name="AMD.Events.DetectionComplete")[0] for p in (quick, slow))
    assert other["t"] > one["t"] + 1000
    assert other["data"]["confidence"] >= 90


def test_a_threshold_that_is_never_reached(dial):
    played = dial(someone().say("Hello?").wait(9000), "model='us', thresholds={'human': 1}")
    assert result(played).resultClass == "TIMEOUT"


# --- what events carry, and the promise -----------------------------------------------------------


def test_the_fields_of_a_result(dial):
    event = result(dial(someone().say("Hello?").wait(4000).hang_up()))
    assert set(event) == {
        "name", "id", "amd", "call", "callId", "resultClass", "resultSubtype", "confidence",
    }  # fmt: skip
    assert event.call.id() == event.callId
    assert event.id == event.amd.id()


def test_detect_is_a_promise_of_the_event(play):
    code = """
    async def on_audio():
        amd = AMD.create(call=call, model=AMD.Model.RU, timeout=9000)
        Logger.write([amd.model, amd.timeout, amd.call == call])
        promise = amd.detect()
        Logger.write(promise == amd.detect())
        e = await promise
        Logger.write([e.resultClass, e.amd == amd, e.name])
        e = await amd.detect()
        Logger.write(e.resultClass)
        call.hangup()
    call.addEventListener(CallEvents.Connected, on_audio)
    """
    who = someone().say("Hello?").wait(2000).say(GREETING)
    played = play(DIAL.format(made="", amd="", code=code), None, who, start=True)
    assert played.errors == []
    assert played.log == [
        '["ru",9000,true]',
        "true",
        '["HUMAN",true,"AMD.Events.DetectionComplete"]',
        "VOICEMAIL",
    ]


def test_detect_in_early_media_hears_an_announcement(play):
    code = """
    async def on_audio():
        e = await AMD.create(call=call, model=AMD.Model.RU).detect()
        Logger.write([e.resultClass, call.state()])
        call.hangup()
    call.addEventListener(CallEvents.AudioStarted, on_audio)
    """
    who = someone(answer_after_ms=None, early_media=GREETING)
    played = play(DIAL.format(made="", amd="", code=code), None, who, start=True)
    assert played.log == ['["VOICEMAIL","PROGRESSING"]']


def test_without_a_call_it_is_skipped(play):
    scenario = """
    async def on_start(e):
        e = await AMD.create(model=AMD.Model.US).detect()
        Logger.write([e.name, e.message])
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, start=True)
    assert played.log == ['["AMD.Events.DetectionError","there is no call"]']
    assert [code for code, _ in played.warnings] == ["amd"]


def test_a_call_that_has_ended(dial):
    code = "call.addEventListener(CallEvents.Disconnected, lambda: amd.detect())"
    played = dial(someone().say("Hello?").wait(2500).hang_up(), code=code)
    assert [event.name for event in played.seen] == [
        "AMD.Events.DetectionComplete",
        "AMD.Events.DetectionError",
    ]
    assert played.seen[1].message == "the call has ended"


def test_media_may_be_sent_to_it(play):
    """Guides send the call's media to the detector, which takes the call from that."""
    scenario = """
    async def on_call(e):
        e.call.answer()
        amd = AMD.create(model=AMD.Model.US)
        e.call.sendMediaTo(amd)
        setTimeout(lambda: detect(amd), 100)
    async def detect(amd):
        e = await amd.detect()
        Logger.write([e.resultClass, hasattr(amd, "sendMediaTo")])
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(scenario, caller().wait(500).say("Hello?").wait(3000))
    assert played.log == ['["HUMAN",false]']


#: Talk of several seconds, on its way to something as soon as the call is connected.
TALK = """
    talk = VoxEngine.createTTSPlayer("One two three four five six seven eight nine ten. " * 3)
    other = VoxEngine.createTTSPlayer("Eleven twelve thirteen fourteen fifteen. " * 3)
    conference = VoxEngine.createConference()
    call.addEventListener(CallEvents.Connected, lambda e: [{links}])
"""


@pytest.mark.parametrize(
    "links",
    [
        "talk.sendMediaTo(call)",
        "talk.sendMediaTo(call), other.sendMediaTo(call)",
        "talk.sendMediaTo(conference), other.sendMediaTo(conference), "
        "VoxEngine.sendMediaBetween(call, conference)",
    ],
)
def test_what_the_call_hears_makes_no_difference(dial, links):
    """Also when several speak to it, and its own sound goes elsewhere, too."""
    found = [
        dial(someone().wait(200).say("Hello?").wait(4_000).hang_up(), code=code)
        for code in ("pass", TALK.format(links=links))
    ]
    alone, among = ([(e.resultClass, e.confidence) for e in played.seen] for played in found)
    assert among == alone == [("HUMAN", alone[0][1])]
    first, second = (played.of("event", unit="amd")[0]["t"] for played in found)
    assert first == second
    assert found[1].loud(0, 1, 1_000, 1_500)


def test_several_sources_are_mixed(dial):
    """The call says hello and is silent; with what else is sent to the detector nobody is."""
    who = someone().wait(200).say("Hello?").wait(4_000).hang_up()
    played = dial(who, code=TALK.format(links="talk.sendMediaTo(amd), other.sendMediaTo(amd)"))
    assert [event.resultClass for event in played.seen] == ["VOICEMAIL"]
    assert played.seen[0].call is played.scope["call"]


def test_a_source_that_is_taken_away_counts_no_longer(dial):
    """What is sent to it for half a second only is a short word beside that of the call."""
    links = "talk.sendMediaTo(amd), setTimeout(lambda: talk.stopMediaTo(amd), 500)"
    who = someone().wait(200).say("Hello?").wait(4_000).hang_up()
    played = dial(who, code=TALK.format(links=links))
    assert [event.resultClass for event in played.seen] == ["HUMAN"]


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("after_ms", range(100, 4200, 370))
def test_hung_up_at_every_moment(dial, after_ms):
    """There is one result, whenever the call ends."""
    played = dial(
        someone().wait(200).say("Hello?").wait(4000),
        code=f"setTimeout(lambda: call.hangup(), {after_ms})",
    )
    assert result(played).resultClass == ("CALL_ENDED" if after_ms < 2300 else "HUMAN")
    assert played.errors == []


@pytest.mark.parametrize("after_ms", range(100, 4200, 590))
def test_terminated_at_every_moment(dial, after_ms):
    played = dial(
        someone().wait(200).say("Hello?").wait(4000),
        code=f"setTimeout(VoxEngine.terminate, {after_ms})",
    )
    assert len(played.of("event", name="AMD.Events.DetectionComplete")) == 1
    assert played.errors == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("", "model must be one of AMD.Model, not undefined"),
        ("model='xx'", "model must be one of AMD.Model, such as AMD.Model.US, not 'xx'"),
        ("model='us', call=5", "call must be a call, not a number"),
        ("model='us', timeout='long'", "timeout must be a number, not a string"),
        ("model='us', thresholds={'human': 50}", "the threshold human must lie between 0 and 1"),
    ],
)
def test_parameters_that_are_wrong(dial, params, message):
    played = dial(someone(), params)
    assert len(played.errors) == 1
    assert message in played.errors[0]


def test_a_timeout_beyond_the_platform_s(dial):
    played = dial(someone().say("Hello?").wait(2500).hang_up(), "model='us', timeout=60000")
    assert [code for code, _ in played.warnings] == ["limit"]
    assert result(played).amd.timeout == 20_000


@pytest.mark.parametrize("function", ["callPSTN('1', '2', {})", "callSIP('sip:a@b', {})",
                                      "callUser({})"])  # fmt: skip
def test_amd_must_be_a_detector(play, function):
    given = function.replace("{}", "{'amd': True, 'username': 'a'}")
    played = play(f"VoxEngine.{given}", start=True)
    assert "amd must come from AMD.create, not a boolean" in played.errors[0]


@pytest.mark.parametrize("function", ["callSIP('sip:a@b', {})", "callUser({})"])
def test_amd_of_other_calls(play, function):
    given = function.replace("{}", "{'amd': amd, 'username': 'a'}")
    scenario = f"""
    def on_start(e):
        global amd
        amd = AMD.create(model='us')
        amd.addEventListener(AMD.Events.DetectionComplete, done)
        VoxEngine.{given}
    def done(e):
        Logger.write(e.resultClass)
        VoxEngine.terminate()
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    played = play(scenario, None, party("*").say("Hello?").wait(5000), start=True)
    assert played.log == ["HUMAN"]


def test_a_detector_listens_to_one_call_at_a_time(dial):
    code = "VoxEngine.callPSTN('15557654322', '15550000000', {'amd': amd})"
    played = dial(someone().say("Hello?").wait(2500).hang_up(), code=code)
    assert [event.resultClass for event in played.seen] == ["HUMAN"]
    assert played.seen[0].call is played.scope["call"]
    assert [code for code, _ in played.warnings] == ["ignored"]


def test_a_call_that_cannot_be_placed(play):
    text = DIAL.format(
        made="amd = AMD.create(model='us'); watch_amd()", amd=", {'amd': amd}", code=""
    )
    played = play(text.replace("15557654321", "nobody"), start=True)
    assert [event.resultClass for event in played.seen] == ["CALL_ENDED"]


# --- the judge ----------------------------------------------------------------------------------


def test_a_ringing_tone_is_neither():
    judge = Judge()
    ringing = tone([425], 8000, 1000) + bytes(2 * 8000 * 4)
    sound = ringing * 3
    assert all(judge.hear(sound[at : at + 1600]) is None for at in range(0, len(sound), 1600))
