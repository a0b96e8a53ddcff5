"""The audio of a connector's client: from units to the provider, and back.

Towards the provider, what the client hears is read in chunks of 100 ms, and the words that were
audible in each chunk go with it. In virtual time, silence of which the other end does nothing is
sent by the second, or before whatever follows it: most of what a client hears is that.

From the provider, audio comes faster than it plays. Each tag of `sendMediaTo` is a stream with a
queue of its own, all fed with the same audio; a client that has no stream yet when audio comes gets
one without a tag, which plays whether or not anybody listens, as the platform's socket does.

When a stream starts and ends is the rule of every socket of the platform: `voxrt.vox.streams`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from attrs import define, field

from voxrt.clock import US_PER_MS, US_PER_S
from voxrt.media.graph import Ledger, Port, Side, Tap
from voxrt.media.hearing import HeardWord, Hearing
from voxrt.media.rates import CORE_RATES_HZ, Converter, converter
from voxrt.session.media import FRAME_US
from voxrt.vox.arrivals import USUAL_HZ, Arrivals, Piece
from voxrt.vox.context import Context
from voxrt.vox.streams import Outlet
from voxrt.xai.standin import SpokenSpan

CHUNK_MS = 100
CHUNK_US = CHUNK_MS * US_PER_MS
#: So much silence is handed out at once, at most.
SILENT_CHUNKS = 10
#: A reply may come many times faster than it plays: the longest session's worth of it is kept.
QUEUE_MS = 30 * 60 * 1_000


@define(eq=False)
class ClientMedia:
    """Ports and taps of one client.

    Args:
        context: The session's platform.
        name: What its ports are called.
        on_chunk: Takes PCM16 at the rate given to `listen`, and the words audible in it.
        may_wait: Whether silence up to an instant, in microseconds, may be handed out later.
        on_started: A stream began to be heard.
        on_ended: It has been silent for a second.
    """

    context: Context
    name: str
    on_chunk: Callable[[bytes, list[HeardWord]], None]
    may_wait: Callable[[int], bool]
    on_started: Callable[[Outlet], None]
    on_ended: Callable[[Outlet], None]
    ear: Port = field(init=False)
    _outlets: dict[str, Outlet] = field(factory=dict, init=False)
    _arrivals: Arrivals = field(init=False)
    _hearing: Hearing = field(init=False)
    _ledger: Ledger = field(init=False)
    _tap: Tap | None = field(default=None, init=False)
    _input_hz: int = field(default=0, init=False)
    _leaving: Converter = field(init=False)
    _linked: bool = field(default=False, init=False)
    """Whether a unit sent to the client when the last chunk was read."""
    _waits: bool = field(default=False, init=False)
    """Whether silence is held back."""

    def __attrs_post_init__(self) -> None:
        self.ear = self.context.graph.port(f"{self.name} hears", USUAL_HZ)
        self._arrivals = Arrivals(self.context.utterances)
        self._hearing = Hearing(self.context.utterances)

    # --- to the provider --------------------------------------------------------------------

    def listen(self, input_hz: int) -> None:
        """Begins, or goes on at another rate, to hand out what the client hears."""
        if self._tap is not None and input_hz == self._input_hz:
            return
        self._stop_listening()
        self._input_hz = input_hz
        rate_hz = input_hz if input_hz in CORE_RATES_HZ else USUAL_HZ
        self._leaving = converter(rate_hz, input_hz)
        self._tap = self.context.graph.tap(
            (self.ear, Side.SINK), rate_hz=rate_hz, chunk_ms=CHUNK_MS
        )
        self._ledger = self.ear.ledger(Side.SINK)
        self.context.media.drain_with(self._tap, self._drain)

    def _drain(self) -> None:
        if self._tap is None:
            return
        pcm, heard = self._tap.read(), self._ledger.read()
        silence = _silence(len(pcm))
        is_silent = pcm == silence
        until_us = self.context.graph.tick * FRAME_US
        words = self._hearing.feed(heard, until_us=until_us)
        linked, was_linked = self.ear.is_fed, self._linked
        self._linked = linked
        # The chunk in which a link ended still holds the last of its sound.
        if linked or was_linked:
            self._hand_out(silence if is_silent else pcm, words)
        waits = linked and is_silent and self._hearing.is_idle
        self._wait(waits and self.may_wait(until_us + CHUNK_US))

    def _hand_out(self, pcm: bytes, words: list[HeardWord]) -> None:
        pcm = self._leaving.run(pcm)
        if pcm:
            self.on_chunk(pcm, words)

    def hand_out_silence(self) -> None:
        """Hands out what is held back: something else is about to be sent, which comes after it.

        Those are the chunks that are over, but for one that is over at this very instant: there may
        be sound in it, and its mark is on the way.
        """
        if self._tap is None or not self._linked or not self.context.clock.is_virtual:
            return
        waiting, chunk = self._tap.available_samples, self._tap.rate_hz * CHUNK_MS // 1_000
        begun = waiting % chunk or chunk
        if waiting > begun:
            self._hand_out(self._tap.read(waiting - begun), [])
        begun_us = begun * US_PER_S // self._tap.rate_hz
        until_us = self.context.graph.tick * FRAME_US - begun_us + CHUNK_US
        self._wait(self._waits and self.may_wait(until_us))

    def sources_changed(self) -> None:
        """A unit began or ceased to send to the client: what is held back goes with this chunk."""
        self._wait(False)

    def _wait(self, waits: bool) -> None:
        waits = waits and self.context.clock.is_virtual
        if waits is not self._waits and self._tap is not None:
            self._waits = waits
            self._tap.hold_silence(SILENT_CHUNKS if waits else 0)

    def _stop_listening(self) -> None:
        if self._tap is not None:
            self._waits = False
            self.context.media.stop_draining(self._tap)
            self._tap.close()
            self._tap = None

    # --- from the provider ------------------------------------------------------------------

    def outlet(self, tag: str) -> Outlet:
        """The stream with this tag, made when it is first asked for."""
        found = self._outlets.get(tag)
        if found is None:
            first = not self._outlets
            found = self._outlets[tag] = Outlet(
                self.context,
                f"{self.name} says",
                tag,
                QUEUE_MS,
                self.on_started,
                self.on_ended,
            )
            if first:  # in a conference the provider does not hear itself
                self.ear.speaks_by(found.port)
        return found

    def play(self, pcm: bytes, rate_hz: int, span: SpokenSpan | None) -> int:
        """Queues audio on every stream.

        Args:
            pcm: PCM16 at `rate_hz`.
            rate_hz: Any rate.
            span: Which part of an utterance it is.

        Returns:
            Samples that found no room on some stream.
        """
        return self._queue(self._arrivals.take(pcm, rate_hz, span))

    def reply_complete(self) -> int:
        """No more audio of this reply comes: what waited in the filter is queued, as by `play`."""
        return self._queue(self._arrivals.flush())

    def _queue(self, pieces: list[Piece]) -> int:
        if pieces and not self._outlets:
            self.outlet("")
        return sum(max(outlet.push(piece) for outlet in self._outlets.values()) for piece in pieces)

    def clear(self, tag: str) -> int:
        """Drops what has not been heard yet; returns the samples.

        Args:
            tag: Only this stream; empty for all of them.
        """
        outlets = [o for o in self._outlets.values() if tag in ("", o.tag)]
        if len(outlets) == len(self._outlets):
            self._arrivals.drop()
        return max((outlet.clear() for outlet in outlets), default=0)

    def close(self) -> None:
        """Ends the streams that play, and frees the ports."""
        self._stop_listening()
        for outlet in self._outlets.values():
            outlet.close()
        self.ear.close()


@lru_cache(maxsize=64)
def _silence(size: int) -> bytes:
    """So many bytes of PCM16 without sound; one object, so that its hash is known."""
    return bytes(size)
