"""Tones that a call's far end plays, found in its sound: beeps, and progress tones.

While something is looked for, a tap takes the far end's sound in blocks of 60 ms; what two blocks
in a row hold is there. So a tone of 180 ms is always found, speech and noise are not, and the
event comes at most 180 ms after the tone began.

Sources: voxengine-semantics.md 8.3 and 15; the frequencies are those of ITU-T E.180.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.media.codecs import level_dbfs
from voxrt.media.graph import Side, Tap
from voxrt.media.spectrum import sine_share, strongest_sine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.vox.line import Line

RATE_HZ = 8_000
BLOCK_MS = 60
QUIETEST_DBFS = -45.0

#: A beep holds so much of a block's energy at one frequency, in 1/1000.
PURE = 800
#: Where a beep is looked for when no frequencies are given: above all progress tones.
BEEP_LOW_HZ, BEEP_HIGH_HZ, BEEP_STEP_HZ = 640, 2_200, 8
#: A beep may lie so far beside the frequency given.
TOLERANCE_HZ, TOLERANCE_STEP_HZ = 20, 4
FREQUENCIES_HZ = (100, 3_400)

#: Dial, ringing, busy and congestion tones: their frequencies sound together.
PROGRESS_HZ = ((425,), (350, 440), (440, 480), (480, 620), (400, 450))
#: Each of two frequencies holds at least so much, in 1/1000.
EACH = 250


@define(eq=False)
class BeepSearch:
    """What the scenario wants to hear.

    Attributes:
        frequencies_hz: Of the beeps; empty for any beep.
        timeout: Ends the search without one.
        last: What the block before held.
    """

    frequencies_hz: Sequence[int]
    timeout: Timer | None = None
    last: int = 0

    def end(self) -> None:
        """It is over."""
        if self.timeout is not None:
            self.timeout.cancel()

    def heard_in(self, pcm: bytes) -> int:
        """The beep in a block, as the scenario named it or as it was measured; 0 for none."""
        if not self.frequencies_hz:
            hz, share = strongest_sine(pcm, RATE_HZ, BEEP_LOW_HZ, BEEP_HIGH_HZ, BEEP_STEP_HZ)
            return hz if share >= PURE else 0
        for wanted in self.frequencies_hz:
            low, high = wanted - TOLERANCE_HZ, wanted + TOLERANCE_HZ
            _, share = strongest_sine(pcm, RATE_HZ, low, high, TOLERANCE_STEP_HZ)
            if share >= PURE:
                return wanted
        return 0


@define(eq=False)
class Tones:
    """Looks for tones in what the far end of a call sends.

    Args:
        line: The call.
    """

    line: Line
    _beep: BeepSearch | None = field(default=None, init=False)
    _progress: bool = field(default=False, init=False)
    _last_progress: str = field(default="", init=False)
    _progress_told: bool = field(default=False, init=False)
    _tap: Tap | None = field(default=None, init=False)

    def look_for_beep(self, frequencies_hz: Sequence[int], timeout_ms: float | None) -> None:
        """Begins to look: `BeepDetectionComplete` with what was heard, or `timeout` true."""
        self._end_beep()
        self._beep = BeepSearch(frequencies_hz)
        if timeout_ms is not None:
            wait_us = round(timeout_ms * US_PER_MS)
            self._beep.timeout = self.line.clock.call_later(wait_us, self._complete, True)
        self.refresh()

    def stop_looking_for_beep(self) -> None:
        """Ends the search: `BeepDetectionComplete` with `timeout` false, if there is one."""
        if self._beep is not None:
            self._complete(False)

    def look_for_progress(self, on: bool) -> None:
        """Looks for progress tones and voicemail's beeps: `ToneDetected`, once in a call."""
        self._progress = on and not self._progress_told
        self._last_progress = ""
        self.refresh()

    def refresh(self) -> None:
        """Takes note that the call was connected or has ended."""
        line = self.line
        if line.over:
            self._end_beep()
            self._progress = False
        wanted = line.connected and not line.is_direct and (self._beep or self._progress)
        if wanted and self._tap is None:
            self._tap = line.graph.tap((line.port, Side.SOURCE), rate_hz=RATE_HZ, chunk_ms=BLOCK_MS)
            line.context.media.drain_with(self._tap, self._listen)
        elif not wanted and self._tap is not None:
            line.context.media.stop_draining(self._tap)
            self._tap.close()
            self._tap = None

    def _end_beep(self) -> None:
        if self._beep is not None:
            self._beep.end()
            self._beep = None

    def _complete(self, timeout: bool) -> None:
        self._end_beep()
        self.line.emit("Call.BeepDetectionComplete", timeout=timeout)
        self.refresh()

    def _listen(self) -> None:
        block = RATE_HZ * BLOCK_MS // 1000
        while self._tap is not None and self._tap.available_samples >= block:
            pcm = self._tap.read(block)
            loud = level_dbfs(pcm) >= QUIETEST_DBFS
            if self._beep is not None:
                self._take_beep(self._beep.heard_in(pcm) if loud else 0)
            if self._progress:
                self._take_progress(progress_tone(pcm) if loud else "")

    def _take_beep(self, hz: int) -> None:
        search = self._beep
        assert search is not None
        before, search.last = search.last, hz
        if hz and abs(hz - before) <= BEEP_STEP_HZ:
            self._end_beep()
            self.line.emit("Call.BeepDetectionComplete", frequencies=[hz])
            self.refresh()

    def _take_progress(self, tone: str) -> None:
        before, self._last_progress = self._last_progress, tone
        if tone and tone == before:
            self._progress, self._progress_told = False, True
            self.line.emit(
                "Call.ToneDetected",
                ProgressTone=tone == "progress",
                VoicemailTone=tone == "voicemail",
            )
            self.refresh()


def progress_tone(pcm: bytes) -> str:
    """What a block is: `progress`, `voicemail` (a beep), or neither."""
    for frequencies in PROGRESS_HZ:
        shares = [sine_share(pcm, RATE_HZ, hz) for hz in frequencies]
        if sum(shares) >= PURE and min(shares) >= EACH:
            return "progress"
    return "voicemail" if BeepSearch(()).heard_in(pcm) else ""
