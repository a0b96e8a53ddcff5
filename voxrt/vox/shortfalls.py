"""Parameters of the platform's functions that have no effect here, and why.

One table serves two readers: the scenario's author, who is warned where one of them is used, and
`docs/coverage.md`, which lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voxrt.session.session import Session

_NO_VIDEO = "no pictures are carried"
_NO_CODECS = "no codecs are negotiated"
_NO_STATEMENT = "what it does is stated nowhere"
_NOBODY_DRAWS = "no picture is drawn"
_NO_VALUES = "which values it takes is stated nowhere"
_NO_RECOGNISER = "no provider's recogniser is asked"
_NO_VOICE = "no provider's voice is asked"

_OF_VIDEO = {
    "maxVideoBitrate": _NO_VIDEO,
    "disableExtVideoOffset": _NO_VIDEO,
    "disableExtVideoOrientation": _NO_VIDEO,
    "disableExtPlayoutDelay": _NO_VIDEO,
    "disableExtVideoTiming": _NO_VIDEO,
    "conferenceCall": _NO_VIDEO,
}
_OF_CODECS = {"scheme": _NO_CODECS, "disableDtxForAudio": _NO_CODECS}
_OF_A_CALL = {**_OF_CODECS, **_OF_VIDEO}
_OF_A_SOCKET = dict.fromkeys(("statistics", "trace", "privacy"), "there is no service behind it")
_OF_SPEECH = {"ttsOptions": _NO_VALUES, "request": _NO_VOICE}
_OF_A_PICTURE = dict.fromkeys(
    (
        "layout",
        "layoutSettings",
        "layoutPriority",
        "labels",
        "vad",
        "background",
        "direction",
        "objectFit",
        "customData",
    ),
    _NOBODY_DRAWS,
)

#: By function or method, the parameters without effect, and why.
WITHOUT_EFFECT: dict[str, dict[str, str]] = {
    "AMD.create": {"thresholds.mimic": "a machine that imitates a person is not told from one"},
    "Call.answer": _OF_A_CALL,
    "Call.answerDirect": _OF_A_CALL,
    "Call.record": {
        "videoParameters": _NO_VIDEO,
        "dict": "the words of voxrt's own speech need no hints",
        "secure": "only createRecorder has it",
    },
    "Call.say": _OF_SPEECH,
    "Call.startEarlyMedia": {
        **_OF_CODECS,
        "maxVideoBitrate": _NO_VIDEO,
        "audioLevelExtension": _NO_CODECS,
        "conferenceCall": _NO_VIDEO,
    },
    "Conference.add": {"scheme": _NO_CODECS, "maxVideoBitrate": _NO_VIDEO},
    "Pipecat.createTurnDetector": {
        **_OF_A_SOCKET,
        "preSpeechMs": "words are heard from their beginning",
    },
    "Silero.createVAD": _OF_A_SOCKET,
    "VoxEngine.callConference": {"scheme": _NO_CODECS},
    "VoxEngine.callPSTN": {"followDiversion": _NO_STATEMENT},
    "VoxEngine.callSIP": {
        **_OF_CODECS,
        "regId": "there are no SIP registrations",
        "outProxy": "there is no SIP on the wire",
        "strictCodecList": _NO_CODECS,
    },
    "VoxEngine.callUser": {
        **_OF_A_CALL,
        "videoOrientationExtension": _NO_VIDEO,
        "strictCodecList": _NO_CODECS,
        "analyticsLabel": "there are no analytics",
    },
    "VoxEngine.callUserDirect": {"analyticsLabel": "there are no analytics"},
    "VoxEngine.callWhatsappUser": {"disableDtxForAudio": _NO_CODECS},
    "VoxEngine.createASR": dict.fromkeys(
        (
            "adaptation",
            "alternativeLanguageCodes",
            "beta",
            "diarizationConfig",
            "enableSeparateRecognitionPerChannel",
            "enableSpokenEmojis",
            "enableSpokenPunctuation",
            "enableWordConfidence",
            "enableWordTimeOffsets",
            "headers",
            "maxAlternatives",
            "metadata",
            "profanityFilter",
            "request",
            "useEnhanced",
        ),
        _NO_RECOGNISER,
    ),
    "VoxEngine.createRecorder": {
        "stereo": "only call.record keeps the two sides apart",
        "transcribe": "only call.record has it",
        "provider": "nothing is transcribed",
        "video": "only the sound is recorded",
    },
    "VoxEngine.createTTSPlayer": {**_OF_SPEECH, "apiKey": _NO_VOICE},
    "VoxEngine.enqueueTask": {
        "scheme": _NO_CODECS,
        "maxVideoBitrate": _NO_VIDEO,
    },
    "VoxEngine.forwardCallToPSTN": {"followDiversion": _NO_STATEMENT},
    "ConferenceRecorder.setPriority": {"priority": f"it is kept and answered, {_NOBODY_DRAWS}"},
    "ConferenceRecorder.update": _OF_A_PICTURE,
    "Endpoint.manageEndpoint": {"video": _NO_VIDEO},
}


def tell_shortfalls(
    session: Session, function: str, given: Mapping[str, Any], called: str = ""
) -> None:
    """Warns of each parameter that is used and has no effect here.

    One that is false or empty is not used: that is what it would be without it.

    Args:
        session: The scenario's session.
        function: Its full name, such as `VoxEngine.callSIP`.
        given: The parameters as the scenario gave them.
        called: What the message begins with; the function's short name without it.
    """
    short = called or function.rpartition(".")[2]
    for name, why in WITHOUT_EFFECT[function].items():
        value: Any = given
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value:
            session.warn("not-emulated", f"{short}: {name} has no effect here: {why}")
