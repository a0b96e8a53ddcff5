"""Several sessions in one run: calls into conferences, further callers, and who is who."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from calls import level_of
from harness import files_of, play_in
from room import TONES_HZ, hears

from voxrt.errors import ScenarioSyntaxError
from voxrt.legs.builder import caller, party
from voxrt.media.codecs import tone
from voxrt.media.wav import WavWriter
from voxrt.replay.config import Given
from voxrt.replay.replay import replay
from voxrt.run import RunConfig, run
from voxrt.run.config import Project
from voxrt.scenario.project import open_project

#: One file for both rules: who dials `room` is in the conference, everybody else is sent there.
ENTRY = """
def on_call(e):
    Logger.write(f"entry {e.destination} from {e.callerid}")
    room = VoxEngine.callConference("room", e.callerid, e.displayName, {"X-Who": e.displayName})
    for name in ("Ringing", "AudioStarted", "Connected", "Failed", "Disconnected"):
        room.addEventListener(CallEvents[name], lambda e: Logger.write(f"{e.name} {e.code}"))
    VoxEngine.easyProcess(e.call, room)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
ROOM = """
require(Modules.Conference)
conference = VoxEngine.createConference()
calls = []

def on_call(e):
    call = e.call
    Logger.write(f"room {e.destination} from {e.callerid} {e.displayName} {e.headers['X-Who']}")
    calls.append(call)
    call.addEventListener(CallEvents.Connected, lambda e: joined(call))
    call.addEventListener(CallEvents.Disconnected, lambda e: left(call))
    call.answer()

def joined(call):
    VoxEngine.sendMediaBetween(call, conference)

def left(call):
    calls.remove(call)
    Logger.write(f"left, {len(calls)} remain")
    if not calls:
        VoxEngine.terminate()

def on_start(e):
    Logger.write(f"the room {e.conference_name} has begun, log {e.logURL}")

VoxEngine.addEventListener(AppEvents.Started, on_start)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
#: The middle of the second in which all three speak.
ALL_MS = (900, 1_100)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes a project with rules, and runs it with these people."""
    monkeypatch.chdir(tmp_path)

    def play(files, *people, rules=None, to="100", **config):
        folder = tmp_path / "voxfiles/applications/app"
        sources = folder / "scenarios/src"
        sources.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (sources / f"{name}.py").write_text(text)
        rules = rules or [
            {"ruleName": "in", "scenarios": ["entry"], "rulePattern": "1.*"},
            {
                "ruleName": "rooms",
                "scenarios": ["room"],
                "rulePattern": "room",
                "videoConference": True,
            },
        ]
        (folder / "rules.config.json").write_text(json.dumps(rules))
        (folder / "application.config.json").write_text('{"applicationName": "app"}')
        application = open_project(tmp_path, None, {})
        script = people[0].script(*people[1:])
        monkeypatch.setattr("voxrt.run.cast.read_caller", lambda config: script)
        settings = {
            "scenarios": (sources / "entry.py",),
            "rule": "in",
            "to": to,
            "project": Project(application=application),
            "out": tmp_path / "run",
            "speech": "synthetic",
            **config,
        }
        records = []
        result = run(RunConfig(**settings), records.append)
        return result, json.loads(json.dumps(records))

    return play


def person(tmp_path, name, at_ms=0, **about):
    """Somebody who speaks a tone from 800 ms after the run's begin for a second."""
    path = tmp_path / f"{name}.wav"
    writer = WavWriter(path, 48_000, 1)
    writer.append(tone([TONES_HZ[name]], 48_000, 1_000, level_dbfs=-20.0))
    writer.close()
    who = caller(name=name, number=f"555{name}", after_ms=at_ms, client_type="user", **about)
    return who.wait(700 - at_ms).play(path, name).wait(500).hang_up()


@pytest.fixture
def three(tmp_path):
    return [person(tmp_path, name, 100 * i) for i, name in enumerate(TONES_HZ)]


def logs(records, session=None):
    return [
        record["text"]
        for record in records
        if record["kind"] == "log" and record.get("session") == session
    ]


def test_three_callers_meet_in_one_conference(project, three):
    result, records = project({"entry": ENTRY, "room": ROOM}, *three)
    assert result.exit_code == 0, [r for r in records if r["kind"] == "error"]
    assert logs(records, 2)[:4] == [
        "the room room has begun, log file:session-2.log",
        "room room from 555ann ann ann",
        "room room from 555bob bob bob",
        "room room from 555cid cid cid",
    ]
    assert logs(records, 2)[4:] == ["left, 2 remain", "left, 1 remain", "left, 0 remain"]
    assert result.record["sessions"] == [
        {"session": 1, "rule": "in", "finish_reason": "Normal termination"},
        {
            "session": 2,
            "rule": "rooms",
            "conference": "room",
            "finish_reason": "Normal termination",
        },
        {"session": 3, "rule": "in", "finish_reason": "Normal termination"},
        {"session": 4, "rule": "in", "finish_reason": "Normal termination"},
    ]


def test_started_as_by_start_conference(project, tmp_path):
    """Everybody is in the session that was begun by name, without a call and without its rule's
    pattern; it gets `Started` alone, once."""
    rules = [
        {"ruleName": "rooms", "scenarios": ["room"], "rulePattern": "nothing"},
        {"ruleName": "in", "scenarios": ["entry"], "rulePattern": "1.*"},
    ]
    files = {"entry": ENTRY, "room": ROOM}
    options = {"start": True, "conference": "room", "rule": "rooms", "to": None}
    options["scenarios"] = (Path("voxfiles/applications/app/scenarios/src/room.py"),)
    people = [person(tmp_path, name, 100 * i, to="100") for i, name in enumerate(TONES_HZ)]
    result, records = project(files, caller(), *people, rules=rules, **options)
    assert logs(records) == [
        "the room room has begun, log file:session.log",
        "room room from 555ann ann ann",
        "room room from 555bob bob bob",
        "room room from 555cid cid cid",
        *("left, 2 remain", "left, 1 remain", "left, 0 remain"),
    ]
    events = [r["name"] for r in records if r.get("unit") == "application" and "session" not in r]
    assert events == [
        "Application.Started",
        *["Application.CallAlerting"] * 3,
        "Application.Terminating",
        "Application.Terminated",
    ]
    assert result.record["sessions"][0] == {
        "session": 1,
        "rule": "rooms",
        "conference": "room",
        "finish_reason": "Normal termination",
    }


def test_started_as_by_start_conference_and_nobody_calls(play, tmp_path):
    """The order of a session's beginning: `Started` with the name, no call, the end after 60 s."""
    played = play(ROOM, start=True, conference="room")
    begun = [record for record in played.of("event") if record["unit"] == "application"]
    events = [(r["name"], r["t"], r["data"].get("conference_name")) for r in begun]
    assert events == [
        ("Application.Started", 0.0, "room"),
        ("Application.Terminating", 60_000.0, None),
        ("Application.Terminated", 60_000.0, None),
    ]
    replayed = replay(played.result.out, Given(out=tmp_path / "again"))
    assert replayed.comparison.divergences == ()
    assert replayed.comparison.compared > 3


def test_each_hears_the_others_and_not_itself(project, three):
    result, records = project({"entry": ENTRY, "room": ROOM}, *three)
    begun = [r["t"] for r in records if r.get("name") == "Application.CallAlerting"]
    calls = result.record["calls"]
    people = [
        (number, call["number"]) for number, call in enumerate(calls) if call["number"] == "100"
    ]
    assert len(people) == 3
    for (number, _), name, at_ms in zip(people, TONES_HZ, (0, 100, 200), strict=True):
        path = result.out / f"call-{number + 1}.wav"
        stretch = [ms - at_ms for ms in ALL_MS]
        assert hears(path, 0, *stretch) == {name}
        assert hears(path, 1, *stretch) == set(TONES_HZ) - {name}
    assert begun[0] == 0.0


def test_the_calls_events_on_both_sides(project, tmp_path):
    room = ROOM.replace("    call.answer()", "    call.ring()\n    setTimeout(call.answer, 300)")
    result, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    assert logs(records) == [
        "entry 100 from 555ann",
        "Call.Ringing None",
        "Call.Connected None",
    ]
    connected = {
        record.get("session"): record["t"]
        for record in records
        if record.get("name") == "Call.Connected" and "X-Who" not in str(record["data"])
    }
    assert set(connected) == {None, 2}
    assert result.exit_code == 0


def test_the_first_session_says_nothing_of_sessions(project, tmp_path):
    _, records = project({"entry": ENTRY, "room": ROOM}, person(tmp_path, "ann"))
    numbers = {record.get("session") for record in records}
    assert numbers == {None, 2}
    first = [record for record in records if "session" not in record]
    assert first[0]["kind"] == "run"
    assert first[-1]["kind"] == "result"


def test_each_session_has_its_own_log(project, tmp_path):
    result, _ = project({"entry": ENTRY, "room": ROOM}, person(tmp_path, "ann"))
    first = result.files["log"].read_text()
    second = result.files["log 2"].read_text()
    assert "entry 100" in first
    assert "the room" not in first
    assert "the room room has begun" in second
    assert "entry" not in second
    assert "VoxEngine version" in second.splitlines()[0]
    assert second.splitlines()[-1].endswith("Session terminated")


def test_each_session_has_its_own_scope(project, tmp_path):
    entry = "seen = 'entry'\n" + ENTRY
    room = "Logger.write('seen' in globals())\n" + ROOM
    _, records = project({"entry": entry, "room": room}, person(tmp_path, "ann"))
    assert logs(records, 2)[0] == "false"


def test_two_runs_are_the_same(project, three):
    def files():
        result, _ = project({"entry": ENTRY, "room": ROOM}, *three)
        return files_of(result.out)

    first = files()
    assert len(first) > 8
    assert files() == first


def test_the_conference_hangs_up(project, tmp_path):
    room = ROOM + "\nsetTimeout(lambda: [call.hangup() for call in list(calls)], 500)\n"
    _, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    ended = [r for r in records if r.get("name") == "Call.Disconnected"]
    assert len(ended) == 3  # both sides of the trunk, and the caller with the session
    assert ended[0]["session"] == 2
    assert ended[1]["data"]["reason"] == "BYE received"


def test_the_session_of_the_conference_ends(project, tmp_path):
    """By its own terminate: the callers are hung up, and the next call begins a new one."""
    room = ROOM + "\nsetTimeout(VoxEngine.terminate, 300)\n"
    people = [person(tmp_path, "ann"), person(tmp_path, "bob", 600)]
    result, records = project({"entry": ENTRY, "room": room}, *people)
    rooms = [one["session"] for one in result.record["sessions"] if "conference" in one]
    assert rooms == [2, 4]
    assert logs(records, 2)[1].endswith("ann ann")
    assert logs(records, 4)[1].endswith("bob bob")


@pytest.mark.parametrize(
    ("answer", "code", "reason"),
    [
        ("call.reject(402)", 402, "Payment Required"),
        ("call.reject(403)", 403, "Forbidden"),
        ("call.reject(404)", 404, "Not Found"),
        ("call.reject(480)", 480, "Temporarily Unavailable"),
        ("call.reject(486)", 486, "Busy Here"),
        ("call.reject(487)", 487, "Request Terminated"),
        ("call.reject(503)", 503, "Service Unavailable"),
        ("call.reject(603)", 603, ""),
        ("call.reject()", 603, ""),
        ("call.hangup()", 603, ""),
        ("VoxEngine.terminate()", 603, ""),
        ("call.ring()", 408, ""),
    ],
)
def test_the_conference_refuses(project, tmp_path, answer, code, reason):
    room = ROOM.replace("call.answer()", answer)
    _, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    failed = [r for r in records if r.get("name") == "Call.Failed"]
    assert [(r["data"]["code"], r["data"]["reason"]) for r in failed] == [(code, reason)]


def test_headers_of_a_refusal_and_of_the_end(project, tmp_path):
    """They come from one session into the other, as between two SIP servers."""
    room = ROOM.replace("call.answer()", "call.reject(403, {'X-Why': 'full', 'Via': 'no'})")
    _, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    (failed,) = [r["data"] for r in records if r.get("name") == "Call.Failed"]
    assert (failed["code"], failed["reason"]) == (403, "Forbidden")
    assert failed["headers"] == {"X-Why": "full"}
    room = ROOM + "\nsetTimeout(lambda: calls[0].hangup({'X-Why': 'late'}), 900)\n"
    _, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    ended = [r["data"] for r in records if r.get("name") == "Call.Disconnected"]
    assert [data["headers"] for data in ended[:2]] == [{}, {"X-Why": "late"}]


def test_a_call_into_a_conference_says_so_at_both_ends(project, tmp_path):
    shown = "    Logger.write([e.call.is_conf, room.is_conf])\n    VoxEngine.easyProcess"
    entry = ENTRY.replace("    VoxEngine.easyProcess", shown)
    appended = "    calls.append(call)"
    room = ROOM.replace(appended, f"    Logger.write([call.is_conf])\n{appended}")
    _, records = project({"entry": entry, "room": room}, person(tmp_path, "ann"))
    assert "[false,true]" in logs(records)
    assert "[true]" in logs(records, 2)
    answers = [r["params"][0]["parameters"] for r in records if r.get("name") == "AcceptCall"]
    assert [list(given) for given in answers] == [[], ["displayName"]]  # no codecs of a conference


WISHES = """
def joined(call):
    for name in ("ReInviteReceived", "BlindTransferRequested"):
        call.addEventListener(CallEvents[name], lambda e: wished(call, e))
    call.handleBlindTransfer(True)

def wished(call, e):
    Logger.write(f"{e.name} {e.mimeType} {e.body} {e.transferTo} {e.headers['X-A']}")
    {answer}
"""
WISHING = """
def on_call(e):
    e.call.answer()
    room = VoxEngine.callConference("room", "1", "Ann", {"X-Who": "ann"})
    for name in ("ReInviteAccepted", "ReInviteRejected", "TransferComplete", "TransferFailed"):
        room.addEventListener(CallEvents[name], tell)
    room.addEventListener(CallEvents.Connected, lambda _: wish(e.call, room))
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)

def tell(e):
    Logger.write(f"{e.name} {e.code} {e.reason} {e.mimeType} {e.body}")

def wish(call, room):
    {wish}

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
REINVITE = "room.reInvite({'X-A': 'b'}, 'application/sdp', 'v=0')"
TRANSFER = "room.transferTo(to='1555', headers={'X-A': 'b'})"


@pytest.mark.parametrize(
    ("wish", "answer", "there", "back"),
    [
        (
            REINVITE,
            "call.acceptReInvite({}, 'application/sdp', 'v=1')",
            "Call.ReInviteReceived application/sdp v=0 None b",
            "Call.ReInviteAccepted None None application/sdp v=1",
        ),
        (
            REINVITE,
            "call.rejectReInvite({}, {'code': 488, 'reason': 'no'})",
            "Call.ReInviteReceived application/sdp v=0 None b",
            "Call.ReInviteRejected 488 no None None",
        ),
        (
            TRANSFER,
            "call.notifyBlindTransferSuccess()",
            "Call.BlindTransferRequested None None 1555 b",
            "Call.TransferComplete None None None None",
        ),
        (
            TRANSFER,
            "call.notifyBlindTransferFailed(486, 'busy')",
            "Call.BlindTransferRequested None None 1555 b",
            "Call.TransferFailed 486 busy None None",
        ),
        (
            "room.transferTo(call=call)",
            "pass",
            None,
            "Call.TransferFailed 501 Not Implemented None None",
        ),
    ],
)
def test_what_the_two_ends_ask_of_each_other(project, tmp_path, wish, answer, there, back):
    """A re-INVITE or a transfer asked for in one session is an event in the other."""
    room = ROOM + WISHES.replace("{answer}", answer)
    entry = WISHING.replace("{wish}", wish)
    _, records = project({"entry": entry, "room": room}, person(tmp_path, "ann"))
    assert [text for text in logs(records, 2) if text.startswith("Call.")] == [there] * bool(there)
    assert logs(records) == [back]
    assert [r["text"] for r in records if r["kind"] == "error"] == []


def test_somebody_stands_for_the_conference(project, tmp_path):
    """A party of that kind: there is no other session."""
    who = party("room", kind="conference", headers={"X-P": "2"}).say("Welcome.").wait(9_000)
    people = [caller(name="ann", number="555ann").wait(3_000).hang_up(), who]
    result, records = project({"entry": ENTRY, "room": ROOM}, *people)
    assert "sessions" not in result.record
    assert [text for text in logs(records) if text.startswith("Call.")] == [
        "Call.Ringing None",
        "Call.Connected None",
    ]
    heard = [r["text"] for r in records if r["kind"] == "heard" and r["by"] == "caller"]
    assert heard == ["Welcome."]


def test_others_do_not_stand_for_a_conference(project, tmp_path):
    people = [person(tmp_path, "ann"), party("*"), party("hall", kind="conference")]
    _, records = project({"entry": ENTRY, "room": ROOM}, *people)
    assert logs(records, 2)[1].startswith("room room from 555ann")


def test_nobody_listens_there(project, tmp_path):
    _, records = project({"entry": ENTRY, "room": "pass"}, person(tmp_path, "ann"))
    assert logs(records, 2) == ["Unhandled CallAlerting event"]
    assert [r["data"]["code"] for r in records if r.get("name") == "Call.Failed"] == [603]


def test_no_rule_takes_it(project, tmp_path):
    rules = [{"ruleName": "in", "scenarios": ["entry"], "rulePattern": "1.*"}]
    _, records = project({"entry": ENTRY}, person(tmp_path, "ann"), rules=rules)
    assert [r["data"]["code"] for r in records if r.get("name") == "Call.Failed"] == [404]
    (warning,) = [r for r in records if r["kind"] == "warning"]
    assert "no session begins for a call to room: no rule takes room" in warning["text"]


@pytest.mark.parametrize("room", ["def (", "1 / 0"])
def test_the_scenario_of_the_conference_is_broken(project, tmp_path, room):
    result, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    (failed,) = [r for r in records if r.get("name") == "Call.Failed"]
    assert failed["data"]["code"] == (404 if "def" in room else 503)
    if "def" in room:
        (warning,) = [r for r in records if r["kind"] == "warning"]
        assert ScenarioSyntaxError.code in warning["text"] or "syntax" in warning["text"]
    else:
        assert result.outcome == "script error"


def test_the_caller_gives_up_before_the_answer(project, tmp_path):
    room = ROOM.replace("    call.answer()\n", "")
    who = person(tmp_path, "ann", patience_ms=1_000)
    _, records = project({"entry": ENTRY, "room": room}, who)
    ended = [r for r in records if r.get("name") in ("Call.Disconnected", "Call.Failed")]
    there = [r for r in ended if r.get("session") == 2]
    assert [r["data"]["internalCode"] for r in there] == [487]


def test_a_call_that_is_hung_up_at_once_begins_no_session(project, tmp_path):
    entry = ENTRY.replace("    VoxEngine.easyProcess(e.call, room)", "    room.hangup()")
    result, records = project({"entry": entry, "room": ROOM}, person(tmp_path, "ann"))
    assert [r["data"]["code"] for r in records if r.get("name") == "Call.Failed"] == [487]
    assert "sessions" not in result.record


@pytest.mark.parametrize("ms", [0, 1, 10, 19, 20, 21, 25, 40, 100])
def test_hang_up_at_every_moment(project, tmp_path, ms):
    """Whichever moment it is, each of the two calls ends once, and both sessions end."""
    entry = ENTRY.replace(
        "    VoxEngine.easyProcess(e.call, room)", f"    setTimeout(room.hangup, {ms})"
    )
    result, records = project({"entry": entry, "room": ROOM}, person(tmp_path, "ann"))
    ends = [
        (record.get("session"), record["id"])
        for record in records
        if record.get("name") in ("Call.Failed", "Call.Disconnected")
    ]
    assert len(set(ends)) == len(ends) == 3
    assert result.outcome == "normal"


def test_keys_and_messages_go_through(project, tmp_path):
    entry = ENTRY.replace(
        "    VoxEngine.easyProcess(e.call, room)",
        """    e.call.answer()
    def talk(e):
        room.sendDigits("1p#")
        room.sendMessage("hello")
        room.sendInfo("text/plain", "body", {"X-A": "b"})
        setTimeout(VoxEngine.terminate, 2000)
    room.addEventListener(CallEvents.Connected, talk)""",
    )
    room = ROOM.replace(
        "    call.answer()",
        """    call.handleTones(True, DTMFType.ALL)
    note = lambda e: Logger.write(f"{e.name} {e.tone} {e.text} {e.body}")
    for name in ("ToneReceived", "MessageReceived", "InfoReceived"):
        call.addEventListener(CallEvents[name], note)
    call.answer()""",
    )
    _, records = project({"entry": entry, "room": room}, person(tmp_path, "ann"))
    told = [line for line in logs(records, 2) if line.startswith("Call.")]
    assert sorted(told) == [
        "Call.InfoReceived None None body",
        "Call.MessageReceived None hello None",
        "Call.ToneReceived # None None",
        "Call.ToneReceived 1 None None",
    ]


@pytest.mark.parametrize("handles", [True, False])
def test_keys_in_the_sound_are_taken_out_of_a_call_from_another_session(project, tmp_path, handles):
    """They are in it as they left the phone; the other session hears them, or is told them."""
    entry = ENTRY.replace(
        "VoxEngine.easyProcess(e.call, room)",
        """e.call.answer()
    VoxEngine.sendMediaBetween(e.call, room)
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)""",
    )
    room = ROOM.replace(
        "    call.answer()",
        f"""    call.handleTones({handles}, DTMFType.ALL)
    call.addEventListener(CallEvents.ToneReceived, lambda e: Logger.write(f"{{e.tone}} {{e.type}}"))
    call.answer(); call.sendMediaTo(call)""",
    ).replace("    VoxEngine.sendMediaBetween(call, conference)", "    pass")
    who = caller(name="ann").wait(500).press("12", kind="inband").wait(1_500).hang_up()
    result, records = project({"entry": entry, "room": room}, who)
    told = [line for line in logs(records, 2) if line in ("1 2", "2 2")]
    assert told == (["1 2", "2 2"] if handles else [])
    said, echo = (level_of(tmp_path / "run/call-1.wav", side, 500, 1_400) for side in (0, 1))
    assert said > -20
    assert (said - echo > 6) == handles  # the clicks of 26 ms are left
    assert result.outcome == "normal"


def test_the_flag_of_the_rule_allows_endpoints(project, tmp_path):
    room = ROOM.replace("VoxEngine.sendMediaBetween(call, conference)", "conference.add(call=call)")
    room += """
for name in ("EndpointAdded", "ConferenceError"):
    conference.addEventListener(ConferenceEvents[name], lambda e: Logger.write(e.name))
"""
    _, records = project({"entry": ENTRY, "room": room}, person(tmp_path, "ann"))
    assert "Conference.EndpointAdded" in logs(records, 2)


def test_a_plain_run_has_the_same_files_in_every_session(tmp_path):
    """The scenario tells by the destination which of the two it is."""
    scenario = """
    def on_call(e):
        Logger.write(f"to {e.destination}")
        if e.destination == "room":
            e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
            e.call.answer()
        else:
            VoxEngine.easyProcess(e.call, VoxEngine.callConference("room", e.callerid, ""))
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play_in(tmp_path, scenario, caller="[{wait: 500}, hang_up]")
    assert played.errors == []
    assert played.logs == ["to 18005550100", "to room"]
    assert [one["session"] for one in played.result.record["sessions"]] == [1, 2]


def test_a_conference_that_calls_itself_comes_to_an_end(tmp_path):
    """A scenario that forgets to look at the destination runs into the platform's limits."""
    scenario = """
    def on_call(e):
        VoxEngine.easyProcess(e.call, VoxEngine.callConference("room", e.callerid, ""))
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play_in(tmp_path, scenario, caller="[hang_up]")
    codes = [record["data"]["code"] for record in played.of("event") if "code" in record["data"]]
    assert 403 in codes
    assert played.result.outcome == "normal"


def test_ever_new_conferences_come_to_an_end(tmp_path):
    scenario = """
    def on_call(e):
        VoxEngine.callConference(e.destination + "x", e.callerid, "")
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play_in(tmp_path, scenario, caller="[hang_up]")
    assert len(played.result.record["sessions"]) == 100
    assert "a run has at most 100 sessions" in played.warnings[-1]


def test_further_callers_from_a_file(tmp_path):
    """Each call begins a session, at its time, with the number that it dials."""
    people = """
    caller: {number: "1", steps: [hang_up]}
    callers:
      - {number: "2", after_ms: 3000, steps: [hang_up]}
      - {number: "3", after_ms: 1000, to: "77", steps: [hang_up]}
    """
    scenario = """
    def on_call(e):
        Logger.write(f"{e.callerid} dials {e.destination}")
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        e.call.answer()
    VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
    """
    played = play_in(tmp_path, scenario, caller=people)
    assert played.errors == []
    assert [
        (record["t"], record["text"], record.get("session")) for record in played.of("log")
    ] == [
        (0.0, "1 dials 18005550100", None),
        (1_000.0, "3 dials 77", 2),
        (3_000.0, "2 dials 18005550100", 3),
    ]


def test_an_interruption_of_time_ends_all_sessions(project, three):
    room = ROOM.replace("VoxEngine.terminate()", "pass")
    result, records = project({"entry": ENTRY, "room": room}, *three, longest_s=1)
    assert result.outcome == "failed"
    ended = [r for r in records if r["kind"] == "session" and r["state"] == "terminated"]
    assert len(ended) == 4


def test_in_javascript(tmp_path):
    scenario = """
    let rooms = 0;
    VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
      Logger.write(`${e.destination} ${++rooms} ${e.displayName}`);
      if (e.destination === 'room') {
        e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
        e.call.answer();
        return;
      }
      const room = VoxEngine.callConference('room', e.callerid, 'Ann', {'X-A': 'b'});
      VoxEngine.easyProcess(e.call, room);
    });
    """
    played = play_in(tmp_path, scenario, ending="js", caller="[{wait: 500}, hang_up]")
    assert played.errors == []
    assert played.logs == ["18005550100 1 ", "room 1 Ann"]


REQUESTED = """
def on_call(e):
    e.call.answer()
    if e.destination != "room":
        setTimeout(lambda: VoxEngine.callConference("room", e.callerid, ""), 500)
    setTimeout(VoxEngine.terminate, 5000)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: Logger.write(f"asked {e.content}"))
VoxEngine.addEventListener(
    AppEvents.WebSocket, lambda e: Logger.write(f"a client at {e.path.rpartition('/')[2]}"))
VoxEngine.allowWebSocketConnections()
"""


def test_requests_and_clients_of_any_session(tmp_path):
    """By its number, or by the identifier of its conference."""
    outside = """
    requests:
      - {at_ms: 2000, text: the first}
      - {at_ms: 2000, session: 2, text: the second}
      - {at_ms: 2000, session: room, text: the room}
    clients:
      - {at_ms: 2500, session: room, path: /supervisor}
    """
    played = play_in(tmp_path, REQUESTED, caller="[{wait: 9000}]", http=outside)
    told = [(record.get("session", 1), record["text"]) for record in played.of("log")]
    assert told == [
        (1, "asked the first"),
        (2, "asked the second"),
        (2, "asked the room"),
        (2, "a client at supervisor"),
    ]
    assert [record.get("session", 1) for record in played.of("access")] == [1, 2, 2, 2]


def test_a_request_to_a_session_that_there_is_not(tmp_path):
    outside = """
    requests: [{at_ms: 100, session: room}, {at_ms: 100, session: 7}]
    """
    played = play_in(tmp_path, REQUESTED, caller="[{wait: 9000}]", http=outside)
    assert played.warnings[:2] == [
        "a declared request finds nobody: there is no session of conference 'room' yet",
        "a declared request finds nobody: there is no session 7 yet",
    ]
    assert played.of("access") == []
