"""The far end of a WebSocket, as a small interface: a server, a client, or a declared peer.

What a far end tells its user, on the run's clock, is in this order: `socket_opened` or
`socket_refused` once; messages while it is open; `socket_closed` once. One that its user forgets
tells nothing any more, at once.

Beside a message may travel what no network carries: the words that were audible in sound that is
sent, and the part of an utterance that arriving sound is. What these are is the user's business.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from attrs import frozen

from voxrt.outside.exchange import Headers, Response

NORMAL, GOING_AWAY, ABNORMAL, TOO_LARGE = 1000, 1001, 1006, 1009


class SocketUser(Protocol):
    """The near end: told what happens to the connection."""

    def socket_opened(self, protocol: str) -> None:
        """The connection is open; `protocol` is the subprotocol agreed on, if any."""

    def socket_refused(self, why: str) -> None:
        """There will be no connection."""

    def socket_text(self, text: str, speech: Any) -> None:
        """A text message arrived, with the part of an utterance that it carries."""

    def socket_bytes(self, data: bytes, speech: Any) -> None:
        """A binary message arrived."""

    def socket_closed(self, code: int, reason: str, was_clean: bool) -> None:
        """The open connection is gone; 1006 when it broke without a word."""


class FarEnd(ABC):
    """One connection, seen from its near end."""

    @abstractmethod
    def send(self, message: str | bytes, heard: Sequence[Any] = ()) -> bool:
        """Sends a message; one that comes before the connection is open waits for that.

        Returns:
            False when it was dropped: the connection is closing, or too much waits.
        """

    @abstractmethod
    def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Closes the connection, or ends the attempt at one; the user is told when it is gone."""

    @abstractmethod
    def forget(self) -> None:
        """Tells the user nothing any more."""


@frozen(kw_only=True)
class Visitor:
    """A client that asks a session's access URL for a WebSocket.

    Attributes:
        path: What follows the access URL's own path.
        headers: Those that begin with `X-` reach the scenario.
        meet: Called at once when the session agrees, with its end; returns the other.
        refuse: Told why there is no connection, on the run's clock.
    """

    path: str
    headers: Headers
    meet: Callable[[SocketUser], FarEnd]
    refuse: Callable[[Response], object]


class SocketAccess(Protocol):
    """The session's side of its access URL, for WebSockets."""

    def connect(self, visitor: Visitor) -> None:
        """A client asks for a connection: it is met, or refused.

        403 when the scenario does not allow any, 503 over the limit, 404 when the session is over.
        """
