"""Answers, lets the agent call a function, answers that, and hangs up when it calls the next."""
# ruff: noqa: F821

from __future__ import annotations

require(Modules.Grok)

TOOLS = [
    {
        "type": "function",
        "name": "look_up",
        "description": "Looks an order up.",
        "parameters": {"type": "object", "properties": {"order": {"type": "integer"}}},
    },
    {"type": "function", "name": "hang_up", "description": "Ends the call."},
]


async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"), model="grok-voice-think-fast-2.0"
    )
    session = {"turn_detection": {"type": "server_vad"}, "tools": TOOLS}

    def on_function_call(e):
        if e.data.payload.name == "hang_up":
            call.hangup()
            return
        item = {
            "type": "function_call_output",
            "call_id": e.data.payload.call_id,
            "output": '{"state": "on its way"}',
        }
        client.conversationItemCreate(item=item)
        client.responseCreate({})

    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(
        events.ConversationCreated, lambda e: client.sessionUpdate(session=session)
    )
    client.addEventListener(events.SessionUpdated, lambda e: client.responseCreate({}))
    client.addEventListener(events.ResponseFunctionCallArgumentsDone, on_function_call)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
