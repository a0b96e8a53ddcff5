"""Pure tones in sound: the beep of an answering machine, the tone of a busy line.

Sound is cut into frames of 20 ms. A sine of frequency f obeys x[n] + x[n-2] = 2 cos(w) x[n-1] with
w = 2 pi f / rate, whatever its phase and level; the factor is fitted by least squares. A frame is
tonal when what remains is small, measured at what a change of the frequency to zero would leave
(so that the low harmonics of a voice are no tone). A tone is a run of tonal frames of the same
frequency and level.
"""

from __future__ import annotations

import math
from array import array

from attrs import define, field, frozen

RATE_HZ = 8_000
FRAME_MS = 20
FRAME = RATE_HZ * FRAME_MS // 1_000
#: Below this level, -45 dBFS, a frame is silent.
_SILENT = 184 * 184 * FRAME
_LOWEST_HZ, _HIGHEST_HZ = 330, 3_400
_REST, _REST_AT_ZERO = 0.05, 0.4
_SAME_HZ, _SAME_LEVEL = 0.03, 2.0
#: The tones of networks (dial, ringing, busy) lie here; beeps of answering machines above.
PROGRESS_HZ = (330, 500)
#: A beep is no longer than that; what is longer is the tone of a network or of a fax.
LONGEST_BEEP_MS = 5_000
#: A run of tonal frames counts as a tone from here on.
SHORTEST_MS = 120


@frozen
class Tone:
    """A tone that has ended: its frequency in Hz, and when it began and ended, in ms."""

    hz: int
    began_ms: int
    ended_ms: int

    @property
    def ms(self) -> int:
        """How long it lasted."""
        return self.ended_ms - self.began_ms

    @property
    def is_beep(self) -> bool:
        """Whether it may be the beep of an answering machine, by frequency and length."""
        return self.hz > PROGRESS_HZ[1] and self.ms <= LONGEST_BEEP_MS


@frozen
class Frame:
    """A frame of sound, and whether a tone was in it that has lasted long enough to be one."""

    pcm: bytes = field(repr=False)
    tonal: bool


def tone_in(samples: array[int]) -> int:
    """The frequency of a frame that is nothing but a tone, in Hz; 0 when it is something else."""
    energy = sum(x * x for x in samples)
    if energy < _SILENT:
        return 0
    middle = samples[1:-1]
    outer = [a + b for a, b in zip(samples, samples[2:], strict=False)]
    power = sum(x * x for x in middle)
    if not power:
        return 0
    factor = sum(a * b for a, b in zip(outer, middle, strict=True)) / power
    cosine = factor / 2
    if not -1 < cosine < 1:
        return 0
    rest = sum((a - factor * b) ** 2 for a, b in zip(outer, middle, strict=True)) / power
    if rest > _REST or rest > _REST_AT_ZERO * 4 * (1 - cosine) ** 2:
        return 0
    hz = round(math.acos(cosine) * RATE_HZ / (2 * math.pi))
    return hz if _LOWEST_HZ <= hz <= _HIGHEST_HZ else 0


@define
class ToneFinder:
    """Finds the pure tones in one stream at 8 kHz.

    Attributes:
        now_ms: The length of what it has been given, in whole frames.
    """

    now_ms: int = field(default=0, init=False)
    _rest: bytes = field(default=b"", init=False)
    _hz: int = field(default=0, init=False)
    _energy: int = field(default=0, init=False)
    _began_ms: int = field(default=0, init=False)

    def run(self, pcm: bytes) -> tuple[list[Frame], list[Tone]]:
        """Takes the next samples; returns the frames that they complete, and tones that ended."""
        frames, tones = [], []
        pcm = self._rest + pcm
        whole = len(pcm) // (2 * FRAME) * 2 * FRAME
        self._rest = pcm[whole:]
        for at in range(0, whole, 2 * FRAME):
            piece = pcm[at : at + 2 * FRAME]
            ended = self._take(array("h", piece))
            if ended is not None:
                tones.append(ended)
            self.now_ms += FRAME_MS
            frames.append(Frame(piece, self.sounding))
        return frames, tones

    @property
    def sounding(self) -> bool:
        """Whether a tone is on that has lasted long enough to be one."""
        return bool(self._hz) and self.now_ms - self._began_ms >= SHORTEST_MS

    def _take(self, samples: array[int]) -> Tone | None:
        hz, energy = tone_in(samples), sum(x * x for x in samples)
        if self._hz and hz and self._goes_on(hz, energy):
            self._energy = energy
            return None
        ended = None
        if self._hz and self.now_ms - self._began_ms >= SHORTEST_MS:
            ended = Tone(self._hz, self._began_ms, self.now_ms)
        self._hz, self._energy, self._began_ms = hz, energy, self.now_ms
        return ended

    def _goes_on(self, hz: int, energy: int) -> bool:
        level = max(energy, self._energy) / max(1, min(energy, self._energy))
        return abs(hz - self._hz) <= _SAME_HZ * self._hz and level <= _SAME_LEVEL**2
