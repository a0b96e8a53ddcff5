"""`AI.detectVoicemail`: the older form of answering machine detection, as scenarios use it."""

from __future__ import annotations

import pytest

from voxrt.legs.builder import party

GREETING = "Hi, you have reached Ann. I cannot take your call right now. Please leave a message."
DIAL = """
require(Modules.AI)

def on_start(e):
    global call
    call = VoxEngine.callPSTN("15557654321", "15550000000")
    call.addEventListener(AI.Events.VoicemailDetected, seen.append)
    call.addEventListener(AI.Events.VoicemailNotDetected, seen.append)
    call.addEventListener(CallEvents.{when}, lambda e: detect())
    for ends in (CallEvents.Failed, CallEvents.Disconnected):
        call.addEventListener(ends, lambda: setTimeout(VoxEngine.terminate, 500))

async def detect():
    promised.append(await AI.detectVoicemail(call{params}))

promised = []
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
DETECTED, NOT_DETECTED = "AI.Events.VoicemailDetected", "AI.Events.VoicemailNotDetected"


@pytest.fixture
def dial(play):
    def run(who, params="", when="Connected", **options):
        return play(DIAL.format(params=params, when=when), None, who, start=True, **options)

    return run


def someone():
    return party("1555*", answer_after_ms=500).wait(200)


def result(played):
    """The one event, which is what the promise is of, too."""
    [event], [promised] = played.seen, played.scope["promised"]
    assert promised == event
    return event


def test_a_machine(dial):
    played = dial(someone().voicemail(GREETING).wait(4_000).hang_up())
    event = result(played)
    assert event.name == DETECTED
    assert event.call is played.scope["call"]
    assert event.id == event.call.id()
    assert 80 <= event.confidence <= 100
    assert any("AMD: a few rules" in what for what in played.result.record["approximated"])


def test_a_person(dial):
    event = result(dial(someone().say("Hello?").wait(4_000).hang_up()))
    assert event.name == NOT_DETECTED
    assert event.confidence is None


def test_nobody_speaks(dial):
    """It gives up 6.5 s after the answer."""
    played = dial(someone().wait(9_000).hang_up())
    assert result(played).name == NOT_DETECTED
    told = next(record for record in played.of("event", name=NOT_DETECTED))
    assert told["t"] == played.event("Connected")["t"] + 6_500


def test_asked_for_in_audio_started(dial):
    """An announcement before the answer counts."""
    who = party("1555*", early_media=GREETING, no_answer=True)
    played = dial(who, when="AudioStarted")
    assert result(played).name == DETECTED
    assert played.event("Failed")["t"] > played.of("event", name=DETECTED)[0]["t"]


@pytest.mark.parametrize(
    ("params", "shown"),
    [
        ("", {"model": "ru", "threshold": 0.8}),
        (", 'colombia'", {"model": "colombia", "threshold": 0.8}),
        (", {'model': 'us', 'threshold': 0.9}", {"model": "us", "threshold": 0.9}),
        (", threshold=1", {"model": "ru", "threshold": 1}),
    ],
)
def test_its_parameters(dial, params, shown):
    played = dial(someone().wait(500).hang_up(), params)
    [command] = played.of("command", name="DetectVoicemail")
    assert command["params"] == [{"id": played.scope["call"].id(), **shown}]


def test_it_listens_on_until_it_is_sure(dial):
    """The greeting makes it 80 percent sure and more, the beep 99."""
    who = someone().voicemail("You have reached Ann, please leave a message.").wait(4_000).hang_up()
    at = {}
    for threshold in (0.8, 0.95):
        played = dial(who, f", threshold={threshold}")
        at[threshold] = played.of("event", name=DETECTED)[0]["t"]
    assert at[0.8] < at[0.95]


@pytest.mark.parametrize("after_ms", [0, 100, 900, 2_400])
def test_the_call_ends_first(dial, after_ms):
    """There is no event any more, and the promise settles."""
    played = dial(party("1555*", answer_after_ms=100).wait(after_ms).hang_up())
    assert played.seen == []
    assert [event.name for event in played.scope["promised"]] == [NOT_DETECTED]
    assert played.errors == []


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ("AI.detectVoicemail()", "there must be a call, not undefined"),
        ("AI.detectVoicemail('x')", "there must be a call, not a string"),
        ("AI.detectVoicemail(call, {'model': []})", "model must be a string, not an array"),
        ("AI.detectVoicemail(call, {'threshold': 'x'})", "threshold must be a number"),
        ("AI.detectVoicemail(call, {'threshold': 2})", "threshold must lie between 0 and 1"),
    ],
)
def test_what_is_wrong(play, params, message):
    scenario = f"""
    require(Modules.AI)
    def on_start(e):
        call = VoxEngine.callPSTN("1", "2")
        {params}
    VoxEngine.addEventListener(AppEvents.Started, on_start)
    """
    [error] = play(scenario, start=True).errors
    assert error.startswith("detectVoicemail: ")
    assert message in error


def test_the_rest_of_the_module_is_not_emulated(play):
    played = play("require(Modules.AI)\nAI.createDialogflow({})", start=True)
    assert "AI.createDialogflow is part of VoxEngine" in played.errors[0]
    played = play("require(Modules.AI)\nAI.detectVoicemial()", start=True)
    assert "there is no AI.detectVoicemial" in played.errors[0]
    played = play("require(Modules.AI)\nLogger.write(AI.Events.DialogflowError)", start=True)
    assert played.log == ["AI.Events.DialogflowError"]


def test_in_javascript(play_js):
    """As in old scenarios for call lists."""
    played = play_js(
        """
        require(Modules.AI);
        VoxEngine.addEventListener(AppEvents.Started, () => {
          const call = VoxEngine.callPSTN('15557654321', '15550000000');
          call.addEventListener(CallEvents.AudioStarted, () => {
            AI.detectVoicemail(call)
              .then((e) => { Logger.write(`promised ${e.name}`); VoxEngine.terminate(); })
              .catch(() => {});
          });
          call.addEventListener(AI.Events.VoicemailDetected, (e) => {
            Logger.write(`${e.call === call} ${e.confidence >= 75}`);
          });
        });
        """,
        caller=f"""
        parties:
          - {{match: '15557654321', answer_after_ms: 500, early_media: One moment,
             steps: [{{wait: 200}}, {{voicemail: '{GREETING}'}}, {{wait: 4000}}]}}
        """,
        start=True,
    )
    assert played.logs == ["true true", "promised AI.Events.VoicemailDetected"]
