"""Media between units, by what can be heard where."""

from __future__ import annotations

import pytest

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.connectors.pipecat import TurnDetector
from voxrt.connectors.silero import VAD
from voxrt.legs.builder import caller, party
from voxrt.vox import api
from voxrt.vox.amd import AnsweringMachineDetector
from voxrt.vox.asr import ASR
from voxrt.vox.call import Call
from voxrt.vox.conference import Conference
from voxrt.vox.player import BasePlayer, Player, SequencePlayer
from voxrt.vox.recorder import ConferenceRecorder, Recorder
from voxrt.vox.routing import MediaTarget, MediaUnit
from voxrt.vox.websocket import WebSocket

#: Two calls: `one` is incoming and says "Caller speaking." again and again, `two` is called.
TWO = """
def on_call(e):
    one = e.call
    one.answer()
    two = VoxEngine.callPSTN("15557654321", "1")
    two.addEventListener(CallEvents.Connected, lambda e: joined(one, two))
    one.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    {early}

def joined(one, two):
    {joined}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLED_AFTER_MS = 200


@pytest.fixture
def two(play):
    """Two calls: the caller plays one tone for ever, the party another, both of 5 s."""

    def run(joined="pass", early="pass", who=None, **options):
        far = party("1555*", answer_after_ms=CALLED_AFTER_MS).say("Party here.").wait(9_000)
        near = who or caller().wait(500).say("Caller speaking.").wait(3_500).hang_up()
        return play(TWO.format(joined=joined, early=early), near, far, **options)

    return run


def words(played):
    """What the caller and the party heard."""
    return played.heard("caller"), played.heard("party")


def test_nothing_is_heard_without_a_link(two):
    assert words(two()) == ([], [])


def test_one_way(two):
    assert words(two("one.sendMediaTo(two)")) == ([], ["Caller speaking."])
    assert words(two("two.sendMediaTo(one)")) == (["Party here."], [])


def test_both_ways(two):
    both = (["Party here."], ["Caller speaking."])
    assert words(two("VoxEngine.sendMediaBetween(one, two)")) == both
    assert words(two("one.sendMediaTo(two); two.sendMediaTo(one)")) == both


def test_a_link_made_before_the_calls_are_connected_is_remembered(two):
    played = two(early="VoxEngine.sendMediaBetween(one, two)")
    assert words(played) == (["Party here."], ["Caller speaking."])


def test_links_are_undone(two):
    assert words(two("VoxEngine.sendMediaBetween(one, two); one.stopMediaTo(two)")) == (
        ["Party here."],
        [],
    )
    code = "VoxEngine.sendMediaBetween(one, two); VoxEngine.stopMediaBetween(two, one)"
    assert words(two(code)) == ([], [])


def test_a_link_taken_back_before_it_could_flow(two):
    code = "VoxEngine.sendMediaBetween(one, two); VoxEngine.stopMediaBetween(one, two)"
    assert words(two(early=code)) == ([], [])


def test_undoing_what_was_never_done_is_harmless(two):
    played = two("one.stopMediaTo(two); VoxEngine.stopMediaBetween(one, two); one.stopMediaTo(one)")
    assert played.result.outcome == "normal"


def test_the_same_link_twice_is_one(two):
    played = two("one.sendMediaTo(two); one.sendMediaTo(two)")
    assert words(played) == ([], ["Caller speaking."])
    level = two("one.sendMediaTo(two)").level(1, 1, 700, 1_500)
    assert played.level(1, 1, 700, 1_500) == level


def test_a_call_hears_the_newest_stream_only(two):
    """`say` displaces the partner, and its end does not bring the partner back."""
    played = two("VoxEngine.sendMediaBetween(one, two); two.say('Wait.')")
    assert words(played) == (["Party here."], ["Wait."])


def test_a_newer_link_displaces_what_is_said(two):
    played = two("two.say('One two three.'); setTimeout(lambda: one.sendMediaTo(two), 50)")
    assert words(played)[1] == ["Caller speaking."]


def test_a_partner_displaces_the_progress_tone(two):
    """The US tone would go on until 2 s after its beginning."""
    tone = "one.playProgressTone('US'); "
    alone = two(tone)
    joined = two(tone + "setTimeout(lambda: VoxEngine.sendMediaBetween(one, two), 600)")
    assert alone.loud(0, 1, 1_200, 1_600)
    assert joined.loud(0, 1, 500, 700)
    assert not joined.loud(0, 1, 1_200, 1_600)
    assert joined.heard("caller") == []


def test_stopping_the_newer_stream_does_not_bring_back_the_older(play):
    """Three calls: the caller is heard by the party until another one is, then by nobody."""
    scenario = """
    def on_call(e):
        one = e.call
        one.answer()
        two = VoxEngine.callPSTN("1555", "1")
        three = VoxEngine.callPSTN("1666", "1")
        one.sendMediaTo(two)
        one.sendMediaTo(three)
        setTimeout(lambda: three.sendMediaTo(two), 1000)
        setTimeout(lambda: three.stopMediaTo(two), 2000)
        one.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    talk = "One two three four five six seven eight nine ten."
    played = play(
        scenario,
        caller().wait(160).say(talk).hang_up(),
        party("1555", answer_after_ms=100),
        party("1666", answer_after_ms=100).wait(900).wait(160).say("Me."),
    )
    two, three = (played.result.record["calls"][n]["id"] for n in (1, 2))
    heard = played.of("heard", call=two, by="party")
    assert [(r["speaker"], r["complete"]) for r in heard] == [("caller", False), ("1666", True)]
    assert heard[0]["to_ms"] <= 1_000
    assert heard[1]["text"] == "Me."
    (all_of_it,) = played.of("heard", call=three, by="party")
    assert all_of_it["text"] == talk
    assert not played.loud(1, 1, 2_100, 3_000)


def test_a_unit_sends_to_any_number_of_targets(play):
    scenario = """
    def on_call(e):
        e.call.answer()
        for number in ("1", "2", "3"):
            e.call.sendMediaTo(VoxEngine.callPSTN(number, "1"))
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play(
        scenario,
        caller().wait(400).say("Hello all.").wait(300).hang_up(),
        party("?", answer_after_ms=100),
    )
    assert played.heard("party") == ["Hello all."] * 3


def test_a_call_sent_to_itself_is_an_echo(two):
    played = two("one.sendMediaTo(one)")
    assert words(played) == (["Caller speaking."], [])
    (heard,) = played.of("heard", by="caller")
    assert heard["speaker"] == "caller"


def test_a_link_ends_with_its_call(two):
    """The other call goes on and can be given something new to hear."""
    code = (
        "VoxEngine.sendMediaBetween(one, two); two.hangup();"
        "setTimeout(lambda: one.say('They are gone.'), 300)"
    )
    played = two(code)
    assert words(played) == (["They are gone."], [])
    assert len(played.run.context.router._links) == 0


# --- early media --------------------------------------------------------------------------------

EARLY = """
def on_call(e):
    one = e.call
    one.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    {early}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def test_early_media_is_heard_by_the_caller_only(play, tone_file):
    """Audio flows to the caller before the answer; the caller is not heard."""
    tone_file("music.wav", 4_000)
    code = "one.startEarlyMedia(); one.startPlayback('music.wav'); one.sendMediaTo(two)"
    scenario = EARLY.format(early="two = VoxEngine.callPSTN('15557654321', '1'); " + code)
    who = caller().wait_for("early_media").wait(500).say("Anybody there?").wait(1_000).hang_up()
    played = play(scenario, who, party("1555*", answer_after_ms=100))
    assert played.loud(0, 1, 1_000, 1_900)
    assert played.heard("party") == []


def test_nothing_is_heard_before_early_media(play, tone_file):
    """What is sent is remembered, and flows from then on."""
    tone_file("music.wav", 8_000)
    code = "one.startPlayback('music.wav')"
    scenario = EARLY.format(early=f"{code}; setTimeout(one.startEarlyMedia, 2000)")
    assert play(scenario).warnings == [
        ("ignored", "startPlayback on an incoming call in state ALERTING is ignored")
    ]
    link = "two = VoxEngine.callPSTN('15557654321', '1'); two.sendMediaTo(one)"
    scenario = EARLY.format(early=f"{link}; setTimeout(one.startEarlyMedia, 2000)")
    far = party("1555*", answer_after_ms=100).say("One two three four five six seven eight nine.")
    played = play(scenario, caller(patience_ms=4_000), far)
    assert not played.loud(0, 1, 0, 1_980)
    assert played.loud(0, 1, 2_020, 3_500)


def test_early_media_of_the_far_end_reaches_a_linked_call(play):
    """An announcement before the answer is heard by whoever the call is linked to."""
    scenario = EARLY.format(
        early="one.answer(); two = VoxEngine.callPSTN('15557654321', '1'); two.sendMediaTo(one);"
        "one.sendMediaTo(two)"
    )
    who = caller().wait(1_000).say("Can you hear me?").wait(3_000).hang_up()
    far = party("1555*", early_media="All our lines are busy.", no_answer=True)
    played = play(scenario, who, far)
    assert played.heard("caller") == ["All our lines are busy."]
    assert played.heard("party") == []


# --- which units ----------------------------------------------------------------------------------

#: Units of the type definitions whose modules are not emulated.
ABSENT = ("Cartesia.", "Deepgram.", "ElevenLabs.", "Gemini.", "Google.", "Inworld.", "OpenAI.",
          "StreamingAgent", "Ultravox.", "VoxTTS.", "XAI.", "Yandex.",
          "AI.", "CCAI.")  # fmt: skip
UNITS = {
    cls._platform_name: cls
    for cls in (ASR, Call, Conference, ConferenceRecorder, Player, Recorder, SequencePlayer,
                WebSocket, AnsweringMachineDetector, BasePlayer, VoiceAgentAPIClient,
                VAD, TurnDetector)
}  # fmt: skip


def test_every_unit_of_the_type_definitions_is_one():
    """Those that they name, and two that guides send to."""
    named = {n for n in api.surface()["mediaUnits"] if not n.startswith(ABSENT)}
    assert named | {"AMD.AnsweringMachineDetector", "ConferenceRecorder", "BasePlayer"} == {*UNITS}
    assert all(issubclass(cls, MediaTarget) for cls in UNITS.values())


def test_those_send_that_the_type_definitions_say_do():
    sources = {name for names in api.surface()["mediaSources"].values() for name in names}
    for name, cls in UNITS.items():
        assert issubclass(cls, MediaUnit) == (name in sources), name
        assert hasattr(cls, "sendMediaTo") == hasattr(cls, "stopMediaTo") == (name in sources), name


# --- arguments ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "function"),
    [
        ("one.sendMediaTo(None)", "sendMediaTo"),
        ("one.sendMediaTo('call')", "sendMediaTo"),
        ("one.stopMediaTo({})", "stopMediaTo"),
        ("VoxEngine.sendMediaBetween(one, None)", "sendMediaBetween"),
        ("VoxEngine.sendMediaBetween(5, one)", "sendMediaBetween"),
        ("VoxEngine.stopMediaBetween(one, 5)", "stopMediaBetween"),
    ],
)
def test_wrong_arguments_name_the_function(play, call, function):
    played = play(EARLY.format(early=call))
    assert played.errors[0].startswith(f"{function} needs a media unit")
    assert played.of("error")[0]["source_line"].strip() == call


def test_commands_are_recorded(two):
    played = two("VoxEngine.sendMediaBetween(one, two); one.stopMediaTo(two)")
    one, two_ = (call["id"] for call in played.result.record["calls"])
    orders = [(r["name"], r["params"][0]) for r in played.of("command") if "Media" in r["name"]]
    assert orders == [
        ("SendMediaBetween", {"id1": one, "id2": two_}),
        ("StopMedia", {"from": one, "to": two_}),
    ]
