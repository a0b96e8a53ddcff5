"""What a scenario sees when it enumerates what the platform has given it, in both languages."""

from __future__ import annotations

import json
from functools import cache

import pytest
from harness import play_in

from voxrt.vox import api

#: The same questions in JavaScript and in Python.
QUESTIONS = {
    "modules": ("Object.keys(Modules)", "list(Modules)"),
    "events of a call": ("Object.entries(CallEvents)", "[[k, CallEvents[k]] for k in CallEvents]"),
    "events in a loop": ("(() => { const all = []; for (const k in CallEvents) all.push(k);"
                         " return all; })()", "[k for k in CallEvents]"),
    "a copy of an enum": ("{...AppEvents}", "{k: AppEvents[k] for k in AppEvents}"),
    "an enum as JSON": ("JSON.parse(JSON.stringify(CallEvents))",
                        "JSON.parse(JSON.stringify(CallEvents))"),
    "levels of voices": ("Object.keys(VoiceList)", "list(VoiceList)"),
    "voices": ("Object.entries(VoiceList.Amazon).filter(([k, v]) => k !== 'Neural')",
               "[[k, VoiceList.Amazon[k]] for k in VoiceList.Amazon if k != 'Neural']"),
    "voices of a level": ("Object.values(VoiceList.Amazon.Neural)",
                          "[VoiceList.Amazon.Neural[k] for k in VoiceList.Amazon.Neural]"),
    "all voices": ("JSON.parse(JSON.stringify(VoiceList))",
                   "JSON.parse(JSON.stringify(VoiceList))"),
    "profiles": ("JSON.parse(JSON.stringify(ASRProfileList))",
                 "JSON.parse(JSON.stringify(ASRProfileList))"),
    "models": ("JSON.parse(JSON.stringify({...ASRModelList}))",
               "JSON.parse(JSON.stringify({k: ASRModelList[k] for k in ASRModelList}))"),
    "a name that is there": ("['Google' in VoiceList, 'Gogle' in VoiceList]",
                             "['Google' in VoiceList, 'Gogle' in VoiceList]"),
    "an agent's module": ("JSON.parse(JSON.stringify(Grok))", "JSON.parse(JSON.stringify(Grok))"),
    "modules of small models": ("[JSON.stringify(Silero), JSON.stringify(Pipecat)]",
                                "[JSON.stringify(Silero), JSON.stringify(Pipecat)]"),
    "a detector's": ("JSON.parse(JSON.stringify(AMD))", "JSON.parse(JSON.stringify(AMD))"),
    "a module that is not emulated": ("Object.keys(OpenAI)", "list(OpenAI)"),
    "its enums": ("JSON.parse(JSON.stringify(OpenAI))", "JSON.parse(JSON.stringify(OpenAI))"),
    "a call": ("JSON.parse(JSON.stringify(e.call))", "JSON.parse(JSON.stringify(e.call))"),
    "fields of an event": ("Object.keys(e)", "list(e)"),
    "an event": ("JSON.parse(JSON.stringify(e))", "JSON.parse(JSON.stringify(e))"),
    "a copy of an event": ("JSON.parse(JSON.stringify({...e, headers: 0}))",
                           "JSON.parse(JSON.stringify({**e, 'headers': 0}))"),
}  # fmt: skip

JS = """
require(Modules.Grok); require(Modules.ASR); require(Modules.OpenAI);
require(Modules.Silero); require(Modules.Pipecat); require(Modules.VoximplantAPI);
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  %s
  VoxEngine.terminate();
});
"""

PYTHON = """
require(Modules.Grok); require(Modules.ASR); require(Modules.OpenAI)
require(Modules.Silero); require(Modules.Pipecat); require(Modules.VoximplantAPI)
def on_call(e):
  %s
  VoxEngine.terminate()
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """The answers to a question: in JavaScript, and in Python."""

    @cache
    def run(ending, scenario):
        place = 0 if ending == "js" else 1
        asked = "\n  ".join(f"trace(JSON.stringify({ways[place]}))" for ways in QUESTIONS.values())
        played = play_in(tmp_path_factory.mktemp("run"), scenario % asked, ending=ending)
        assert [r for r in played.records if r["kind"] in ("warning", "error")] == []
        logs = [json.loads(r["text"]) for r in played.records if r["kind"] == "log"]
        return dict(zip(QUESTIONS, logs, strict=True))

    return lambda question: (run("js", JS)[question], run("py", PYTHON)[question])


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_languages_see_the_same(answers, question):
    javascript, python = answers(question)
    assert javascript == python
    assert javascript  # there is something to see


def test_what_they_see(answers):
    surface = api.surface()
    members = surface["enums"]["CallEvents"]["members"]
    assert answers("events of a call")[0] == [list(pair) for pair in members.items()]
    assert answers("levels of voices")[0][0] == "Amazon"
    assert ["en_US_Joanna", "Amazon.en_US_Joanna"] in answers("voices")[0]
    assert len(answers("all voices")[0]["Google"]) == 2066
    assert answers("a name that is there")[0] == [True, False]
    assert list(answers("an agent's module")[0]) == ["Events", "VoiceAgentAPIEvents"]
    assert {"name", "call", "callerid", "headers"} <= set(answers("fields of an event")[0])
    assert answers("an event")[0]["call"] == answers("a call")[0]


def test_a_call_has_no_properties_of_its_own(tmp_path):
    """Its methods are its class's, as those of any object; `JSON.stringify` shows its fields."""
    asked = "trace([Object.keys(e.call), 'say' in e.call, Object.hasOwn(e.call, 'say')]);"
    played = play_in(tmp_path, JS % asked, ending="js")
    assert [r["text"] for r in played.records if r["kind"] == "log"] == ["[[],true,false]"]


def test_a_module_lists_its_classes(tmp_path):
    asked = "trace([Grok, Silero, Pipecat, VoximplantAPI].map((module) => Object.keys(module)));"
    played = play_in(tmp_path, JS % asked, ending="js")
    (told,) = [r["text"] for r in played.records if r["kind"] == "log"]
    assert json.loads(told) == [
        ["Events", "VoiceAgentAPIEvents", "VoiceAgentAPIClient"],
        ["VADEvents", "VAD"],
        ["TurnEvents", "TurnDetector"],
        ["Client"],
    ]
