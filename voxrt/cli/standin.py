"""`voxrt stand-in`: a stand-in for xAI's realtime API on a real socket."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def stand_in(
    *,
    agent: Annotated[
        Path | None,
        Parameter(
            name=["--agent", "--script"],
            help="What the agent says and does: a YAML or Python file.",
        ),
    ] = None,
    cassette: Annotated[
        Path | None,
        Parameter(
            help="Play a recorded connection, or a folder of them, in place of the stand-in."
        ),
    ] = None,
    host: Annotated[str, Parameter(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, Parameter(help="The port; 0 takes any free one.")] = 8765,
    seed: Annotated[int, Parameter(help="For ids and timing.")] = 0,
) -> int:
    """Serve a stand-in for xAI's realtime API.

    Prints its URL and serves until Ctrl-C. Point any client of the API at it; every key is good.
    Without a script the agent greets, answers and says goodbye. With a cassette every client is
    played what xAI sent, as long as it sends what was recorded.
    """
    import trio

    from voxrt.cli.exits import OK
    from voxrt.cli.terminal import say
    from voxrt.clock import Clock
    from voxrt.errors import UsageError
    from voxrt.media.speech import Speaker, Utterances
    from voxrt.xai.cassette import read_cassettes
    from voxrt.xai.cassette.served import CassetteServer
    from voxrt.xai.server_socket import serve
    from voxrt.xai.standin import AgentScript, StandIn, StandInSettings, read_agent_script

    if not 0 <= port <= 65_535:
        raise UsageError(f"--port must be between 0 and 65535, not {port}.")
    if cassette is not None and agent is not None:
        raise UsageError("--agent is the stand-in's script; it does not go with --cassette.")
    recorded = [] if cassette is None else read_cassettes(cassette)
    script = read_agent_script(agent) if agent is not None else AgentScript()

    def make(clock: Clock) -> StandIn | CassetteServer:
        if recorded:
            return CassetteServer(recorded, clock, say)
        return StandIn(
            script,
            clock=clock,
            speaker=Speaker(),
            utterances=Utterances(),
            rng=random.Random(seed),
            settings=StandInSettings(on_guess=say, on_note=say),
        )

    def ready(address: str, bound: int) -> None:
        name = f"[{address}]" if ":" in address else address
        what = "cassette of xAI" if recorded else "stand-in for xAI"
        say(f"{what} at ws://{name}:{bound}/v1/realtime  (Ctrl-C ends it)")

    async def run() -> None:
        await serve(make, host, port, ready=ready)

    try:
        trio.run(run)
    except* KeyboardInterrupt:
        say("")
    return OK
