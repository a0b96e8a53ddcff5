"""Where a scenario's WebSocket leads: to a declared peer, to the network, or nowhere."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.errors import ScenarioTypeError
from voxrt.outside.exchange import Request
from voxrt.outside.far_end import NORMAL, FarEnd, SocketUser
from voxrt.outside.live_socket import DialledSocket
from voxrt.outside.peers import Peer, PeerPlan, Refused
from voxrt.outside.rules import DEFAULT_DELAY_MS
from voxrt.outside.websocket import NOT_OPENED
from voxrt.outside.world import LIVE
from voxrt.session.values import kind_of
from voxrt.vox.context import Context
from voxrt.vox.peer_plan import PlannedPeer
from voxrt.vox.socket_frames import looks_like_frame
from voxrt.vox.socket_peer import PeerEnd


def demand_url(function: str, url: Any) -> str:
    """The address of a WebSocket.

    Raises:
        ScenarioTypeError: It is none.
    """
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
        good = parts is not None and parts.scheme.lower() in ("ws", "wss") and parts.hostname
        if good and parts is not None and parts.port != 0:
            return str(url)
    except ValueError:
        pass  # a port that is no number, brackets that do not match
    given = repr(url) if isinstance(url, str) else kind_of(url)
    raise ScenarioTypeError(f"{function}: the url begins with ws:// or wss://, not {given}")


def dial(
    context: Context, user: SocketUser, request: Request, protocols: Sequence[str]
) -> tuple[FarEnd, str]:
    """Begins to connect; the user is told how it went.

    Args:
        context: The session's platform.
        user: The near end.
        request: The URL and the headers.
        protocols: The subprotocols offered.

    Returns:
        The far end, and where it is: `file:line` of a peer, `live` or `closed`.
    """
    if _is_secure_address(request.url):
        why = "wss:// takes a domain, not an address: a certificate is for a domain"
        return _nobody(context, user, why), "closed"
    found = context.outside.peer(request)
    if found == LIVE:
        socket = DialledSocket(context.clock, looks_like_frame, spawn=context.session.spawn)
        socket.dial(user, request.url, request.headers, protocols)
        return socket, LIVE
    if isinstance(found, str):
        return _nobody(context, user, found), "closed"
    if isinstance(found.reply, Refused):
        return _nobody(context, user, found.reply.why, found.takes_us), found.place
    peer = peer_of(found.reply)
    end = PeerEnd(context, peer, request)
    end.answer(user, protocols, found.takes_us)
    return end, found.place


def peer_of(reply: PeerPlan | Callable[[], Peer]) -> Peer:
    """The peer that does what is declared."""
    return PlannedPeer(reply) if isinstance(reply, PeerPlan) else reply()


def _is_secure_address(url: str) -> bool:
    parts = urlsplit(url)
    try:
        ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return False
    return parts.scheme.lower() == "wss"


def _nobody(
    context: Context, user: SocketUser, why: str, delay_us: int = DEFAULT_DELAY_MS * US_PER_MS
) -> FarEnd:
    end = _Nobody(context, user)
    end.refuse_later(why, delay_us)
    return end


@define(eq=False)
class _Nobody(FarEnd):
    """Where nobody answers."""

    context: Context
    user: SocketUser | None
    _timer: Timer | None = field(default=None, init=False)

    def refuse_later(self, why: str, delay_us: int) -> None:
        self._timer = self.context.clock.call_later(delay_us, self._refuse, why)

    def _refuse(self, why: str) -> None:
        user, self.user = self.user, None
        if user is not None:
            user.socket_refused(why)

    def send(self, message: str | bytes, heard: Sequence[Any] = ()) -> bool:
        return False

    def close(self, code: int = NORMAL, reason: str = "") -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.context.clock.call_soon(self._refuse, NOT_OPENED)

    def forget(self) -> None:
        self.user = None
