"""What of the platform is emulated in part or not at all, and why: for the page of coverage.

Parameters without effect are not here but in `voxrt.vox.shortfalls`, whose readers are scenarios.
"""

from __future__ import annotations

from typing import Any

from voxrt.vox import api

_SOUND_FILES = "ogg with Vorbis only, not Speex"
_ENCODERS = "mp3 and flac when an encoder is installed, else WAV"
_HIDDEN = "of a hidden service: only when a caller script says so, with `identify`"
_VOICES = "a voice of espeak-ng or a synthetic one"

#: What is emulated in part, and which part is not.
PARTIAL = {
    "AI.detectVoicemail": "rules instead of models",
    "AMD.create": "rules instead of models; never `MIMIC`",
    "Call.answer": "`displayName` is written down only",
    "Call.answerDirect": "`displayName` is written down only",
    "Call.monitorMediaStatistics": "jitter and packet loss as caller scripts have them",
    "Call.record": (
        f"{_ENCODERS}; with `video` the sound alone; transcriptions have a form of their own"
    ),
    "Call.say": _VOICES,
    "Call.startPlayback": _SOUND_FILES,
    "CallEvents.AudioIdentificationError": _HIDDEN,
    "CallEvents.AudioIdentificationResult": _HIDDEN,
    "CallEvents.AudioIdentificationStarted": _HIDDEN,
    "CallEvents.AudioIdentificationStopped": _HIDDEN,
    "CallEvents.Statistics": "deprecated: only when a caller script says so, with `statistics`",
    "Pipecat.createTurnDetector": "the words heard instead of the sound's melody",
    "Silero.createVAD": "by the level instead of a model",
    "VoxEngine.createASR": (
        "texts are the words of voxrt's own speech, or an installed recogniser's; one set of "
        "instants and confidences for all providers"
    ),
    "VoxEngine.createRecorder": _ENCODERS,
    "VoxEngine.createTTSPlayer": _VOICES,
    "VoxEngine.createURLPlayer": _SOUND_FILES,
    "WebSocket.sendMediaTo": "OPUS when libopus is installed",
    **{
        f"VoximplantAPI.Client.{part}": "requests to the outside world, unsigned"
        for part in sorted(api.class_members("VoximplantAPI.Client"))
        if part != "KeyValueStorage"  # the run's own storage answers it
    },
    **{
        f"MeasurementProtocol.{function}": "does nothing, and says so"
        for function in sorted(api.namespace_functions("MeasurementProtocol"))
    },
}

_DIALOGFLOW = "of Google's Dialogflow"
_NEVER_FAILS = "what stands for the model never fails"
_NO_STREAMS = "no RTMP streams"

#: Why something is absent; a whole enum, class or namespace counts for its members.
REASONS = {
    "AI.DialogflowInstance": _DIALOGFLOW,
    "AI.createDialogflow": _DIALOGFLOW,
    **{
        f"AI.Events.{event}": _DIALOGFLOW
        for event in api.enum_members("AI.Events")
        if event.startswith("Dialogflow")
    },
    "Pipecat.TurnEvents.Error": _NEVER_FAILS,
    "Silero.VADEvents.Error": _NEVER_FAILS,
    "PlayerEvents.AudioChunksPlaybackFinished": (
        "of realtime TTS players, whose modules are not emulated"
    ),
    "PlayerEvents.PlaybackBuffering": "a sound is there as a whole before it plays",
    "StreamingAgent": _NO_STREAMS,
    "StreamingAgentEvents": _NO_STREAMS,
    "VoxEngine.createStreamingAgent": _NO_STREAMS,
}

#: Fields of events that come, but never with anything but this value, and why.
CONSTANT_FIELDS: dict[str, tuple[Any, str]] = {
    "AMD.Events.DetectionComplete.resultSubtype": (
        "NONE",
        "a machine that imitates a person is not told from one",
    ),
    "ASREvents.Result.channelTag": (0, "channels are not recognised separately"),
    **{
        f"{event}.cost": (free, "nothing costs anything here")
        for event, free in (
            ("ASREvents.Stopped", "0"),
            ("CallEvents.Disconnected", 0),
            ("CallEvents.RecordStopped", "0"),
            ("RecorderEvents.Stopped", "0"),
        )
    },
    "CallEvents.PushSent.result": ("OK", "no push fails"),
    "AppEvents.CallAlerting.scheme": ({}, "no codecs are negotiated"),
    "CallEvents.Connected.scheme": ({}, "no codecs are negotiated"),
}

#: Fields of events that never come, though their event does, and why.
ABSENT_FIELDS: dict[str, str] = {}


def reason(full: str) -> str:
    """Why a member is absent; empty when nothing is said."""
    return REASONS.get(full) or REASONS.get(full.rpartition(".")[0], "")
