"""The little HTTP that stands before a WebSocket: reading a request's head, writing a response.

trio-websocket answers upgrades only. The service answers plain requests at the same port, and
refuses upgrades with a JSON body, so the head is read here first; for an upgrade what was read is
put back in front of the stream.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
import trio
from attrs import define, frozen

from voxrt.errors import RemoteProtocolError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_HEAD_BYTES: Final = 65_536
MAX_BODY_BYTES: Final = 65_536


@frozen
class RequestHead:
    """The head of an HTTP/1.1 request; header names are in lower case.

    `raw` is everything that was read, of which `body_start` bytes are the head.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes
    body_start: int

    @property
    def is_upgrade(self) -> bool:
        """Whether it asks for a WebSocket."""
        return self.headers.get("upgrade", "").lower() == "websocket"


async def read_head(stream: trio.abc.Stream) -> RequestHead | None:
    """Reads up to the empty line, and perhaps beyond.

    Returns:
        The head; `None` when the client went away before it said anything.

    Raises:
        RemoteProtocolError: It is not HTTP, or the head is too long.
    """
    raw = b""
    while (end := raw.find(b"\r\n\r\n")) < 0:
        if len(raw) > MAX_HEAD_BYTES:
            raise RemoteProtocolError("the head of the request is too long")
        more = await stream.receive_some(MAX_HEAD_BYTES)
        if not more:
            if raw:
                raise RemoteProtocolError("the connection ended within the head of a request")
            return None
        raw += more
    lines = raw[:end].decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise RemoteProtocolError("this is not an HTTP/1.1 request")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise RemoteProtocolError("a header of the request is malformed")
        key = name.lower()
        headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return RequestHead(words[0], words[1], headers, bytes(raw), end + 4)


async def read_body(stream: trio.abc.Stream, head: RequestHead) -> bytes:
    """Reads the body of a request that gives its length.

    Raises:
        RemoteProtocolError: The length is missing, malformed, or too large, or the body is cut off.
    """
    length = head.headers.get("content-length", "0")
    if "transfer-encoding" in head.headers:
        raise RemoteProtocolError("a body is accepted with Content-Length only")
    if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
        raise RemoteProtocolError("the length of the body is malformed or too large")
    body = head.raw[head.body_start :]
    while len(body) < int(length):
        more = await stream.receive_some(MAX_BODY_BYTES)
        if not more:
            raise RemoteProtocolError("the connection ended within the body of a request")
        body += more
    return body[: int(length)]


def json_response(status: int, body: Mapping[str, Any]) -> bytes:
    """A complete response, after which the connection closes."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Refused"
    content = msgspec.json.encode(dict(body))
    head = (
        f"HTTP/1.1 {status} {phrase}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + content


@define(eq=False)
class PrefixedStream(trio.abc.Stream):
    """A stream with bytes put back in front of it."""

    _prefix: bytes
    _stream: trio.abc.Stream

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        if not self._prefix:
            return bytes(await self._stream.receive_some(max_bytes))
        await trio.lowlevel.checkpoint()
        count = len(self._prefix) if max_bytes is None else max_bytes
        data, self._prefix = self._prefix[:count], self._prefix[count:]
        return data

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await self._stream.send_all(data)

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._stream.aclose()
