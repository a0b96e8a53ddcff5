"""Runs a rehearsal: in virtual time against the stand-in, in real time against a server."""

from __future__ import annotations

from random import Random
from urllib.parse import parse_qs, urlsplit

import trio

from voxrt.clock import Clock
from voxrt.clocks import make_clock
from voxrt.connectors.link import Link
from voxrt.connectors.memory_link import MemoryLink
from voxrt.connectors.socket_link import SocketLink
from voxrt.imports.rehearsal import Rehearsal
from voxrt.imports.trace import TraceFile
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.xai.standin import AgentScript, StandIn
from voxrt.xai.url import DEFAULT_MODEL, REALTIME_BASE, ApiKey, realtime_headers, realtime_url


async def rehearse(
    trace: TraceFile, against: str, key: str, agent: AgentScript | None, seed: int
) -> Rehearsal:
    """Plays the client of a conversation to a server, to its end.

    Args:
        trace: The conversation.
        against: `stand-in`, `live`, or the `ws://` address of a server.
        key: The API key.
        agent: The stand-in's script.
        seed: Of the stand-in.

    Returns:
        The rehearsal, which is over.
    """
    clock = make_clock("virtual" if against == "stand-in" else "real")
    speaker, utterances = Speaker(), Utterances()
    async with trio.open_nursery() as nursery:
        if against == "stand-in":
            script, rng = agent or AgentScript(), Random(seed)
            server = StandIn(script, clock=clock, speaker=speaker, utterances=utterances, rng=rng)
            link: Link = MemoryLink(server, clock)
        else:
            base = REALTIME_BASE if against == "live" else against
            link = SocketLink(
                lambda query: realtime_url(base, query["model"]), clock, nursery.start_soon
            )
        rehearsal = Rehearsal(trace, link, clock, speaker, utterances)
        headers = {n.decode(): v.decode() for n, v in realtime_headers(ApiKey(key))}
        clock.call_soon(rehearsal.begin, headers, _model(trace))
        await _drive(clock, rehearsal)
        nursery.cancel_scope.cancel()
    return rehearsal


async def _drive(clock: Clock, rehearsal: Rehearsal) -> None:
    await clock.drive(None, lambda: rehearsal.over)


def _model(trace: TraceFile) -> str:
    """The model that was asked for, or the one that answered."""
    asked = parse_qs(urlsplit(trace.url).query).get("model", [""])[0]
    for one in trace.messages:
        session = one.message.get("session")
        if not asked and one.message["type"] == "session.created" and isinstance(session, dict):
            asked = str(session.get("model") or "")
    return asked or DEFAULT_MODEL
