"""`voxrt cassette`: plays the client of a recorded conversation to a server, and compares."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from voxrt.cli import parameters

if TYPE_CHECKING:
    from voxrt.imports.rehearsal import Rehearsal


def cassette(
    file: Annotated[Path, Parameter(name="FILE", help="A cassette, or a trace of the Grok link.")],
    /,
    *,
    against: Annotated[
        str,
        Parameter(help="The server: `stand-in`, `live` (needs XAI_API_KEY), or a ws:// URL."),
    ] = "stand-in",
    agent: parameters.Agent = None,
    seed: parameters.Seed = 1,
) -> int:
    """Play the client of a recorded conversation to a server.

    The server's answers are compared with the recorded ones: which kinds of messages, how many,
    with which fields. The exit code is 1 when they differ.
    """
    import os

    import trio

    from voxrt.cli.exits import OK, OUR_FAULT, SCENARIO_FAILED
    from voxrt.cli.options import checked_grok
    from voxrt.cli.terminal import say
    from voxrt.errors import UsageError
    from voxrt.imports.rehearsal import differences
    from voxrt.imports.rehearsing import rehearse
    from voxrt.imports.trace import read_trace
    from voxrt.xai.standin import read_agent_script

    against = checked_grok(against)
    key = os.environ.get("XAI_API_KEY", "") if against == "live" else "any"
    if not key:
        raise UsageError("--against live needs XAI_API_KEY in the environment.")
    if agent is not None and against != "stand-in":
        raise UsageError("--agent is the stand-in's script; it does not go with another server.")
    trace = read_trace(file)
    script = None if agent is None else read_agent_script(agent)
    rehearsal = trio.run(rehearse, trace, against, key, script, seed)
    found = differences(trace, rehearsal.received)
    for line in _told(rehearsal, found):
        say(line)
    if not rehearsal.received:
        return OUR_FAULT
    return SCENARIO_FAILED if found or rehearsal.notes else OK


def _told(rehearsal: Rehearsal, found: list[str]) -> list[str]:
    lines = [f"{'sent':<13}{rehearsal.sent} messages, and the caller's sound"]
    lines.append(f"{'received':<13}{len(rehearsal.received)} messages")
    lines += [f"{'note':<13}{text}" for text in rehearsal.notes]
    lines += [f"{'differs':<13}{text}" for text in found]
    return lines if found or rehearsal.notes else [*lines, "as recorded"]
