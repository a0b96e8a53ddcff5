"""Answers, lets the agent greet and call a function, answers that, and hangs up."""
# ruff: noqa: F821

from __future__ import annotations

require(Modules.Grok)

TOOL = {
    "type": "function",
    "name": "look_up",
    "description": "Looks an order up.",
    "parameters": {"type": "object", "properties": {"order": {"type": "integer"}}},
}


async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"), model="grok-voice-think-fast-2.0"
    )
    session = {"turn_detection": {"type": "server_vad"}, "tools": [TOOL]}
    answered = False

    def join(e):
        VoxEngine.sendMediaBetween(call, client)
        client.responseCreate({})

    def on_function_call(e):
        nonlocal answered
        item = {
            "type": "function_call_output",
            "call_id": e.data.payload.call_id,
            "output": '{"state": "on its way"}',
        }
        client.conversationItemCreate(item=item)
        client.responseCreate({})
        answered = True

    def on_silence(e):
        if answered:
            call.hangup()

    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(
        events.ConversationCreated, lambda e: client.sessionUpdate(session=session)
    )
    client.addEventListener(events.SessionUpdated, join)
    client.addEventListener(events.ResponseFunctionCallArgumentsDone, on_function_call)
    client.addEventListener(Grok.Events.WebSocketMediaEnded, on_silence)


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
