"""A WebSocket of a client that connected to the session's access URL over the loopback."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import trio
from attrs import define, field

from voxrt.clock import Clock
from voxrt.outside.exchange import Response
from voxrt.outside.far_end import FarEnd, SocketAccess, SocketUser, Visitor
from voxrt.outside.live_socket import CarriedSocket
from voxrt.outside.websocket import ServerSocket


@define(eq=False)
class ServedSocket(CarriedSocket):
    """The client's connection, seen from the session.

    Args:
        socket: The open request.
    """

    socket: ServerSocket = field(kw_only=True)
    _answer: Response | None = field(default=None, init=False)
    _answered: trio.Event = field(factory=trio.Event, init=False)

    async def serve(self, access: SocketAccess, path: str) -> Response | None:
        """Asks the session, and carries the connection to its end.

        Args:
            access: The session.
            path: What follows the access URL's own path.

        Returns:
            The session's refusal, which nobody has sent yet; `None` when all is done.

        Raises:
            trio.BrokenResourceError: The client has gone.
        """
        headers = tuple(
            (key.decode("ascii"), value.decode("latin-1")) for key, value in self.socket.headers
        )
        visitor = Visitor(path=path, headers=headers, meet=self._meet, refuse=self._refuse)
        self.clock.call_soon(access.connect, visitor)
        await self._answered.wait()
        if self._answer is not None:
            return self._answer
        await self._closing_when_cancelled(self._accept_and_carry)
        return None

    async def _accept_and_carry(self) -> None:
        try:
            await self.socket.accept()
        except trio.BrokenResourceError:
            self._ended = True
            self._tell(lambda to: to.socket_refused("the client has gone"))
        else:
            await self._carry_open(self.socket)

    def news(self) -> None:
        """The protocol demands an answer."""
        self._news.set()

    def _meet(self, user: SocketUser) -> FarEnd:
        self._user = user
        self._answered.set()
        return self

    def _refuse(self, response: Response) -> None:
        self._answer = response
        self._answered.set()


def served_socket(
    clock: Clock,
    stream: trio.abc.Stream,
    target: str,
    headers: Sequence[tuple[bytes, bytes]],
    early: bytes,
    is_sound: Callable[[str | bytes], bool],
) -> ServedSocket | None:
    """The connection that a request asks for; `None` when it asks wrongly.

    Args:
        clock: The run's clock.
        stream: The client's.
        target: Path and query of the request.
        headers: The request's.
        early: What came on the stream behind the request.
        is_sound: Whether a message is sound, which may be dropped.
    """
    socket = ServerSocket(stream, lambda: None, target=target, headers=headers, early=early)
    if not socket.read_request():
        return None
    served = ServedSocket(clock, is_sound, socket=socket)
    socket.on_answer = served.news
    return served
