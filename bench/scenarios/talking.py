"""Joins the caller and an agent that begins anew as soon as it has been heard to the end."""
# ruff: noqa: F821

from __future__ import annotations

require(Modules.Grok)


async def on_call(e):
    call = e.call
    call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate)
    call.answer()
    client = await Grok.createVoiceAgentAPIClient(
        xAIApiKey=VoxEngine.getSecretValue("XAI_API_KEY"), model="grok-voice-think-fast-2.0"
    )

    def join(e):
        VoxEngine.sendMediaBetween(call, client)
        client.responseCreate({})

    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(
        events.ConversationCreated,
        lambda e: client.sessionUpdate(session={"turn_detection": {"type": "server_vad"}}),
    )
    client.addEventListener(events.SessionUpdated, join)
    client.addEventListener(Grok.Events.WebSocketMediaEnded, lambda e: client.responseCreate({}))


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
