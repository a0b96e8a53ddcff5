"""Who answered: a person or a machine, told from how long they speak, when they pause, and a beep.

A person says a short greeting and waits. A machine talks on, and beeps. Speech is told from silence
by the core's voice activity detector, from which pure tones are kept away.
"""

from __future__ import annotations

from typing import Literal

from attrs import define, field, frozen

from voxrt.media.codecs import Vad, VadKind
from voxrt.media.pure_tone import FRAME_MS, RATE_HZ, SHORTEST_MS, ToneFinder

Who = Literal["HUMAN", "VOICEMAIL"]

#: So long without a pause speaks a machine.
MONOLOGUE_MS = 2_500
#: So long waits a person for an answer.
PAUSE_MS = 1_000
_BREATH_MS = 200
_SHORT_MS = 1_500


@frozen
class Verdict:
    """Who it is, and how sure that is: 0 to 1."""

    who: Who
    confidence: float


@define
class Judge:
    """Listens to one far end from the moment at which it may speak.

    Args:
        human: How sure it has to be that it is a person: 0 to 1.
        voicemail: How sure it has to be that it is a machine.
    """

    human: float = 0.75
    voicemail: float = 0.75
    _tones: ToneFinder = field(factory=ToneFinder, init=False)
    _vad: Vad = field(
        factory=lambda: Vad(RATE_HZ, prefix_padding_ms=0, silence_ms=_BREATH_MS), init=False
    )
    _late: list[bytes] = field(factory=list, init=False)
    """The latest frames: whether they are a tone is not known yet."""
    _now_ms: int = field(default=0, init=False)
    _speaking: bool = field(default=False, init=False)
    _began_ms: int | None = field(default=None, init=False)
    _ended_ms: int = field(default=0, init=False)
    _beeped: bool = field(default=False, init=False)

    def hear(self, pcm: bytes) -> Verdict | None:
        """Takes the next samples at 8 kHz; answers when it is sure enough."""
        frames, tones = self._tones.run(pcm)
        self._beeped = self._beeped or any(tone.is_beep for tone in tones)
        for frame in frames:
            self._late.append(frame.pcm)
            if frame.tonal:  # and so was what came before it
                self._late = [bytes(len(sound)) for sound in self._late]
            if len(self._late) > SHORTEST_MS // FRAME_MS:
                self._listen(self._late.pop(0))
        verdict = self._verdict()
        if verdict is None:
            return None
        needed = self.human if verdict.who == "HUMAN" else self.voicemail
        return verdict if verdict.confidence >= needed else None

    def _listen(self, sound: bytes) -> None:
        """Follows who speaks when."""
        for mark in self._vad.run(sound):
            at_ms = mark.offset_samples * 1_000 // RATE_HZ
            self._speaking = mark.kind is VadKind.STARTED
            if not self._speaking:
                self._ended_ms = at_ms
            elif self._began_ms is None:
                self._began_ms = at_ms
        self._now_ms += FRAME_MS

    def _verdict(self) -> Verdict | None:
        now_ms = self._now_ms
        if self._beeped:
            return Verdict("VOICEMAIL", 0.99)
        if self._began_ms is None:
            return None
        said_ms = (now_ms if self._speaking else self._ended_ms) - self._began_ms
        if said_ms >= MONOLOGUE_MS:
            return Verdict("VOICEMAIL", _surer(0.8, said_ms - MONOLOGUE_MS))
        silent_ms = now_ms - self._ended_ms
        if self._speaking or silent_ms < PAUSE_MS:
            return None
        return Verdict("HUMAN", _surer(0.85 if said_ms < _SHORT_MS else 0.78, silent_ms - PAUSE_MS))


def _surer(confidence: float, ms: int) -> float:
    """A confidence that grows by 0.05 a second, up to 0.97."""
    return min(0.97, round(confidence + 0.05 * ms / 1_000, 2))
