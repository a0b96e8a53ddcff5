"""The account of a call: records in, entries out."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from voxrt.cli.view import View
from voxrt.session.journal import read_journal
from voxrt.show.account import Account
from voxrt.show.entry import Entry, Tone

HERE = Path(__file__).parent


def told(kind, *, verbose=False, account=None, t=1500.0, **fields):
    """What one record is told as: `(label, text, aside)` of each entry."""
    account = account or Account(verbose=verbose)
    entries = account.tell({"n": 1, "t": t, "kind": kind, **fields})
    return [(entry.who, entry.text, entry.aside) for entry in entries]


def event(name, data=None, *, handlers=1, identity="c1", **more):
    unit = name.split(".")[0].lower()
    return {
        "unit": unit, "id": identity, "name": name, "data": data or {}, "handlers": handlers,
        "via": "platform", **more,
    }  # fmt: skip


def drawn(verbose):
    console = Console(file=io.StringIO(), highlight=False, markup=False, emoji=False, width=80)
    with View(console, Account(verbose=verbose)) as view:
        for record in read_journal(HERE / "call.jsonl"):
            view.watch(record)
    return console.file.getvalue()


@pytest.mark.parametrize(("verbose", "golden"), [(False, "call.txt"), (True, "call-verbose.txt")])
def test_the_account_of_a_whole_call(verbose, golden):
    assert drawn(verbose) == (HERE / golden).read_text(encoding="utf-8")


def test_an_agent_that_was_interrupted_is_marked():
    heard = {"call": "c", "by": "caller", "speaker": "agent", "text": "We have", "t": 900.0}
    account = Account()
    record = {"kind": "heard", "n": 1, "from_ms": 100.0, "to_ms": 800.0, "complete": False, **heard}
    (entry,) = account.tell(record)
    assert entry == Entry(100.0, Tone.AGENT, "agent", '"We have"', "cut off")


def test_what_a_caller_says_is_told_once_unless_some_of_it_is_lost():
    account = Account()

    def says(text):
        return told("note", account=account, call="c", who="caller", text=f'says "{text}"')

    def heard(text, complete=True, **more):
        fields = {"call": "c", "by": "platform", "speaker": "Maria", "from_ms": 0.0, "to_ms": 1.0}
        fields |= {"text": text, "complete": complete, **more}
        return told("heard", account=account, **fields)

    assert says("Two, please. At eight.") == [("caller", '"Two, please. At eight."', "")]
    assert heard("Two, please.") == []
    assert heard("At eight.") == []
    says("Two, please. At eight.")
    assert heard("At eight.") == [("caller", '"At eight."', "as heard by the platform")]
    says("Two, please.")
    assert heard("Two,", complete=False) == [
        ("caller", '"Two,"', "as heard by the platform, cut off")
    ]
    assert heard("Two,", by="party 2") == []  # a bridge carried it on


def test_what_else_somebody_at_a_phone_does():
    assert told("note", call="c", who="party 7", text="hangs up") == [("party 7", "hangs up", "")]


def test_calls_after_the_first_are_numbered():
    account = Account()
    first = told("event", account=account, **event("Call.Connected", identity="a"))
    second = told("event", account=account, **event("Call.Connected", identity="b"))
    again = told("event", account=account, **event("Call.Disconnected", {"duration": 3}))
    assert [entries[0][0] for entries in (first, second, again)] == ["call", "call 2", "call 3"]


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("Application.CallAlerting", {"callerid": "1", "destination": "2"}, "1 calls 2"),
        ("Call.Disconnected", {"duration": 3, "reason": "BYE"}, "disconnected after 3 s: BYE"),
        ("Call.Failed", {"code": 486, "reason": "Busy Here"}, "failed: 486 Busy Here"),
        ("Call.ToneReceived", {"tone": "5", "type": "1"}, "digit 5 received"),
        ("Call.RecordError", {"error": "full"}, "recording failed: full"),
    ],
)
def test_events_of_a_call(name, data, text):
    assert [entry[1] for entry in told("event", **event(name, data))] == [text]


def test_events_that_nobody_listens_to_are_left_out():
    name = "Grok.VoiceAgentAPI.ResponseCreated"
    assert told("event", **event(name, handlers=0)) == []
    assert told("event", **event(name, handlers=1)) == [("event", "ResponseCreated", "")]
    assert told("event", verbose=True, **event(name, handlers=0)) == [("event", name, "")]


@pytest.mark.parametrize(
    "name",
    [
        "Grok.VoiceAgentAPI.ResponseOutputAudioTranscriptDelta",
        "Call.FirstAudioPacketReceived",
        "Call.FirstVideoPacketReceived",
        "Call.Video.TrackCreated",
    ],
)
def test_quiet_events_are_left_out_even_with_listeners(name):
    assert told("event", **event(name, handlers=3)) == []


def test_an_unknown_message_names_its_type_and_pings_are_left_out():
    def unknown(kind):
        data = {"data": {"customEvent": "Unknown", "payload": {"type": kind}}}
        return told("event", **event("Grok.VoiceAgentAPI.Unknown", data))

    assert unknown("ping") == []
    assert unknown("conversation.item.input_audio_transcription.updated") == []
    assert unknown("rate_limits.updated") == []
    assert unknown("something.new") == [("event", "Unknown something.new", "")]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ('{"guests": 2, "name": "Ada"}', 'book(guests=2, name="Ada")'),
        ("{}", "book()"),
        ("[1]", "book([1])"),
        ("not json", "book(not json)"),
        (None, "book()"),
    ],
)
def test_tool_calls(arguments, text):
    payload = {"call_id": "1", "name": "book", "arguments": arguments}
    name = "Grok.VoiceAgentAPI.ResponseFunctionCallArgumentsDone"
    assert told("event", **event(name, {"data": {"payload": payload}}, handlers=0)) == [
        ("tool", text, "")
    ]


def test_an_error_of_the_provider_is_a_warning():
    data = {"data": {"payload": {"type": "error", "error": {"message": "no"}}}}
    ((who, text, _),) = told("event", **event("Grok.VoiceAgentAPI.WebSocketError", data))
    assert who == "warning"
    assert '"message": "no"' in text


def test_errors_and_warnings_name_their_line():
    assert told("error", code="X", text="boom", file="a.py", line=3) == [
        ("error", "boom", "a.py:3")
    ]
    assert told("warning", code="x", text="odd") == [("warning", "odd", "")]


@pytest.mark.parametrize(
    ("name", "params", "text"),
    [
        ("AcceptCall", {}, "answered by the scenario"),
        ("RejectCall", {"code": 486}, "rejected by the scenario with 486"),
        ("HangupCall", {}, "hung up by the scenario"),
        ("CallPSTN", {"to": "123"}, "the scenario calls 123"),
        ("CallUser", {"to": "bob"}, "the scenario calls the user bob"),
        ("CallConference", {"to": "room"}, "the scenario calls into the conference room"),
        ("SendDigits", {"digits": "12"}, "the scenario sends the digits 12"),
    ],
)
def test_commands(name, params, text):
    assert told("command", name=name, params=[{"id": "c", **params}]) == [("call", text, "")]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("command", {"name": "SetCustomData", "params": ["x"]}),
        ("command", {"name": "terminating", "params": []}),
        ("provider", {"link": "l", "direction": "sent", "type": "ping", "message": {}}),
        ("media", {"action": "link", "from": "a", "to": "b"}),
        ("file", {"what": "trace", "path": "traces/a.txt"}),
        ("session", {"state": "module", "module": "grok"}),
        ("queue", {"queue": "q", "request": "r1", "action": "offered", "agent": "ann"}),
        ("queue", {"queue": "q", "request": "r1", "action": "leaves"}),
        (
            "queue",
            {
                "queue": "q",
                "request": "another caller",
                "action": "enters",
                "position": 1,
                "priority": 50,
            },
        ),
        ("agent", {"agent": "ann", "state": "ready"}),
        ("later", {"anything": 1}),
    ],
)
def test_details_are_told_only_when_asked_for(kind, fields):
    assert told(kind, **fields) == []
    assert len(told(kind, verbose=True, **fields)) == 1


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"queue": "q", "action": "enters", "position": 2, "priority": 50},
            "q: position 2, priority 50",
        ),
        ({"queue": "q", "action": "accepted", "agent": "ann"}, "q: ann takes it"),
        (
            {"action": "ended", "status": 1202, "description": "the agent hung up"},
            "ended: the agent hung up",
        ),
    ],
)
def test_queues(fields, text):
    assert told("queue", request="r1", **fields) == [("queue", text, "")]


def test_the_end_of_a_session():
    assert told("session", state="idle") == [("session", "idle: no call for 60 s", "")]
    assert told("session", state="terminated", reason="Normal termination", exit_code=0) == [
        ("session", "ended: Normal termination", "")
    ]


def test_sessions_after_the_first_are_numbered():
    assert told("session", state="idle", session=2) == [("session 2", "idle: no call for 60 s", "")]


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"type": "url", "url": "a.wav"}, "plays a.wav"),
        ({"type": "url", "url": "a.wav", "loop": True}, "plays a.wav in a loop"),
        ({"type": "tone", "script": "425@-19;5(1/4/1)"}, "plays the tone 425@-19;5(1/4/1)"),
        ({"type": "sequence", "segments": [{}, {}]}, "plays 2 pieces one after another"),
    ],
)
def test_players(params, text):
    command = {"name": "CreatePlayer", "params": [{"id": "p", **params}]}
    assert told("command", **command) == [("player", text, "")]


def test_a_text_to_be_spoken_is_told_when_it_is_heard():
    command = {"name": "CreatePlayer", "params": [{"id": "p", "type": "tts", "text": "Hello."}]}
    assert told("command", **command) == []


def test_what_recognisers_and_detectors_found():
    """Results are told though nobody handles them; what comes with every phrase is not."""
    heard = event("ASR.Result", {"text": "two", "confidence": 0.92}, handlers=0)
    assert told("event", **heard) == [("asr", '"two" (0.92)', "")]
    found = event("AMD.Events.DetectionComplete", {"resultClass": "HUMAN"}, handlers=0)
    assert told("event", **found) == [("amd", "HUMAN", "")]
    failed = event("ASR.Error", {"error": "no model"}, handlers=0)
    assert told("event", **failed) == [("asr", "no model", "")]
    for name in ("Started", "CaptureStarted", "InterimResult", "SpeechCaptured", "Stopped"):
        assert told("event", **event(f"ASR.{name}")) == []


def test_events_of_players():
    """A failure is told though nobody handles it, once; what comes with every player is not."""
    failed = {"error": "there is no such file"}
    (entry,) = told("event", **event("Player.Error", failed, handlers=0))
    assert entry == ("player", "there is no such file", "")
    assert told("event", **event("Player.PlaybackFinished", failed, handlers=0)) == []
    for name in ("Created", "PlaybackReady", "Started", "Stopped"):
        assert told("event", **event(f"Player.{name}")) == []
        assert told("event", **event(f"SequencePlayer.{name}")) == []
    (entry,) = told("event", **event("Player.PlaybackMarkerReached", {"offset": 5}))
    assert entry == ("event", "PlaybackMarkerReached", "")
