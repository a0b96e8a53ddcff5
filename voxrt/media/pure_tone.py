"""Pure tones in sound: the beep of an answering machine, the tone of a busy line.

Sound is cut into frames of 20 ms. A frame is tonal when nearly all of its energy lies at one
frequency; the low harmonics of a voice share theirs. A tone is a run of tonal frames of the same
frequency and level.
"""

from __future__ import annotations

from attrs import define, field, frozen

from voxrt.media.codecs import level_dbfs
from voxrt.media.spectrum import strongest_sine

RATE_HZ = 8_000
FRAME_MS = 20
FRAME = RATE_HZ * FRAME_MS // 1_000
#: What is quieter is silence.
_SILENT_DBFS = -45.0
_LOWEST_HZ, _HIGHEST_HZ = 330, 3_400
#: A frame of 20 ms tells frequencies 50 Hz apart; so coarse steps miss none.
_COARSE_HZ, _FINE_HZ = 24, 3
#: A tone holds so much of a frame's energy, in 1/1000.
_PURE = 950
_SAME_HZ, _SAME_DB = 0.03, 6.0
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


def tone_in(pcm: bytes) -> int:
    """The frequency of a frame that is nothing but a tone, in Hz; 0 when it is something else."""
    near, _ = strongest_sine(pcm, RATE_HZ, _LOWEST_HZ, _HIGHEST_HZ, _COARSE_HZ)
    low, high = max(_LOWEST_HZ, near - _COARSE_HZ), min(_HIGHEST_HZ, near + _COARSE_HZ)
    hz, share = strongest_sine(pcm, RATE_HZ, low, high, _FINE_HZ)
    return hz if share >= _PURE else 0


@define
class ToneFinder:
    """Finds the pure tones in one stream at 8 kHz.

    Attributes:
        now_ms: The length of what it has been given, in whole frames.
    """

    now_ms: int = field(default=0, init=False)
    _rest: bytes = field(default=b"", init=False)
    _hz: int = field(default=0, init=False)
    _dbfs: float = field(default=0.0, init=False)
    _began_ms: int = field(default=0, init=False)

    def run(self, pcm: bytes) -> tuple[list[Frame], list[Tone]]:
        """Takes the next samples; returns the frames that they complete, and tones that ended."""
        frames, tones = [], []
        pcm = self._rest + pcm
        whole = len(pcm) // (2 * FRAME) * 2 * FRAME
        self._rest = pcm[whole:]
        for at in range(0, whole, 2 * FRAME):
            piece = pcm[at : at + 2 * FRAME]
            ended = self._take(piece)
            if ended is not None:
                tones.append(ended)
            self.now_ms += FRAME_MS
            frames.append(Frame(piece, self.sounding))
        return frames, tones

    @property
    def sounding(self) -> bool:
        """Whether a tone is on that has lasted long enough to be one."""
        return bool(self._hz) and self.now_ms - self._began_ms >= SHORTEST_MS

    def _take(self, pcm: bytes) -> Tone | None:
        dbfs = level_dbfs(pcm)
        hz = tone_in(pcm) if dbfs >= _SILENT_DBFS else 0
        if self._hz and hz and self._goes_on(hz, dbfs):
            self._dbfs = dbfs
            return None
        ended = None
        if self._hz and self.now_ms - self._began_ms >= SHORTEST_MS:
            ended = Tone(self._hz, self._began_ms, self.now_ms)
        self._hz, self._dbfs, self._began_ms = hz, dbfs, self.now_ms
        return ended

    def _goes_on(self, hz: int, dbfs: float) -> bool:
        return abs(hz - self._hz) <= _SAME_HZ * self._hz and abs(dbfs - self._dbfs) <= _SAME_DB
