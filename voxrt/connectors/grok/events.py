"""Between xAI's messages and the module's events."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from voxrt.vox import api
from voxrt.xai.standin import SpokenSpan

if TYPE_CHECKING:
    from voxrt.connectors.grok.module import GrokSettings

TRANSCRIPT = "ConversationItemInputAudioTranscriptionCompleted"
#: What the connector asks xAI for when the scenario does not say: what the platform's own
#: WebSocket media have.
USUAL_FORMAT = {"type": "audio/pcm", "rate": 16_000}


@cache
def _camel_case(kind: str) -> str:
    words = kind.replace(".", "_").split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)


def event_name(kind: str, settings: GrokSettings) -> str | None:
    """The member of `VoiceAgentAPIEvents` for a message of xAI; `None` when it raises none.

    It is the type in camel case if the enum has that, and `Unknown` for everything else.
    """
    if kind == "error":
        return settings.errors
    if kind == "ping" and not settings.pings:
        return None
    name = _camel_case(kind)
    if name not in api.enum_members("Grok.VoiceAgentAPIEvents"):
        return "Unknown"
    return settings.transcripts if name == TRANSCRIPT and settings.transcripts != "named" else name


def with_formats(message: dict[str, Any], *, confirmed: bool) -> dict[str, Any]:
    """A `session.update` that names both audio formats, as the connector's first one does.

    Args:
        message: The scenario's; it is not changed.
        confirmed: Whether the session has formats already: then what is not sent stays.
    """
    session = message.get("session")
    if confirmed or not isinstance(session, dict):
        return message
    given = session.get("audio")
    audio = dict(given) if isinstance(given, dict) else {}
    for side, older_name in (("input", "input_audio_format"), ("output", "output_audio_format")):
        part = audio.get(side)
        if older_name in session or (isinstance(part, dict) and "format" in part):
            continue
        audio[side] = {**(part if isinstance(part, dict) else {}), "format": USUAL_FORMAT}
    return {**message, "session": {**session, "audio": audio}}


def folded(
    data: dict[str, Any], samples: int, rate_hz: int, speech: SpokenSpan | None
) -> dict[str, Any]:
    """An audio delta for the journal: how much audio, not the audio itself."""
    short = {key: value for key, value in data.items() if key != "delta"}
    short |= {"samples": samples, "rate_hz": rate_hz}
    if speech is not None:
        short["utterance"] = speech.utterance
    return short
