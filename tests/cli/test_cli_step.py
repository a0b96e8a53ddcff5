"""`voxrt step`: one command at a time, and all that happened before happens again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from voxrt.cli import main as cli
from voxrt.media.wav import WavWriter, read_wav
from voxrt.session.journal import read_journal

MENU = """
def on_call(e):
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.addEventListener(CallEvents.Connected, lambda event: e.call.say("Press a key."))
    e.call.addEventListener(CallEvents.ToneReceived, on_tone)
    e.call.handleTones(True)
    e.call.answer()


def on_tone(e):
    Logger.write(f"key {e.tone}")
    if e.tone == "0":
        e.call.hangup()
    else:
        e.call.say(f"You pressed {e.tone}.")


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLS_OUT = """
def on_started(e):
    call = VoxEngine.callPSTN("15557654321", "18005550100")
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.addEventListener(CallEvents.Connected, lambda event: call.say("Hello there."))


VoxEngine.addEventListener(AppEvents.Started, on_started)
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("menu.py").write_text(MENU)
    Path("out.py").write_text(CALLS_OUT)
    return tmp_path


@pytest.fixture
def step(here, capsys):
    """`step(*words)` does a command in the folder `s`: its answer, the last line apart."""

    def do(*words, code=0):
        assert cli.main(["step", "s", *words]) == code
        *lines, last = map(json.loads, capsys.readouterr().out.splitlines())
        return lines, last

    return do


@pytest.fixture
def refused(capsys):
    """`refused(*words)` is the one message of a command that is refused."""

    def do(*words):
        assert cli.main(["step", *words]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("error: ") == 1
        assert "Traceback" not in captured.err
        return captured.err

    return do


def test_a_session_is_driven_to_its_end(step):
    lines, last = step("start", "menu.py")
    assert last["state"] == "waiting"
    assert last["heard"] == ["Press a key."]
    assert lines[0]["who"] == "session"

    lines, last = step("press", "5")
    assert [line["text"] for line in lines] == [
        "presses 5",
        "digit 5 received",
        "key 5",
        '"You pressed 5."',
    ]
    assert (last["heard"], last["commands"]) == (["You pressed 5."], 2)

    _, last = step("press", "0")
    assert last["state"] == "ended"
    assert (last["outcome"], last["finish_reason"]) == ("normal", "Normal termination")


def test_time_passes_only_while_a_command_is_carried_out(step):
    _, first = step("start", "menu.py")
    lines, last = step("wait", "2500")
    assert lines == []
    assert last["at_ms"] == pytest.approx(first["at_ms"] + 2_500, abs=100)
    assert step()[1] == {**last, "heard": []}


def test_all_that_happened_before_happens_again(step):
    seen = []
    for words in (["start", "menu.py"], ["press", "1"], ["say", "Hm."], ["hang_up"]):
        lines, last = step(*words, "--records")
        seen += lines
        assert len(seen) == last["records"]
    assert [record["n"] for record in seen] == list(range(1, len(seen) + 1))
    journal = read_journal(Path("s/journal.jsonl"))
    assert seen == journal


def test_the_same_commands_give_the_same_bytes(step):
    def journal():
        step("start", "menu.py")
        step("press", "1")
        return Path("s/journal.jsonl").read_bytes()

    assert journal() == journal()


def test_a_command_can_be_taken_back(step):
    step("start", "menu.py")
    _, before = step("press", "1")
    step("press", "0")
    lines, last = step("undo")
    assert lines == []
    assert (last["state"], last["records"]) == ("waiting", before["records"])
    assert step("press", "2")[1]["heard"] == ["You pressed 2."]
    step("undo", "2")
    assert step("press", "3")[1]["commands"] == 2


def test_without_listening_the_next_command_comes_at_once(step):
    step("start", "menu.py")
    _, last = step("press", "1", "--no-listen")
    assert last["heard"] == []
    assert step("wait_for", "agent_turn")[1]["heard"] == ["You pressed 1."]


def test_keys_of_a_step_and_lists_of_steps(step):
    step("start", "menu.py")
    lines, _ = step("press", "7", "--with", "kind=info")
    assert any(line["text"] == "digit 7 received" for line in lines)
    _, last = step("steps", "[{press: '1'}, {wait_for: agent_turn}, hang_up]")
    assert (last["heard"], last["state"]) == (["You pressed 1."], "ended")


def test_the_steps_are_those_of_a_caller_script(step, capsys):
    step("start", "menu.py")
    step("press", "12", "--no-listen")
    step("hang_up")
    cli.main(["step", "s", "script"])
    Path("caller.yaml").write_text(capsys.readouterr().out)
    assert cli.main(["run", "menu.py", "--caller", "caller.yaml", "--out", "r", "-q"]) == 0
    ours = [r for r in read_journal(Path("s/journal.jsonl")) if r["kind"] in ("event", "note")]
    theirs = [r for r in read_journal(Path("r/journal.jsonl")) if r["kind"] in ("event", "note")]
    assert ours == theirs


def test_an_edited_scenario_says_where_it_differs(step):
    step("start", "menu.py")
    step("press", "1")
    assert step("again")[0] == []
    Path("menu.py").write_text("\n" + MENU)  # every line is another one, and does the same
    assert step("again")[0] == []
    Path("menu.py").write_text(MENU.replace("You pressed", "That was"))
    (differs, *lines), last = step("again")
    assert differs["before"]["n"] == differs["now"]["n"] == differs["differs_at"]
    assert "You pressed" in json.dumps(differs["before"])
    assert "That was" in json.dumps(differs["now"])
    assert lines[-1]["text"] == '"That was 1."'
    assert last["heard"] == ["That was 1."]
    assert step("again")[0] == []


def test_without_a_call_the_steps_are_those_of_who_is_called(step):
    _, last = step("start", "out.py", "--without-call")
    assert last["heard"] == ["Hello there."]
    lines, last = step("hang_up")
    assert any(line["text"] == "hangs up" for line in lines)
    assert last["state"] == "ended"


def test_a_session_begins_at_a_date_and_as_one_of_a_conference(step, here):
    given = ("--without-call", "--conference", "room", "--date", "2026-03-06T22:30")
    _, last = step("start", "out.py", *given)
    assert last["state"] == "waiting"
    step("hang_up")
    (session,) = here.glob("*/session.log")
    text = session.read_text()
    assert text.startswith("2026-03-06 22:30:00.000 ")
    assert "conference_name = room" in text


def test_people_of_a_caller_script_keep_their_names(step):
    Path("who.yaml").write_text("caller: {name: Ann, number: '15551112222', steps: [hang_up]}\n")
    lines, last = step("start", "menu.py", "--caller", "who.yaml")
    assert any("15551112222 (Ann) calls" in line["text"] for line in lines)
    assert last["state"] == "waiting"


def test_a_scenario_that_fails_ends_the_session(step):
    Path("bad.py").write_text(MENU.replace("Logger.write", "Loger.write"))
    step("start", "bad.py")
    lines, last = step("press", "1", code=1)
    assert any(line["who"] == "error" and line["aside"].endswith("bad.py:11") for line in lines)
    assert (last["state"], last["outcome"]) == ("ended", "script error")


def test_a_command_that_is_wrong_changes_nothing(step, refused):
    _, before = step("start", "menu.py")
    state = Path("s/step.json").read_bytes()
    assert "Did you mean `say`?" in refused("s", "sya", "hello")
    assert "whole number" in refused("s", "wait", "long")
    assert "`hang_up` takes nothing" in refused("s", "hang_up", "now")
    assert "--with takes KEY=VALUE" in refused("s", "press", "1", "--with", "kind")
    assert "there is no such file" in refused("s", "play", "missing.wav")
    assert "goes with `start` only" in refused("s", "say", "hi", "--seed", "2")
    assert "can be taken back" in refused("s", "undo")
    assert "takes a number" in refused("s", "undo", "x")
    assert Path("s/step.json").read_bytes() == state
    assert step()[1]["records"] == before["records"]


def test_after_the_end_there_is_only_a_way_back(step, refused):
    step("start", "menu.py")
    step("hang_up")
    assert "has ended" in refused("s", "say", "hello")
    assert step("undo")[1]["state"] == "waiting"


def test_a_folder_without_a_session_says_how_to_begin_one(here, refused):
    assert "voxrt step nowhere start" in refused("nowhere", "say", "hello")
    assert "no scenario was given" in refused("s", "start")


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 9}', '{"format": 1, "x": 2}'])
def test_a_damaged_state_is_one_error(here, refused, text):
    Path("s").mkdir()
    Path("s/step.json").write_text(text)
    assert "step.json" in refused("s", "say", "hello")


def test_the_values_of_secrets_are_not_kept(step, refused, monkeypatch):
    assert "would have the secret's value" in refused("s", "start", "menu.py", "--secret", "A=b1c2")
    monkeypatch.setenv("TOKEN", "b1c2d3e4")
    step("start", "menu.py", "--secret", "TOKEN")
    assert not [p for p in Path("s").rglob("*") if p.is_file() and b"b1c2d3e4" in p.read_bytes()]


def test_sounds_are_looked_for_where_the_session_began(step, here, monkeypatch):
    with WavWriter("tone.wav", 8_000) as wav:
        wav.append(b"\0\20" * 8_000)
    step("start", "menu.py")
    (here / "elsewhere").mkdir()
    monkeypatch.chdir(here / "elsewhere")
    assert cli.main(["step", "../s", "play", "tone.wav", "--no-listen"]) == 0


def test_the_recording_goes_up_to_the_present(step):
    step("start", "menu.py")
    _, last = step("wait", "1234")
    wav = read_wav(Path("s/call-1.wav"))
    assert wav.duration_us / 1000 == pytest.approx(last["at_ms"], abs=20)
