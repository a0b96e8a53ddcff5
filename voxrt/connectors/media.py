"""The audio of a connector's client: from units to the provider, and back.

Towards the provider, what the client hears is read in chunks of 100 ms, and the words that were
audible in each chunk go with it. From the provider, audio comes faster than it plays; each tag of
`sendMediaTo` has a port with a queue of its own, all fed with the same audio.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, evolve, field

from voxrt.clock import US_PER_MS
from voxrt.media.codecs import Resampler
from voxrt.media.graph import Mark, MarkKind, Port, Side, Tap
from voxrt.media.hearing import HeardWord, Hearing
from voxrt.media.rational import resample_any
from voxrt.media.utterances import Speech
from voxrt.session.media import FRAME_US
from voxrt.vox.context import Context
from voxrt.xai.standin import SpokenSpan

GRAPH_RATES_HZ = (8_000, 16_000, 24_000, 48_000)
#: What units hear and send when the provider's rate is none of the graph's.
USUAL_HZ = 16_000
CHUNK_MS = 100
#: A reply may come many times faster than it plays: five minutes of it are kept.
QUEUE_MS = 300_000
#: The stream has ended when nothing of it was audible for so long.
END_SILENCE_MS = 1_000


@define(eq=False)
class Outlet:
    """One tagged stream from the provider to units.

    Args:
        tag: As given to `sendMediaTo`; empty without one.
        port: Plays the stream.
    """

    tag: str
    port: Port
    encoding: str
    custom_parameters: object = None
    playing: bool = False
    """Between `WebSocketMediaStarted` and `WebSocketMediaEnded`."""
    started_us: int = 0


@define(eq=False)
class ClientMedia:
    """Ports and taps of one client.

    Args:
        context: The session's platform.
        name: What its ports are called.
        on_chunk: Takes PCM16 at `input_hz` and the words that were audible in it.
        on_started: A stream began to be heard.
        on_ended: It has been silent for a second; with the whole seconds played so far.
    """

    context: Context
    name: str
    on_chunk: Callable[[bytes, list[HeardWord]], None]
    on_started: Callable[[Outlet], None]
    on_ended: Callable[[Outlet, int], None]
    ear: Port = field(init=False)
    input_hz: int = USUAL_HZ
    _outlets: dict[str, Outlet] = field(factory=dict, init=False)
    _hearing: Hearing = field(init=False)
    _tap: Tap | None = field(default=None, init=False)
    _down: Resampler | None = field(default=None, init=False)
    _rescaled: dict[int, int] = field(factory=dict, init=False)
    _played_us: int = field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self.ear = self.context.graph.port(f"{self.name} hears", USUAL_HZ)
        self._hearing = Hearing(self.context.utterances)

    # --- to the provider --------------------------------------------------------------------

    def listen(self, input_hz: int) -> None:
        """Begins, or goes on at another rate, to hand out what the client hears."""
        if self._tap is not None and input_hz == self.input_hz:
            return
        self._stop_listening()
        self.input_hz = input_hz
        rate_hz = input_hz if input_hz in GRAPH_RATES_HZ else USUAL_HZ
        self._tap = self.context.graph.tap(
            (self.ear, Side.SINK), rate_hz=rate_hz, chunk_ms=CHUNK_MS
        )
        self.ear.ledger(Side.SINK)
        self.context.media.drain_with(self._tap, self._drain)

    def _drain(self) -> None:
        if self._tap is None:
            return
        pcm = self._tap.read()
        ledger = self.ear.ledger(Side.SINK).read()
        until_us = self.context.graph.tick * FRAME_US
        words = self._hearing.feed(ledger, until_us=until_us)
        if not self.ear.sources or not pcm:
            return
        if self._tap.rate_hz != self.input_hz:
            pcm = resample_any(pcm, self._tap.rate_hz, self.input_hz)
        self.on_chunk(pcm, words)

    def _stop_listening(self) -> None:
        if self._tap is not None:
            self.context.media.stop_draining(self._tap)
            self._tap.close()
            self._tap = None

    # --- from the provider ------------------------------------------------------------------

    def outlet(self, tag: str, encoding: str, custom_parameters: object) -> Port:
        """The port of a tagged stream, made when it is first asked for."""
        found = self._outlets.get(tag)
        if found is None:
            port = self.context.graph.port(f"{self.name} says", USUAL_HZ, queue_ms=QUEUE_MS)
            found = self._outlets[tag] = Outlet(tag, port, encoding)
            port.detect(Side.SOURCE, playback=True, silence_ms=END_SILENCE_MS)
            self.context.media.listen(port, lambda mark: self._mark(found, mark))
        found.encoding = encoding
        found.custom_parameters = custom_parameters
        return found.port

    def play(self, pcm: bytes, rate_hz: int, span: SpokenSpan | None) -> int:
        """Queues audio on every stream.

        Args:
            pcm: PCM16 at `rate_hz`.
            rate_hz: Any rate.
            span: Which part of an utterance it is.

        Returns:
            Samples that found no room on some stream.
        """
        tag, offset = (0, 0) if span is None else self._words_at_usual_rate(span)
        if rate_hz != USUAL_HZ:
            pcm = self._at_usual_rate(pcm, rate_hz)
        dropped = 0
        for outlet in self._outlets.values():
            taken = outlet.port.push(pcm, tag=tag, offset=offset)
            dropped = max(dropped, len(pcm) // 2 - taken)
        return dropped

    def clear(self, tag: str | None) -> int:
        """Drops what has not been heard yet, of one stream or of all; returns the samples."""
        outlets = [o for o in self._outlets.values() if tag is None or o.tag == tag]
        return max((outlet.port.clear() for outlet in outlets), default=0)

    def close(self) -> None:
        """Ends the streams that play, and frees the ports."""
        self._stop_listening()
        for outlet in self._outlets.values():
            if outlet.playing:
                self._end(outlet)
            self.context.media.forget(outlet.port)
            outlet.port.close()
        self.ear.close()

    def _at_usual_rate(self, pcm: bytes, rate_hz: int) -> bytes:
        if rate_hz not in GRAPH_RATES_HZ:
            return resample_any(pcm, rate_hz, USUAL_HZ)
        if self._down is None or self._down.in_hz != rate_hz:
            self._down = Resampler(rate_hz, USUAL_HZ)
        return self._down.run(pcm)

    def _words_at_usual_rate(self, span: SpokenSpan) -> tuple[int, int]:
        """The utterance as it is played, and the place in it: tags count samples as played."""
        if span.rate_hz == USUAL_HZ:
            return span.utterance, span.offset
        tag = self._rescaled.get(span.utterance)
        if tag is None:
            said = self.context.utterances.get(span.utterance)
            tag = self.context.utterances.add(_at_rate(said.speech, USUAL_HZ), said.speaker)
            self._rescaled[span.utterance] = tag
        return tag, span.offset * USUAL_HZ // span.rate_hz

    def _mark(self, outlet: Outlet, mark: Mark) -> None:
        now_us = self.context.clock.now_us()
        if mark.kind is MarkKind.PLAYBACK_STARTED:
            outlet.started_us = now_us
            if not outlet.playing:
                outlet.playing = True
                self.on_started(outlet)
        elif mark.kind is MarkKind.PLAYBACK_ENDED:
            self._played_us += now_us - outlet.started_us
        elif mark.kind is MarkKind.SILENCE and outlet.playing and not outlet.port.queued_samples:
            self._end(outlet)

    def _end(self, outlet: Outlet) -> None:
        outlet.playing = False
        self.on_ended(outlet, self._played_us // (1000 * US_PER_MS))


def _at_rate(speech: Speech, rate_hz: int) -> Speech:
    """Where the words of a speech are once it has been resampled; its sound is not kept."""

    def place(sample: int) -> int:
        return sample * rate_hz // speech.rate_hz

    return evolve(
        speech,
        rate_hz=rate_hz,
        pcm=bytes(2 * place(speech.samples)),
        words=tuple(evolve(w, start=place(w.start), end=place(w.end)) for w in speech.words),
    )
