"""The agent link: the CPU of one message each way over a loopback WebSocket.

The server is a child process that answers every message with an audio delta, so only the client's
CPU counts. Messages go one at a time, each sent when the answer to the one before is there, as in a
call: nothing is saved by doing several at once.
"""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import trio
import trio_websocket
from attrs import define, field

from bench.rows import Row, at_least, at_most, beside
from voxrt.clock import RealClock
from voxrt.connectors.socket_link import SocketLink
from voxrt.xai.client import ClientProtocol

RATE_HZ = 16_000
CHUNKS_MS = (20, 60, 100)
YARDSTICK = "trio-websocket with the standard library's codec"


@contextmanager
def server(sound: int) -> Iterator[str]:
    """A server's address, as long as it is needed."""
    command = [sys.executable, "-m", "bench.link_server", str(sound)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert child.stdout is not None
            yield f"ws://127.0.0.1:{int(child.stdout.readline())}/"
        finally:
            child.terminate()


async def plain(url: str, pcm: bytes, pairs: int) -> float:
    """CPU seconds of a pair, in a few lines on trio-websocket."""
    async with trio_websocket.open_websocket_url(url) as socket:
        for _ in range(2):
            await socket.get_message()
        begin = time.process_time()
        for _ in range(pairs):
            audio = base64.b64encode(pcm).decode()
            append = {"type": "input_audio_buffer.append", "audio": audio}
            await socket.send_message(json.dumps(append))
            answer = json.loads(await socket.get_message())
            base64.b64decode(answer["delta"])
        return (time.process_time() - begin) / pairs


@define(eq=False)
class Talker:
    """The user of a link: sends its next chunk as soon as it has heard one."""

    link: SocketLink
    pcm: bytes
    pairs: int
    protocol: ClientProtocol = field(factory=ClientProtocol, init=False)
    heard: int = field(default=0, init=False)
    used_s: float = field(default=0.0, init=False)
    over: bool = field(default=False, init=False)

    def link_opened(self) -> None:
        """Connected."""
        self.protocol.connection.opened()

    def link_text(self, text: str, speech: Any) -> None:
        """A message: the first two are the greeting."""
        for message in self.protocol.receive(text):
            if message.type == "response.created":
                self.used_s = -time.process_time()
                self.link.send(self.protocol.append(self.pcm))
            elif message.audio is not None:
                self._heard()

    def _heard(self) -> None:
        self.heard += 1
        if self.heard < self.pairs:
            self.link.send(self.protocol.append(self.pcm))
        else:
            self.used_s += time.process_time()
            self.link.close()
            self.over = True

    def link_bytes(self, data: bytes, speech: Any) -> None:
        """Not in this conversation."""

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The server went away before the end."""
        raise RuntimeError(f"the link was closed with {code}: {reason}")


async def ours(url: str, pcm: bytes, pairs: int, clock: RealClock) -> float:
    """CPU seconds of a pair, through a run's link, protocol and clock."""
    async with trio.open_nursery() as nursery:
        link = SocketLink(lambda query: url, clock, nursery.start_soon)
        talker = Talker(link, pcm, pairs)
        link.open(talker, headers={}, query={})
        await clock.drive(None, lambda: talker.over)
        nursery.cancel_scope.cancel()
    return talker.used_s / pairs


def pairs(chunk_ms: int, count: int, rounds: int) -> tuple[float, float]:
    """CPU seconds of a pair, ours and the yardstick's: medians of the rounds."""
    pcm = bytes(range(1, 251)) * (chunk_ms * RATE_HZ // 1000 * 2 // 250 + 1)
    pcm = pcm[: chunk_ms * RATE_HZ // 1000 * 2]
    found: list[tuple[float, float]] = []
    with server(len(pcm)) as url:
        for _ in range(rounds):
            clock = RealClock()
            mine = trio.run(ours, url, pcm, count, clock, clock=clock.trio_clock)
            found.append((mine, trio.run(plain, url, pcm, count)))
    return statistics.median(a for a, _ in found), statistics.median(b for _, b in found)


def link(count: int, rounds: int) -> list[Row]:
    """A pair at 20 ms, and calls per core at all chunk sizes."""
    rows = []
    for chunk_ms in CHUNKS_MS:
        mine, theirs = pairs(chunk_ms, count, rounds)
        rows.append(
            at_most(
                f"CPU of a message pair, {chunk_ms} ms chunks",
                mine * 1e6,
                "us",
                yardstick=YARDSTICK,
                reference=theirs * 1e6,
                first=1.0,
                goal=0.333,
            )
        )
        first, goal = {20: (None, 80), 60: (None, 200), 100: (100, 300)}[chunk_ms]
        calls = at_least(
            f"calls per core, {chunk_ms} ms chunks",
            chunk_ms / 1000 / mine,
            "calls",
            first=first,
            goal=goal,
        )
        rows.append(beside(calls, YARDSTICK, chunk_ms / 1000 / theirs))
    return rows


PARTS = {"pair": lambda quick: link(200 if quick else 1000, 1 if quick else 5)}
