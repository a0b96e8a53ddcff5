"""Explorations: what they find, how short it is, and that it fails again."""

from __future__ import annotations

import builtins
import re
import sys
from pathlib import Path

import pytest
import yaml

from voxrt.errors import UsageError
from voxrt.run import RunConfig
from voxrt.testing import explore as exploring
from voxrt.testing.explore import CONVERSATION, Explorer, Found, explore, load_check, write_found
from voxrt.testing.explore_plan import PRESSED, SAID, Plan, read_ground
from voxrt.testing.play import play_file

DOCS = Path(__file__).parents[2] / "docs"

FLOORS = """
FLOORS = ["the porter", "Anna", "Boris"]

def on_call(e):
    def on_tone(event):
        e.call.say(f"{FLOORS[int(event.tone)]} is on the way.")
    e.call.addEventListener(CallEvents.ToneReceived, on_tone)
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.handleTones(True)
    e.call.answer()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

AGENT = """
require(Modules.Grok)

async def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="x", model="grok-voice-think-fast-2.0")
    events = Grok.VoiceAgentAPIEvents

    def on_session(event):
        VoxEngine.sendMediaBetween(e.call, client)
        client.responseCreate({})

    client.addEventListener(
        events.ConversationCreated, lambda event: client.sessionUpdate(session={"voice": "ara"})
    )
    client.addEventListener(events.SessionUpdated, on_session)
    {more}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def config(tmp_path, source, **about):
    scenario = tmp_path / "scenario.py"
    scenario.write_text(source)
    for name in ("caller", "agent", "http"):
        if name in about:
            (tmp_path / f"{name}.yaml").write_text(about[name])
            about[name] = tmp_path / f"{name}.yaml"
    return RunConfig(scenarios=(scenario,), speech="synthetic", **about)


def fails_again(found, about, folder):
    """The conversation file that is written fails as a test does, for the same reason."""
    path = write_found(found, about, folder)
    verdict = play_file(path, folder / "again", speech="synthetic")
    return "\n".join(map(str, verdict.failures))


def test_a_key_that_the_scenario_does_not_expect(tmp_path):
    about = config(tmp_path, FLOORS)
    found = explore(about, seed=1, most_moves=4)
    assert isinstance(found, Found)
    assert found.failure.kind == "script error"
    assert found.failure.place == "scenario.py:6"
    (step,) = found.plan.steps
    assert step["press"] in ("#", "12*9")
    assert found.failure.text in fails_again(found, about, tmp_path / "out")


def test_the_same_seed_finds_the_same(tmp_path):
    about = config(tmp_path, FLOORS)
    first, again = (explore(about, seed=6, most_moves=2) for _ in range(2))
    assert (first.documents, first.runs) == (again.documents, again.runs)


def test_what_is_said_and_pressed_is_that_of_the_files(tmp_path):
    about = config(
        tmp_path, "",
        caller="caller: {expect: finished, steps: [say: A table., {press: 7#}, {barge_in: No!}]}",
        agent="rules: [{when: [breakfast, lunch], say: At eight.}, {when: {regex: x}, say: y}]",
    )  # fmt: skip
    ground = read_ground(caller=about.caller, agent=about.agent, said=("Help",), pressed=("0",))
    assert ground.said == ("Help", "breakfast", "lunch", "A table.", "No!")
    assert ground.pressed == ("0", "7#")
    assert ground.people == {"caller": {}}
    bare = read_ground()
    assert (bare.said, bare.pressed) == (SAID, PRESSED)


def test_a_scenario_in_order(tmp_path):
    """With keys that the scenario knows, nothing goes wrong; every run counts once."""
    about = config(tmp_path, FLOORS.replace("int(event.tone)", "0"))
    explorer = explore(about, examples=20, seed=1)
    assert isinstance(explorer, Explorer)
    assert 10 <= explorer.runs <= 25


def test_a_provider_that_closes_the_connection(tmp_path):
    """The conversation is nothing but the fault."""
    more = "client.addEventListener(Grok.Events.WebSocketMediaStarted, lambda _: None)"
    source = AGENT.replace("{more}", more).replace(
        "    client.addEventListener(events.SessionUpdated",
        "    client.addEventListener(\n"
        "        events.WebSocketError, lambda event: VoxEngine.nothing(event)\n    )\n"
        "    client.addEventListener(events.SessionUpdated",
    )
    about = config(tmp_path, source, agent="greeting: Hello.\nfaults: []\n")
    found = explore(about, seed=1, examples=200)
    assert isinstance(found, Found)
    assert "nothing" in found.failure.text
    assert found.plan.steps == []
    (fault,) = found.plan.told["faults"]
    assert fault["fault"] in ("close", "refuse", "end_session", "error")
    assert found.failure.text.split("\n")[0] in fails_again(found, about, tmp_path / "out")


FORWARD = """
def on_call(e):
    out = VoxEngine.callPSTN("15550001", callerid="1")
    out.addEventListener(CallEvents.Connected, lambda _: VoxEngine.sendMediaBetween(e.call, out))
    out.addEventListener(CallEvents.Failed, on_failed)
    e.call.addEventListener(CallEvents.Disconnected, lambda _: {hang_up})
    e.call.answer()

def on_failed(event):
    {on_failed}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
BOB = "parties: [{match: '15550001', name: Bob}]\n"


def test_a_session_that_does_not_end(tmp_path):
    """The caller hangs up, and nobody tells the other phone: it goes on for ever."""
    source = FORWARD.format(hang_up="None", on_failed="VoxEngine.terminate()")
    about = config(tmp_path, source, caller=BOB, longest_s=300)
    found = explore(about, seed=1, most_moves=4)
    assert (found.failure.kind, found.plan.steps) == ("stuck", [])
    assert found.runs < 10
    assert "300 s" in fails_again(found, about, tmp_path / "out")


def test_a_phone_that_does_not_answer(tmp_path):
    source = FORWARD.format(hang_up="VoxEngine.terminate()", on_failed="event.code.upper()")
    about = config(tmp_path, source, caller=BOB)
    found = explore(about, seed=1, most_moves=4)
    assert found.failure.place == "scenario.py:10"
    assert found.plan.told.keys() == {"parties"}
    assert "upper" in fails_again(found, about, tmp_path / "out")


def test_an_answer_that_is_late_or_missing(tmp_path):
    source = """
async def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()
    reply = await Net.httpRequestAsync("https://crm.test/who")
    Logger.write(reply.text["0"] if reply.code != 200 else reply.text)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
    answers = "- {match: https://crm.test/who, reply: {text: Ann}}\n"
    about = config(tmp_path, source, http=answers)
    found = explore(about, seed=1, most_moves=4)
    assert found.failure.kind == "script error"
    (entry,) = found.plan.told["http"]
    assert "error" in entry or entry["delay_ms"] > 0
    assert found.failure.text in fails_again(found, about, tmp_path / "out")


def test_a_session_that_calls_out(tmp_path):
    """The exploration plays the phone that is called."""
    source = """
def on_start(e):
    call = VoxEngine.callPSTN("15550001", callerid="1")
    call.addEventListener(CallEvents.Failed, VoxEngine.terminate)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.MessageReceived, lambda event: int(event.text))

VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
    about = config(tmp_path, source, start=True)
    found = explore(about, seed=1, most_moves=4)
    assert [list(step) for step in found.plan.steps] == [["message"]]
    assert "invalid literal" in fails_again(found, about, tmp_path / "out")


def test_a_check_of_ones_own(tmp_path):
    """It returns or asserts what is wrong; of runs that are wrong anyway it is not asked."""
    asked = []

    def check(run):
        asked.append(run.result.outcome)
        assert not run.of("event", name="Call.OnHold"), "somebody holds"

    about = config(tmp_path, FLOORS.replace("int(event.tone)", "0"))
    found = explore(about, check=check, seed=1)
    assert (found.failure.kind, found.failure.text) == ("check", "somebody holds")
    assert re.fullmatch(r"test_explore\.py:\d+", found.failure.place)
    assert found.plan.steps == ["hold"]
    assert set(asked) == {"normal"}


def test_a_check_from_a_file(tmp_path):
    path = tmp_path / "check.py"
    path.write_text("def check(run):\n    return 'too short' if run.result.record else None\n")
    found = explore(config(tmp_path, FLOORS), check=load_check(path), examples=5, seed=1)
    assert found.failure.text == "too short"
    path.write_text("x = 1\n")
    with pytest.raises(Exception, match=r"check.py: it has no function `check\(run\)`"):
        load_check(path)


def test_a_bug_of_ours_is_found_too(tmp_path, monkeypatch):
    def run(config, watch):
        raise KeyError("gone")

    monkeypatch.setattr(exploring, "run", run)
    found = explore(config(tmp_path, FLOORS), seed=1)
    assert found.failure.kind == "internal error"
    assert found.failure.text == "KeyError: 'gone'"


def test_by_the_clock(tmp_path):
    """Rounds go on while time is left."""
    calm = explore(
        config(tmp_path, FLOORS.replace("int(event.tone)", "0")), seconds=1e-6, most_moves=2
    )
    assert calm.runs >= 1


@pytest.mark.parametrize("name", ["caller", "agent", "http"])
def test_files_that_cannot_be_changed(tmp_path, name):
    about = config(tmp_path, FLOORS)
    path = tmp_path / "given.py"
    path.write_text("")
    with pytest.raises(
        UsageError, match=r"given\.py: an exploration changes .*, so it has to be YAML"
    ):
        explore(RunConfig(scenarios=about.scenarios, **{name: path}))


def test_without_hypothesis(tmp_path, monkeypatch):
    real = builtins.__import__

    def no_hypothesis(name, *rest):
        if name.startswith("hypothesis"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.delitem(sys.modules, "voxrt.testing.explore_machine", raising=False)
    monkeypatch.setattr(builtins, "__import__", no_hypothesis)
    with pytest.raises(UsageError, match="explorations need Hypothesis") as caught:
        explore(config(tmp_path, FLOORS), seed=1)
    assert caught.value.hint == "pip install 'voxrt[explore]'"


def test_files_are_found_from_everywhere(tmp_path):
    """A sound of a party is named by its path; what is in text only looks like one."""
    (tmp_path / "hello.wav").write_bytes(b"")
    text = "parties: [{match: '1', early_media: hello.wav, steps: [{say: hello.wav}]}]"
    (tmp_path / "caller.yaml").write_text(text)
    (party,) = read_ground(caller=tmp_path / "caller.yaml").parties
    assert party["early_media"] == str((tmp_path / "hello.wav").resolve())
    assert party["steps"] == [{"say": "hello.wav"}]


def test_a_plan_can_do_with_less():
    plan = Plan(read_ground())
    plan.step({"say": "Hello?"}, "hang_up")
    plan.over = True
    plan.fault("delay", at="response.created", ms=500)
    plan.fault("delay", at="response.created", ms=900)  # of each kind, only the first
    shorter = [(p.steps, p.told.get("faults"), p.over) for p in plan.shorter()]
    fault = {"fault": "delay", "at": "response.created", "ms": 500}
    assert shorter == [
        (["hang_up"], [fault], True),
        ([{"say": "Hello?"}], [fault], False),
        ([{"say": "Hello?"}, "hang_up"], None, True),
    ]


def test_the_example_of_the_documentation(tmp_path):
    text = (DOCS / "explore.md").read_text(encoding="utf-8")
    (scenario,) = re.findall(r"```js\n(.*?)```", text, re.DOTALL)
    told, shown = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "floors.js"
    path.write_text(scenario)
    about = RunConfig(scenarios=(path,), speech="synthetic")
    found = explore(about, seed=1, most_moves=4)
    assert found.plan.told == yaml.safe_load(told)
    written = yaml.safe_load(write_found(found, about, tmp_path / "out").read_text())
    expected = yaml.safe_load(shown)
    assert {key: written[key] for key in expected} == expected
    assert (tmp_path / "out" / CONVERSATION).is_file()
