"""Parameters without effect: whoever gives one is told, and the page of coverage lists it."""

from __future__ import annotations

import ast
import re

import pytest

from voxrt.legs.builder import caller, party
from voxrt.vox import api
from voxrt.vox.coverage_source import modules
from voxrt.vox.shortfalls import WITHOUT_EFFECT
from voxrt.vox.voxengine import incoming_call

#: How each of the functions is called, with its parameters in GIVEN; `call` is an answered call.
CALLS = {
    "AMD.create": "AMD.create({'model': AMD.Model.US, **GIVEN})",
    "Call.answer": "alerting.answer({}, GIVEN)",
    "Call.answerDirect": (
        "other = VoxEngine.callUserDirect(alerting, 'bob', {'callerid': '1'});"
        " alerting.answerDirect(other, {}, GIVEN)"
    ),
    "Call.record": "call.record(GIVEN)",
    "Call.say": "call.say('Hi.', GIVEN)",
    "Call.startEarlyMedia": "alerting.startEarlyMedia({}, **GIVEN)",
    "Conference.add": "VoxEngine.createConference().add({'call': call, **GIVEN})",
    "ConferenceRecorder.setPriority": (
        "VoxEngine.createRecorder({'video': True}).setPriority("
        "[VoxEngine.createConference().add({'call': call})])"
    ),
    "ConferenceRecorder.update": "VoxEngine.createRecorder({'video': True}).update(GIVEN)",
    "Endpoint.manageEndpoint": (
        "VoxEngine.createConference().add({'call': call}).manageEndpoint({'all': GIVEN})"
    ),
    "Pipecat.createTurnDetector": "Pipecat.createTurnDetector(GIVEN)",
    "Silero.createVAD": "Silero.createVAD(GIVEN)",
    "VoxEngine.callConference": "VoxEngine.callConference('room', '1', 'Ann', {}, GIVEN['scheme'])",
    "VoxEngine.callPSTN": "VoxEngine.callPSTN('15557654321', '1', GIVEN)",
    "VoxEngine.callSIP": "VoxEngine.callSIP('sip:a@example.com', GIVEN)",
    "VoxEngine.callUser": "VoxEngine.callUser({'username': 'bob', 'callerid': '1', **GIVEN})",
    "VoxEngine.callUserDirect": (
        "VoxEngine.callUserDirect(alerting, 'bob', {'callerid': '1', **GIVEN})"
    ),
    "VoxEngine.callWhatsappUser": (
        "VoxEngine.callWhatsappUser({'number': '15557654321', 'callerid': '1', **GIVEN})"
    ),
    "VoxEngine.createASR": (
        "VoxEngine.createASR({'profile': ASRProfileList.Google.en_US, **GIVEN})"
    ),
    "VoxEngine.createRecorder": "VoxEngine.createRecorder(GIVEN)",
    "VoxEngine.createTTSPlayer": "VoxEngine.createTTSPlayer('Hi.', GIVEN)",
    "VoxEngine.enqueueTask": "VoxEngine.enqueueTask({'queue': {'name': 'support'}, **GIVEN})",
}
#: The helpers that place a call later, on behalf of which the warning names what they call.
FORWARDING = {
    "VoxEngine.forwardCallToPSTN": ("VoxEngine.forwardCallToPSTN(options=GIVEN)", "callPSTN"),
}
SCENARIO = """
for module in ("ASR", "Conference", "Pipecat", "Recorder", "Silero", "SmartQueue"):
    require(Modules[module])
GIVEN = {given}
calls = []

def on_call(e):
    global call, alerting
    calls.append(e.call)
    if len(calls) == 1:
        call = e.call
        call.answer()
    else:
        alerting = e.call
        {call}
        setTimeout(VoxEngine.terminate, 500)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


#: What is given for parameters that are checked; for the others, anything.
VALUES = {
    "thresholds.mimic": {"mimic": 0.5},
    "video": ["default"],
    **dict.fromkeys(("trace", "statistics", "privacy"), True),
    "layout": "grid",
    "direction": "ltr",
    "objectFit": "fill",
}


def given(function):
    """Something for each of the parameters."""
    return {name.partition(".")[0]: VALUES.get(name, {"a": 1}) for name in WITHOUT_EFFECT[function]}


def told(played):
    """The names in the warnings, by the function that they name."""
    found = {}
    for code, text in played.warnings:
        match = re.fullmatch(r"(\w+): ([\w.]+) has no effect here: .+", text)
        if match:
            assert code == "not-emulated"
            found.setdefault(match[1], []).append(match[2])
    return found


def test_every_function_of_the_table_is_tested():
    assert set(CALLS) | set(FORWARDING) == set(WITHOUT_EFFECT)


@pytest.mark.parametrize("function", sorted(CALLS))
def test_each_parameter_is_told(play, function):
    played = _played(play, function, given(function))
    assert not played.errors
    short = function.rpartition(".")[2]
    assert sorted(told(played)[short]) == sorted(WITHOUT_EFFECT[function])


def _played(play, function, parameters):
    """Calls a function while one call is answered, and a second one rings."""

    def setup(run):
        run.context.video_conference = True
        run.clock.call_later(200_000, dial, run)

    def dial(run):
        leg = run.context.switchboard.incoming(caller().person)
        incoming_call(run.context, leg, to="2", from_="3")

    scenario = SCENARIO.format(given=repr(parameters), call=CALLS[function])
    return play(scenario, caller().wait(60_000), party("*", busy=True), setup=setup)


@pytest.mark.parametrize("function", sorted(FORWARDING))
def test_each_parameter_of_a_forwarding_helper_is_told(play, function):
    call, placed = FORWARDING[function]
    played = play(f"GIVEN = {given(function)}\n{call}", caller(), party("*", busy=True))
    assert told(played) == {placed: list(WITHOUT_EFFECT[function])}


@pytest.mark.parametrize("function", sorted(set(CALLS) - {"ConferenceRecorder.setPriority"}))
def test_nothing_is_told_of_what_is_empty(play, function):
    played = _played(play, function, dict.fromkeys(given(function)))
    assert not played.errors
    assert function.rpartition(".")[2] not in told(played)


def test_a_helper_that_hands_a_scheme_on_tells_nothing(play):
    """The platform's events carry an empty one."""
    played = play("VoxEngine.forwardCallToPSTN()", caller(), party("*").wait(100).hang_up())
    assert told(played) == {}


def test_parameters_are_those_of_the_type_definitions():
    """Or of the platform's published helper, of public scenarios, of each endpoint's object."""
    published = {
        "VoxEngine.forwardCallToPSTN": {"followDiversion"},
        "VoxEngine.createRecorder": {"stereo"},
        "Endpoint.manageEndpoint": fields_of("ParticipantReceiveParameters"),
    }
    for function, names in WITHOUT_EFFECT.items():
        declared = declared_parameters(function) | published.get(function, set())
        assert {name.partition(".")[0] for name in names} <= declared, function


def test_every_declared_parameter_is_read_somewhere_or_listed():
    """A parameter that nothing in the code names has no effect, and would be told of nowhere."""
    named = set()
    for path in modules():
        if path.stem in ("shortfalls", "coverage_notes"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts = (getattr(node, field, None) for field in ("value", "attr", "arg"))
            named |= {text for text in texts if isinstance(text, str)}
    for function in (*api.surface()["functions"], *methods()):
        owner = function.rpartition(".")[0]
        if owner not in OWNERS or function == "VoxEngine.createStreamingAgent":
            continue
        listed = {name.partition(".")[0] for name in WITHOUT_EFFECT.get(function, ())}
        assert declared_parameters(function) <= named | listed, function


#: Whose functions and methods are emulated.
OWNERS = {
    *("VoxEngine", "AMD", "Net", "ApplicationStorage", "CallList", "Crypto", "Logger"),
    *("PhoneNumber", "Grok", "Call", "Player", "SequencePlayer", "ASR", "Conference", "Endpoint"),
    *("Recorder", "ConferenceRecorder", "WebSocket", "Grok.VoiceAgentAPIClient"),
}


def methods():
    return [
        f"{name}.{method}"
        for name, found in api.surface()["classes"].items()
        for method in found["methods"]
    ]


def declared_parameters(function):
    """The names of the positional parameters, and of the fields of those that are objects."""
    data = api.surface()
    owner, _, member = function.rpartition(".")
    found = data["functions"].get(function)
    overloads = found["signatures"] if found else data["classes"][owner]["methods"][member]
    names = set()
    for parameter in overloads[0]["params"]:
        names.add(parameter["name"])
        kind = parameter["type"]
        for interface in (kind, f"{owner}.{kind}"):
            names |= fields_of(interface)
    return names


def fields_of(interface):
    found = api.surface()["interfaces"].get(interface)
    if found is None:
        return set()
    names = set(found["fields"])
    for base in found["extends"]:
        names |= fields_of(base)
    return names


JAVASCRIPT = """
require(Modules.ASR);
VoxEngine.addEventListener(AppEvents.CallAlerting, ({call}) => {
  call.startEarlyMedia({}, {a: {audio: 1}}, 128, true);
  call.answer({}, {scheme: {}, conferenceCall: true});
  call.record({transcribe: true, videoParameters: {a: 1}});
  VoxEngine.callUser('anna', '1', 'Ann', {}, true, {a: {audio: 1}});
  VoxEngine.createASR({profile: ASRProfileList.Google.en_US, request: {a: 1}, useEnhanced: false});
  setTimeout(VoxEngine.terminate, 500);
});
"""


def test_in_javascript(play_js):
    played = play_js(JAVASCRIPT, caller="[{wait: 9000}]")
    assert not played.errors
    found = [text.partition(" has no effect here")[0] for text in played.warnings]
    assert found == [
        "startEarlyMedia: scheme",
        "startEarlyMedia: maxVideoBitrate",
        "startEarlyMedia: audioLevelExtension",
        "answer: conferenceCall",
        "record: videoParameters",
        "record: transcribe needs a language of ASRLanguage, nothing is transcribed",
        "callUser: scheme",
        "createASR: request",
    ]
    lines = [record["line"] for record in played.of("warning")]
    assert lines == [4, 4, 4, 5, 6, 6, 7, 8]
