"""Audio formats of a session: which there are, and PCM16 to their bytes and back.

Everything behind these functions is PCM16 little endian mono; G.711 is always at 8000 Hz.
Source: https://docs.x.ai/developers/model-capabilities/audio/voice-agent
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from voxrt.media.codecs import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode

if TYPE_CHECKING:
    from collections.abc import Mapping

PCM_RATES_HZ: Final = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000)
DEFAULT_RATE_HZ: Final = 24000
TELEPHONE_RATE_HZ: Final = 8000

#: What the service answers to a format that it does not have.
UNSUPPORTED: Final = "Audio format not supported. Use audio/pcm, audio/pcmu, or audio/pcma."

#: The names of OpenAI's older sessions, which are accepted as well.
_OLDER_NAMES: Final = {
    "pcm16": ("audio/pcm", DEFAULT_RATE_HZ),
    "g711_ulaw": ("audio/pcmu", TELEPHONE_RATE_HZ),
    "g711_alaw": ("audio/pcma", TELEPHONE_RATE_HZ),
}


class FormatError(ValueError):
    """A session asks for an audio format that does not exist."""


@frozen
class AudioFormat:
    """One direction's format: `audio/pcm`, `audio/pcmu` or `audio/pcma`, and its rate in Hz."""

    type: str = "audio/pcm"
    rate_hz: int = DEFAULT_RATE_HZ

    def to_pcm(self, data: bytes) -> bytes:
        """Bytes of this format as PCM16 at `rate_hz`."""
        if self.type == "audio/pcmu":
            return ulaw_decode(data)
        if self.type == "audio/pcma":
            return alaw_decode(data)
        return data

    def from_pcm(self, pcm: bytes) -> bytes:
        """PCM16 at `rate_hz` as bytes of this format."""
        if self.type == "audio/pcmu":
            return ulaw_encode(pcm)
        if self.type == "audio/pcma":
            return alaw_encode(pcm)
        return pcm

    @property
    def bytes_per_sample(self) -> int:
        """2 for PCM16, 1 for G.711."""
        return 2 if self.type == "audio/pcm" else 1


#: What a session has before it is told otherwise: PCM16 at 24 kHz.
DEFAULT_FORMAT: Final = AudioFormat()


def parse_format(value: Any) -> AudioFormat:
    """Reads `{"type": …, "rate": …}`, or one of the older names.

    Raises:
        FormatError: The type or the rate does not exist; the text is the service's.
    """
    if isinstance(value, str) and value in _OLDER_NAMES:
        return AudioFormat(*_OLDER_NAMES[value])
    if not isinstance(value, dict):
        raise FormatError(UNSUPPORTED)
    kind = value.get("type", "audio/pcm")
    if kind in ("audio/pcmu", "audio/pcma"):
        rate = value.get("rate", TELEPHONE_RATE_HZ)
        if rate not in (TELEPHONE_RATE_HZ, None):
            raise FormatError(f"{kind} has a rate of 8000 Hz, not {rate}.")
        return AudioFormat(kind, TELEPHONE_RATE_HZ)
    if kind != "audio/pcm":
        raise FormatError(UNSUPPORTED)
    rate = value.get("rate", DEFAULT_RATE_HZ)
    rate = DEFAULT_RATE_HZ if rate is None else rate
    if isinstance(rate, bool) or rate not in PCM_RATES_HZ:
        known = ", ".join(map(str, PCM_RATES_HZ))
        raise FormatError(f"audio/pcm has no rate of {rate} Hz. Use one of {known}.")
    return AudioFormat(kind, int(rate))


def format_of_echo(session: Mapping[str, Any], side: str) -> AudioFormat | None:
    """The format of `side` (`input` or `output`) in the session object of `session.updated`.

    `None` when it does not say, or says something that this version cannot decode.
    """
    audio = session.get("audio")
    part = audio.get(side) if isinstance(audio, dict) else None
    value = part.get("format") if isinstance(part, dict) else None
    if value is None:
        return None
    try:
        return parse_format(value)
    except FormatError:
        return None
