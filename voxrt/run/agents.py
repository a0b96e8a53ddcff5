"""Which agent is at the other end of a run's Grok clients."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from voxrt.clock import Clock
from voxrt.connectors.cassette_link import CassetteDeck
from voxrt.connectors.link import Link
from voxrt.connectors.memory_link import MemoryLink
from voxrt.connectors.socket_link import SocketLink
from voxrt.errors import UsageError
from voxrt.media.speech import Speaker
from voxrt.media.utterances import Utterances
from voxrt.run.cassettes import PLAYED
from voxrt.run.config import RunConfig
from voxrt.vox.context import Context
from voxrt.xai.cassette import read_cassettes
from voxrt.xai.standin import AgentScript, StandIn, StandInSettings, read_agent_script
from voxrt.xai.url import REALTIME_BASE, realtime_url


def read_agent(config: RunConfig) -> AgentScript:
    """The stand-in's script, or its default behaviour.

    Raises:
        InputError: The script is wrong, or there is one and no stand-in.
    """
    if config.agent is None:
        return AgentScript()
    if config.grok != "stand-in":
        raise UsageError(
            "--agent is the script of the stand-in; it does not go with another provider",
            hint="Leave out one of --agent and --grok.",
        )
    given = config.agent
    return given if isinstance(given, AgentScript) else read_agent_script(given)


def make_link_factory(
    config: RunConfig,
    agent: AgentScript,
    *,
    uses: Counter[str],
    clock: Clock,
    speaker: Speaker,
    utterances: Utterances,
    spawn: Callable[[Callable[[], Any]], None],
    approximated: Callable[[str], object],
    warn: Callable[[str, str], object],
) -> Callable[[Context], Link]:
    """What makes the links of a run's clients: to the stand-in, a recording, or a real server.

    `uses` counts the uses of the stand-in's rules (`AgentScript.unused`).

    Raises:
        InputError: `grok` is none of `stand-in`, `live` and a WebSocket address, or the recording
            is wrong.
    """
    if config.grok == "stand-in":
        stand_in = StandIn(
            agent,
            clock=clock,
            speaker=speaker,
            utterances=utterances,
            rng=Random(f"{config.seed} stand-in"),
            settings=StandInSettings(
                on_guess=lambda text: approximated(f"the agent's hearing: {text}"),
                on_note=lambda text: warn("stand-in", text),
            ),
            uses=uses,
        )

        def memory_link(context: Context) -> Link:
            approximated("the agent: the stand-in, which follows a script, not xAI's model")
            return MemoryLink(stand_in, clock)

        return memory_link
    if config.grok.startswith(PLAYED):
        recorded = read_cassettes(Path(config.grok.removeprefix(PLAYED)))
        return CassetteDeck(recorded, approximated).link
    base = REALTIME_BASE if config.grok == "live" else config.grok
    if "://" not in base:
        raise UsageError(
            f"--grok must be `stand-in`, `live` or a ws:// address, not {config.grok!r}"
        )
    realtime_url(base)  # checks it before anything runs

    def socket_link(context: Context) -> Link:
        return SocketLink(lambda query: realtime_url(base, query["model"]), clock, spawn)

    return socket_link
