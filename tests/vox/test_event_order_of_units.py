"""The order of events outside of calls: one row for each row of the platform's tables.

Those of calls are in test_event_order.py. A row names the section of the platform's facts that it
is of, what happens, and all events of the units that it is about, in order, whether a handler got
them or not.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from queue_runs import GONE_AFTER_5_S, WAITS, queue_file

from voxrt.legs.builder import CallerSteps, caller, party
from voxrt.legs.script_file import parse_script

ON_START = """
def on_start(e):
    {code}
    setTimeout(VoxEngine.terminate, {ms})
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
ON_CALL = """
def on_call(e):
    global call
    call = e.call
    call.addEventListener(CallEvents.Connected, connected)
    call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500))
    call.answer()

def connected(e):
    {code}
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""


def started(code, ms=5_000):
    return ON_START.format(code=code, ms=ms)


def called(code):
    return ON_CALL.format(code=code)


TWICE = caller().wait(300).say("One table.").wait(1_500).say("For two.").wait(1_500).hang_up()
ONCE = caller().wait(3_000).hang_up()
SEGMENTS = "[{'text': 'One two three.'}, {'text': 'Four.'}]"
PLAYS = ["Created", "PlaybackReady", "Started", "PlaybackFinished"]
TURN = ["CaptureStarted", "SpeechCaptured", "Result"]
#: (section, what happens): scenario, who calls, the prefix of the events, the events.
ROWS = {
    # --- players ------------------------------------------------------------------------------
    ("11", "a player plays"): (
        started("VoxEngine.createTTSPlayer('One two three.')"), None, "Player", PLAYS,
    ),
    ("11", "with a marker"): (
        started("VoxEngine.createTTSPlayer('One two three.').addMarker(100)"), None, "Player",
        [*PLAYS[:3], "PlaybackMarkerReached", PLAYS[3]],
    ),
    ("11", "with onPause"): (
        started("VoxEngine.createTTSPlayer('One.', onPause=True)"), None, "Player",
        [*PLAYS[:2], "Stopped"],  # the session destroys it
    ),
    ("11", "with onPause and resume"): (
        started("setTimeout(VoxEngine.createTTSPlayer('One.', onPause=True).resume, 1000)"), None,
        "Player", PLAYS,
    ),
    ("11", "it is stopped"): (
        started("setTimeout(VoxEngine.createTTSPlayer('One two three.').stop, 500)"), None,
        "Player", [*PLAYS[:3], "Stopped"],
    ),
    ("11", "it fails"): (
        started("VoxEngine.createURLPlayer('nothing.wav')"), None, "Player",
        ["Created", "Error", "PlaybackFinished"],
    ),
    ("11", "a text that is too long"): (
        started("VoxEngine.createTTSPlayer('x' * 1501)"), None, "Player",
        ["Created", "Error", "PlaybackFinished"],
    ),
    ("11", "a loop"): (
        started("VoxEngine.createToneScriptPlayer('425@-19;1(*/0/1)', loop=True)"), None,
        "Player", [*PLAYS[:3], "Stopped"],
    ),
    ("11", "a sequence"): (
        started(f"VoxEngine.createSequencePlayer(segments={SEGMENTS})"), None, "SequencePlayer",
        PLAYS,
    ),
    ("11", "a sequence with a marker in its second segment"): (
        started(f"VoxEngine.createSequencePlayer(segments={SEGMENTS}).addMarker(50, 1)"), None,
        "SequencePlayer", [*PLAYS[:3], "PlaybackMarkerReached", PLAYS[3]],
    ),
    ("11", "a sequence of which a segment fails"): (
        started("VoxEngine.createSequencePlayer(segments=[{'url': 'nothing.wav'}])"), None,
        "SequencePlayer", ["Created", "Error", "PlaybackFinished"],
    ),
    ("11", "a call says something"): (
        called("call.say('One.')"), ONCE, "Call.Playback",
        ["PlaybackReady", "PlaybackStarted", "PlaybackFinished"],
    ),
    ("11", "a second text replaces the first"): (
        called("call.say('One two three four.'); setTimeout(lambda: call.say('Two.'), 500)"), ONCE,
        "Call.Playback",
        ["PlaybackReady", "PlaybackStarted", "PlaybackReady", "PlaybackStarted",
         "PlaybackFinished"],
    ),
    ("8.3", "stopPlayback"): (
        called("call.say('One two three four.'); setTimeout(call.stopPlayback, 500)"), ONCE,
        "Call.Playback", ["PlaybackReady", "PlaybackStarted"],
    ),
    ("8.3", "playProgressTone"): (
        called("call.playProgressTone('RU')"), ONCE, "Call.Playback",
        ["PlaybackReady", "PlaybackStarted"],
    ),
    # --- recording ----------------------------------------------------------------------------
    ("12", "call.record"): (
        called("call.record()"), ONCE, ("Call.Record", "Call.Disconnected"),
        ["RecordStarted", "Disconnected", "RecordStopped"],
    ),
    ("12", "createRecorder, stopped"): (
        called("r = VoxEngine.createRecorder(); call.sendMediaTo(r); setTimeout(r.stop, 1000)"),
        ONCE, "Recorder", ["Started", "Stopped"],
    ),
    ("12", "createRecorder to which nothing is sent"): (
        called("VoxEngine.createRecorder()"), ONCE, "Recorder", ["Stopped"],
    ),
    # --- speech recognition -------------------------------------------------------------------
    ("13", "two phrases"): (
        called("call.sendMediaTo(VoxEngine.createASR(profile=ASRProfileList.Amazon.en_US))"),
        TWICE, "ASR", ["Started", *TURN, *TURN, "Stopped"],
    ),
    ("13", "with interim results"): (
        called("call.sendMediaTo(VoxEngine.createASR("
               "profile=ASRProfileList.Amazon.en_US, interimResults=True))"),
        caller().wait(300).say("One.").wait(1_500).hang_up(), "ASR",
        ["Started", "CaptureStarted", "InterimResult", "SpeechCaptured", "Result", "Stopped"],
    ),
    ("13", "a single utterance"): (
        called("call.sendMediaTo(VoxEngine.createASR("
               "profile=ASRProfileList.Amazon.en_US, singleUtterance=True))"),
        TWICE, "ASR", ["Started", *TURN, "Stopped"],
    ),
    ("13", "stop"): (
        called("asr = VoxEngine.createASR(profile=ASRProfileList.Amazon.en_US);"
               " call.sendMediaTo(asr); setTimeout(asr.stop, 900)"),
        TWICE, "ASR", ["Started", "CaptureStarted", "Stopped"],
    ),
    # --- answering machines and tones ---------------------------------------------------------
    ("15", "AMD"): (
        started("VoxEngine.callPSTN('1', '2', {'amd': AMD.create(model=AMD.Model.US)})"), None,
        ("AMD", "Call.Connected"), ["Connected", "DetectionComplete"],
    ),
    ("15", "AMD without a call"): (
        started("AMD.create(model=AMD.Model.US).detect()"), None, "AMD", ["DetectionError"],
    ),
    ("8.4", "a beep that does not come"): (
        called("call.enableBeepDetection(timeout=1000)"), ONCE, "Call.Beep",
        ["BeepDetectionComplete"],
    ),
    ("15", "the older detection, a person"): (
        started("c = VoxEngine.callPSTN('1', '2'); c.addEventListener(CallEvents.Connected,"
                " lambda e: AI.detectVoicemail(c))"),
        None, ("AI", "Call.Connected"), ["Connected", "VoicemailNotDetected"],
    ),
    # --- voice activity and turns -------------------------------------------------------------
    ("20", "somebody speaks, and has finished"): (
        called("detect(call)"), caller().wait(300).say("One table.").wait(1_500).hang_up(),
        ("Silero", "Pipecat"),
        ["VAD.ConnectorInformation", "Turn.ConnectorInformation", "VAD.Result", "VAD.Result",
         "Turn.Result"],
    ),
    ("20", "it is reset before anything is said"): (
        called("detect(call, lambda vad, turn: (vad.reset(), turn.reset()))"), ONCE,
        ("Silero", "Pipecat"),
        ["VAD.Reset", "Turn.Reset", "VAD.ConnectorInformation", "Turn.ConnectorInformation"],
    ),
    # --- conferences --------------------------------------------------------------------------
    ("16", "a conference is made and stopped"): (
        started("setTimeout(VoxEngine.createConference().stop, 100)"), None, "Conference",
        ["Started", "Stopped"],
    ),
    ("16", "a leg that disconnects is removed"): (
        called("VoxEngine.createConference().add(call=call)"), ONCE,
        ("Conference", "Call.Disconnected"),
        ["Started", "EndpointAdded", "Disconnected", "EndpointRemoved", "Stopped"],
    ),
    # --- sockets ------------------------------------------------------------------------------
    ("17", "a socket that is closed"): (
        started("ws = VoxEngine.createWebSocket('wss://echo.example.com/');"
                " setTimeout(ws.close, 1000)"),
        None, "WebSocket", ["Created", "Open", "Message", "Close"],
    ),
    ("17", "a connection that fails"): (
        started("VoxEngine.createWebSocket('wss://nobody.example.com/')"), None, "WebSocket",
        ["Created", "Error", "Close"],
    ),
    ("17", "sound comes and ends"): (
        called("ws = VoxEngine.createWebSocket('wss://echo.example.com/'); ws.sendMediaTo(call);"
               " call.sendMediaTo(ws); setTimeout(lambda: call.stopMediaTo(ws), 1000);"
               " setTimeout(ws.close, 2500)"),
        ONCE, "WebSocket",
        ["Created", "Open", "Message", "MediaEventStarted", "MediaEventEnded", "Close"],
    ),
    ("17", "a client comes in"): (
        called("VoxEngine.allowWebSocketConnections()"), ONCE,
        ("WebSocket", "AppEvents.NewWebSocket"),
        ["NewWebSocketConnection", "Open", "Message", "Close"],
    ),
    ("17", "a client that nobody let in"): (
        called("pass"), ONCE, ("WebSocket", "AppEvents.NewWebSocket", "Application.OnNew"), [],
    ),
    # --- the access URL -----------------------------------------------------------------------
    ("23", "a request to the access URL"): (
        called("pass"), caller().wait(500).request("/a").wait(500).hang_up(),
        ("Application.HttpRequest", "Call.Connected", "Call.Disconnected"),
        ["Connected", "HttpRequest", "Disconnected"],
    ),
    # --- the session --------------------------------------------------------------------------
    ("1.2", "a call comes in"): (
        called("call.hangup()"), None, ("Application", "Call.Connected"),
        ["Started", "CallAlerting", "Connected", "Terminating", "Terminated"],
    ),
    ("1.2", "it is started"): (
        started("pass"), None, "Application", ["Started", "Terminating", "Terminated"],
    ),
    ("1.4", "nobody calls for 60 s"): (
        "Logger.write('begun')", None, "Application", ["Started", "Terminating", "Terminated"],
    ),
    ("1.5", "terminate drops what is there"): (
        called("VoxEngine.createTTSPlayer('One two three.'); setTimeout(VoxEngine.terminate, 500)"),
        ONCE, ("Call.Disconnected", "Player.Stopped", "Application.T"),
        ["Disconnected", "Stopped", "Terminating", "Terminated"],
    ),
    ("1.6", "an error"): (
        started("1 / 0"), None, "Application", ["Started", "Terminating", "Terminated"],
    ),
}  # fmt: skip


#: What every scenario of the table has before it.
MODULES = """
for name in ("AI", "ASR", "Conference", "Pipecat", "Recorder", "Silero"):
    require(Modules[name])

def detect(call, then=lambda vad, turn: None):
    def made(vad, turn):
        vad.addEventListener(Silero.VADEvents.Result, lambda e: e.speechEndAt and turn.predict())
        call.sendMediaTo(vad)
        call.sendMediaTo(turn)
        then(vad, turn)
    Silero.createVAD().then(
        lambda vad: Pipecat.createTurnDetector().then(lambda turn: made(vad, turn)))
"""


@pytest.mark.parametrize(("section", "what"), ROWS, ids=lambda text: text.replace(" ", "-"))
def test_order(play, section, what):
    scenario, who, prefixes, expected = ROWS[section, what]
    peers = "websockets: [{match: wss://echo.example.com/, open: [{text: hello}], echo: true}]"
    if "client" in what:
        peers += "\nclients: [{at_ms: 500, open: [{text: hello}, {wait: 200}, {close: 1000}]}]"
    Path("peers.yaml").write_text(peers)

    def setup(run):
        run.context.video_conference = True

    played = play(
        MODULES + scenario,
        who,
        party("1").wait(200).say("Hello?").wait(4_000).hang_up(),
        start="CallAlerting" not in scenario,
        http=Path("peers.yaml"),
        setup=setup,
    )
    prefixes = (prefixes,) if isinstance(prefixes, str) else prefixes
    names = [r["name"] for r in played.of("event") if r["name"].startswith(prefixes)]
    shown = (lambda name: name.split(".", 1)[1]) if section == "20" else _last
    assert [shown(name) for name in names] == expected


def _last(name):
    return name.rpartition(".")[2]


TASK = """
require(Modules.SmartQueue)
def on_call(e):
    global task
    e.call.answer()
    task = VoxEngine.enqueueTask(call=e.call, queue={"name": "support"})
    task.addEventListener(SmartQueueEvents.ClientDisconnected, lambda e: e.cancel())
    e.call.addEventListener(CallEvents.Disconnected, lambda e: setTimeout(VoxEngine.terminate, 500))
VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""
REQUEST = """
require(Modules.ACD)
def on_start(e):
    request = VoxEngine.enqueueACDRequest("support", "1")
    request.addEventListener(ACDEvents.Queued, lambda e: request.getStatus())
    setTimeout(VoxEngine.terminate, 60000)
VoxEngine.addEventListener(AppEvents.Started, on_start)
"""
#: What happens in section 19: the scenario, the agents, what else is in the queue, the events.
QUEUES = {
    "a task reaches an agent at once": (
        TASK, {"anna": {}}, {}, ["EnqueueSuccess", "DistributeTask", "OperatorReached"],
    ),
    "a task reaches the second agent": (
        TASK, {"anna": {"busy": True}, "bob": {}}, {},
        ["EnqueueSuccess", "DistributeTask", "DistributeTask", "OperatorReached"],
    ),
    "a task waits": (
        TASK, {"anna": {"ready_after_ms": 14_900}}, {},
        ["EnqueueSuccess", "Waiting", "DistributeTask", "OperatorReached"],
    ),
    "the client hangs up": (
        TASK, {"anna": {"no_answer": True}}, {},
        ["EnqueueSuccess", "DistributeTask", "ClientDisconnected", "TaskCanceled"],
    ),
    "a request reaches an agent": (
        REQUEST, {"anna": {}}, {}, ["Queued", "Waiting", "OperatorCallAttempt", "OperatorReached"],
    ),
    "a request reaches the second agent": (
        REQUEST, {"anna": {"busy": True}, "bob": {}}, {},
        ["Queued", "Waiting", "OperatorCallAttempt", "OperatorFailed", "OperatorCallAttempt",
         "OperatorReached"],
    ),
    "nobody is logged in": (REQUEST, {"anna": {"offline": True}}, {}, ["Offline"]),
    "too many wait": (
        REQUEST, {"anna": {}}, {"max_size": 1, "others": [{}, {}]}, ["QueueFull"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", QUEUES)
def test_order_in_queues(play, what):
    scenario, agents, queue, expected = QUEUES[what]
    Path("queues.yaml").write_text(queue_file(agents, **queue))
    who = parse_script(GONE_AFTER_5_S if "hangs up" in what else WAITS).caller
    played = play(
        scenario,
        CallerSteps(who),
        start="CallAlerting" not in scenario,
        queues=Path("queues.yaml"),
    )
    names = [r["name"] for r in played.of("event") if r["name"].startswith(("SmartQueue", "ACD"))]
    assert [name.partition(".")[2] for name in names] == expected


MENU = (
    """
require(Modules.IVR)
def told(how):
    return lambda keys: Logger.write(how + " " + keys)

def state(name, kind, **more):
    settings = dict(type=kind, prompt=dict(say="The prompt of " + name), **more)
    return IVRState(name, settings, told("complete"), told("timeout"))

"""
    + ON_CALL
)


def listens():
    return caller().wait_for("event", "PlaybackFinished").wait(200)


PROMPT = ["PlaybackReady", "PlaybackStarted", "PlaybackFinished"]
TWO_STATES = "state('main', 'select', nextStates={'1': state('one', 'noinput')}).enter(call)"
THREE_KEYS = "state('main', 'inputfixed', inputLength=3).enter(call)"
#: What happens in section 14: what is entered, the caller, prompts, keys and what is called.
MENUS = {
    "select: a key that has a state": (
        TWO_STATES, listens().press("1").wait(4_000).hang_up(),
        [*PROMPT, "1", *PROMPT, "complete "],
    ),
    "select: a key that has none": (
        TWO_STATES, listens().press("7").wait(4_000).hang_up(), [*PROMPT, "7", "complete 7"],
    ),
    "inputfixed": (
        THREE_KEYS, listens().press("123").wait(4_000).hang_up(),
        [*PROMPT, "1", "2", "3", "complete 123"],
    ),
    "inputunknown: its last key": (
        "state('main', 'inputunknown', terminateOn='#').enter(call)",
        listens().press("12#").wait(4_000).hang_up(), [*PROMPT, "1", "2", "#", "complete 12"],
    ),
    "inputunknown: the input is valid": (
        "state('main', 'inputunknown', inputValidator=lambda keys: len(keys) == 2).enter(call)",
        listens().press("12").wait(4_000).hang_up(), [*PROMPT, "1", "2", "complete 12"],
    ),
    "noinput: another state follows": (
        "state('main', 'noinput', nextState=state('last', 'noinput')).enter(call)",
        caller().wait(8_000).hang_up(), [*PROMPT, *PROMPT, "complete "],
    ),
    "noinput: none follows": (
        "state('main', 'noinput').enter(call)", caller().wait(8_000).hang_up(),
        [*PROMPT, "complete "],
    ),
    "a key interrupts the prompt": (
        THREE_KEYS, caller().wait(700).press("123").wait(4_000).hang_up(),
        [*PROMPT[:2], "1", "2", "3", "complete 123"],
    ),
    "no key comes after the prompt": (
        THREE_KEYS, caller().wait(9_000).hang_up(), [*PROMPT, "timeout "],
    ),
    "no key comes after another": (
        THREE_KEYS, listens().press("1").wait(4_000).press("2").wait(6_000).hang_up(),
        [*PROMPT, "1", "2", "timeout 12"],
    ),
    "the caller hangs up": (
        THREE_KEYS, listens().press("1").wait(1_000).hang_up(), [*PROMPT, "1"],
    ),
    "all states are forgotten": (
        THREE_KEYS + "; setTimeout(IVR.reset, 100)",
        listens().press("1").wait(6_000).hang_up(), [*PROMPT, "1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", MENUS)
def test_order_in_menus(play, what):
    code, who, expected = MENUS[what]
    played = play(MENU.format(code=code), who)
    told = []
    for record in played.records:
        if record["kind"] == "log":
            told.append(record["text"])
        elif record["kind"] == "event" and record["name"].startswith("Call.Playback"):
            told.append(record["name"].rpartition(".")[2])
        elif record["kind"] == "event" and record["name"] == "Call.ToneReceived":
            told.append(record["data"]["tone"])
    assert told == expected
