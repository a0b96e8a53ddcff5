"""Joins the caller and an agent that nobody asks to speak."""
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
    events = Grok.VoiceAgentAPIEvents
    client.addEventListener(
        events.ConversationCreated,
        lambda e: client.sessionUpdate(session={"turn_detection": {"type": "server_vad"}}),
    )
    client.addEventListener(
        events.SessionUpdated, lambda e: VoxEngine.sendMediaBetween(call, client)
    )


VoxEngine.addEventListener(AppEvents.CallAlerting, on_call)
