"""Ports: where units meet the graph, and what can be heard and asked there."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Literal

from attrs import define, field

from voxrt._native import ffi, lib
from voxrt.errors import MediaError
from voxrt.media.channel import ChannelStatistics
from voxrt.media.core import Core, Pcm, samples_of, to_int32
from voxrt.media.marks import Heard, Side, VadSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxrt.media.channel import Channel

_HEARD = struct.Struct("=qqqiii4x")
_LEDGER_BATCH = 256


def _digits(dtmf: bool | Literal["mute"]) -> int:
    """The setting of the digit detector as the core has it."""
    return int(lib.VX_DIGITS_MUTED) if dtmf == "mute" else int(dtmf)


#: What the sender of a channel does: send, send silence, or send no packets.
SenderMode = Literal["sends", "muted", "stops"]


@define(eq=False)
class Port:
    """Where a unit meets the graph, at the unit's own rate; made by `Graph.port`.

    A port plays what is in its queue, with a clip or a tone mixed in, to all ports it sends to,
    and receives the saturated mix of all that send to it. Changes take effect at the next tick.

    Attributes:
        name: For messages and logs.
        id: Counted from 1 in its graph, never used again.
        rate_hz: 8000, 16000, 24000 or 48000.
    """

    name: str
    id: int
    rate_hz: int
    _core: Core = field(repr=False)
    _closed: bool = field(default=False, repr=False)
    _targets: dict[int, Port] = field(factory=dict, repr=False)
    _sources: dict[int, Port] = field(factory=dict, repr=False)
    _ledgers: dict[Side, Ledger] = field(factory=dict, repr=False)
    _channels: dict[Side, Channel] = field(factory=dict, repr=False)

    def _check(self, status: int) -> int:
        return status if status >= 0 else self._core.check(status, f"Port {self.name!r}")

    @property
    def closed(self) -> bool:
        """Whether the port or its graph has been closed."""
        return self._closed or self._core.closed

    # The queue

    def push(self, pcm: Pcm, *, tag: int = 0, offset: int = 0) -> int:
        """Queues sound behind what is queued already.

        Args:
            pcm: At `rate_hz`; any number of samples.
            tag: Id of the utterance that it belongs to; 0 for none.
            offset: Position of its first sample in that utterance.

        Returns:
            Samples taken. What goes beyond `queue_ms` is dropped, counted, and told by an
            OVERFLOW mark in the next tick.

        Raises:
            ValueError: An odd number of bytes.
            MediaError: The port is closed.
        """
        samples, count = samples_of(pcm)
        return self._check(
            lib.vx_graph_push(self._core.handle, self.id, samples, count, tag, offset)
        )

    def clear(self, tag: int | None = None) -> int:
        """Drops what is queued and has not been played.

        Args:
            tag: Only what was pushed with this tag; all of it by default.

        Returns:
            Samples dropped; exact, even while the pacer runs.
        """
        every, value = (1, 0) if tag is None else (0, tag)
        return self._check(lib.vx_graph_clear(self._core.handle, self.id, every, value))

    @property
    def queued_samples(self) -> int:
        """Samples queued and not yet played."""
        return self._check(lib.vx_graph_queued(self._core.handle, self.id))

    # The clip or tone

    def play(self, clip: Pcm, *, tag: int = 0, loop: bool = False, start: int = 0) -> None:
        """Plays a clip beside the queue, mixed with it, in place of the clip or tone before.

        Args:
            clip: At `rate_hz`, at least one sample; it is copied.
            tag: Id of the utterance that it renders; also the value of its playback marks.
            loop: Again and again, until `stop`.
            start: Sample to begin with, to resume a clip that was stopped.
        """
        samples, count = samples_of(clip)
        if start < 0:
            raise ValueError(f"A clip cannot start at sample {start}.")
        self._check(lib.vx_graph_play(self._core.handle, self.id, samples, count, tag, loop, start))

    def play_tone(
        self,
        frequencies_hz: Sequence[float],
        *,
        level_dbfs: float = -20.0,
        cadence_ms: Sequence[int] = (),
        repeats: int = 0,
        tag: int = 0,
    ) -> None:
        """Plays a tone the same way.

        Args:
            frequencies_hz: One to four sines, each below half of the rate.
            level_dbfs: RMS level of each: -90.0 to -3.0.
            cadence_ms: On, off, on, off, ...: at most eight steps; empty for a steady tone.
            repeats: Rounds of the cadence until the tone ends; 0 for ever.
            tag: Value of its playback marks.
        """
        tone = ffi.new("vx_tone *")
        self._check(lib.vx_tone_init(tone, self.rate_hz))
        for frequency in frequencies_hz:
            frequency_mhz, level_db10 = round(frequency * 1000), round(level_dbfs * 10)
            self._check(lib.vx_tone_add(tone, to_int32(frequency_mhz), to_int32(level_db10)))
        steps = [to_int32(step) for step in cadence_ms]
        self._check(lib.vx_tone_cadence(tone, steps, len(steps), to_int32(repeats)))
        self._check(lib.vx_graph_play_tone(self._core.handle, self.id, tone, tag))

    def stop(self) -> int:
        """Ends the clip or tone.

        Returns:
            The sample it was at, counted from the front of the clip (in the round under way
            when it is looped): where to `start` to resume it. 0 when nothing played.
        """
        return self._check(lib.vx_graph_stop(self._core.handle, self.id))

    # Links

    def send_to(self, other: Port) -> None:
        """Links this port's source into another's sink; harmless when it is linked.

        A port may send to itself, which is an echo. A link from one conference to another
        carries the frame of the tick before.

        Raises:
            MediaError: One of the two is closed, or they belong to different graphs.
        """
        self._same_graph(other)
        self._check(lib.vx_graph_link(self._core.handle, self.id, other.id))
        self._targets[other.id] = other
        other._sources[self.id] = self

    def stop_sending_to(self, other: Port) -> None:
        """Removes the link; harmless when there is none, or when a port is closed."""
        self._same_graph(other)
        if self._targets.pop(other.id, None) is not None:
            del other._sources[self.id]
            self._check(lib.vx_graph_unlink(self._core.handle, self.id, other.id))

    def speaks_by(self, mouth: Port) -> None:
        """Makes this port the ear of a unit whose mouth is another port.

        A conference leaves out the mouth's voice in what this port hears, as it leaves out the
        voice of a member with one port.

        Raises:
            MediaError: One of the two is closed, or they belong to different graphs.
        """
        self._same_graph(mouth)
        self._check(lib.vx_graph_pair(self._core.handle, self.id, mouth.id))

    def _same_graph(self, other: Port) -> None:
        if other._core is not self._core:
            raise MediaError(f"Ports {self.name!r} and {other.name!r} are in different graphs.")

    @property
    def targets(self) -> tuple[Port, ...]:
        """The ports it sends to, by id."""
        return tuple(self._targets[key] for key in sorted(self._targets))

    @property
    def sources(self) -> tuple[Port, ...]:
        """The ports that send to it, by id."""
        return tuple(self._sources[key] for key in sorted(self._sources))

    @property
    def is_fed(self) -> bool:
        """Whether any port sends to it."""
        return bool(self._sources)

    # The way to the unit

    def impair(self, side: Side, channel: Channel | None, *, seed: int = 0) -> None:
        """Puts a channel between the unit and one side, in place of the one before.

        Everybody beyond it gets what comes out of it: of the source side the graph with its links,
        detectors, ledgers and taps; of the sink side its detectors, ledgers and taps.

        Args:
            side: `SOURCE` for what the unit sends, `SINK` for what it receives.
            channel: `None` takes the channel away; what was under way is lost.
            seed: Of its randomness, 64 bits.

        Raises:
            MediaError: A codec at another rate than 8000 Hz, a conference, or the port is closed.
        """
        settings = ffi.NULL if channel is None else channel.in_core(seed)
        self._check(lib.vx_graph_impair(self._core.handle, self.id, side.value, settings))
        self._channels.pop(side, None)
        if channel is not None:
            self._channels[side] = channel

    def channel(self, side: Side) -> Channel | None:
        """The channel of one side."""
        return self._channels.get(side)

    def switch_channel(self, side: Side, what: SenderMode) -> None:
        """Lets the sender of a channel send, send silence, or send no packets at all."""
        mode = {"sends": lib.VX_SENDS, "muted": lib.VX_MUTED, "stops": lib.VX_STOPS}[what]
        if side in self._channels:
            self._check(lib.vx_graph_channel_mode(self._core.handle, self.id, side.value, mode))

    def channel_statistics(self, side: Side) -> ChannelStatistics:
        """What the channel of one side has done so far; all zero without one."""
        if side not in self._channels:
            return ChannelStatistics()
        out = ffi.new("vx_channel_statistics *")
        self._check(lib.vx_graph_channel_statistics(self._core.handle, self.id, side.value, out))
        return ChannelStatistics(
            packets=out.packets, lost=out.lost, late=out.late, jitter_ms=out.jitter_us / 1_000
        )

    # Listening

    def detect(
        self,
        side: Side = Side.SOURCE,
        *,
        playback: bool | None = None,
        vad: VadSettings | bool | None = None,
        silence_ms: int | None = None,
        dtmf: bool | Literal["mute"] | None = None,
        level_ms: int | None = None,
    ) -> None:
        """Sets what raises marks on one side; what is not named stays as it is.

        A detector that is set begins afresh.

        Args:
            side: Which side is listened to.
            playback: PLAYBACK_STARTED and PLAYBACK_ENDED; on the source side only.
            vad: SPEECH_STARTED and SPEECH_STOPPED, by these settings or (`True`) the default
                ones; `False` ends it.
            silence_ms: SILENCE, once, when it has been below -60 dBFS for so long after it was
                audible: 20 to 3,600,000, rounded up to frames; 0 ends it.
            dtmf: DIGIT; `"mute"` also silences the port while a digit lasts, for everybody who
                hears it (up to 26 ms of its beginning stay): on the source side only, in a
                conference of the mix.
            level_ms: LEVEL, each time so much has passed: as `silence_ms`.

        Raises:
            MediaError: A value out of its range, or the port is closed.
        """
        where = (self._core.handle, self.id, side.value)
        if playback is not None:
            self._check(lib.vx_graph_detect_playback(*where, playback))
        if vad is not None:
            self._detect_speech(
                side, VadSettings() if isinstance(vad, bool) else vad, vad is not False
            )
        if silence_ms is not None:
            self._check(lib.vx_graph_detect_silence(*where, to_int32(silence_ms)))
        if dtmf is not None:
            self._check(lib.vx_graph_detect_digits(*where, _digits(dtmf)))
        if level_ms is not None:
            self._check(lib.vx_graph_detect_level(*where, to_int32(level_ms)))

    def _detect_speech(self, side: Side, settings: VadSettings, on: bool) -> None:
        permille = round(settings.threshold * 1000)
        self._check(
            lib.vx_graph_detect_speech(
                self._core.handle,
                self.id,
                side.value,
                (to_int32(permille) or -1) if on else 0,
                to_int32(settings.prefix_padding_ms),
                to_int32(settings.silence_ms),
            )
        )

    def ledger(self, side: Side = Side.SINK) -> Ledger:
        """The ledger of one side, kept from the next tick on; the same one each time.

        It grows until it is read. There is one reader: whoever reads takes the entries.
        """
        found = self._ledgers.get(side)
        if found is None:
            self._check(lib.vx_graph_keep_ledger(self._core.handle, self.id, side.value, 1))
            found = self._ledgers[side] = Ledger(self, side)
        return found

    def close(self) -> None:
        """Ends all its links and frees it; harmless when it is closed.

        No marks are raised. Taps on it go on with silence in its place.
        """
        if self.closed:
            return
        self._check(lib.vx_graph_close_port(self._core.handle, self.id))
        self._closed = True
        for target in self._targets.values():
            target._sources.pop(self.id, None)
        for source in self._sources.values():
            source._targets.pop(self.id, None)
        self._targets.clear()
        self._sources.clear()


class Conference(Port):
    """A port that mixes: each port linked both ways hears the others and not itself.

    `member.send_to(conference)` and `conference.send_to(member)` make a member; one of the two
    alone makes a speaker or a listener. What is pushed into or played by the conference itself
    is heard by all. Both its sides show the mix of everybody.
    """

    @property
    def members(self) -> tuple[Port, ...]:
        """The ports that speak or listen here, by id."""
        both = {**self._sources, **self._targets}
        return tuple(both[key] for key in sorted(both))


@define(eq=False)
class Ledger:
    """What was audible on one side of a port, frame by frame; made by `Port.ledger`."""

    port: Port
    side: Side
    _batch: Any = field(factory=lambda: ffi.new("vx_heard[]", _LEDGER_BATCH), repr=False)
    _side: int = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._side = self.side.value

    def read(self) -> list[Heard]:
        """The entries since the last reading, by tick, then by link."""
        core, batch = self.port._core, self._batch
        found: list[Heard] = []
        while True:
            count = lib.vx_graph_read_ledger(
                core.handle, self.port.id, self._side, batch, _LEDGER_BATCH
            )
            if count <= 0:
                self.port._check(count)
                return found
            entries = ffi.buffer(batch, count * _HEARD.size)
            found += [
                Heard(tick, core.ports[source], tag, offset, samples, bool(truncated))
                for tick, tag, offset, source, samples, truncated in _HEARD.iter_unpack(entries)
            ]
            if count < _LEDGER_BATCH:
                return found

    @property
    def lost(self) -> int:
        """Entries that found no room while the pacer ran; always 0 in virtual time."""
        return self.port._check(
            lib.vx_graph_ledger_lost(self.port._core.handle, self.port.id, self.side.value)
        )
