"""What the stand-in hears: the client's sound, where speech begins and ends, and its words.

The clock of this room is the sound that was appended: speech begins so many milliseconds into it,
however fast it arrived.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING, Final

from attrs import define, field, frozen

from voxrt.media.codecs import Vad, VadKind
from voxrt.media.rational import resample_any
from voxrt.xai.formats import DEFAULT_FORMAT, AudioFormat
from voxrt.xai.session import SessionConfig, TurnDetection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.media.hearing import HeardWord

#: Rates at which the detector works by itself; other sound is brought to 16 kHz first.
_DETECTOR_RATES_HZ: Final = (8000, 16000, 24000, 48000)
_OTHER_RATE_HZ: Final = 16000

#: A word of which less was audible was cut off too early to be understood.
UNDERSTOOD_PERCENT: Final = 50


class Change(Enum):
    """What the detector found."""

    STARTED = "speech started"
    STOPPED = "speech stopped"


@frozen
class Finding:
    """Speech started or stopped, so many milliseconds into the appended sound."""

    change: Change
    at_ms: int


@define
class Ear:
    """Takes the client's sound and words.

    Attributes:
        speaking: Speech is going on.
        words: The words heard since they were last taken, in order.
        speech_in_buffer: There was speech since the last `forget`.
    """

    _silence_ms: int
    speaking: bool = False
    speech_in_buffer: bool = False
    words: list[HeardWord] = field(factory=list)
    _format: AudioFormat = DEFAULT_FORMAT
    _detection: TurnDetection | None = None
    _vad: Vad | None = None
    _is_odd: bool = False
    """Whether the detector does not know the format's rate."""
    _step: int = 1
    _rest: bytes = b""
    _base_us: int = 0
    _samples: int = 0

    def configure(self, config: SessionConfig) -> None:
        """Follows the session's input format and turn detection."""
        detection = config.turn_detection
        same = self._vad is not None and config.input_format == self._format
        if same and _tuning(detection) == _tuning(self._detection):
            self._detection = detection
            return
        self._base_us += self._samples * 1_000_000 // self._format.rate_hz
        self._samples, self._rest = 0, b""
        self._format, self._detection = config.input_format, detection
        self._vad = None
        rate = self._format.rate_hz
        self._is_odd = rate not in _DETECTOR_RATES_HZ
        self._step = rate // math.gcd(rate, _OTHER_RATE_HZ) if self._is_odd else 1

    @property
    def audio_ms(self) -> int:
        """The length of all sound appended."""
        return (self._base_us + self._samples * 1_000_000 // self._format.rate_hz) // 1000

    def hear(self, data: bytes, words: Sequence[HeardWord]) -> list[Finding]:
        """Takes a piece of sound in the session's input format, with the words that end in it."""
        for word in words:
            if word.share >= UNDERSTOOD_PERCENT:
                self.words.append(word)
        pcm = self._format.to_pcm(data)
        if len(pcm) & 1:
            pcm = pcm[:-1]
        self._samples += len(pcm) // 2
        if self._is_odd:
            pcm = self._evened(pcm)
        vad = self._vad or self._start_detector()
        findings = []
        for mark in vad.run(pcm):
            self.speaking = mark.kind is VadKind.STARTED
            self.speech_in_buffer = True
            change = Change.STARTED if self.speaking else Change.STOPPED
            findings.append(Finding(change, self._at_ms(mark.offset_samples)))
        return findings

    def take_words(self) -> list[HeardWord]:
        """The words heard since the last time."""
        words, self.words = self.words, []
        return words

    def forget(self) -> None:
        """The buffer is empty and the detector starts anew."""
        self._base_us += self._samples * 1_000_000 // self._format.rate_hz
        self._samples, self._rest, self._vad = 0, b"", None
        self.speaking = self.speech_in_buffer = False
        self.words.clear()

    @property
    def _detector_hz(self) -> int:
        return _OTHER_RATE_HZ if self._is_odd else self._format.rate_hz

    def _start_detector(self) -> Vad:
        detection = self._detection or TurnDetection()
        silence = detection.silence_duration_ms
        self._vad = Vad(
            self._detector_hz,
            threshold=detection.threshold,
            prefix_padding_ms=detection.prefix_padding_ms,
            silence_ms=max(20, self._silence_ms if silence is None else silence),
        )
        return self._vad

    def _at_ms(self, offset: int) -> int:
        return (self._base_us + offset * 1_000_000 // self._detector_hz) // 1000

    def _evened(self, pcm: bytes) -> bytes:
        """Sound at a rate that the detector does not know, in whole steps at one that it does."""
        pcm = self._rest + pcm
        whole = len(pcm) // (2 * self._step) * 2 * self._step
        self._rest = pcm[whole:]
        return resample_any(pcm[:whole], self._format.rate_hz, _OTHER_RATE_HZ)


def _tuning(detection: TurnDetection | None) -> tuple[float, int, int | None]:
    detection = detection or TurnDetection()
    return (detection.threshold, detection.prefix_padding_ms, detection.silence_duration_ms)


def text_of(words: Sequence[HeardWord]) -> str:
    """The words as one text."""
    return " ".join(word.text for word in words)


def placeholder(duration_ms: int) -> str:
    """The transcript of speech whose words are not known: `(speech, 1.8 s)`."""
    return f"(speech, {max(0, duration_ms) / 1000:.1f} s)"
