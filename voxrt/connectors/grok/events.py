"""Between xAI's messages and the module's events."""

from __future__ import annotations

from functools import cache
from typing import Any

from attrs import define, field

from voxrt.connectors.grok.settings import GrokSettings
from voxrt.vox import api
from voxrt.xai.standin import SpokenSpan

TRANSCRIPT = "ConversationItemInputAudioTranscriptionCompleted"
#: What the connector asks xAI for when the scenario does not say: what the platform's own
#: WebSocket media have.
USUAL_FORMAT = {"type": "audio/pcm", "rate": 16_000}
#: Where older sessions name the format of each side.
OLDER_NAMES = {"input": "input_audio_format", "output": "output_audio_format"}
AUDIO_DELTA = "response.output_audio.delta"
#: What ends the audio of a reply, whichever comes first.
AUDIO_ENDS = ("response.output_audio.done", "response.done")


@cache
def _camel_case(kind: str) -> str:
    words = kind.replace(".", "_").split("_")
    return "".join(word[:1].upper() + word[1:] for word in words)


def event_names(kind: str, settings: GrokSettings) -> tuple[str, ...]:
    """The members of `VoiceAgentAPIEvents` that a message of xAI raises; mostly one.

    It is the type in camel case if the enum has that, and `Unknown` for everything else. Audio
    raises none: units hear it.
    """
    if kind == AUDIO_DELTA or (kind == "ping" and not settings.pings):
        return ()
    if kind == "error":
        return _chosen(settings.errors, "WebSocketError", "WebSocketError")
    name = _camel_case(kind)
    if name not in api.enum_members("Grok.VoiceAgentAPIEvents"):
        return ("Unknown",)
    return _chosen(settings.transcripts, "named", name) if name == TRANSCRIPT else (name,)


def _chosen(choice: str, own: str, name: str) -> tuple[str, ...]:
    if choice == "both":
        return (name, "Unknown")
    return (name,) if choice == own else ("Unknown",)


@define
class Formats:
    """The audio formats that the scenario's updates ask for, completed as the connector does.

    Until xAI has confirmed a session, every `session.update` names both formats: those that an
    earlier one asked for, else the platform's usual one. After that, what is not sent stays.
    """

    _asked: dict[str, dict[str, Any]] = field(factory=dict)

    def complete(self, message: dict[str, Any], *, confirmed: bool) -> dict[str, Any]:
        """A `session.update` that names both formats.

        Args:
            message: The scenario's; it is not changed.
            confirmed: Whether xAI has confirmed a session.
        """
        session = message.get("session")
        given = session.get("audio") if isinstance(session, dict) else None
        if confirmed or not isinstance(session, dict) or not isinstance(given, dict | None):
            return message
        session, audio = dict(session), dict(given or {})
        for side, older_name in OLDER_NAMES.items():
            part = audio.get(side)
            if older_name in session:
                self._asked[side] = {older_name: session[older_name]}
            elif isinstance(part, dict) and "format" in part:
                self._asked[side] = {"format": part["format"]}
            elif isinstance(part, dict | None):
                asked = self._asked.get(side, {"format": USUAL_FORMAT})
                if older_name in asked:
                    session |= asked
                else:
                    audio[side] = {**(part or {}), **asked}
        return {**message, "session": {**session, "audio": audio} if audio else session}


def folded(
    data: dict[str, Any], samples: int, rate_hz: int, speech: SpokenSpan | None
) -> dict[str, Any]:
    """An audio delta for the journal: how much audio, not the audio itself."""
    short = {key: value for key, value in data.items() if key != "delta"}
    short |= {"samples": samples, "rate_hz": rate_hz}
    if speech is not None:
        short["utterance"] = speech.utterance
    return short
