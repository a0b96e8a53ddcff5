"""The making of WebSockets: one side of `VoxEngine`, and the clients that come by themselves.

Source: https://voximplant.com/docs/references/voxengine/voxengine, and
https://voximplant.com/docs/guides/voxengine/limits for how many may come.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from voxrt.errors import ScenarioTypeError
from voxrt.outside.exchange import Request, Response
from voxrt.outside.far_end import Visitor
from voxrt.session.limits import LimitMode
from voxrt.session.session import State
from voxrt.session.values import NamedList, Struct, kind_of, parameters
from voxrt.vox.arguments import header_list
from voxrt.vox.call_facts import LineState
from voxrt.vox.context import Context
from voxrt.vox.dialling import demand_url
from voxrt.vox.socket_line import SocketLine
from voxrt.vox.websocket import WebSocket, line_of

NEW_WEBSOCKET = "AppEvents.NewWebSocketConnection"
NEW_WEBSOCKET_FAILED = "Application.OnNewWebSocketFailed"
LIMIT_REACHED = "WebSocket connections limit reached"
DEFAULT_PROTOCOL = "chat"
HIDDEN = "******"
FORBIDDEN, NOT_FOUND, UNAVAILABLE = 403, 404, 503


@define(eq=False)
class WebSocketHouse:
    """What the WebSockets of a session share.

    Args:
        context: The session's platform.
    """

    context: Context
    allowed: bool = False
    """Whether clients may connect to the access URL."""
    trace: bool = False
    statistics: bool = False
    """Whether the diagnostics of those that come are written."""
    incoming: list[SocketLine] = field(factory=list)
    """The connections of clients that are not closed."""
    _made: int = 0

    def make(self, url: str, options: Struct) -> WebSocket:
        """A socket that is not connected yet."""
        self._made += 1
        return WebSocket(self.context, url, options, f"websocket-{self._made}")

    def connect(self, visitor: Visitor) -> None:
        """A client asks for a connection to the session's access URL."""
        session, remote = self.context.session, self.context.remote
        full = remote.path + visitor.path

        def answer(code: int) -> None:
            session.journal.write("access", method="WEBSOCKET", path=full, code=code, body="")
            if code != 101:
                session.clock.call_soon(visitor.refuse, Response(code=code))

        if session.state is not State.RUNNING:
            answer(NOT_FOUND)
            return
        if not self.allowed:
            session.warn(
                "websocket",
                "a WebSocket client was refused: call VoxEngine.allowWebSocketConnections() first",
            )
            answer(FORBIDDEN)
            return
        given = visitor.headers
        shown = NamedList([(key, text) for key, text in given if key.lower().startswith("x-")])
        asked = {"method": "GET", "path": full, "content": "", "headers": shown}
        if self._is_full():
            answer(UNAVAILABLE)
            failed = {**asked, "reason": LIMIT_REACHED}
            session.emit(session.application, NEW_WEBSOCKET_FAILED, failed)
            return
        answer(101)
        options = Struct(trace=self.trace, statistics=self.statistics)
        socket = self.make(_secure(str(session.started["accessSecureURL"])) + visitor.path, options)
        line = line_of(socket)
        self.incoming.append(line)
        line.on_end = lambda: self.incoming.remove(line)
        session.emit(session.application, NEW_WEBSOCKET, {**asked, "websocket": socket})
        line.attach(visitor.meet(line))

    def _is_full(self) -> bool:
        session = self.context.session
        limits = session.limits
        calls = [one for one in self.context.lines if one.state is not LineState.TERMINATED]
        full = len(self.incoming) >= len(calls) + limits.spare_websockets
        if full and limits.mode is LimitMode.WARN:
            session.warn("limit", "the platform would refuse this WebSocket: too many came")
        return full and limits.mode is LimitMode.ENFORCE


class WebSockets:
    """Makes WebSockets."""

    _context: Context
    _sockets: WebSocketHouse

    def createWebSocket(self, url: Any, parameters_: Any = None, **kw: Any) -> WebSocket:
        """Connects to an application.

        Args:
            url: `wss://` with a domain, or `ws://` with a domain or an address.
            parameters_: `protocols` (`chat`), `headers` (a list of `{name, value}`), `privacy`
                (nothing of it is recorded), `trace` and `statistics` (files in the run's folder).
            kw: The same, as keywords.

        Returns:
            The socket at once: `CREATED` and `OPEN` follow, or `ERROR` and `CLOSE` with 1006.
        """
        address = demand_url("createWebSocket", url)
        params = parameters(parameters_, kw)
        protocols = _protocols(params.get("protocols"))
        headers = tuple(header_list("createWebSocket", params.get("headers")))
        socket = self._sockets.make(address, params)
        hidden: frozenset[str] = frozenset()
        if params.get("privacy"):
            hidden = frozenset({"url"})
        else:
            shown = {"headers": HIDDEN, "privacy": False, "protocols": protocols}
            ids = {"id": socket.id()}
            self._context.session.command("CreateWebSocket", [ids, address, shown])
        line_of(socket).connect(Request(url=address, headers=headers, hidden=hidden), protocols)
        return socket

    def allowWebSocketConnections(self, *_: Any) -> None:
        """Lets clients connect to the session's access URL: `AppEvents.WebSocket` tells of each."""
        self._context.session.command("AllowWebSocketConnections", [])
        self._sockets.allowed = True

    def enableTraceForIncomingWebsockets(self, *_: Any) -> None:
        """Writes what those say that come from now on, into `traces` of the run's folder."""
        self._sockets.trace = True

    def disableTraceForIncomingWebsockets(self, *_: Any) -> None:
        """Ends that for those that come from now on."""
        self._sockets.trace = False

    def enableStatisticsForIncomingWebsockets(self, *_: Any) -> None:
        """Counts the messages of those that come from now on, into `statistics`."""
        self._sockets.statistics = True

    def disableStatisticsForIncomingWebsockets(self, *_: Any) -> None:
        """Ends that for those that come from now on."""
        self._sockets.statistics = False


def _protocols(given: Any) -> list[str]:
    if given is None:
        return [DEFAULT_PROTOCOL]
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ScenarioTypeError(
            f"createWebSocket: protocols are a string or a list of them, not {kind_of(given)}"
        )
    return list(names)


def _secure(url: str) -> str:
    """The address of the access URL for a WebSocket."""
    return url.replace("http", "ws", 1)
