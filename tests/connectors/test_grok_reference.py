"""The reference page of the module `Grok`, member by member, against the stand-in.

The tables below list everything that the page documents: the factory's parameters, the client's
methods, and the events with their fields. One tour through a call exercises them; the tables are
checked against the platform's type definitions, and against the page's text where that is at hand.

Source: https://voximplant.com/docs/references/voxengine/grok
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from voxrt.connectors.grok.client import VoiceAgentAPIClient
from voxrt.vox import api

#: Parameters of `createVoiceAgentAPIClient`: the type, and whether it is required.
PARAMETERS = {
    "xAIApiKey": ("string", True),
    "model": ("string", False),
    "statistics": ("boolean", False),
    "trace": ("boolean", False),
    "privacy": ("boolean", False),
    "onWebSocketClose": ("(event: object) => void", False),
}
DEFAULTS = {"model": "grok-voice-fast-1.0", "privacy": False, "statistics": False, "trace": False}

#: Methods of the client: the names of the parameters (`?` is optional) and what it returns.
METHODS = {
    "addEventListener": (("event", "callback"), "void"),
    "clearMediaBuffer": (("parameters?",), "void"),
    "close": ((), "void"),
    "conversationItemCreate": (("parameters",), "void"),
    "id": ((), "string"),
    "inputAudioBufferClear": (("parameters",), "void"),
    "removeEventListener": (("event", "callback?"), "void"),
    "responseCreate": (("parameters",), "void"),
    "sendMediaTo": (("mediaUnit", "parameters?"), "void"),
    "sessionUpdate": (("parameters",), "void"),
    "stopMediaTo": (("mediaUnit",), "void"),
    "webSocketId": ((), "string"),
}

#: `Grok.Events` and the fields of their payloads.
MEDIA_EVENTS = {
    "WebSocketMediaStarted": ("client", "tag", "encoding", "customParameters"),
    "WebSocketMediaEnded": ("client", "tag", "mediaInfo"),
}

_PART = ("response_id", "item_id", "output_index", "content_index")

#: `Grok.VoiceAgentAPIEvents`: the provider's type (empty: it has none of its own), and the
#: documented fields of `data` beside `event_id` and `type`.
EVENTS = {
    "Unknown": ("", ()),
    "ConversationCreated": ("conversation.created", ("conversation",)),
    "SessionUpdated": ("session.updated", ("session",)),
    "ConversationItemAdded": ("conversation.item.added", ("previous_item_id", "item")),
    "ConversationItemInputAudioTranscriptionCompleted": (
        "conversation.item.input_audio_transcription.completed",
        ("item_id", "transcript"),
    ),
    "InputAudioBufferCommitted": ("input_audio_buffer.committed", ("previous_item_id", "item_id")),
    "InputAudioBufferCleared": ("input_audio_buffer.cleared", ()),
    "InputAudioBufferSpeechStarted": (
        "input_audio_buffer.speech_started",
        ("item_id", "audio_start_ms"),
    ),
    "InputAudioBufferSpeechStopped": (
        "input_audio_buffer.speech_stopped",
        ("item_id", "audio_end_ms"),
    ),
    "ResponseCreated": ("response.created", ("response",)),
    "ResponseDone": ("response.done", ("response",)),
    "ResponseOutputItemAdded": (
        "response.output_item.added",
        ("response_id", "output_index", "item"),
    ),
    "ResponseOutputItemDone": (
        "response.output_item.done",
        ("response_id", "output_index", "item"),
    ),
    "ResponseOutputAudioTranscriptDelta": (
        "response.output_audio_transcript.delta",
        (*_PART, "delta"),
    ),
    "ResponseOutputAudioTranscriptDone": (
        "response.output_audio_transcript.done",
        (*_PART, "transcript"),
    ),
    "ResponseOutputAudioDone": ("response.output_audio.done", _PART),
    "ResponseContentPartAdded": ("response.content_part.added", (*_PART, "part")),
    "ResponseContentPartDone": ("response.content_part.done", (*_PART, "part")),
    "ResponseFunctionCallArgumentsDone": (
        "response.function_call_arguments.done",
        ("response_id", "item_id", "output_index", "call_id", "name", "arguments"),
    ),
    "WebSocketError": ("", ()),
    "ConnectorInformation": ("", ()),
}

#: Documented, but the service does not send it: neither does the stand-in. A test below has a
#: provider that does.
NOT_ON_THE_WIRE = {("ResponseContentPartDone", "part")}

TYPES = {
    "conversation": Mapping,
    "session": Mapping,
    "item": Mapping,
    "response": Mapping,
    "part": Mapping,
    "output_index": int,
    "content_index": int,
    "audio_start_ms": int,
    "audio_end_ms": int,
    "previous_item_id": str | None,
}

TOUR = """
    SESSION = {
        "voice": "aria",
        "instructions": "You are a helpful assistant",
        "turn_detection": {"type": "server_vad"},
        "tools": [{
            "type": "function", "name": "get_weather", "description": "The weather somewhere.",
            "parameters": {"type": "object", "properties": {"location": {"type": "string"}}},
        }],
    }
    CLIENT = None
    answers = {}
    forgotten = []
    closes = []

    @on_call
    async def answer(e):
        global CLIENT
        call = e.call
        call.answer()
        client = CLIENT = await Grok.createVoiceAgentAPIClient({
            "xAIApiKey": KEY, "model": "grok-voice-latest", "statistics": True, "trace": True,
            "privacy": False, "onWebSocketClose": closes.append,
        })
        watch(client)
        answers["id"] = client.id()
        answers["webSocketId"] = client.webSocketId()

        def gone(e):
            forgotten.append(e)

        for _ in range(2):
            answers["addEventListener"] = client.addEventListener(EVENTS.Unknown, gone)
        answers["removeEventListener"] = client.removeEventListener(EVENTS.Unknown, gone)
        client.addEventListener(EVENTS.Unknown, lambda e: forgotten.append(e))
        client.removeEventListener(EVENTS.SessionUpdated)  # all of them, the prelude's too
        on(client, "SessionUpdated", seen.append)
        on(client, "ConversationCreated", begin)
        on(client, "SessionUpdated", greet)
        on(client, "ResponseFunctionCallArgumentsDone", tell_weather)
        on(client, "InputAudioBufferSpeechStarted", interrupt)
        on(client, "WebSocketMediaEnded", lambda e: ended(call))
        call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
        answers["call"] = call

    EVENTS = Grok.VoiceAgentAPIEvents

    def begin(e):
        answers["sessionUpdate"] = e.client.sessionUpdate(
            {"type": "session.update", "session": SESSION}
        )

    def greet(e):
        call, client = answers["call"], e.client
        call.sendMediaTo(client)
        parameters = {"tag": "voice", "customParameters": {"mood": "sunny"}, "encoding": "PCM16"}
        answers["sendMediaTo"] = client.sendMediaTo(call, parameters)
        answers["inputAudioBufferClear"] = client.inputAudioBufferClear(
            {"type": "input_audio_buffer.clear"}
        )
        answers["responseCreate"] = client.responseCreate({"type": "response.create"})
        client.conversationItemCreate({"item": "none"})  # xAI answers with an error

    def tell_weather(e):
        answers["conversationItemCreate"] = e.client.conversationItemCreate({
            "type": "conversation.item.create",
            "event_id": "event_345",
            "item": {
                "type": "function_call_output", "call_id": e.data.payload.call_id,
                "output": JSON.stringify({"weather": "sunny"}),
            },
        })
        e.client.responseCreate({})

    def interrupt(e):
        answers["clearMediaBuffer"] = e.client.clearMediaBuffer({"tag": "voice"})

    stretches = []

    def ended(call):
        stretches.append(call)
        if len(stretches) == 2:
            answers["stopMediaTo"] = CLIENT.stopMediaTo(call)
            answers["close"] = CLIENT.close()
            setTimeout(call.hangup, 100)
"""
AGENT = """
    greeting: Hello, here is the weather service of the world.
    rules:
      - when: weather
        say: One moment.
        call: {name: get_weather, arguments: {location: San Francisco}}
    after_tool:
      - tool: get_weather
        say: The sun shines.
"""
CALLER = """
    caller:
      steps:
        - barge_in: What is the weather in San Francisco?
          after_ms: 1200
        - wait: 60000
"""


@pytest.fixture(scope="module")
def tour(play_once):
    """One call through everything that the page documents."""
    played = play_once(TOUR, agent=AGENT, caller=CALLER)
    assert not played.errors
    assert played.result.outcome == "normal"
    return played


# The tables are complete ------------------------------------------------------------------------


def test_parameters_are_those_of_the_definitions():
    """Every parameter of the type definitions is in the table, with its type and default."""
    found = {}
    interfaces = api.surface()["interfaces"]
    waiting = ["Grok.VoiceAgentAPIClientParameters"]
    while waiting:
        interface = interfaces[waiting.pop()]
        found |= interface["fields"]
        waiting += interface["extends"]
    assert found.keys() == PARAMETERS.keys()
    for name, (kind, required) in PARAMETERS.items():
        assert bool(found[name].get("optional")) is not required
        if name != "onWebSocketClose":
            assert found[name]["type"] == kind
    assert found["model"]["default"] == DEFAULTS["model"]


def test_methods_are_those_of_the_definitions():
    """The client has twelve methods, with these parameters, and nothing else is in the table."""
    methods = api.surface()["classes"]["Grok.VoiceAgentAPIClient"]["methods"]
    assert methods.keys() == METHODS.keys()
    assert len(METHODS) == 12
    for name, (parameters, returns) in METHODS.items():
        (signature,) = methods[name]
        taken = [p["name"] + ("?" if p.get("optional") else "") for p in signature["params"]]
        assert tuple(taken) == parameters
        assert signature["returns"] == returns


def test_events_are_those_of_the_definitions():
    """The tables hold the 2 + 21 members of the enums, and the fields of their payloads."""
    surface = api.surface()
    assert surface["enums"]["Grok.Events"]["members"].keys() == MEDIA_EVENTS.keys()
    assert surface["enums"]["Grok.VoiceAgentAPIEvents"]["members"].keys() == EVENTS.keys()
    assert (len(MEDIA_EVENTS), len(EVENTS)) == (2, 21)
    for name, fields in MEDIA_EVENTS.items():
        assert set(surface["events"][f"Grok.Events.{name}"]["fields"]) == set(fields)
    for name in EVENTS:
        assert set(surface["events"][f"Grok.VoiceAgentAPIEvents.{name}"]["fields"]) == {
            "client",
            "data",
        }


def _reference_page() -> Path:
    named = os.environ.get("VOXRT_GROK_REFERENCE")
    if named:
        return Path(named)
    places = [p / "shared/reference/grok-module.txt" for p in Path(__file__).parents]
    return next((place for place in places if place.is_file()), places[3])


PAGE = _reference_page()


@pytest.mark.skipif(
    not PAGE.is_file(),
    reason=f"no text of the module's reference page at {PAGE}; set VOXRT_GROK_REFERENCE to it",
)
def test_tables_are_those_of_the_page():
    """Every method, event, field and parameter of the page's text is in the tables."""
    text = PAGE.read_text(encoding="utf-8")
    factory, _, rest = text.partition("\nVoiceAgentAPIClient\n")
    client, _, events = rest.partition("\nEvents\n")
    methods = re.findall(r"^1(\w+)\(.*\): (\w+)$", client, re.MULTILINE)
    assert dict(methods) == {name: returns for name, (_, returns) in METHODS.items()}
    parameters = re.findall(r"^\d (\w+)(\??): (.+);$", factory, re.MULTILINE)
    assert {name: (kind, not mark) for name, mark, kind in parameters} == PARAMETERS
    constants = re.split(r"^Event constant: (?:VoiceAgentAPI)?Events\.(\w+)$", events, flags=re.M)
    documented = dict(zip(constants[1::2], constants[2::2], strict=True))
    assert documented.keys() == MEDIA_EVENTS.keys() | EVENTS.keys()
    row = re.compile(r"^data\.([a-z_]+?)(?:string|object|integer|”)", re.MULTILINE)
    for name, (kind, fields) in EVENTS.items():
        found = row.findall(documented[name])
        assert found == (["event_id", "type", *fields] if kind else [])
        assert not kind or kind in documented[name]
    for name, fields in MEDIA_EVENTS.items():
        found = re.findall(r"^(client|tag|encoding|customParameters|mediaInfo)[VsW{]",
                           documented[name], re.MULTILINE)  # fmt: skip
        assert tuple(found) == fields
    _compare_examples(documented)


def _compare_examples(documented):
    """The page's examples fit the table of fields, and the examples below are the page's."""
    for name, section in documented.items():
        if "Example data:" not in section:
            continue
        lines = section.partition("Example data:")[2].splitlines()
        numbered = [re.sub(r"^\d+", "", line) for line in lines if re.match(r"\d", line)]
        example = json.loads("\n".join(numbered))
        kind, fields = EVENTS[name]
        assert example["type"] == kind
        assert example.keys() <= {"event_id", "type", *fields}
        assert EXAMPLES[name] == example


# Every method -----------------------------------------------------------------------------------


def test_the_client_has_these_methods_and_no_others(tour):
    """What is public on the client is what the platform's client has."""
    client = tour.names["CLIENT"]
    public = {name for name in dir(client) if not name.startswith("_")}
    ours = {"toJSON", "destroy", "link_opened", "link_refused", "link_text", "link_bytes",
            "link_closed"}  # fmt: skip
    assert public - ours == METHODS.keys()
    assert all(hasattr(client, name) for name in METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_method(tour, name):
    """It was called in the tour, and returned what the page says."""
    answer = tour.names["answers"][name]
    if METHODS[name][1] == "string":
        assert isinstance(answer, str)
        assert answer
    else:
        assert answer is None


@pytest.mark.parametrize("name", METHODS)
def test_method_takes_the_documented_parameters(name):
    """As many positional arguments as documented, the optional ones optional."""
    signature = inspect.signature(getattr(VoiceAgentAPIClient, name))
    takes = [p for p in signature.parameters.values() if p.kind in (0, 1) and p.name != "self"]
    documented = METHODS[name][0]
    assert len(takes) == len(documented)
    for parameter, described in zip(takes, documented, strict=True):
        if described.endswith("?"):
            assert parameter.default is not inspect.Parameter.empty


def test_what_the_methods_did(tour):
    """Each message reached xAI with its type, and the rest of it untouched."""
    sent = {}
    for record in tour.sent():
        sent.setdefault(record["type"], []).append(record["message"])
    (update,) = sent["session.update"]
    assert update["session"].items() >= tour.names["SESSION"].items()
    assert sent["input_audio_buffer.clear"] == [{"type": "input_audio_buffer.clear"}]
    assert sent["response.create"] == [{"type": "response.create"}] * 2
    broken, output = sent["conversation.item.create"]
    assert broken == {"type": "conversation.item.create", "item": "none"}
    assert output["event_id"] == "event_345"
    assert output["item"]["type"] == "function_call_output"
    commands = [record["name"] for record in tour.of("command")]
    for command in ("CreateWebSocket", "WebSocketClearMediaBuffer", "DestroyWebSocket"):
        assert command in commands
    assert commands.count("SendMessageWebSocket") == 6
    # The removed listeners heard nothing; the one that stayed heard all.
    assert len(tour.names["forgotten"]) == len(tour.named("Unknown"))
    assert not tour.events("SessionUpdated")[0]["handlers"] > 2


# Every event ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_event(tour, name):
    """It came; `client`, `name`, `id`, `data.customEvent` and `data.payload` are as documented."""
    heard = tour.named(name)
    assert heard
    kind, _ = EVENTS[name]
    for event in heard:
        assert event.name == event["name"] == f"Grok.VoiceAgentAPI.{name}"
        assert event.client is event["client"] is tour.names["CLIENT"]
        assert event.id == event["id"] == tour.names["answers"]["id"]
        assert event.data is event["data"]
        assert event.data.customEvent == event["data"]["customEvent"] == name
        assert list(event.data) == ["customEvent", "payload"]
        assert event.data.payload is event["data"]["payload"]
        if kind:
            assert event.data.payload.type == kind
        assert json.loads(json.dumps(event.data)) == event.data


FIELDS = [
    pytest.param(name, field, id=f"{name}.data.{field}")
    for name, (kind, fields) in EVENTS.items()
    for field in (("event_id", "type", *fields) if kind else ())
    if (name, field) not in NOT_ON_THE_WIRE
]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_field(tour, name, field):
    """It reads alike on `data` and in `data.payload`, as an attribute and as an item."""
    for event in tour.named(name):
        data, payload = event.data, event.data.payload
        value = payload[field]
        assert isinstance(value, TYPES.get(field, str))
        for found in (getattr(payload, field), getattr(data, field), data[field], data.get(field)):
            assert found is value


@pytest.mark.parametrize("name", ["Unknown", "WebSocketError", "ConnectorInformation"])
def test_undocumented_payloads(tour, name):
    """Events without documented fields carry what the provider or the connector said."""
    event = tour.named(name)[0]
    if name == "ConnectorInformation":
        assert list(event.data.payload) == ["applicationVersion", "id", "endpoint"]
        assert event.data.endpoint == "/grok"
        assert re.fullmatch("[0-9a-f]{32}", event.data.payload.id)
    elif name == "WebSocketError":
        assert event.data.payload.type == "error"
        assert event.data.payload.error.message
    else:
        assert event.data.payload.type == "session.created"


def test_media_events(tour):
    """Started with tag, encoding and custom parameters; Ended with tag and the duration."""
    assert len(tour.named("WebSocketMediaStarted")) == 2
    for name, fields in MEDIA_EVENTS.items():
        for event in tour.named(name):
            assert list(event) == ["name", "id", *fields]
            assert event.name == f"Grok.Events.{name}"
            assert event.client is tour.names["CLIENT"]
            assert event.tag == "voice"
    started = tour.named("WebSocketMediaStarted")[0]
    assert started.encoding == "PCM16"
    assert started.customParameters == {"mood": "sunny"}
    assert started.customParameters.mood == "sunny"
    durations = [e.mediaInfo.duration for e in tour.named("WebSocketMediaEnded")]
    assert all(isinstance(duration, int) for duration in durations)
    assert durations == sorted(durations)
    assert durations[0] > 0


def test_parameters_had_their_effect(tour):
    """`statistics` and `trace` left their files, and the close callback was called."""
    (closed,) = tour.names["closes"]
    assert (closed.code, closed.wasClean) == (1000, True)
    created = tour.of("event", name="WebSocket.Created")[0]["data"]
    assert set(created) == {"traceUrl", "statisticsUrl"}
    for url in created.values():
        assert (tour.result.out / url.removeprefix("file:")).is_file()
    assert "privacy = false" in tour.log_text


def test_raw_event_names():
    """The enums hold strings, which scenarios also write out."""
    for member, value in api.enum_members("Grok.VoiceAgentAPIEvents").items():
        assert value == f"Grok.VoiceAgentAPI.{member}"
    for member, value in api.enum_members("Grok.Events").items():
        assert value == f"Grok.Events.{member}"


# The page's examples ----------------------------------------------------------------------------

_ITEM = {"id": "msg_007", "object": "realtime.item", "type": "message", "role": "assistant"}
EXAMPLES = {
    "ConversationCreated": {
        "event_id": "event_9101",
        "type": "conversation.created",
        "conversation": {"id": "conv_001", "object": "realtime.conversation"},
    },
    "SessionUpdated": {
        "event_id": "event_123",
        "type": "session.updated",
        "session": {
            "model": "grok-voice-fast-1.0",
            "instructions": "You are a helpful assistant.",
            "voice": "Eve",
            "turn_detection": {"type": "server_vad"},
        },
    },
    "ConversationItemAdded": {
        "event_id": "event_1920",
        "type": "conversation.item.added",
        "previous_item_id": "msg_002",
        "item": {
            "id": "msg_003",
            "object": "realtime.item",
            "type": "message",
            "status": "completed",
            "role": "user",
            "content": [{"type": "input_audio", "transcript": "hello how are you"}],
        },
    },
    "ConversationItemInputAudioTranscriptionCompleted": {
        "event_id": "event_2122",
        "type": "conversation.item.input_audio_transcription.completed",
        "item_id": "msg_003",
        "transcript": "Hello, how are you?",
    },
    "InputAudioBufferCommitted": {
        "event_id": "event_1121",
        "type": "input_audio_buffer.committed",
        "previous_item_id": "msg_001",
        "item_id": "msg_002",
    },
    "InputAudioBufferCleared": {"event_id": "event_1122", "type": "input_audio_buffer.cleared"},
    "InputAudioBufferSpeechStarted": {
        "event_id": "event_1516",
        "type": "input_audio_buffer.speech_started",
        "item_id": "msg_003",
    },
    "InputAudioBufferSpeechStopped": {
        "event_id": "event_1516",
        "type": "input_audio_buffer.speech_stopped",
        "item_id": "msg_003",
    },
    "ResponseCreated": {
        "event_id": "event_2930",
        "type": "response.created",
        "response": {
            "id": "resp_001",
            "object": "realtime.response",
            "status": "in_progress",
            "output": [],
        },
    },
    "ResponseDone": {
        "event_id": "event_3132",
        "type": "response.done",
        "response": {"id": "resp_001", "object": "realtime.response", "status": "completed"},
    },
    "ResponseOutputItemAdded": {
        "event_id": "event_3334",
        "type": "response.output_item.added",
        "response_id": "resp_001",
        "output_index": 0,
        "item": {**_ITEM, "status": "in_progress", "content": []},
    },
    "ResponseOutputItemDone": {
        "event_id": "event_3335",
        "type": "response.output_item.done",
        "response_id": "resp_001",
        "output_index": 0,
        "item": {**_ITEM, "status": "completed", "content": []},
    },
    "ResponseOutputAudioTranscriptDelta": {
        "event_id": "event_4950",
        "type": "response.output_audio_transcript.delta",
        "response_id": "resp_001",
        "item_id": "msg_008",
        "delta": "Hello! I'm doing",
    },
    "ResponseOutputAudioTranscriptDone": {
        "event_id": "event_5152",
        "type": "response.output_audio_transcript.done",
        "response_id": "resp_001",
        "item_id": "msg_008",
    },
    "ResponseOutputAudioDone": {
        "event_id": "event_5152",
        "type": "response.output_audio.done",
        "response_id": "resp_001",
        "item_id": "msg_008",
    },
    "ResponseContentPartAdded": {
        "event_id": "event_3336",
        "type": "response.content_part.added",
        "response_id": "resp_001",
        "item_id": "msg_007",
        "output_index": 0,
        "content_index": 0,
        "part": {"type": "audio"},
    },
    "ResponseContentPartDone": {
        "event_id": "event_3337",
        "type": "response.content_part.done",
        "response_id": "resp_001",
        "item_id": "msg_007",
        "output_index": 0,
        "content_index": 0,
        "part": {"type": "audio"},
    },
    "ResponseFunctionCallArgumentsDone": {
        "event_id": "event_fc01",
        "type": "response.function_call_arguments.done",
        "response_id": "resp_001",
        "item_id": "msg_009",
        "output_index": 0,
        "call_id": "call_001",
        "name": "get_weather",
        "arguments": '{"location": "San Francisco"}',
    },
}


def test_the_pages_examples_are_delivered(play, provider):
    """Each documented message raises its event, with the same data, and nothing added."""
    link = provider([(10 * n, message) for n, message in enumerate(EXAMPLES.values())])
    played = play(
        """
        @on_started
        async def start(e):
            await connect()
            setTimeout(VoxEngine.terminate, 1000)
        """,
        link=link,
    )
    assert not played.errors
    heard = played.seen[1:]  # after ConnectorInformation
    assert [event.data.customEvent for event in heard] == list(EXAMPLES)
    for event, example in zip(heard, EXAMPLES.values(), strict=True):
        assert event.data.payload == example
        for field, value in example.items():
            assert getattr(event.data, field) == event.data[field] == value
    part = next(e for e in heard if e.data.customEvent == "ResponseContentPartDone").data.part
    assert part.type == "audio"
