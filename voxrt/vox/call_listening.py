"""What a scenario may be told about a call's sound: one part of `Call`.

Source: https://voximplant.com/docs/references/voxengine/call
"""

from __future__ import annotations

from typing import Any

from voxrt.errors import ScenarioTypeError
from voxrt.session.values import kind_of, parameters
from voxrt.vox.arguments import demand_number, is_on
from voxrt.vox.call_base import CallBase
from voxrt.vox.tones import FREQUENCIES_HZ

STATISTICS_INTERVAL_S = (3, 10)


class CallListening(CallBase):
    """Voice activity, beeps, progress tones and media statistics of a call."""

    def vad(self) -> bool:
        """Whether voice activity is being detected: by `handleMicStatus`, or by an ASR."""
        return self._line.rtp.tells_voice or self._router.feeds(self, "ASR")

    def handleMicStatus(self, handle: bool = True) -> None:
        """Asks for `MicStatusChange{active}` each time that the far end begins or ends to speak.

        It ends to speak after half a second of silence.
        """
        if self._may_use_media("handleMicStatus", not self._line.over):
            self._command("HandleMicStatus", enable=is_on(handle))
            self._line.rtp.watch_voice(is_on(handle))

    def enableBeepDetection(self, parameters_: Any = None, /, **kw: Any) -> None:
        """Listens for a beep: `BeepDetectionComplete`, once.

        Args:
            parameters_: `frequencies` in Hz (each may be missed by 20; without them any steady
                tone from 640 to 2200 Hz is a beep), `timeout` in ms (none by default).
            kw: The same, as keywords.

        The event has `frequencies` with the one that was heard, at most 180 ms after it began; or
        `timeout`: true when the time is over, false after `disableBeepDetection`. Frequencies that
        a call does not carry (100 to 3400 Hz) give `BeepDetectionError`. It listens from the
        connection on; the timeout counts from now. A second time replaces the first.
        """
        params = parameters(parameters_, kw)
        frequencies = params.get("frequencies") or []
        if not isinstance(frequencies, list | tuple):
            raise ScenarioTypeError(
                f"enableBeepDetection: frequencies must be an array, not {kind_of(frequencies)}"
            )
        wanted = [
            round(demand_number("enableBeepDetection", "a frequency", hz)) for hz in frequencies
        ]
        timeout = params.get("timeout")
        if timeout is not None:
            timeout = max(demand_number("enableBeepDetection", "timeout", timeout), 0)
        if not self._may_use_media("enableBeepDetection", not self._line.over):
            return
        self._command("EnableBeepDetection", frequencies=wanted, timeout=timeout)
        low, high = FREQUENCIES_HZ
        outside = [hz for hz in wanted if not low <= hz <= high]
        if outside:
            reason = f"a call carries {low} to {high} Hz, not {outside[0]} Hz"
            self._line.emit("Call.BeepDetectionError", reason=reason)
            return
        self._line.tones.look_for_beep(wanted, timeout)

    def disableBeepDetection(self, *_: Any) -> None:
        """Ends the listening for a beep: `BeepDetectionComplete` with `timeout` false."""
        if self._may("disableBeepDetection", not self._line.over):
            self._command("DisableBeepDetection")
            self._line.tones.stop_looking_for_beep()

    def detectProgressTone(self, detect: bool = True) -> None:
        """Asks for `ToneDetected`, which comes once in an outgoing call, after `Connected`.

        Its `ProgressTone` is true for a dial, ringing or busy tone, its `VoicemailTone` for a
        beep. An older method: the platform's type definitions no longer have it.
        """
        self._look_for_progress("detectProgressTone", detect)

    def detectVoicemailTone(self, detect: bool = True) -> None:
        """The same as `detectProgressTone`; older still."""
        self._look_for_progress("detectVoicemailTone", detect)

    def detectVoicemailPrompt(self, detect: bool = True) -> None:
        """The same as `detectProgressTone`; older still: no prompt is recognised by its words."""
        self._look_for_progress("detectVoicemailPrompt", detect)

    def _look_for_progress(self, function: str, detect: bool) -> None:
        allowed = not self._line.incoming and not self._line.over
        if self._may_use_media(function, allowed):
            self._command("DetectProgressTone", enable=is_on(detect))
            self._line.tones.look_for_progress(is_on(detect))

    def monitorMediaStatistics(self, parameters_: Any = None, /, **kw: Any) -> None:
        """Asks for `MediaStatisticsReceived{audio: {in, out}}` at an interval.

        Args:
            parameters_: `monitor`, false to end it; `interval` in seconds, 3 to 10.
            kw: The same, as keywords.

        Each direction is a list of one stream: `id`, `numPackets` since the last report,
        `audioLevel` of the loudest packet in dBFS, and `jitter` in ms and `packetLoss` in packets,
        which a caller script gives to the channel of its phone.
        """
        params = parameters(parameters_, kw)
        low, high = STATISTICS_INTERVAL_S
        given = params.get("interval")
        seconds = (
            high if given is None else demand_number("monitorMediaStatistics", "interval", given)
        )
        seconds = min(max(seconds, low), high)
        on = is_on(params.get("monitor"))
        if self._may_use_media("monitorMediaStatistics", not self._line.over):
            self._command("EnableMediaStatistics", enable=on, interval=seconds)
            self._line.rtp.watch_statistics(seconds if on else 0)
