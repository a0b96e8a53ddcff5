"""The agent link: the CPU of one message each way over a loopback WebSocket.

Some calls at the same time, each with a chunk of audio every so many milliseconds in real time, as
calls have them. The server is a child process that answers every message with an audio delta, so
only the client's CPU counts.
"""

from __future__ import annotations

import base64
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import trio
import trio_websocket
from attrs import define, field

from bench.rows import Row, at_least, at_most, beside
from voxrt.clocks import RealClock
from voxrt.connectors.socket_link import SocketLink
from voxrt.xai.client import ClientProtocol

RATE_HZ = 16_000
CHUNKS_MS = (20, 60, 100)
CALLS = 10
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


async def plain(url: str, pcm: bytes, count: int, every_s: float) -> float:
    """CPU seconds of a pair, in a few lines on trio-websocket: two tasks for a call."""

    async def send(socket: trio_websocket.WebSocketConnection, start: float) -> None:
        for k in range(count):
            await trio.sleep_until(start + k * every_s)
            audio = base64.b64encode(pcm).decode()
            append = {"type": "input_audio_buffer.append", "audio": audio}
            await socket.send_message(json.dumps(append))

    async def receive(socket: trio_websocket.WebSocketConnection) -> None:
        for _ in range(count):
            answer = json.loads(await socket.get_message())
            base64.b64decode(answer["delta"])

    async with AsyncExitStack() as stack:
        sockets = []
        for _ in range(CALLS):
            socket = await stack.enter_async_context(trio_websocket.open_websocket_url(url))
            for _ in range(2):
                await socket.get_message()
            sockets.append(socket)
        begin, start = time.process_time(), trio.current_time()
        async with trio.open_nursery() as nursery:
            for number, socket in enumerate(sockets):
                nursery.start_soon(send, socket, start + number * every_s / CALLS)
                nursery.start_soon(receive, socket)
        return (time.process_time() - begin) / (CALLS * count)


@define(eq=False)
class Talker:
    """The user of a link: sends a chunk whenever one is due, and hears what comes."""

    link: SocketLink
    clock: RealClock
    pcm: bytes
    left: int
    every_us: int
    on_ready: Callable[[], None]
    on_heard: Callable[[], None]
    protocol: ClientProtocol = field(factory=ClientProtocol, init=False)

    def link_opened(self) -> None:
        """Connected."""
        self.protocol.connection.opened()

    def link_text(self, text: str, speech: Any) -> None:
        """A message: the first two are the greeting."""
        for message in self.protocol.receive(text):
            if message.type == "response.created":
                self.on_ready()
            elif message.audio is not None:
                self.on_heard()

    def talk(self, due_us: int) -> None:
        """Sends a chunk, and the next when it is due."""
        self.link.send(self.protocol.append(self.pcm))
        self.left -= 1
        if self.left:
            due_us += self.every_us
            self.clock.call_at(due_us, self.talk, due_us)

    def link_refused(self, why: str) -> None:
        """There is no server."""
        raise RuntimeError(why)

    def link_bytes(self, data: bytes, speech: Any) -> None:
        """Not in this conversation."""

    def link_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The server went away before the end."""
        raise RuntimeError(f"the link was closed with {code}: {reason}")


async def ours(url: str, pcm: bytes, count: int, every_s: float, clock: RealClock) -> float:
    """CPU seconds of a pair, through a run's links, protocol and clock."""
    talkers: list[Talker] = []
    ready: list[float] = []
    missing = CALLS * count

    def on_heard() -> None:
        nonlocal missing
        missing -= 1

    def on_ready() -> None:
        ready.append(time.process_time())
        if len(ready) == CALLS:
            for number, talker in enumerate(talkers):
                due_us = clock.now_us() + number * talker.every_us // CALLS
                clock.call_at(due_us, talker.talk, due_us)

    async with trio.open_nursery() as nursery:
        for _ in range(CALLS):
            link = SocketLink(lambda query: url, clock, nursery.start_soon)
            talkers.append(
                Talker(link, clock, pcm, count, round(every_s * 1e6), on_ready, on_heard)
            )
            link.open(talkers[-1], headers={}, query={})
        await clock.drive(None, lambda: not missing)
        used_s = time.process_time() - ready[-1]
        nursery.cancel_scope.cancel()
    return used_s / (CALLS * count)


def pairs(chunk_ms: int, seconds: float, rounds: int) -> tuple[float, float]:
    """CPU seconds of a pair, ours and the yardstick's: medians of the rounds."""
    pcm = bytes(range(1, 251)) * (chunk_ms * RATE_HZ // 1000 * 2 // 250 + 1)
    pcm = pcm[: chunk_ms * RATE_HZ // 1000 * 2]
    found: list[tuple[float, float]] = []
    every_s, count = chunk_ms / 1000, round(seconds * 1000 / chunk_ms)
    with server(len(pcm)) as url:
        for _ in range(rounds):
            clock = RealClock()
            mine = trio.run(ours, url, pcm, count, every_s, clock, clock=clock.trio_clock)
            found.append((mine, trio.run(plain, url, pcm, count, every_s)))
    return statistics.median(a for a, _ in found), statistics.median(b for _, b in found)


def link(seconds: float, rounds: int) -> list[Row]:
    """A pair at 20 ms, and calls per core at all chunk sizes."""
    rows = []
    for chunk_ms in CHUNKS_MS:
        mine, theirs = pairs(chunk_ms, seconds, rounds)
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


PARTS = {"pair": lambda quick: link(*((0.5, 1) if quick else (1.5, 3)))}
