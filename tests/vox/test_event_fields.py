"""What the page of coverage says of the fields of events, held to events that were really sent.

The scenarios below bring about every event that voxrt emits. What came with them has to be what
the page says: each field that is declared, but for those that are listed as absent, and of those
that are listed as constant nothing but that value.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from harness import play_in
from queue_runs import GONE_AFTER_5_S, play_task, queue_file

from voxrt.errors import AudioFileError
from voxrt.legs.builder import caller, party
from voxrt.session.session import Session
from voxrt.session.values import Struct
from voxrt.vox import api, coverage
from voxrt.vox.coverage_notes import ABSENT_FIELDS, CONSTANT_FIELDS

#: A call with everything that its far end can do.
INCOMING = """
def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.StateChanged, lambda e: None)
    call.addEventListener(CallEvents.Connected, connected)
    call.addEventListener(CallEvents.BlindTransferRequested, refuse)
    call.addEventListener(CallEvents.ReInviteReceived, lambda e: call.acceptReInvite())
    call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500))
    call.handleTones(True, DTMFType.ALL)
    call.handleMicStatus(True)
    call.handleBlindTransfer(True)
    call.answer()

def connected(e):
    call = e.call
    call.record(video=True)
    call.monitorMediaStatistics(monitor=True, interval=3)
    call.enableBeepDetection(frequencies=[50])
    call.enableBeepDetection(frequencies=[1000])
    call.say("One two.")
    setTimeout(lambda: call.startPlayback("missing.wav"), 3000)
    setTimeout(call.disableBeepDetection, 14000)
    setTimeout(lambda: call.reInvite({}, "text/plain", "x"), 15000)

def refuse(e):
    e.call.notifyBlindTransferFailed(486, "Busy")

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
VoxEngine.addEventListener(AppEvents.HttpRequest, lambda e: "thank you")
"""
#: Calls out, one after another, each until it has ended.
OUTGOING = """
require(Modules.PushService)

def on_start(e):
    dial(0)

def dial(number):
    if number == len(CALLS):
        VoxEngine.terminate()
        return
    call = CALLS[number]()
    call.detectProgressTone()
    call.enableBeepDetection()
    call.addEventListener(CallEvents.Connected, lambda e: setTimeout(lambda: then(call), 3000))
    for ends in (CallEvents.Failed, CallEvents.Disconnected):
        call.addEventListener(ends, lambda e: dial(number + 1))

def then(call):
    call.reInvite({}, "text/plain", "x")
    setTimeout(lambda: call.transferTo(to="15550000009"), 1000)
    setTimeout(call.hangup, 4000)

CALLS = (
    lambda: VoxEngine.callPSTN("15550000001", "1"),
    lambda: VoxEngine.callPSTN("15550000002", "1"),
    lambda: VoxEngine.callPSTN("15550000003", "1"),
    lambda: VoxEngine.callUser(username="anna", callerid="bob"),
)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
ATTENDED = """
def on_call(e):
    first = e.call
    first.answer()
    second = VoxEngine.callPSTN(OTHER, "1")
    second.addEventListener(CallEvents.Connected, lambda e: first.transferTo(call=second))
    setTimeout(VoxEngine.terminate, 8000)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
PLAYERS = """
def on_start(e):
    VoxEngine.createURLPlayer("missing.wav")
    tts = VoxEngine.createTTSPlayer("One two three.")
    tts.addMarker(100)
    VoxEngine.createToneScriptPlayer("425@-19;5(*/0/1)").stop()
    words = {"segments": [{"text": "One."}, {"text": "Two."}]}
    sequence = VoxEngine.createSequencePlayer(words)
    sequence.addMarker(50, 1)
    VoxEngine.createSequencePlayer(words).stop()
    VoxEngine.createSequencePlayer({"segments": [{"url": "missing.wav"}]})
    setTimeout(VoxEngine.terminate, 8000)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
MACHINES = """
require(Modules.AI)
def on_start(e):
    call = VoxEngine.callPSTN("15550000001", "1", {"amd": AMD.create(model=AMD.Model.US)})
    call.addEventListener(CallEvents.Connected, lambda e: AI.detectVoicemail(call))
    AMD.create(model=AMD.Model.US).detect()
    late = AMD.create(model=AMD.Model.US, call=call)
    call.addEventListener(CallEvents.Disconnected, lambda e: late.detect())
    call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500))
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
HEARING = """
for module in ("ASR", "Silero", "Pipecat"):
    require(Modules[module])
async def detect(call):
    vad = await Silero.createVAD()
    turn = await Pipecat.createTurnDetector()
    for detector in (vad, turn):
        call.sendMediaTo(detector)
        setTimeout(detector.reset, 2500)
    setTimeout(turn.predict, 2400)
def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Connected, lambda e: detect(e.call))
    asr = VoxEngine.createASR(profile=ASRProfileList.Google.en_US, interimResults=True)
    e.call.sendMediaTo(asr)
    e.call.addEventListener(
        CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500)
    )
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
ROOM = """
for module in ("Recorder", "Conference"):
    require(Modules[module])
def on_call(e):
    call = e.call
    call.answer()
    call.record()
    recorder = VoxEngine.createRecorder()
    call.sendMediaTo(recorder)
    conference = VoxEngine.createConference()
    endpoint = conference.add(call=call)
    endpoint.setDisplayName("Ann")
    endpoint.manageEndpoint({"all": {"audio": []}})
    setTimeout(recorder.stop, 1000)
    setTimeout(call.hangup, 1500)
    setTimeout(lambda: conference.add(call=call), 1600)
    setTimeout(conference.stop, 1700)
    setTimeout(VoxEngine.terminate, 2000)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
SOCKETS = """
VoxEngine.allowWebSocketConnections()
def on_call(e):
    call = e.call
    call.answer()
    ws = VoxEngine.createWebSocket("wss://echo.example.com/", statistics=True)
    ws.sendMediaTo(call)
    call.sendMediaTo(ws, {"tag": "t", "customParameters": {"a": "b"}})
    setTimeout(lambda: call.stopMediaTo(ws), 1500)
    setTimeout(ws.close, 6000)
    VoxEngine.createWebSocket("wss://nobody.example.com/")
    setTimeout(VoxEngine.terminate, 7000)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
PEERS = """
websockets:
  - {match: wss://echo.example.com/, open: [{text: hello}], echo: true}
clients: [{at_ms: 100}, {at_ms: 200}, {at_ms: 300}, {at_ms: 400}, {at_ms: 500}]
"""
REQUEST = """
require(Modules.ACD)
def on_start(e):
    request = VoxEngine.enqueueACDRequest("support", "1", {"headers": {"VI-CallTimeout": "10"}})
    request.addEventListener(ACDEvents.Queued, lambda e: request.getStatus())
    VoxEngine.enqueueACDRequest("nowhere", "1")
    setTimeout(lambda: VoxEngine.enqueueACDRequest("support", "1"), 30000)
    setTimeout(VoxEngine.terminate, 60000)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
AGENT = """
require(Modules.Grok)
async def on_call(e):
    e.call.answer()
    client = await Grok.createVoiceAgentAPIClient(xAIApiKey="xai-test", model="grok-voice-latest")
    update = {"session": {}}
    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(events.ConversationCreated, lambda e: client.sessionUpdate(update))
    client.addEventListener(events.SessionUpdated, lambda e: client.responseCreate({}))
    client.sendMediaTo(e.call, {"tag": "t", "customParameters": {"a": "b"}})
    setTimeout(VoxEngine.terminate, 20000)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
WRONG = "VoxEngine.addEventListener(AppEvents.Started, lambda e: 1 / 0)"
MEETING = """
def on_call(e):
    e.call.answer()
    if e.destination == "room":
        setTimeout(VoxEngine.terminate, 1000)
    else:
        VoxEngine.callConference("room", "1", "Ann")
        setTimeout(VoxEngine.terminate, 2000)
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


class Deaf:
    """A recogniser that fails."""

    name = approximated = "deaf"
    rate_hz = 0
    slow = False

    def begin(self, task):
        return self

    def hear(self, piece):
        pass

    def so_far(self):
        return ""

    def result(self):
        raise OSError("the model is gone")


@pytest.fixture
def sent(monkeypatch):
    """Every value that a field of an event had, by the event's string value and the field."""
    found = defaultdict(lambda: defaultdict(list))
    deliver = Session._deliver

    def note(self, emitter, name, fields, *rest, **options):
        for key, value in emitter.event(name, fields).items():
            found[name][key].append(value)
        return deliver(self, emitter, name, fields, *rest, **options)

    monkeypatch.setattr(Session, "_deliver", note)
    return found


def _bring_about_calls(play):
    who = caller(client_type="user", video=True, custom_data="seven", headers={"X-A": "b"})
    who.wait(500).press("5").message("hi")
    who.info("{}").hold().wait(300).unhold().wait(300).say("Hello there.").request("/x", "y")
    who.identify("VOICEMAIL", subtype="MIMIC", confidence=80).identify("error").statistics()
    who.wait(4_000).stop_rtp().wait(9_000).resume_rtp().wait(500)
    who.reinvite("{}", "application/json").transfer("15550000001", {"X-A": "b"}).wait(500)
    play(INCOMING, who.hang_up())
    rings = party("15550000001", forwarded_after_ms=100, early_media="Please hold.")
    play(
        OUTGOING,
        None,
        rings.wait(300).beep().wait(9_000),
        party("15550000002", busy=True),
        party("15550000003", transfer_fails=486, reinvite_fails=488).wait(9_000),
        party("anna", offline=True),
        party("15550000009"),
        start=True,
    )
    for other in (party("15550000001"), party("15550000001", transfer_fails=481)):
        scenario = ATTENDED.replace("OTHER", "'15550000001'")
        fails = other.person.transfer_fails
        play(scenario, caller(transfer_fails=fails).wait(9_000), other.wait(9_000))


#: Longer than a person speaks without a pause.
GREETING = "You have reached Ann. I cannot take your call now, please leave a message."


def _bring_about_media(play, monkeypatch):
    play(PLAYERS, start=True)
    play(MACHINES, None, party("15550000001").wait(200).say("Hello?").wait(4_000).hang_up(),
         start=True)  # fmt: skip
    play(MACHINES, None, party("15550000001").voicemail(GREETING).hang_up(), start=True)
    speaker = caller().wait(300).say("I want a table.").wait(2_000).hang_up()
    play(HEARING, speaker)

    def deafen(run):
        run.context.recogniser = Deaf()

    play(HEARING, speaker, setup=deafen)

    def open_room(run):
        run.context.video_conference = True

    play(ROOM, caller().wait(9_000), setup=open_room)

    def fail(path, kind):
        raise AudioFileError("no luck")

    monkeypatch.setattr("voxrt.vox.reel.encoders", lambda: {"mp3"})
    monkeypatch.setattr("voxrt.vox.reel.encode", fail)
    play(ROOM, caller().wait(9_000))


def _bring_about_sockets_and_agents(play):
    Path("peers.yaml").write_text(PEERS)
    play(SOCKETS, caller().wait(300).say("I want a table.").wait(9_000), http=Path("peers.yaml"))
    Path("agent.yaml").write_text("{name: a, greeting: Good evening.}")
    play(AGENT, caller().say("Hello there.").wait(30_000), agent=Path("agent.yaml"))
    play(WRONG, start=True)
    play(MEETING, caller().wait(9_000))


def _bring_about_queues(folder):
    full = {"max_size": 1, "others": [{}, {}]}
    for number, agents in enumerate(
        ({"anna": {"busy": True}, "bob": {}}, {"anna": {}}, {"anna": {"offline": True}})
    ):
        queues = queue_file(agents, **(full if number == 1 else {}))
        place = folder / f"acd{number}"
        place.mkdir()
        play_in(place, REQUEST, start=True, queues=queues)
    for number, (parameters, agents, who) in enumerate(
        [
            ("{}", {"anna": {"id": 7, "name": "Anna"}}, None),
            ("{}", {"anna": {"no_answer": True}}, GONE_AFTER_5_S),
            ("{'queue': {'name': 'nowhere'}}", {"anna": {}}, GONE_AFTER_5_S),
            ("{'timeout': 30}", {"anna": {"ready_after_ms": 900_000}}, None),
        ]
    ):
        place = folder / f"task{number}"
        place.mkdir()
        options = {} if who is None else {"caller": who}
        play_task(place, parameters, agents=agents, **options)


def test_events_carry_the_fields_that_the_page_says(play, sent, monkeypatch, tmp_path):
    _bring_about_queues(tmp_path)
    _bring_about_calls(play)
    _bring_about_sockets_and_agents(play)
    _bring_about_media(play, monkeypatch)
    wrong = []
    for part in coverage.event_fields(coverage.Source.read()):
        if part.name.startswith("Grok.VoiceAgentAPIEvents."):
            continue  # below
        event = api.surface()["events"][part.name]
        found = sent.get(event["value"])
        if found is None:
            wrong.append(f"{part.name} was never sent")
            continue
        wrong += [f"{part.name}.{f} never came" for f in event["fields"] if _lacks(part, f, found)]
        wrong += [f"{part.name}.{f} came" for f in part.absent if f in found]
    for full, (value, _) in CONSTANT_FIELDS.items():
        name, _, key = full.rpartition(".")
        values = sent[api.surface()["events"][name]["value"]][key]
        wrong += [f"{full} was {other!r}" for other in values if other != value]
    assert not wrong, "\n".join(wrong)
    for part in coverage.events(coverage.Source.read()):
        values = {api.surface()["events"][f"{part.name}.{m}"]["value"] for m in part.absent}
        assert not values & set(sent)
    grok = [name for name in sent if name.startswith("Grok.VoiceAgentAPI.")]
    assert len(grok) > 12
    assert all({"name", "id", "client", "data"} <= set(sent[name]) for name in grok)
    assert all(isinstance(data.payload, Struct) for name in grok for data in sent[name]["data"])


def _lacks(part, name, found):
    return name not in part.absent and name not in found


def test_what_is_said_of_fields_is_about_fields_that_there_are():
    for full in (*ABSENT_FIELDS, *CONSTANT_FIELDS):
        name, _, key = full.rpartition(".")
        assert key in api.surface()["events"][name]["fields"], full
