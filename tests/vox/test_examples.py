"""The example scenarios, each held to the journal of a run in tests/golden.

After a change that is meant to be seen in them, run with VOXRT_WRITE_GOLDEN=1 and read the diff.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calls import level_of
from examples import EXAMPLES, example_config
from harness import files_of
from journals import GOLDEN, hold

from voxrt.run import run

ROOT = Path(__file__).parents[2]

MUSIC_MS = range(5_400, 10_000, 500)
HOLD_MS = (*range(4_000, 27_000, 500), *range(29_000, 37_000, 500), *range(39_500, 44_000, 500))


def ending_of(name):
    """`.py` or `.js`: what the example is written in."""
    return ".js" if (ROOT / "scenarios" / name / f"{name}.js").is_file() else ".py"


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Runs an example as its docstring says, without encoders and with the synthetic voice."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("voxrt.vox.reel.encoders", set)

    def play(name, out="out", **changes):
        return run(example_config(name, tmp_path / out, **changes))

    return play


def heard(result, by):
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    return [r["text"] for r in records if r["kind"] == "heard" and r["by"] == by]


@pytest.mark.parametrize("name", EXAMPLES)
def test_journal(example, name):
    result = example(name)
    assert result.exit_code == 0
    hold(result, GOLDEN / f"{name}.jsonl")


@pytest.mark.parametrize("name", EXAMPLES)
def test_two_runs_are_the_same_to_the_byte(example, name):
    one, two = example(name), example(name, out="again")
    files = files_of(one.out)
    assert any(path.endswith(".wav") for path in files)
    assert files_of(two.out) == files


def test_the_forwarded_call_is_a_conversation(example):
    result = example("forward")
    assert heard(result, "caller") == ["It is.", "You can have it today.", "See you!"]
    assert heard(result, "party") == [
        "Hello Bob, is the blue bicycle ready?",
        "Wonderful, I'll be there at five.",
    ]
    assert len(list((result.out / "recordings").glob("*.wav"))) == 1


def test_the_menu_answers_keys_of_every_kind(example):
    result = example("menu")
    log = [line for line in result.files["log"].read_text().splitlines() if " key " in line]
    assert [line.rpartition(" key ")[2] for line in log] == ["1 by 1", "5 by 3", "2 by 2", "9 by 1"]
    said = " ".join(heard(result, "caller"))
    for answer in ("ten to six", "nothing behind that key", "twelve Station Road", "Goodbye."):
        assert answer in said


def test_the_music_plays_until_somebody_is_free(example):
    result = example("music")
    log = result.files["log"].read_text()
    assert "ringing bob, 1500 ms into the announcement" in log
    assert heard(result, "caller") == [
        "Welcome to the bicycle shop.",
        "Everybody is busy at the moment, please hold the line.",
        "Thank you for your patience.",
        "You are the next in line.",
        "Bob speaking, thank you for holding.",
        "It is.",
        "You can have it today.",
    ]
    # The melody has no silence of a second in it: it is heard from the welcome to the reminder.
    assert all(level_of(result.out / "call-1.wav", 1, ms, ms + 500) > -40 for ms in MUSIC_MS)
    assert level_of(result.out / "call-1.wav", 1, 16_660, 16_740) == -100.0
    assert level_of(result.out / "call-2.wav", 1, 15_140, 15_240) > -30  # the pip, for both


def test_nobody_is_free(example, tmp_path):
    script = tmp_path / "nobody.yaml"
    script.write_text("caller: {steps: []}\nparties: [{match: bob, busy: true}]\n")
    result = example("music", caller=script)
    assert heard(result, "caller")[-2:] == ["I am sorry, nobody is free today.", "Goodbye."]
    assert result.exit_code == 0


def test_the_queue_finds_somebody_who_answers(example):
    result = example("queue")
    log = result.files["log"].read_text()
    rung = [
        line.partition(" is rung")[0].split()[-1] for line in log.splitlines() if " is rung" in line
    ]
    assert rung == ["Bob", "Carl", "Bob", "Dora"]
    assert heard(result, "caller") == [
        "Welcome to the bicycle shop.",
        "The next free colleague is yours.",
        "You are the next in line.",
        "You are the next in line.",
        "Dora speaking, thank you for holding.",
        "It is.",
        "You can have it today.",
    ]
    # Music from the end of the welcome, but for the announcements, until Dora answers.
    assert all(level_of(result.out / "call-1.wav", 1, ms, ms + 500) > -40 for ms in HOLD_MS)


@pytest.mark.parametrize(
    ("agents", "steps", "said", "logged"),
    [
        ("offline: true", "[]", "We are closed now.", "no agent who could take it is online"),
        ("no_answer: true", "[]", "Nobody is free.", "no agent took it within 180 s"),
        ("no_answer: true", "[{wait: 9000}, hang_up]", "", "the caller did not wait"),
    ],
)
def test_the_queue_finds_nobody(example, tmp_path, agents, steps, said, logged):
    queues, caller = tmp_path / "queues.yaml", tmp_path / "caller.yaml"
    queues.write_text(
        f"agents: [{{user: dora, skills: {{bicycles: 5}}, {agents}}}]\n"
        "queues: [{name: repairs, agents: [dora]}]\n"
    )
    caller.write_text(f"caller: {{steps: {steps}}}\n")
    result = example("queue", queues=queues, caller=caller)
    assert logged in result.files["log"].read_text()
    assert said in " ".join(heard(result, "caller"))
    assert result.exit_code == 0


def test_the_conference_is_moderated(example):
    """Who has no floor is heard by nobody; who speaks does not hear themselves."""
    result = example("conference")
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    people = [call["id"] for call in result.record["calls"] if call["number"] == "18005550100"]
    ann, bob, cid = (
        [
            r["text"]
            for r in records
            if r["kind"] == "heard" and r["call"] == one and r["by"] == "caller"
        ]
        for one in people
    )
    welcome, liked, too = (
        "Good evening, and welcome to the reading club.",
        "I liked the book very much.",
        "So did I.",
    )
    everybody = ann + bob + cid
    assert [everybody.count(text) for text in (welcome, liked, too)] == [2, 2, 2]
    assert welcome not in ann
    assert liked not in bob
    assert too not in cid
    assert "Nobody can hear me yet." not in everybody
    assert "Can I say one more thing?" not in everybody
    assert ["The floor is open." in heard for heard in (ann, bob, cid)] == [True] * 3
    (recording,) = [r for r in records if r["kind"] == "file" and r["what"] == "recording"]
    assert recording["session"] == 2
    assert recording["name"] == "reading club"


def test_the_message_is_recorded_without_its_pause(example):
    result = example("recorder")
    log = result.files["log"].read_text()
    assert "the message is at file:recordings/message_of_15551234567-" in log
    (path,) = (result.out / "recordings").iterdir()
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    began, *marks = [
        r["t"]
        for r in records
        if r.get("name") in ("Recorder.Started", "MuteRecorder", "StopRecorder")
    ]
    pause, goes_on, end = (int(mark - began) + 20 for mark in marks)
    assert level_of(path, 0, 1_000, 1_500) > -40
    assert level_of(path, 0, pause + 20, goes_on - 20) < -90
    assert level_of(path, 0, goes_on + 200, end - 200) > -40


def test_who_hangs_up_before_the_tone_leaves_no_message(example, tmp_path):
    script = tmp_path / "hasty.yaml"
    script.write_text("caller: {steps: [{wait: 1000}, hang_up]}\n")
    result = example("recorder", caller=script)
    assert result.exit_code == 0
    assert not (result.out / "recordings").exists()


def test_the_reminder_is_confirmed(example):
    result = example("reminder")
    assert "The guest: confirmed" in result.files["log"].read_text()
    assert heard(result, "party")[-1] == "Thank you, see you soon."


@pytest.mark.parametrize(
    ("custom_data", "outcome"),
    [(None, "There is nobody to call."), ('{"phone": "x"}', "not reached: 404 Not Found")],
)
def test_the_reminder_without_a_guest(example, custom_data, outcome):
    result = example("reminder", custom_data=custom_data)
    assert outcome in result.files["log"].read_text()
    assert result.exit_code == 0


def events(result, *names):
    """(time, name, role or code) of the call events with these names."""
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    return [
        (r["t"], r["name"].removeprefix("Call."), r["data"].get("role", r["data"].get("code")))
        for r in records
        if r["kind"] == "event" and r["name"].removeprefix("Call.") in names
    ]


def test_the_caller_is_transferred_twice(example):
    """Blindly to sales, who are busy; then attended, with two calls that leave the session."""
    result = example("transfer")
    told = events(result, "TransferFailed", "TransferComplete", "Disconnected")
    assert [entry[1:] for entry in told] == [
        ("TransferFailed", 486), ("TransferComplete", "transferee"), ("TransferComplete", "target"),
        ("Disconnected", None), ("Disconnected", None),
    ]  # fmt: skip
    assert heard(result, "party") == ["Bob, Ann is on the line.", "I connect you."]


def test_nobody_takes_the_transferred_caller(example, tmp_path):
    script = tmp_path / "nobody.yaml"
    script.write_text("caller: {steps: []}\nparties: [{match: '*', fail: unavailable}]\n")
    result = example("transfer", caller=script)
    assert heard(result, "caller")[-1] == "Goodbye."
    assert result.exit_code == 0


def test_music_while_the_colleague_holds(example):
    """What Bob says on hold nobody hears, nor he what Ann says."""
    result = example("hold")
    (on, *_), (off, *_) = events(result, "OnHold", "OffHold")
    assert heard(result, "caller") == ["Let me see, one moment.", "It is ready."]
    music = range(round(on) + 1_000, round(off) - 1_000, 1_000)
    assert all(level_of(result.out / "call-1.wav", 1, ms, ms + 900) > -40 for ms in music)
    assert level_of(result.out / "call-2.wav", 1, 4_500, 6_000) < -60


def log_of(result):
    return [
        r["text"]
        for r in map(json.loads, result.files["journal"].read_text().splitlines())
        if r["kind"] == "log"
    ]


def test_the_menu_by_voice_asks_again(example):
    result = example("voice-menu")
    log = log_of(result)
    assert log[0] == 'heard "hm the opening hours please" (0.94)'
    assert [line.partition(":")[0] for line in log if line.startswith("not")] == [
        "not understood, 1 of 3",
        "not understood, 1 of 3",
    ]
    assert log[-1] == 'heard "that is all goodbye" (0.94)'
    assert heard(result, "caller")[-1] == "Goodbye, and a pleasant ride."


def test_the_menu_by_voice_gives_up(example, tmp_path):
    script = tmp_path / "silent.yaml"
    script.write_text("- wait_for: event Disconnected\n  timeout_ms: 90000\n")
    log = log_of(example("voice-menu", caller=script))
    assert log == [f"not understood, {tries} of 3: silence" for tries in (1, 2, 3)]


def test_the_agent_of_parts_waits_for_the_end_of_the_sentence(example):
    result = example("pipeline")
    assert log_of(result) == ["pauses (0.08)", "finished (0.95)", "finished (0.95)"]
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    asked = [r["body"] for r in records if r["kind"] == "http" and r["state"] == "request"]
    assert [json.loads(body)["said"] for body in asked] == [
        "I would like a table, for two people tonight.",
        "At eight, please.",
    ]
    assert heard(result, "caller")[-1] == "Goodbye!"


def test_the_states_of_the_bank(example):
    result = example("ivr")
    assert log_of(result) == ["once more, 1 of 3: silence after '12'", "a transfer of 150"]
    said = heard(result, "caller")
    assert "Welcome to the" in said  # the keys came in the middle of the second prompt
    assert said[-2:] == ["Thank you for calling.", "Goodbye."]


def test_a_message_is_left_after_the_beep(example):
    result = example("voicemail")
    assert log_of(result) == [
        "VOICEMAIL, 80 percent sure",
        "beep at [1400] Hz",
        "The guest: message left",
    ]
    assert heard(result, "party")[0] == "This is the post office."


def test_a_person_is_told_at_once(example, tmp_path):
    script = tmp_path / "person.yaml"
    script.write_text('parties: [{match: "1*", steps: [{say: "Hello?"}, {wait: 20000}]}]\n')
    result = example("voicemail", caller=script)
    assert log_of(result) == ["HUMAN, 85 percent sure", "The guest: told in person"]
    assert heard(result, "party")[0] == "Hello!"


def test_the_lookup_survives_a_slow_directory(example):
    result = example("lookup")
    assert "The directory: -7 Timeout is reached" in result.files["log"].read_text()
    assert heard(result, "caller")[-1] == "Hello Ann, your bicycle is ready."
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    assert [r["code"] for r in records if r.get("state") == "reply"] == [-7, 200, 201]
    assert [json.loads(r["body"])["name"] for r in records if r["kind"] == "access"] == ["Ann"]
    assert "crm-token-0123" not in result.files["journal"].read_text()


def test_the_lookup_remembers_between_runs(example, tmp_path):
    storage = tmp_path / "shared.sqlite3"
    example("lookup", storage=storage)
    result = example("lookup", out="again", storage=storage)
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    assert [r["method"] for r in records if r.get("state") == "request"] == ["POST"]


@pytest.mark.parametrize("changes", [{"from_": "15550000000"}, {"http": None}])
def test_the_lookup_without_a_name(example, changes):
    result = example("lookup", **changes)
    assert result.exit_code == 0
    assert heard(result, "caller")[-1] == "How can I help?"


@pytest.mark.parametrize(
    ("row", "outcome", "data"),
    [
        (1, "success", {"result": True, "duration": 4}),
        (2, "error", {"error": {"result": False, "code": 486, "msg": "Busy Here"}}),
        (3, "error", {"result": False, "msg": "no answer"}),
        (4, "success", {"result": False, "msg": "NOT_A_NUMBER"}),
    ],
)
def test_each_row_of_the_call_list(example, row, outcome, data):
    record = example("call-list", call_list=row).record["call_list"]
    assert (record["outcome"], record["result_data"]) == (outcome, data)


def test_the_application_is_talked_to_over_the_websocket(example):
    result = example("websocket")
    assert 'Closed with 1000: {"guests":2}' in result.files["log"].read_text()
    assert heard(result, "websocket") == ["A table for two, please."]
    assert heard(result, "caller") == [
        "Good evening, how may I help?",
        "A table for two is yours.",
        "Goodbye.",
    ]


def test_the_application_cannot_be_reached(example):
    result = example("websocket", from_="15557654321", http=None)
    assert "The application cannot be reached" in result.files["log"].read_text()


def logged(result):
    """What the scenarios of all sessions wrote to their logs, in order."""
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    return [r["text"] for r in records if r["kind"] == "log"]


def test_the_opening_hours_are_sent_once(example):
    """The first call sends them, the second finds that noted, the third number takes none."""
    result = example("after-hours")
    assert heard(result, "caller") == [
        "We are closed.",
        "We have sent you our opening hours.",
        "We are closed.",
        "You have our opening hours already.",
        "We are closed.",
        "We are open from nine to five, Monday to Friday.",
    ]


def test_the_line_is_locked_after_three_wrong_codes(example):
    result = example("pin")
    assert logged(result) == [
        "+16502530000, Mountain View, CA",
        "+442083661177, London",
        "wrong code, try 1",
        "wrong code, try 1",
        "wrong code, try 2",
        "wrong code, try 3",
        "mail: 250 ",
        "+442083661177, London",
    ]
    assert ("Call.Disconnected", 403) in [
        (r["name"], r["data"].get("internalCode"))
        for r in map(json.loads, result.files["journal"].read_text().splitlines())
        if r["kind"] == "event"
    ]
    # Neither a code nor a secret is in what the run leaves behind.
    for name in ("journal", "log"):
        text = result.files[name].read_text()
        assert "salt-and-pepper" not in text
        assert "letmein-0123" not in text
        assert '"tone":"4"' not in text


def test_who_waits_in_the_older_queue_is_told_how_long(example):
    result = example("acd")
    assert "anna did not take it: 408" in logged(result)
    assert heard(result, "caller") == [
        "Welcome.",
        "Please hold the line.",
        "You are number 1.",
        "It will take a minute.",
        "Bob speaking.",
        "I will have a look.",
    ]


def test_the_older_queue_is_closed(example, tmp_path):
    queues = tmp_path / "queues.yaml"
    queues.write_text(
        "agents: [{user: anna, offline: true}]\nqueues: [{name: repairs, agents: [anna]}]\n"
    )
    result = example("acd", queues=queues)
    assert heard(result, "caller") == ["We are closed now."]
    assert result.exit_code == 0


def test_the_app_wakes_up_or_whatsapp_is_called(example):
    result = example("softphone")
    assert logged(result) == [
        "push: OK",
        "bob is there, with bicycles 2.1",
        "push: OK",
        "the app of carl: 480 User offline",
        "told by wab",
    ]
    assert heard(result, "caller")[0] == "Bob speaking."
    assert heard(result, "party")[-1].startswith("You have missed a call from 1 5 5 5")


def test_the_visitor_is_shown_and_recorded(example):
    result = example("intercom")
    assert (logged(result)[0], logged(result)[3]) == ("video comes from the flat", "the door opens")
    track = logged(result)[2].removeprefix("the visit: file:")
    recording = result.out / track
    assert level_of(recording, 0, 1_500, 2_500) > -40  # the door
    assert level_of(recording, 1, 200, 700) > -40  # the flat
    assert heard(result, "caller") == ["Who is there?", "Wonderful, come in."]


def test_the_line_is_checked(example):
    result = example("line-check")
    told = logged(result)
    assert told[0] == "HD"
    for text in ("a voice", "silence", "a re-INVITE: audio only", "info: handset"):
        assert text in told
    assert told.index("no packets for a while") < told.index("packets again")
    assert level_of(result.out / "call-1.wav", 1, 200, 900) > -40  # before the answer


def test_the_supervisor_hears_and_speaks(example):
    result = example("supervisor")
    records = [json.loads(line) for line in result.files["journal"].read_text().splitlines()]
    assert [
        json.loads(r["body"])["watchers"] for r in records if r["kind"] == "access" and r["body"]
    ] == [1, 1]
    assert heard(result, "caller")[-2:] == ["The blue one is ready.", "We close in ten minutes."]
    assert logged(result)[-1] == "a watcher left: 1000"
