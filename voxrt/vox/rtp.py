"""The far end's stream of audio packets: whether it flows, and what is known about it.

A stream that dries up is told after 7 s (`RtpStopped`), its return at once (`RtpResumed`). A call
on hold and a peer-to-peer call have no stream that could. Voice activity (`MicStatusChange`) and
media statistics are measured on what the port of the call really carries.

Jitter and loss are those of the channel between the two ends (`voxrt.media.channel`), which loses
and delays nothing unless the far end's script says so.
Sources: voxengine-semantics.md 6, 8.3, 8.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from voxrt.clock import US_PER_MS, US_PER_S, Timer
from voxrt.media.graph import Mark, MarkKind, Side, VadSettings
from voxrt.session.values import Struct

if TYPE_CHECKING:
    from voxrt.vox.line import Line

#: How long after the far end's last packet `RtpStopped` comes.
RTP_SILENCE_S = 7
PACKET_US = 20 * US_PER_MS
VOICE = VadSettings(threshold=0.5, prefix_padding_ms=0, silence_ms=500)

#: `audioLevel` of silence, in dBFS: what the core calls it.
SILENCE_DB = -100.0


@define(eq=False)
class Stream:
    """How many packets of 20 ms have gone one way."""

    flows: bool = False
    _packets_us: int = 0
    _since_us: int = 0

    def switch(self, flows: bool, now_us: int) -> None:
        """The stream begins or ends to flow."""
        if self.flows:
            self._packets_us += now_us - self._since_us
        self.flows, self._since_us = flows, now_us

    def packets(self, now_us: int) -> int:
        """Packets since the beginning of the call."""
        flowing_us = now_us - self._since_us if self.flows else 0
        return (self._packets_us + flowing_us) // PACKET_US


@define(eq=False)
class Rtp:
    """The two streams of one call.

    Args:
        line: The call.

    Attributes:
        tells_voice: Whether the scenario asked for `MicStatusChange`.
    """

    line: Line
    tells_voice: bool = field(default=False, init=False)
    _far_end_sends: bool = field(default=True, init=False)
    _drought: Timer | None = field(default=None, init=False)
    _stopped: bool = field(default=False, init=False)
    _voice_runs: bool = field(default=False, init=False)
    _active: bool = field(default=False, init=False)
    _interval_s: float = field(default=0, init=False)
    _statistics_run: bool = field(default=False, init=False)
    _in: Stream = field(factory=Stream, init=False)
    _out: Stream = field(factory=Stream, init=False)
    _told: dict[Side, int] = field(factory=dict, init=False)
    """Packets that the last report counted."""
    _lost: dict[Side, int] = field(factory=dict, init=False)
    """Packets that had been lost by then."""
    _levels: dict[Side, float] = field(factory=dict, init=False)

    def far_sends(self, sends: bool) -> None:
        """The far end stops to send packets, or sends them again."""
        self._far_end_sends = sends
        self.refresh()

    def watch_voice(self, on: bool) -> None:
        """Tells each change of the far end's voice activity, or no longer does."""
        self.tells_voice = on
        self.refresh()

    def watch_statistics(self, interval_s: float) -> None:
        """Reports the streams each so many seconds; 0 ends it."""
        self._interval_s = interval_s
        self._statistics_run = False
        if not self.line.port.closed:
            for side in Side:
                self.line.port.detect(side, level_ms=0)
        self.refresh()

    def refresh(self) -> None:
        """Takes note that the call was connected, put on hold, taken off it, or ended."""
        line, now_us = self.line, self.line.clock.now_us()
        carries = line.connected and not line.is_direct
        agreed = carries and not line.dialog.on_hold
        self._in.switch(agreed and self._far_end_sends, now_us)
        self._out.switch(agreed, now_us)
        self._watch_for_drought(agreed)
        if not carries or line.port.closed:
            return
        if self.tells_voice != self._voice_runs:
            self._voice_runs, self._active = self.tells_voice, False
            line.port.detect(Side.SOURCE, vad=VOICE if self.tells_voice else False)
        if self._interval_s and not self._statistics_run:
            self._statistics_run = True
            self._levels.clear()
            self._told = {side: self._of(side).packets(now_us) for side in Side}
            self._lost = {side: line.port.channel_statistics(side).lost for side in Side}
            for side in Side:
                line.port.detect(side, level_ms=round(self._interval_s * 1000))

    def _watch_for_drought(self, agreed: bool) -> None:
        line = self.line
        if agreed and not self._far_end_sends:
            if self._drought is None and not self._stopped:
                wait_us = RTP_SILENCE_S * US_PER_S
                self._drought = line.clock.call_later(wait_us, self._dried_up)
            return
        if self._drought is not None:
            self._drought.cancel()
            self._drought = None
        if self._stopped and agreed:
            self._stopped = False
            line.emit("Call.RtpResumed")

    def _dried_up(self) -> None:
        self._drought, self._stopped = None, True
        self.line.emit("Call.RtpStopped")

    def notice(self, mark: Mark) -> None:
        """Takes a mark of the call's port."""
        if mark.kind is MarkKind.LEVEL and self._statistics_run:
            self._levels[mark.side] = mark.value / 10
            if len(self._levels) == len(Side):
                self._report()
        elif mark.side is Side.SOURCE and self._voice_runs and self.line.connected:
            if mark.kind is MarkKind.SPEECH_STARTED:
                self._tell_voice(True)
            elif mark.kind is MarkKind.SPEECH_STOPPED:
                self._tell_voice(False)

    def _tell_voice(self, active: bool) -> None:
        if active is not self._active:
            self._active = active
            self.line.emit("Call.MicStatusChange", active=active)

    def _report(self) -> None:
        if self.line.connected:
            audio = {"in": [self._sample(Side.SOURCE)], "out": [self._sample(Side.SINK)]}
            self.line.emit("Call.MediaStatisticsReceived", audio=Struct(audio))
        self._levels.clear()

    def _sample(self, side: Side) -> Struct:
        packets = self._of(side).packets(self.line.clock.now_us())
        since, self._told[side] = packets - self._told[side], packets
        channel = self.line.port.channel_statistics(side)
        jitter_ms = round(channel.jitter_ms, 1) or 0
        lost, self._lost[side] = channel.lost - self._lost[side], channel.lost
        sample: dict[str, Any] = {"id": 1, "jitter": jitter_ms, "packetLoss": lost}
        sample["numPackets"] = max(0, since - lost) if side is Side.SOURCE else since
        sample["audioLevel"] = self._levels[side] if since else SILENCE_DB
        return Struct(sample)

    def _of(self, side: Side) -> Stream:
        return self._in if side is Side.SOURCE else self._out
