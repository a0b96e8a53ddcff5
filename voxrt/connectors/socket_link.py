"""A link over a real WebSocket: to the provider, or to a stand-in on some port.

The socket is the same that a scenario's own WebSockets have on the network
(`voxrt.outside.live_socket`); this tells it which frames are audio, and its user what comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from attrs import define, field

from voxrt.clock import Clock
from voxrt.connectors.link import Link, LinkUser, carries_audio
from voxrt.media.hearing import HeardWord
from voxrt.outside.live_socket import DialledSocket, Spawn
from voxrt.xai.standin import SpokenSpan


@define(eq=False)
class SocketLink(Link):
    """One WebSocket connection.

    Args:
        make_url: Makes the address from the query parameters.
        clock: The run's clock; the user is told everything on it.
        spawn: Starts a task that lives as long as the run.
    """

    make_url: Callable[[Mapping[str, str]], str]
    clock: Clock
    spawn: Spawn
    _socket: DialledSocket = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._socket = DialledSocket(
            self.clock, carries_audio, spawn=self.spawn, hold="provider link"
        )

    def open(self, user: LinkUser, *, headers: Mapping[str, str], query: Mapping[str, str]) -> None:
        self.url = self.make_url(query)
        self._socket.dial(_Teller(user), self.url, list(headers.items()))

    def send(self, text: str | bytes, heard: Sequence[HeardWord] = ()) -> bool:
        return self._socket.send(text)

    def close(self, code: int = 1000, reason: str = "") -> None:
        self._socket.forget()
        self._socket.close(code, reason)


@define(eq=False)
class _Teller:
    """Hands on to the user of a link what its socket tells."""

    user: LinkUser

    def socket_opened(self, protocol: str) -> None:
        self.user.link_opened()

    def socket_refused(self, why: str) -> None:
        self.user.link_refused(why)

    def socket_text(self, text: str, speech: SpokenSpan | None) -> None:
        self.user.link_text(text, speech)

    def socket_bytes(self, data: bytes, speech: SpokenSpan | None) -> None:
        self.user.link_bytes(data, speech)

    def socket_closed(self, code: int, reason: str, was_clean: bool) -> None:
        self.user.link_closed(code, reason, was_clean)
