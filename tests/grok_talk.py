"""A turn of a call with a voice agent, which several tests look at, and its trace."""

from __future__ import annotations

TALK = """
    @on_call
    async def answer(e):
        e.call.answer()
        client = await connect({options})
        session = {{"turn_detection": {{"type": "server_vad"}}}}
        on(client, "ConversationCreated", lambda ev: client.sessionUpdate(session=session))
        on(client, "SessionUpdated", lambda ev: VoxEngine.sendMediaBetween(e.call, client))
        on(client, "ResponseDone", lambda ev: setTimeout(client.close, 100))
        setTimeout(VoxEngine.terminate, 6000)
"""
CALLER = "caller: {steps: [{wait: 1000}, {say: Good morning everybody.}, {wait: 60000}]}"
AGENT = "fallback: A good morning to you."


def trace_of(played, number=1):
    """The lines of a trace: (ms, direction, text)."""
    path = played.result.out / "traces" / f"grok-{number}.txt"
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        at_ms, direction, text = line.strip().split(" ", 2)
        found.append((float(at_ms), direction, text))
    return found
