"""One suite for the stand-in and for the real service.

Against the stand-in it runs over a WebSocket on the loopback interface. Against the real service it
runs when `XAI_API_KEY` is set (it costs a few cents): what fails there and not here is where the
stand-in is wrong.
"""

from __future__ import annotations

import json
import os
import random
import ssl
from urllib.parse import urlsplit

import pytest
import trio
from trio_websocket import ConnectionRejected, wrap_client_stream

from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai import ApiKey, ClientProtocol, realtime_headers, realtime_url
from voxrt.xai.server_socket import serve
from voxrt.xai.standin import StandIn, StandInSettings, parse_agent_script
from voxrt.xai.url import REALTIME_BASE

SCRIPT = """
fallback: Hello there!
rules:
  - when: {regex: 'weather in (\\w+)'}
    say: I'll check that.
    call: {name: get_weather, arguments: {city: "{1}"}}
    then: "{output}"
  - when: count
    say: One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen.
transcripts: [Good morning.]
faults:
  - {fault: refuse, key: no-such-key}
"""
QUICK = StandInSettings(
    update_ms=(1, 5), answer_ms=(1, 2), created_ms=(2, 5), first_audio_ms=(5, 20), burst_factor=40
)
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Look up the weather for a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}
LIVE_KEY = os.environ.get("XAI_API_KEY", "")
SIDES = [
    "stand-in",
    pytest.param(
        "live",
        marks=pytest.mark.skipif(not LIVE_KEY, reason="XAI_API_KEY is not set: no real service"),
    ),
]


class Link:
    """A client of either side: sends messages, reads until something has come."""

    def __init__(self, socket):
        self.socket = socket
        self.protocol = ClientProtocol()
        self.protocol.connection.opened()
        self.messages = []

    async def send(self, kind, **fields):
        await self.socket.send_message(self.protocol.send({"type": kind, **fields}))

    async def until(self, kind, count=1):
        """Reads until `count` messages of a type have come; the last one's data."""
        with trio.fail_after(30):
            while len(self.all(kind)) < count:
                self.messages += self.protocol.receive(await self.socket.get_message())
        return self.all(kind)[-1].data

    def all(self, kind):
        return [m for m in self.messages if m.type == kind]

    @property
    def frames(self):
        return [m.data for m in self.messages]

    async def configure(self, **session):
        """Server VAD off by default: text turns only."""
        formats = {"format": {"type": "audio/pcm", "rate": 24000}}
        audio = {"input": formats, "output": formats}
        await self.send("session.update", session={"audio": audio, **session})
        return await self.until("session.updated", len(self.all("session.updated")) + 1)

    async def write(self, text):
        """A text message of the user, and the request for a reply."""
        content = [{"type": "input_text", "text": text}]
        item = {"type": "message", "role": "user", "content": content}
        await self.send("conversation.item.create", item=item)
        await self.send("response.create")
        return await self.until("response.done", len(self.all("response.done")) + 1)


@pytest.fixture(params=SIDES)
async def base_and_key(request):
    """Where to connect, and with which key."""
    if request.param == "live":
        yield REALTIME_BASE, LIVE_KEY
        return
    address = []
    listening = trio.Event()

    def ready(host, port):
        address.append(f"ws://{host}:{port}")
        listening.set()

    def standin(clock):
        return StandIn(
            parse_agent_script(SCRIPT),
            clock=clock,
            speaker=Speaker("synthetic"),
            utterances=Utterances(),
            rng=random.Random(1),
            settings=QUICK,
        )

    async with trio.open_nursery() as nursery:
        nursery.start_soon(lambda: serve(standin, "127.0.0.1", 0, ready=ready))
        await listening.wait()
        yield address[0], "any-key"
        nursery.cancel_scope.cancel()


async def with_link(base_and_key, talk, *, model="grok-voice-latest"):
    base, key = base_and_key
    url = urlsplit(realtime_url(base, model))
    # The stream is opened here, because trio-websocket leaves it open when it is refused.
    secure = url.scheme == "wss"
    stream = await trio.open_tcp_stream(url.hostname, url.port or (443 if secure else 80))
    if secure:
        context = ssl.create_default_context()
        stream = trio.SSLStream(stream, context, server_hostname=url.hostname)
    async with stream, trio.open_nursery() as nursery:
        socket = await wrap_client_stream(
            nursery,
            stream,
            url.netloc,
            f"{url.path}?{url.query}",
            extra_headers=realtime_headers(ApiKey(key)),
            max_message_size=2**24,
        )
        link = Link(socket)
        await talk(link)
        await socket.aclose()
    return link


async def test_the_first_frames(base_and_key):
    async def talk(link):
        await link.until("ping")
        await link.until("conversation.created")
        created = await link.until("session.created")
        assert created["session"]["object"] == "realtime.session"

    link = await with_link(base_and_key, talk)
    assert link.protocol.model
    assert link.protocol.conversation_id


async def test_an_unknown_model_is_not_refused(base_and_key):
    async def talk(link):
        created = await link.until("session.created")
        assert created["session"]["model"] != "no-such-model"

    await with_link(base_and_key, talk, model="no-such-model")


async def test_an_update_is_confirmed_with_formats_and_nested_tools(base_and_key):
    async def talk(link):
        updated = await link.configure(instructions="Be brief.", tools=[WEATHER])
        assert updated["session"]["instructions"] == "Be brief."
        assert updated["session"]["tools"][0]["function"]["name"] == "get_weather"
        assert updated["session"]["audio"]["output"]["format"]["rate"] == 24000
        assert "turn_detection" not in updated["session"]

    await with_link(base_and_key, talk)


async def test_a_text_turn(base_and_key, sequences):
    async def talk(link):
        await link.configure(instructions="Answer in two or three words.")
        start = len(link.messages)
        done = await link.write("Say a short greeting.")
        assert sequences.collapse(link.frames[start:]) == [
            "conversation.item.added",
            *sequences.reply,
        ]
        assert done["response"]["status"] == "completed"
        assert done["usage"]["output_audio_seconds"] > 0
        assert done["response"]["usage"] == {}

    link = await with_link(base_and_key, talk)
    sound = sum(len(m.audio) for m in link.messages if m.audio)
    seconds = link.protocol.usage["output_audio_seconds"]
    assert sound == pytest.approx(seconds * 48000, abs=4800)


async def test_a_function_call_round(base_and_key):
    async def talk(link):
        await link.configure(
            instructions="Use get_weather for any weather question, then answer in one sentence.",
            tools=[WEATHER],
        )
        done = await link.write("What is the weather in London?")
        call = await link.until("response.function_call_arguments.done")
        assert json.loads(call["arguments"]) == {"city": "London"}
        assert done["response"]["output"][-1]["call_id"] == call["call_id"]
        item = {
            "type": "function_call_output",
            "call_id": call["call_id"],
            "output": "It is foggy.",
        }
        await link.send("conversation.item.create", item=item)
        await link.send("response.create")
        await link.until("response.done", 2)
        said = link.all("response.output_audio_transcript.done")[-1].data["transcript"]
        assert "foggy" in said.lower()

    await with_link(base_and_key, talk)


async def test_response_create_during_a_reply_replaces_it(base_and_key):
    async def talk(link):
        await link.configure()
        content = [{"type": "input_text", "text": "Please count from one to thirty."}]
        item = {"type": "message", "role": "user", "content": content}
        await link.send("conversation.item.create", item=item)
        await link.send("response.create")
        await link.until("response.output_audio.delta")
        await link.send("response.create")
        await link.until("response.created", 2)
        await link.until("response.done", 2)
        statuses = [m.data["response"]["status"] for m in link.all("response.done")]
        assert statuses == ["cancelled", "completed"]
        assert not link.all("error")

    await with_link(base_and_key, talk)


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "response.cancel"},
        {"kind": "conversation.item.delete", "item_id": "no-such-item"},
        {"kind": "session.update", "session": {"tools": [{"type": "function"}]}},
    ],
    ids=lambda message: message["kind"],
)
async def test_what_cannot_be_done_is_an_error_and_the_session_lives(base_and_key, message):
    async def talk(link):
        await link.configure()
        await link.send(**message)
        error = await link.until("error")
        assert error["error"]["message"]
        await link.configure(instructions="Still here.")

    await with_link(base_and_key, talk)


async def test_a_wrong_key_is_refused_at_the_upgrade(base_and_key):
    base, _ = base_and_key

    async def talk(link):
        raise AssertionError("the upgrade was accepted")

    with pytest.RaisesGroup(ConnectionRejected) as caught:
        await with_link((base, "no-such-key"), talk)
    rejected = caught.value.exceptions[0]
    assert rejected.status_code in (400, 401, 403)
    assert {"code", "error"} <= set(json.loads(rejected.body))
