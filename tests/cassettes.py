"""Cassettes that tests write down, and a client that plays against one."""

from __future__ import annotations

import json
from pathlib import Path

import trio

from voxrt.clock import US_PER_MS
from voxrt.clocks import VirtualClock
from voxrt.media.utterances import Utterances
from voxrt.xai.cassette import Player, read_cassette

#: A scenario whose agent talks to its caller; its session has the instructions GREETING.
TALK = """
require(Modules.Grok)

async def on_call(e):
    e.call.answer()
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"), model="grok-voice-latest"
    )
    events = Grok.VoiceAgentAPIEvents
    session = {"turn_detection": {"type": "server_vad"}, "instructions": "GREETING"}
    client.addEventListener(
        events.ConversationCreated, lambda event: client.sessionUpdate(session=session)
    )
    def on_session(event):
        VoxEngine.sendMediaBetween(e.call, client)
        client.responseCreate({})
    client.addEventListener(events.SessionUpdated, on_session)

VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
"""

HEAD = {"format": 1, "provider": "xai", "url": "ws://any", "dialled_ms": 0.0, "opened_ms": 100.0}


def sent(t, message):
    return {"t": t, "direction": "sent", "message": message}


def received(t, message, **more):
    return {"t": t, "direction": "received", "message": message, **more}


def audio(t, ms=100):
    """Sent audio at 24 kHz, the rate of a session that says nothing else."""
    folded = {"samples": 24 * ms, "rate_hz": 24_000, "sha256": ""}
    return sent(t, {"type": "input_audio_buffer.append", "audio": folded})


def write(path: Path, *lines, **head) -> Path:
    """Writes a cassette; lines are objects."""
    text = "".join(json.dumps(line) + "\n" for line in ({**HEAD, **head}, *lines))
    path.write_text(text, encoding="utf-8")
    return path


class Client:
    """Plays a cassette: does things at chosen times, and keeps what it is told, in ms."""

    def __init__(self, path, *acts):
        self.clock = VirtualClock()
        self.utterances = Utterances()
        self.told = []
        self.player = Player(read_cassette(path), self.clock, self, self.utterances)
        self.acts = acts

    def run(self, until_ms=60_000):
        over = []
        self.clock.call_at(100 * US_PER_MS, self.player.start)
        for at_ms, act in self.acts:
            self.clock.call_at(int(at_ms * US_PER_MS), self._act, act)
        self.clock.call_at(until_ms * US_PER_MS, over.append, True)

        async def main():
            await self.clock.drive(None, lambda: bool(over))

        trio.run(main, clock=self.clock.trio_clock)
        return self

    def _act(self, act):
        if isinstance(act, int):
            self.player.take_audio(bytes(2 * 24 * act))
        else:
            self.player.take(act)

    @property
    def now_ms(self):
        return self.clock.now_us() / US_PER_MS

    @property
    def types(self):
        return [(at, what["type"]) for at, what, _ in self.told]

    def text(self, text, speech):
        self.told.append((self.now_ms, json.loads(text), speech))

    def audio(self, message, speech):
        self.told.append((self.now_ms, {**message, "type": "bytes"}, speech))

    def closed(self, code, reason, was_clean):
        self.told.append((self.now_ms, {"type": f"closed {code} {reason}"}, was_clean))
