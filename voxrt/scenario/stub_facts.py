"""What the stubs know beyond the platform's typings.

The typings give every Grok event the same shape; its reference page documents the fields of each
(https://voximplant.com/docs/references/voxengine/grok). They also leave out what
scenarios really do: forms that the documentation shows and the types forbid.
"""

from __future__ import annotations

_ID = {"event_id": "str", "type": "str"}
_PART = {"response_id": "str", "item_id": "str", "output_index": "int", "content_index": "int"}
_OUTPUT = {"response_id": "str", "output_index": "int", "item": "Any"}

#: The documented fields of `event.data` and `event.data.payload`, by member of
#: `Grok.VoiceAgentAPIEvents`. Objects of the provider are `Any`: they may have any field.
GROK_FIELDS: dict[str, dict[str, str]] = {
    "ConversationCreated": {**_ID, "conversation": "Any"},
    "SessionUpdated": {**_ID, "session": "Any"},
    "ConversationItemAdded": {**_ID, "previous_item_id": "str", "item": "Any"},
    "ConversationItemInputAudioTranscriptionCompleted": {
        **_ID,
        "item_id": "str",
        "transcript": "str",
    },
    "InputAudioBufferCommitted": {**_ID, "previous_item_id": "str", "item_id": "str"},
    "InputAudioBufferCleared": _ID,
    "InputAudioBufferSpeechStarted": {**_ID, "item_id": "str", "audio_start_ms": "int"},
    "InputAudioBufferSpeechStopped": {**_ID, "item_id": "str", "audio_end_ms": "int"},
    "ResponseCreated": {**_ID, "response": "Any"},
    "ResponseDone": {**_ID, "response": "Any"},
    "ResponseOutputItemAdded": {**_ID, **_OUTPUT},
    "ResponseOutputItemDone": {**_ID, **_OUTPUT},
    "ResponseOutputAudioTranscriptDelta": {**_ID, **_PART, "delta": "str"},
    "ResponseOutputAudioTranscriptDone": {**_ID, **_PART, "transcript": "str"},
    "ResponseOutputAudioDone": {**_ID, **_PART},
    "ResponseContentPartAdded": {**_ID, **_PART, "part": "Any"},
    "ResponseContentPartDone": {**_ID, **_PART, "part": "Any"},
    "ResponseFunctionCallArgumentsDone": {
        **_ID,
        "response_id": "str",
        "item_id": "str",
        "output_index": "int",
        "call_id": "str",
        "name": "str",
        "arguments": "str",
    },
}

#: Fields that are whole numbers; any other `number` that a scenario receives is a float.
INTEGERS = frozenset(
    {
        "accountId",
        "applicationId",
        "channelTag",
        "code",
        "expireAt",
        "internalCode",
        "numPackets",
        "operatorId",
        "position",
        "sessionId",
        "statusCode",
        "trackId",
    }
)

#: Parameter fields that the typings demand and the documentation does not.
OPTIONAL = frozenset(
    {
        "AMD.Parameters.call",
        "SendMediaParameters.tag",
        "TransferToParameters.to",
        "TransferToParameters.call",
        "ConferenceParameters.hd_audio",
        "EndpointParameters.scheme",
        "EndpointParameters.maxVideoBitrate",
        "IVRSettings.inputLength",
        "IVRSettings.nextStates",
        "IVRSettings.nextState",
        "IVRSettings.terminateOn",
        "ACDEnqueueParameters.customData",
        "ACDEnqueueParameters.priority",
        "ACDEnqueueParameters.video",
        "SmartQueueOperatorSettings.timeout",
        "Net.SendMailOptions.port",
        "Net.SendMailOptions.login",
        "Net.SendMailOptions.password",
    }
)

#: Whole signatures that replace the typings', by full name: (parameters, result).
SIGNATURES: dict[str, tuple[str, str]] = {
    # Handed over as a handler, it gets the event and ignores it.
    "VoxEngine.terminate": ("ignored: object = ..., /", "None"),
    # Read unguarded by every scenario; the union with Any lets them.
    "VoxEngine.getSecretValue": ("name: str", "str | Any"),
    "Call.handleTones": ("doHandle: bool = ..., supportedDtmfTypes: _DTMFType = ...", "None"),
    "SmartQueueTask.end": ("description: str = ..., terminationStatus: int = ...", "None"),
    "setTimeout": ("callback: Callable[..., object], timeout: float = ..., *arguments: Any", "int"),
    "setInterval": (
        "callback: Callable[..., object], timeout: float = ..., *arguments: Any",
        "int",
    ),
    "Logger.write": ("message: object", "None"),
    "levenshtein_distance": ("str1: str, str2: str", "int"),
}

#: Types that replace those of one parameter, by full name of the function and the parameter.
PARAMETERS: dict[str, str] = {
    "VoxEngine.createASR.parameters": "str | ASRParameters",
    "VoxEngine.createURLPlayer.request": "str | URLPlayerRequest",
    "VoxEngine.createURLPlayer.parameters": "bool | URLPlayerParameters",
    "VoxEngine.createToneScriptPlayer.parameters": "bool | ToneScriptPlayerParameters",
    "VoxEngine.createTTSPlayer.parameters": "str | Voice | TTSPlayerParameters",
    "SequencePlayer.addMarker.segment": "int | SequencePlayerSegment",
    "require.module": "str | None",
}

#: Types that replace those of a parameter's field, by full name.
FIELDS: dict[str, str] = {
    "SmartQueueSkill.level": "int | Sequence[int]",
}

#: Fields that events carry beyond the typings, by interface.
EXTRA_FIELDS: dict[str, dict[str, str]] = {
    "_ACDBaseEvent": {"name": "string", "id": "string"},
    "_SmartQueueEvent": {"name": "string", "id": "string"},
    "_StartedEvent": {"name": "string"},
    "_SystemError": {"name": "string"},
    "_HttpRequestEvent": {"name": "string"},
    "_ASREvent": {"name": "string"},
    "_ReInviteRejectedEvent": {"code": "number", "reason": "string"},
    "_ConferenceEvent": {"name": "string"},
    "_PlayerEvent": {"name": "string"},
    "_RecorderEvent": {"name": "string"},
    "_SequencePlayerEvent": {"name": "string"},
    "_StreamingAgentEvent": {"name": "string"},
    "_WebSocketEvent": {"name": "string"},
    "AMD._AMDEvent": {"name": "string", "id": "string"},
    "AMD.Parameters": {"call": "Call"},
    "Grok._Event": {"name": "string", "id": "string"},
    "Grok._VoiceAgentAPIEvent": {"name": "string", "id": "string"},
}

#: Members of `Modules` that the typings dropped and scenarios still require.
LEGACY_MODULES = ("AMD", "Call", "CallList", "Crypto", "Net", "Player", "WebSocket")
