"""Clients of the session's access URL that are declared: they come on the session's clock."""

from __future__ import annotations

from collections.abc import Iterable

from voxrt.outside.exchange import Request
from voxrt.outside.far_end import FarEnd, SocketUser, Visitor
from voxrt.outside.peers import Peer
from voxrt.vox.context import Context
from voxrt.vox.socket_peer import PeerEnd


def connect_peer(
    context: Context, peer: Peer, path: str = "", headers: Iterable[tuple[str, str]] = ()
) -> None:
    """Has a peer connect to the session's access URL, now.

    Args:
        context: The session's platform.
        peer: Who comes; told `opened` when the session has agreed.
        path: What follows the access URL's own path.
        headers: Those that begin with `X-` reach the scenario.

    A session that refuses says so in the journal; the peer hears nothing then.
    """
    given = tuple(headers)
    url = context.remote.path + path

    def meet(user: SocketUser) -> FarEnd:
        end = PeerEnd(context, peer, Request(url=url, headers=given))
        end.answer(user, [peer.protocol] if peer.protocol else [], 0)
        return end

    visitor = Visitor(path=path, headers=given, meet=meet, refuse=lambda response: None)
    context.remote.connect(visitor)
