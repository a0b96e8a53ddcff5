"""A restaurant's telephone agent: takes reservations, and hangs up when the guest says goodbye.

Run it from the project's folder:

    voxrt run scenarios/restaurant/restaurant.py \\
        --caller scenarios/restaurant/caller.yaml --agent scenarios/restaurant/agent.yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # an editor completes and checks the names that are simply there
    from voxrt.platform import *

require(Modules.Grok)

MODEL = "grok-voice-think-fast-2.0"

SESSION = {
    "voice": "ara",
    "instructions": (
        "You are the telephone agent of the restaurant La Piazza. Greet the guest, take "
        "reservations with check_table, and call hang_up after you have said goodbye."
    ),
    "turn_detection": {"type": "server_vad", "threshold": 0.6, "silence_duration_ms": 500},
    "tools": [
        {
            "type": "function",
            "name": "check_table",
            "description": "Whether a table is free.",
            "parameters": {
                "type": "object",
                "properties": {"guests": {"type": "integer"}, "time": {"type": "string"}},
                "required": ["guests", "time"],
            },
        },
        {
            "type": "function",
            "name": "hang_up",
            "description": "Ends the call after the goodbye.",
            "parameters": {"type": "object", "properties": {}},
        },
    ],
}

TABLES = {"eight": "by the window", "nine": "in the garden"}


def check_table(guests: int = 2, time: str = "eight") -> dict:
    """Answers the agent's question about a table."""
    place = TABLES.get(time)
    return {"free": place is not None, "guests": guests, "time": time, "place": place}


async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    call.record(stereo=True)
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"),
        model=MODEL,
        onWebSocketClose=lambda close: Logger.write(f"Agent closed: {close.code}"),
    )
    serve(call, client)


def serve(call, client):
    """Joins a call and an agent, and answers the agent's function calls."""
    events = Grok.VoiceAgentAPIEvents
    goodbye_said = False
    joined = False

    def on_session(e):
        nonlocal joined
        if joined:  # SessionUpdated may come several times
            return
        joined = True
        VoxEngine.sendMediaBetween(call, client)
        client.responseCreate({})

    def on_function_call(e):
        nonlocal goodbye_said
        asked = e.data.payload
        Logger.write(f"The agent calls {asked.name}({asked.arguments})")
        if asked.name == "hang_up":
            goodbye_said = True
            output = {"ok": True}
        else:
            output = check_table(**JSON.parse(asked.arguments))
        client.conversationItemCreate(
            item={
                "type": "function_call_output",
                "call_id": asked.call_id,
                "output": JSON.stringify(output),
            }
        )
        if not goodbye_said:
            client.responseCreate({})

    def on_silence(e):
        if goodbye_said:
            call.hangup()

    client.addEventListener(
        events.ConversationCreated, lambda e: client.sessionUpdate(session=SESSION)
    )
    client.addEventListener(events.SessionUpdated, on_session)
    client.addEventListener(
        events.InputAudioBufferSpeechStarted, lambda e: client.clearMediaBuffer()
    )
    client.addEventListener(events.ResponseFunctionCallArgumentsDone, on_function_call)
    client.addEventListener(Grok.Events.WebSocketMediaEnded, on_silence)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
