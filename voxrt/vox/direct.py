"""Peer-to-peer calls: two far ends that exchange their audio beside the platform.

The platform signals such calls, and carries nothing of their sound: it plays nothing to them,
hears and records nothing of them. Source: voxengine-semantics.md 8.1, 8.5 and 10.9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voxrt.vox.line import Line


def make_direct(line: Line, peer: Line) -> None:
    """Makes two calls the ends of one peer-to-peer call."""
    line.peer, peer.peer = peer, line
    for one in (line, peer):
        one.flow_changed()


def join_direct(line: Line) -> None:
    """Lets a peer-to-peer call's far ends hear each other while both are connected."""
    peer = line.peer
    if peer is None or line.port.closed or peer.port.closed:
        return
    flows = all(one.connected and not one.dialog.on_hold for one in (line, peer))
    for source, target in ((line.port, peer.port), (peer.port, line.port)):
        if flows:
            source.send_to(target)
        else:
            source.stop_sending_to(target)
