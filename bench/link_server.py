"""A WebSocket server that answers each message with one audio delta: `python -m bench.link_server`.

Its argument is the number of bytes of sound in a delta; it prints its port and serves for ever.
"""

from __future__ import annotations

import base64
import json
import sys

import trio
import trio_websocket

SESSION = {
    "type": "session.created",
    "session": {"id": "s", "audio": {"output": {"format": {"type": "audio/pcm", "rate": 16_000}}}},
}
CREATED = {"type": "response.created", "response": {"id": "r"}}


def delta(sound: int) -> str:
    """An answer, with as many fields as the service's."""
    return json.dumps(
        {
            "type": "response.output_audio.delta",
            "event_id": "00000000-0000-0000-0000-000000000001",
            "previous_item_id": None,
            "response_id": "r",
            "item_id": "00000000-0000-0000-0000-000000000002",
            "output_index": 0,
            "content_index": 0,
            "rid": "00000000-0000-0000-0000-000000000003",
            "audio_duration_ms": sound // 32,
            "delta": base64.b64encode(bytes(range(1, 251)) * (sound // 250 + 1))[: sound // 3 * 4]
            .decode(),
        }
    )  # fmt: skip


async def serve(sound: int) -> None:
    """Serves until the process is ended."""
    answer = delta(sound)

    async def handle(request: trio_websocket.WebSocketRequest) -> None:
        socket = await request.accept()
        try:
            for message in (SESSION, CREATED):
                await socket.send_message(json.dumps(message))
            while True:
                await socket.get_message()
                await socket.send_message(answer)
        except trio_websocket.ConnectionClosed:
            return

    async with trio.open_nursery() as nursery:
        start = trio_websocket.serve_websocket
        server = await nursery.start(start, handle, "127.0.0.1", 0, None)
        print(server.port, flush=True)


if __name__ == "__main__":
    trio.run(serve, int(sys.argv[1]))
