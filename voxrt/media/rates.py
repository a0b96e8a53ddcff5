"""Sound between a provider's sample rate and the units', piece by piece, as if in one piece.

The audio core resamples between its own rates with a filter that remembers; the rates that it does
not know (22,050 Hz, 44,100 Hz) are converted by one that sees a whole recording. Here both take a
stream in pieces of any length. What comes out is not delayed: sample 0 of the output lies at the
same instant as sample 0 of the input. That is why the last few milliseconds wait for the piece
that follows, or for `flush`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

from attrs import define, field

from voxrt.media.codecs import Resampler
from voxrt.media.rational import resample_any

CORE_RATES_HZ = (8_000, 16_000, 24_000, 48_000)
#: Samples on either side of a piece that decide its edges, for the rates that the core lacks.
CONTEXT_SAMPLES = 128


class Converter(ABC):
    """One stream of PCM16 on its way from one rate to another."""

    @abstractmethod
    def run(self, pcm: bytes) -> bytes:
        """The next samples at the rate of the output; a few wait for the next call."""

    @abstractmethod
    def flush(self) -> bytes:
        """The samples that waited; what comes after is a stream of its own."""


def converter(in_hz: int, out_hz: int) -> Converter:
    """The converter between two rates."""
    if in_hz == out_hz:
        return _Same()
    if in_hz in CORE_RATES_HZ and out_hz in CORE_RATES_HZ:
        return _Core(in_hz, out_hz)
    return _Any(in_hz, out_hz)


class _Same(Converter):
    def run(self, pcm: bytes) -> bytes:
        return pcm

    def flush(self) -> bytes:
        return b""


@define(eq=False)
class _Counted(Converter):
    """Keeps count of what went in, so that a flush gives exactly what is owed."""

    in_hz: int
    out_hz: int
    _taken: int = field(default=0, init=False)
    _given: int = field(default=0, init=False)

    def run(self, pcm: bytes) -> bytes:
        self._taken += len(pcm) // 2
        out = self._convert(pcm)
        self._given += len(out) // 2
        return out

    def flush(self) -> bytes:
        owed = self._taken * self.out_hz // self.in_hz - self._given
        out = b""
        while len(out) // 2 < owed:
            out += self._convert(bytes(2 * CONTEXT_SAMPLES))
        self._taken = self._given = 0
        self._restart()
        return out[: 2 * owed]

    @abstractmethod
    def _convert(self, pcm: bytes) -> bytes: ...

    @abstractmethod
    def _restart(self) -> None: ...


@define(eq=False)
class _Core(_Counted):
    _resampler: Resampler = field(init=False)
    _late: int = field(init=False)
    """Samples of the filter's delay that are still to be left out."""

    def __attrs_post_init__(self) -> None:
        self._resampler = Resampler(self.in_hz, self.out_hz)
        self._restart()

    def _convert(self, pcm: bytes) -> bytes:
        out = self._resampler.run(pcm)
        early = min(self._late, len(out) // 2)
        self._late -= early
        return out[2 * early :]

    def _restart(self) -> None:
        self._resampler.reset()
        self._late = self._resampler.delay_samples


@define(eq=False)
class _Any(_Counted):
    _step_in: int = field(init=False)
    _step_out: int = field(init=False)
    _context: int = field(init=False)
    """Samples before and behind a piece that are converted with it, in whole steps."""
    _kept: bytes = field(init=False)

    def __attrs_post_init__(self) -> None:
        divisor = math.gcd(self.in_hz, self.out_hz)
        self._step_in, self._step_out = self.in_hz // divisor, self.out_hz // divisor
        self._context = -(-CONTEXT_SAMPLES // self._step_in) * self._step_in
        self._restart()

    def _convert(self, pcm: bytes) -> bytes:
        self._kept += pcm
        steps = (len(self._kept) // 2 - 2 * self._context) // self._step_in
        if steps <= 0:
            return b""
        whole = steps * self._step_in
        piece = self._kept[: 2 * (whole + 2 * self._context)]
        self._kept = self._kept[2 * whole :]
        before = self._context // self._step_in * self._step_out
        out = resample_any(piece, self.in_hz, self.out_hz)
        return out[2 * before : 2 * (before + steps * self._step_out)]

    def _restart(self) -> None:
        self._kept = bytes(2 * self._context)
