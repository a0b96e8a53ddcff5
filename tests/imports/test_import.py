"""A call that was recorded elsewhere becomes a folder, a caller and a test."""

from __future__ import annotations

import json
import wave

import pytest
from harness import play_in

from voxrt.cli.main import main
from voxrt.documents import read_document
from voxrt.errors import DocumentError, UsageError
from voxrt.imports.call import read_call
from voxrt.imports.folder import write_folder
from voxrt.legs.script_file import load_script
from voxrt.media.codecs import dtmf
from voxrt.media.wav import read_wav
from voxrt.replay.allowed import load_allowed
from voxrt.replay.config import Given
from voxrt.replay.folder import read_folder
from voxrt.replay.replay import replay
from voxrt.session.journal import read_journal

TALK = """
require(Modules.Grok)

async def on_call(e):
    call = e.call
    call.handleTones(True)
    call.addEventListener(CallEvents.ToneReceived, lambda tone: Logger.write(tone.tone))
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"), model="grok-voice-latest", trace=True
    )
    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(
        events.ConversationCreated,
        lambda event: client.sessionUpdate(session={"turn_detection": {"type": "server_vad"}}),
    )
    def on_session(event):
        VoxEngine.sendMediaBetween(call, client)
        client.responseCreate({})
    client.addEventListener(events.SessionUpdated, on_session)
    client.addEventListener(
        events.InputAudioBufferSpeechStarted, lambda event: client.clearMediaBuffer()
    )

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
CALLER = """
caller:
  number: "15551234567"
  name: Ann
  steps:
    - wait_for: agent_turn
    - say: Are you open on Sundays?
    - wait_for: agent_turn
    - press: "4"
    - wait: 600
    - say: And on Mondays?
    - barge_in: No wait, on Tuesdays.
    - wait_for: agent_turn
    - hang_up
"""
AGENT = """
greeting: Good evening, this is the bakery.
rules:
  - {when: sundays, say: On Sundays we open at eight.}
  - {when: tuesdays, say: On Tuesdays we are closed.}
  - when: mondays
    say: On Mondays we open at six in the morning and close at five in the afternoon.
"""


@pytest.fixture(scope="module")
def yesterday(tmp_path_factory):
    """A call as a platform would have recorded it: sound, log and trace."""
    return play_in(tmp_path_factory.mktemp("yesterday"), TALK, caller=CALLER, agent=AGENT)


def sources(played):
    out = played.result.out
    return out / "call-1.wav", out / "session.log", out / "traces/grok-1.txt"


@pytest.fixture(scope="module")
def imported(yesterday, tmp_path_factory):
    """The folder that an import made of it."""
    call = read_call(*sources(yesterday), starts_at_ms=0)
    return write_folder(call, tmp_path_factory.mktemp("imported") / "call")


def heard(records, by):
    return [r["text"] for r in records if r["kind"] == "heard" and r["by"] == by]


def test_the_caller_waits_speaks_presses_and_hangs_up_where_they_did(imported):
    """Conversational: turns of the agent are waited for, a barge-in is one."""
    script = read_document(imported / "caller.yaml").plain()["caller"]
    assert (script["number"], script["name"]) == ("15551234567", "Ann")
    verbs = [next(iter(step)) if isinstance(step, dict) else step for step in script["steps"]]
    waits = [step["wait_for"] for step in script["steps"] if "wait_for" in step]
    assert [verb for verb in verbs if verb not in ("wait", "wait_for")] == [
        "play", "press", "play", "play", "hang_up",
    ]  # fmt: skip
    assert waits == ["agent_turn", "agent_turn", "agent_speech", "agent_turn"]
    texts = [step["text"] for step in script["steps"] if "text" in step]
    assert texts == ["Are you open on Sundays?", "And on Mondays?", "No wait, on Tuesdays."]
    assert len(load_script(imported).caller.steps) == len(script["steps"])


def test_the_same_call_can_be_made_again(yesterday, imported, tmp_path):
    """The caller of the folder and the cassette of its trace: the same words on both sides."""
    played = play_in(tmp_path, TALK, caller=imported, cassette=imported / "links/1.jsonl")
    assert played.result.outcome == "normal"
    assert not played.errors
    first, again = (
        " ".join(heard(records, "caller")) for records in (yesterday.records, played.records)
    )
    assert again == first
    said = " ".join(heard(played.records, "platform"))
    assert said == "Are you open on Sundays? And on Mondays? No wait, on Tuesdays."
    assert "4" in played.logs


def test_the_folder_is_that_of_a_run(yesterday, imported):
    """The strict reader takes it; its records are in order and lead to the link's lines."""
    folder = read_folder(imported)
    assert folder.result["outcome"] == "imported"
    assert folder.result["approximated"] == []
    assert folder.run["imported"] == {"log": "session.log", "trace": "grok-1.txt"}
    assert folder.recording("call-1.wav").samples > 0
    (link,) = folder.links
    original = [r for r in yesterday.records if r["kind"] == "provider"]
    assert len(link.lines) == len(original)
    for line, record in zip(link.lines, original, strict=True):
        mine = folder.records[line["n"] - 1]
        assert (mine["kind"], mine["type"]) == ("provider", record["type"])
        assert abs(line["t"] - record["t"]) <= 1
    assert [line["message"].get("audio") for line in link.lines if line["direction"] == "sent"][
        -1
    ].keys() == {"samples", "rate_hz", "sha256"}


def test_the_far_end_is_recorded_for_a_replay(imported):
    far = read_folder(imported).of_kind("far")
    assert [record["action"] for record in far] == [
        "dials", "phone", "sound", "digit", "sound", "sound", "hung_up",
    ]  # fmt: skip
    sound = next(record for record in far if record["action"] == "sound")
    assert [word for word, _, _ in sound["words"]] == ["Are", "you", "open", "on", "Sundays?"]
    wav = read_wav(imported / "call-1.wav")
    start = sound["tick"] * wav.rate_hz // 50
    assert any(wav.channel(0)[2 * start : 2 * (start + sound["samples"])])


def test_what_the_scenario_did_is_in_the_journal(yesterday, imported):
    """Events, commands and lines of the log are the records from which the log was made."""

    def named(records, kind):
        return [r.get("name") or r.get("text") for r in records if r["kind"] == kind]

    records = read_journal(imported / "journal.jsonl")
    for kind in ("command", "event", "log"):
        assert named(records, kind) == named(yesterday.records, kind)


def test_an_import_is_the_same_bytes_again(yesterday, imported, tmp_path):
    again = write_folder(read_call(*sources(yesterday), starts_at_ms=0), tmp_path / "again")
    names = sorted(p.relative_to(imported).as_posix() for p in imported.rglob("*.*"))
    assert names == sorted(p.relative_to(again).as_posix() for p in again.rglob("*.*"))
    for name in names:
        assert (imported / name).read_bytes() == (again / name).read_bytes(), name


def test_with_the_log_alone_words_and_digits_are_there(yesterday, tmp_path):
    recording, log, _ = sources(yesterday)
    folder = write_folder(read_call(recording, log, starts_at_ms=0), tmp_path / "call")
    texts = [step.sound.phrases[0].text for step in load_script(folder).caller.steps
             if hasattr(step, "sound")]  # fmt: skip
    assert texts == ["Are you open on Sundays?", "And on Mondays?", "No wait, on Tuesdays."]
    assert not (folder / "links").exists()


def test_with_the_recording_alone_it_says_what_is_not_known(yesterday, tmp_path):
    call = read_call(sources(yesterday)[0])
    folder = write_folder(call, tmp_path / "call")
    assert any("there is no session log" in text for text in call.not_established)
    assert any("no transcript was found" in text for text in call.not_established)
    assert read_folder(folder).result["approximated"] == list(call.not_established)
    played = play_in(tmp_path, TALK, caller=folder, agent=AGENT)
    assert len([note for note in played.of("note") if "plays" in note["text"]]) == 3


def test_a_log_that_differs_from_the_trace_in_time_is_followed(yesterday, tmp_path):
    """Messages that both have tell by how much: here a trace that began 1.5 s earlier."""
    recording, log, trace = sources(yesterday)
    moved = tmp_path / "trace.txt"
    lines = trace.read_text(encoding="utf-8").splitlines()
    moved.write_text(
        "".join(f"{float(line[:12]) + 1500:12.3f}{line[12:]}\n" for line in lines),
        encoding="utf-8",
    )
    one = read_call(recording, log, trace, starts_at_ms=0)
    other = read_call(recording, log, moved, starts_at_ms=0)
    assert [s.text for s in other.caller] == [s.text for s in one.caller]
    first, again = (call.trace.messages[0].t_ms for call in (one, other))
    assert abs(first - again) < 1


def test_tones_that_are_in_the_recording_are_not_pressed_again(yesterday, tmp_path):
    """They are heard in it; those that are not in it were sent beside the sound."""
    recording, log, _ = sources(yesterday)
    wav = read_wav(recording)
    entry = next(
        line for line in log.read_text(encoding="utf-8").splitlines() if "ToneReceived" in line
    )
    seconds = float(entry[17:23]) - 0.15
    at = 2 * 2 * int(seconds * wav.rate_hz)
    pcm = bytearray(wav.pcm)
    for index, sample in enumerate(zip(*[iter(dtmf("4", wav.rate_hz))] * 2, strict=True)):
        pcm[at + 4 * index : at + 4 * index + 2] = bytes(sample)
    audible = tmp_path / "audible.wav"
    with wave.open(str(audible), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(wav.rate_hz)
        file.writeframes(pcm)
    digits = read_call(recording, log, starts_at_ms=0).digits
    assert [digit for _, digit, _ in digits] == ["4"]
    assert read_call(audible, log, starts_at_ms=0).digits == ()


KEYS = """
def on_call(e):
    e.call.handleTones(True, DTMFType.ALL)
    e.call.addEventListener(CallEvents.ToneReceived, lambda e: Logger.write(f"{e.tone} {e.type}"))
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    e.call.answer()

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
PRESSES = """
caller:
  steps:
    - {wait: 800}
    - {press: "1"}
    - {press: "2", kind: inband}
    - {press: "3", kind: info}
    - {wait: 500}
    - hang_up
"""


def test_keys_are_pressed_again_in_the_way_that_they_were(tmp_path):
    """In-band tones that the platform took out of the sound are not in the recording."""
    (tmp_path / "call").mkdir()
    played = play_in(tmp_path / "call", KEYS, caller=PRESSES)
    assert played.logs == ["1 1", "2 2", "3 3"]
    call = read_call(played.result.out / "call-1.wav", played.result.files["log"], starts_at_ms=0)
    assert [(digit, kind) for _, digit, kind in call.digits] == [("1", 1), ("2", 2), ("3", 3)]
    folder = write_folder(call, tmp_path / "imported")
    assert play_in(tmp_path, KEYS, caller=folder).logs == played.logs
    given = Given(scenarios=(tmp_path / "scenario.py",), out=tmp_path / "replayed")
    allowed = load_allowed(folder / "allowed.yaml")
    replayed = replay(folder, given, allowed=allowed)
    assert allowed.left(replayed.comparison)[0] == []


SIGNALS = """
def on_call(e):
    call = e.call
    Logger.write(f"{call.clientType()} {e.headers['X-Order']}")

    def tell(event):
        told = event.get("text") or event.get("body") or ""
        Logger.write(f"{event.name} {told} {JSON.stringify(event.get('headers'))}")

    for name in ("MessageReceived", "InfoReceived", "OnHold", "OffHold"):
        call.addEventListener(CallEvents[name], tell)
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
SENDS = """
caller:
  type: sip
  headers: {X-Order: "17"}
  steps:
    - wait: 500
    - message: "Hello; there = you, \\"Ann\\""
    - message: "42"
    - message: "true"
    - wait: 300
    - info: '{"a": [1, {"b": 2}]}'
      type: application/json
      headers: {X-Seen: "yes"}
    - wait: 300
    - hold
    - wait: 500
    - unhold
    - wait: 300
    - hang_up
"""


def test_messages_infos_and_holds_come_again(tmp_path):
    """With the kind of phone and the headers of who called."""
    (tmp_path / "call").mkdir()
    played = play_in(tmp_path / "call", SIGNALS, caller=SENDS)
    assert played.logs == [
        "sip 17",
        'Call.MessageReceived Hello; there = you, "Ann" {}',
        "Call.MessageReceived 42 {}",
        "Call.MessageReceived true {}",
        'Call.InfoReceived {"a": [1, {"b": 2}]} {"X-Seen":"yes"}',
        "Call.OnHold  null",
        "Call.OffHold  null",
    ]
    call = read_call(played.result.out / "call-1.wav", played.result.files["log"], starts_at_ms=0)
    assert [signal.action for signal in call.signals] == [
        "message", "message", "message", "info", "hold", "unhold"
    ]  # fmt: skip
    folder = write_folder(call, tmp_path / "imported")
    again = play_in(tmp_path, SIGNALS, caller=folder)
    assert again.logs == played.logs
    given = Given(scenarios=(tmp_path / "scenario.py",), out=tmp_path / "replayed")
    allowed = load_allowed(folder / "allowed.yaml")
    replayed = replay(folder, given, allowed=allowed)
    assert allowed.left(replayed.comparison)[0] == []


def test_it_can_be_shown(yesterday, tmp_path, capsys):
    """As an account and as a page; after that it can be imported again."""
    call = read_call(*sources(yesterday), starts_at_ms=0)
    folder = write_folder(call, tmp_path / "call")
    assert main(["show", str(folder)]) == 0
    told = capsys.readouterr().out
    for text in ("Are you open on Sundays?", "On Tuesdays we are closed.", "ended        imported"):
        assert text in told
    assert main(["show", str(folder), "--html"]) == 0
    write_folder(call, folder)
    assert not (folder / "show.html").exists()


def test_it_can_be_replayed(yesterday, imported, tmp_path, capsys, monkeypatch):
    """The same scenario does the same again; another one is told where it does something else."""
    monkeypatch.chdir(tmp_path)
    scenario = tmp_path / "scenario.py"
    scenario.write_text(TALK)
    replay = ["replay", str(imported), "scenario.py", "--allow", str(imported / "allowed.yaml")]
    assert main([*replay, "--out", "again", "--all"]) == 0, capsys.readouterr().out
    assert "divergences  none" in capsys.readouterr().out
    scenario.write_text(TALK.replace('{"type": "server_vad"}', '{"type": "server_vad", "x": 1}'))
    assert main([*replay, "--out", "other"]) == 1
    assert "turn_detection" in capsys.readouterr().out


OUTGOING = """\
2026-03-02 10:15:00.000 Executing JS command: CallPSTN with params [{id = P1 ; to = 15557654321 ; callerid = 18005550100 ; } ;  ]
2026-03-02 10:15:04.000 Sent event to JS onPhoneEvent with params [{id = P1 ; name = Call.Connected ; } ;  ]
2026-03-02 10:15:04.000 Executing JS command: Record with params [{id = P1 ; stereo = true ; } ;  ]
2026-03-02 10:15:05.000 Executing JS command: HangupCall with params [{id = P1 ; } ;  ]
2026-03-02 10:15:05.100 Sent event to JS onPhoneEvent with params [{id = P1 ; internalCode = 200 ; name = Call.Disconnected ; } ;  ]
2026-03-02 10:15:05.200 Normal termination
2026-03-02 10:15:05.200 Session terminated
"""  # noqa: E501


def test_a_call_of_the_scenario_becomes_a_party(yesterday, tmp_path):
    log = tmp_path / "session.log"
    log.write_text(OUTGOING, encoding="utf-8")
    call = read_call(sources(yesterday)[0], log)
    assert (call.incoming, call.number, call.hung_up) == (False, "15557654321", False)
    assert (call.dialled_ms, call.connected_ms, call.sound.starts_ms) == (0, 4000, 4000)
    folder = write_folder(call, tmp_path / "call")
    (party,) = load_script(folder).parties
    assert (party.match, party.answer_after_ms) == ("15557654321", 4000)
    records = read_folder(folder)
    assert records.result["finish_reason"] == "Normal termination"
    assert records.result["calls"][0]["direction"] == "outgoing"
    assert [r["action"] for r in records.of_kind("far")][:2] == ["phone", "answered"]
    assert read_wav(folder / "call-1.wav").channel(0)[: 2 * 8 * 3900] == bytes(2 * 8 * 3900)


@pytest.mark.parametrize("incoming", [True, False])
def test_a_call_with_video_has_it_again(tmp_path, incoming):
    """Its caller or party has a camera, and the replay's phone; the sound is what it was."""
    scenario = """
    def tell(e):
        call = e.call or VoxEngine.callUser(username="anna", callerid="1", video=True)
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        call.addEventListener(CallEvents.FirstVideoPacketReceived, lambda e: Logger.write("video"))
        if e.call:
            call.answer()
    VoxEngine.addEventListener(AppEvents.WHEN, tell)
    """.replace("WHEN", "CallAlerting" if incoming else "Started")
    steps = "steps: [{wait: 300}, {say: Hello}, hang_up]"
    who = f"caller: {{type: user, video: true, {steps}}}"
    if not incoming:
        who = f"parties: [{{match: anna, video: true, {steps}}}]"
    played = play_in(tmp_path, scenario, caller=who, start=not incoming)
    assert played.logs == ["video"]
    out = played.result.out
    call = read_call(out / "call-1.wav", out / "session.log", starts_at_ms=0)
    folder = write_folder(call, tmp_path / "call")
    script = load_script(folder)
    (person,) = (script.caller,) if incoming else script.parties
    assert person.video
    again = play_in(tmp_path, scenario, caller=folder, start=not incoming, out=tmp_path / "again")
    assert again.logs == ["video"]
    phone = next(r for r in read_folder(folder).of_kind("far") if r["action"] == "phone")
    assert (phone["video"], phone["client_type"]) == (True, "user")


def test_a_call_that_the_log_does_not_have_names_those_that_it_has(yesterday):
    recording, log, _ = sources(yesterday)
    with pytest.raises(UsageError, match=r"no call 'nope'\. It has \w+"):
        read_call(recording, log, call_id="nope")


def test_a_log_without_a_call_says_so(yesterday, tmp_path):
    log = tmp_path / "session.log"
    log.write_text("2026-03-02 10:15:00 VoxEngine version: 7.35.0\n", encoding="utf-8")
    with pytest.raises(UsageError, match="there is no call in this log"):
        read_call(sources(yesterday)[0], log)


def test_other_files_are_not_overwritten(yesterday, tmp_path):
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"other files, such as letters\.txt"):
        write_folder(read_call(sources(yesterday)[0]), tmp_path)


def test_a_folder_without_a_script_is_no_caller(tmp_path):
    with pytest.raises(DocumentError, match="no caller's script in this folder"):
        load_script(tmp_path)


def test_secrets_do_not_come_along(yesterday, tmp_path):
    """Keys that a log or a trace shows are hidden in everything that is written."""
    key = "xai-0123456789abcdefABCDEF"
    recording, log, trace = sources(yesterday)
    texts = {}
    for path in (log, trace):
        text = path.read_text(encoding="utf-8").replace("server_vad", f"server_vad {key}")
        texts[path.name] = tmp_path / path.name
        texts[path.name].write_text(text, encoding="utf-8")
    folder = write_folder(
        read_call(recording, texts["session.log"], texts["grok-1.txt"], starts_at_ms=0),
        tmp_path / "call",
    )
    for path in folder.rglob("*"):
        if path.is_file():
            assert key.encode() not in path.read_bytes(), path


def test_the_command_says_what_is_known_and_what_is_not(yesterday, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recording, log, trace = map(str, sources(yesterday))
    assert main(["import", recording, "--log", log, "--trace", trace, "--out", "call"]) == 0
    told = capsys.readouterr().out
    assert "call         15551234567 to 18005550100, connected for" in told
    assert "caller       speaks 3 times, 3 of them with words" in told
    assert "digits       4" in told
    assert "replay it    voxrt replay call SCENARIO --allow call/allowed.yaml" in told
    assert "play it      voxrt run SCENARIO --caller call --cassette call/links/1.jsonl" in told
    assert json.loads((tmp_path / "call/result.json").read_text())["outcome"] == "imported"
    assert main(["import", recording, "--log", trace, "--out", "other"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"{trace}: error: this is no session log")
    assert not (tmp_path / "other").exists()
