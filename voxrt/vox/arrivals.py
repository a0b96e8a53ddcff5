"""A provider's sound on its way to the units: at their rate, with the words that it carries."""

from __future__ import annotations

from attrs import define, evolve, field, frozen

from voxrt.media.rates import Converter, converter
from voxrt.media.utterances import Speech, Utterances
from voxrt.xai.standin import SpokenSpan

#: The rate at which units hear a client: that of the platform's own WebSocket media.
USUAL_HZ = 16_000


@frozen
class Piece:
    """Sound at `USUAL_HZ`, and the part of an utterance that it is; tag 0 is none."""

    pcm: bytes
    tag: int = 0
    offset: int = 0


@define(eq=False)
class Arrivals:
    """Converts the deltas of one connection, in the order of their coming.

    Tags count samples of the utterance as it is played, so an utterance that was spoken at another
    rate is registered once more. A few milliseconds wait in the filter between two deltas; the
    offset counts what came out, never what went in.

    Args:
        utterances: The run's register.
    """

    utterances: Utterances
    _converter: Converter | None = field(default=None, init=False)
    _rate_hz: int = field(default=0, init=False)
    _spoken: int = field(default=0, init=False)
    """The utterance under way, by the id that the provider's side gave it."""
    _expected: int = field(default=-1, init=False)
    """Where in it the next delta begins, unless something is missing."""
    _tag: int = field(default=0, init=False)
    _offset: int = field(default=0, init=False)
    _rescaled: dict[int, int] = field(factory=dict, init=False)

    def take(self, pcm: bytes, rate_hz: int, span: SpokenSpan | None) -> list[Piece]:
        """What one delta adds: mostly one piece, two where a new utterance begins.

        Args:
            pcm: PCM16 at `rate_hz`, any number of samples.
            rate_hz: Any rate of the provider.
            span: Which part of an utterance it is, if that is known.
        """
        pieces: list[Piece] = []
        if rate_hz != self._rate_hz:
            pieces += self.flush()
            self._converter, self._rate_hz = converter(rate_hz, USUAL_HZ), rate_hz
        spoken, begins = (0, 0) if span is None else (span.utterance, span.offset)
        if spoken != self._spoken or (span is not None and begins != self._expected):
            pieces += self.flush()
            self._begin(span)
        self._expected = begins + (span.samples if span is not None else 0)
        assert self._converter is not None
        return pieces + self._piece(self._converter.run(pcm))

    def flush(self) -> list[Piece]:
        """What waited: the end of the reply has come."""
        if self._converter is None:
            return []
        pieces = self._piece(self._converter.flush())
        self._spoken, self._expected, self._tag = 0, -1, 0
        return pieces

    def drop(self) -> None:
        """Forgets what waits: nobody is to hear it."""
        if self._converter is not None:
            self._offset += len(self._converter.flush()) // 2

    def _begin(self, span: SpokenSpan | None) -> None:
        self._spoken = self._tag = self._offset = 0
        if span is not None:
            self._spoken = span.utterance
            self._tag = self._as_played(span)
            self._offset = span.offset * USUAL_HZ // span.rate_hz

    def _piece(self, pcm: bytes) -> list[Piece]:
        if not pcm:
            return []
        piece = Piece(pcm, self._tag, self._offset)
        self._offset += len(pcm) // 2
        return [piece]

    def _as_played(self, span: SpokenSpan) -> int:
        if span.rate_hz == USUAL_HZ:
            return span.utterance
        tag = self._rescaled.get(span.utterance)
        if tag is None:
            said = self.utterances.get(span.utterance)
            tag = self.utterances.add(_at_rate(said.speech, USUAL_HZ), said.speaker)
            self._rescaled[span.utterance] = tag
        return tag


def _at_rate(speech: Speech, rate_hz: int) -> Speech:
    """Where the words of a speech are once it has been resampled; its sound is not kept."""

    def place(sample: int) -> int:
        return sample * rate_hz // speech.rate_hz

    return evolve(
        speech,
        rate_hz=rate_hz,
        pcm=b"",
        length=place(speech.samples),
        words=tuple(evolve(w, start=place(w.start), end=place(w.end)) for w in speech.words),
    )
