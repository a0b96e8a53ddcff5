"""What a call hears besides speech: beeps, and the tones of the network.

Sources: https://voximplant.com/docs/references/voxengine/call, and older definitions for
`detectProgressTone` and its siblings, which unmodified scripts still call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from attrs import define, field

from voxrt.clock import US_PER_MS, Timer
from voxrt.errors import ScenarioTypeError
from voxrt.media.graph import Side, Tap
from voxrt.media.pure_tone import PROGRESS_HZ, RATE_HZ, Tone, ToneFinder
from voxrt.session.values import Struct, parameters
from voxrt.vox.arguments import demand_number
from voxrt.vox.context import Context
from voxrt.vox.line import Line, LineState

CHUNK_MS = 100
#: A frequency that is looked for is heard when it is no farther away.
TOLERANCE_HZ = 30


@define(eq=False)
class ToneWatch:
    """Listens for tones from the far end of a call until it is stopped or the call ends.

    Args:
        context: The session's platform.
        line: The call.
        heard: Told each tone that has ended.
    """

    _context: Context
    _line: Line
    _heard: Callable[[Tone], object]
    _finder: ToneFinder = field(factory=ToneFinder, init=False)
    _tap: Tap = field(init=False)

    def __attrs_post_init__(self) -> None:
        point = (self._line.port, Side.SOURCE)
        self._tap = self._context.graph.tap(point, rate_hz=RATE_HZ, chunk_ms=CHUNK_MS)
        self._context.media.drain_with(self._tap, self._drain)
        self._line.on_end.append(self.stop)

    def stop(self) -> None:
        """Ends it; harmless when it has ended."""
        if not self._tap.closed:
            self._context.media.stop_draining(self._tap)
            self._tap.close()

    def _drain(self) -> None:
        for tone in self._finder.run(self._tap.read())[1]:
            if not self._tap.closed:
                self._heard(tone)


@define(eq=False)
class BeepDetection:
    """One `enableBeepDetection`, from its beginning to its one result."""

    _context: Context
    _line: Line
    _frequencies: Sequence[float]
    _timeout_ms: float | None
    over: bool = field(default=False, init=False)
    _watch: ToneWatch = field(init=False)
    _timer: Timer | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._watch = ToneWatch(self._context, self._line, self._tone)
        if self._timeout_ms is not None:
            delay_us = int(self._timeout_ms * US_PER_MS)
            self._timer = self._context.clock.call_later(delay_us, self._time_is_up)
        self._line.on_end.append(self._call_ended)

    def end(self, **fields: Any) -> None:
        """Ends it, and tells so."""
        if not self.over:
            self._stop()
            self._line.emit("Call.BeepDetectionComplete", **fields)

    def _time_is_up(self) -> None:
        self.end(timeout=True)

    def _tone(self, tone: Tone) -> None:
        if self._frequencies:
            near = [hz for hz in self._frequencies if abs(hz - tone.hz) <= TOLERANCE_HZ]
            if near:
                self.end(frequencies=near)
        elif tone.is_beep:
            self.end(frequencies=[tone.hz])

    def _call_ended(self) -> None:
        if not self.over:
            self._stop()
            self._line.emit("Call.BeepDetectionError", reason="The call has ended")

    def _stop(self) -> None:
        self.over = True
        self._watch.stop()
        if self._timer is not None:
            self._timer.cancel()


class ToneDetection:
    """The detection of tones: one side of `Call`."""

    _context: Context
    _line: Line
    _beeps: BeepDetection | None = None
    _tones: ToneWatch | None = None
    _tone_told = False

    def enableBeepDetection(self, parameters_: Any = None, /, **keywords: Any) -> None:
        """Listens for the beep of an answering machine.

        Args:
            parameters_: `frequencies` in Hz, to hear these only, within 30 Hz; `timeout` in ms,
                no end without it.
            keywords: The same, as keywords.

        Events: `BeepDetectionComplete`, when the beep has ended (with its `frequencies`), when the
        time is over (`timeout` true) or after `disableBeepDetection` (`timeout` false);
        `BeepDetectionError` when the call ends before, or has ended.
        """
        params = parameters(parameters_, keywords)
        frequencies = _frequencies(params)
        timeout = params.get("timeout")
        if timeout is not None:
            timeout = max(0, demand_number("enableBeepDetection", "timeout", timeout))
        self._context.session.command(
            "EnableBeepDetection", [{"id": self._line.emitter.id, **params}]
        )
        if self._line.state is LineState.TERMINATED:
            self._line.emit("Call.BeepDetectionError", reason="The call has ended")
        elif self._beeps is not None and not self._beeps.over:
            self._context.session.warn(
                "ignored", "enableBeepDetection: beeps are being listened for already"
            )
        else:
            self._beeps = BeepDetection(self._context, self._line, frequencies, timeout)

    def disableBeepDetection(self, *_: Any) -> None:
        """Ends what `enableBeepDetection` began; harmless when nothing was."""
        self._context.session.command("DisableBeepDetection", [{"id": self._line.emitter.id}])
        if self._beeps is not None:
            self._beeps.end(timeout=False)

    def detectProgressTone(self, detect: Any = True, *_: Any) -> None:
        """Has `ToneDetected` told, once in a call: an older way to hear the tones of a network.

        Args:
            detect: False ends it.

        The event comes when the first tone has ended, after the call was connected: `ProgressTone`
        for a tone of 330 to 500 Hz, `VoicemailTone` for a higher one.
        """
        self._detect_tone("detectProgressTone", detect)

    def detectVoicemailTone(self, detect: Any = True, *_: Any) -> None:
        """Has `ToneDetected` told: as `detectProgressTone`."""
        self._detect_tone("detectVoicemailTone", detect)

    def detectVoicemailPrompt(self, *_: Any) -> None:
        """Older than `AMD`, and without effect: the platform has its event no more."""
        self._context.session.warn(
            "not-emulated", "detectVoicemailPrompt has no effect; use AMD.create"
        )

    # --- inside -------------------------------------------------------------------------------

    def _detect_tone(self, function: str, detect: Any) -> None:
        self._context.session.command(function, [{"id": self._line.emitter.id}])
        if self._tones is not None:
            self._tones.stop()
            self._tones = None
        if detect and not self._tone_told and not self._line.port.closed:
            self._tones = ToneWatch(self._context, self._line, self._tone)

    def _tone(self, tone: Tone) -> None:
        if self._line.state is not LineState.CONNECTED or self._tones is None:
            return
        self._tone_told = True
        self._tones.stop()
        progress = PROGRESS_HZ[0] <= tone.hz <= PROGRESS_HZ[1]
        self._line.emit("Call.ToneDetected", ProgressTone=progress, VoicemailTone=not progress)


def _frequencies(params: Struct) -> list[float]:
    given = params.get("frequencies")
    if given is None:
        return []
    if not isinstance(given, list | tuple):
        raise ScenarioTypeError("enableBeepDetection: frequencies must be an array of numbers")
    return [demand_number("enableBeepDetection", "frequencies", hz) for hz in given]
