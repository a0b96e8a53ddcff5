"""Coding, resampling, mixing, tones and detectors on pieces of PCM.

Thin faces of the C functions in `native/`; the headers there tell the algorithms. A call is
independent of every other one, except through an object (`Resampler`, `Vad`, `DtmfDetector`),
which keeps the state of one stream: cutting the stream into calls in another way changes nothing.

Everywhere, `pcm` is mono 16-bit little-endian, an odd number of bytes is a `ValueError`, and what
the core refuses (a rate, a setting) is a `MediaError`.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from attrs import frozen

from voxrt._native import ffi, lib
from voxrt.errors import MediaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Pcm = bytes | bytearray | memoryview


def checked(status: int) -> int:
    """Passes a count on, and raises `MediaError` with the core's own words for a status."""
    if status < 0:
        raise MediaError(
            f"The audio core refused: {ffi.string(lib.vx_status_text(status)).decode()}."
        )
    return status


def _samples(pcm: Pcm) -> tuple[Any, int]:
    """The samples as a C array, and how many they are."""
    data = pcm if isinstance(pcm, bytes) else bytes(pcm)
    if len(data) % 2:
        raise ValueError(f"PCM is made of 16-bit samples: {len(data)} bytes is an odd number.")
    return ffi.from_buffer("int16_t[]", data), len(data) // 2


def _pcm(samples: Any, count: int) -> bytes:
    return bytes(ffi.buffer(samples, count * 2))


def _encode(function: Any, pcm: Pcm) -> bytes:
    samples, count = _samples(pcm)
    out = bytearray(count)
    function(ffi.from_buffer("uint8_t[]", out), samples, count)
    return bytes(out)


def _decode(function: Any, code: Pcm) -> bytes:
    data = bytes(code)
    out = bytearray(2 * len(data))
    function(ffi.from_buffer("int16_t[]", out), ffi.from_buffer("uint8_t[]", data), len(data))
    return bytes(out)


def ulaw_encode(pcm: Pcm) -> bytes:
    """G.711 mu-law, one octet for a sample."""
    return _encode(lib.vx_ulaw_encode, pcm)


def ulaw_decode(code: Pcm) -> bytes:
    """The PCM of G.711 mu-law octets."""
    return _decode(lib.vx_ulaw_decode, code)


def alaw_encode(pcm: Pcm) -> bytes:
    """G.711 A-law (even bits inverted, as on the line), one octet for a sample."""
    return _encode(lib.vx_alaw_encode, pcm)


def alaw_decode(code: Pcm) -> bytes:
    """The PCM of G.711 A-law octets."""
    return _decode(lib.vx_alaw_decode, code)


def mix_minus_one(frames: Sequence[Pcm]) -> list[bytes]:
    """What every member of a conference hears: the sum of all others, saturated.

    Args:
        frames: One piece for each member, all of the same length; at most 65,535.
    """
    joined = b"".join(frames)
    size = len(joined) // len(frames) if frames else 0
    if any(len(frame) != size for frame in frames):
        raise ValueError("The pieces to mix differ in length.")
    if size % 2:
        raise ValueError(f"PCM is made of 16-bit samples: {size} bytes is an odd number.")
    out, scratch = bytearray(len(joined)), ffi.new("int32_t[]", max(1, size // 2))
    source, sink = ffi.from_buffer("int16_t[]", joined), ffi.from_buffer("int16_t[]", out)
    checked(lib.vx_mix_n1(source, sink, scratch, len(frames), size // 2))
    return [bytes(out[at * size : (at + 1) * size]) for at in range(len(frames))]


class Resampler:
    """One stream on its way from one rate to another.

    Args:
        in_hz: Rate of what `run` is given: 8000, 16000, 24000 or 48000.
        out_hz: Rate of what it returns.
    """

    def __init__(self, in_hz: int, out_hz: int) -> None:
        self.in_hz = in_hz
        self.out_hz = out_hz
        self._state = ffi.new("vx_resampler *")
        checked(lib.vx_resampler_init(self._state, in_hz, out_hz))

    @property
    def delay_samples(self) -> int:
        """Group delay in output samples: exact, at most 4 ms."""
        return int(lib.vx_resampler_delay(self._state))

    def run(self, pcm: Pcm) -> bytes:
        """The next samples at `out_hz`.

        Samples that do not make a whole step of the ratio wait for the next call; 20 ms always do.
        """
        samples, count = _samples(pcm)
        steps = (count + self._state.down - 1) // self._state.down
        out = ffi.new("int16_t[]", steps * self._state.up + 1)
        return _pcm(out, checked(lib.vx_resampler_run(self._state, samples, count, out, len(out))))

    def reset(self) -> None:
        """Forgets the past: silence came before."""
        lib.vx_resampler_reset(self._state)


def resample(pcm: Pcm, in_hz: int, out_hz: int) -> bytes:
    """A whole recording at another rate, not delayed, and as long as before.

    The result has `samples * out_hz / in_hz` samples, rounded to the nearest.
    """
    count = _samples(pcm)[1]
    resampler = Resampler(in_hz, out_hz)
    wanted = (2 * count * out_hz + in_hz) // (2 * in_hz)
    delay = resampler.delay_samples
    needed = -(-(wanted + delay) * in_hz // out_hz) + 6  # 6: the longest step, whatever the ratio
    out = resampler.run(bytes(pcm) + bytes(2 * max(0, needed - count)))
    return out[2 * delay : 2 * (delay + wanted)]


def level_dbfs(pcm: Pcm) -> float:
    """RMS level in dBFS, in steps of 0.1; -100.0 for digital silence and for nothing."""
    return int(lib.vx_level_db10(*_samples(pcm))) / 10


def levels_dbfs(pcm: Pcm, step_samples: int) -> list[float]:
    """The same of each whole stretch of so many samples, one after the other."""
    samples, count = _samples(pcm)
    out = ffi.new("int16_t[]", max(1, count // step_samples))
    lib.vx_levels_db10(samples, count, step_samples, out)
    return [level / 10 for level in out[0 : count // step_samples]]


def peak(pcm: Pcm) -> int:
    """The largest magnitude of a sample, 0 to 32768."""
    return int(lib.vx_peak(*_samples(pcm)))


def is_silent(pcm: Pcm) -> bool:
    """Whether every sample is zero."""
    return bool(lib.vx_is_silent(*_samples(pcm)))


def tone(
    frequencies_hz: Sequence[float],
    rate_hz: int,
    duration_ms: int,
    *,
    level_dbfs: float = -20.0,
    cadence_ms: Sequence[int] = (),
) -> bytes:
    """A sum of sines, steady or with a cadence.

    Args:
        frequencies_hz: One to four, each below half of the rate.
        rate_hz: 8000, 16000, 24000 or 48000.
        duration_ms: Length of the result.
        level_dbfs: RMS level of each sine: -90.0 to -3.0.
        cadence_ms: On, off, on, off, ... (at most eight), repeated; empty for a steady tone.
    """
    state = ffi.new("vx_tone *")
    checked(lib.vx_tone_init(state, rate_hz))
    for frequency in frequencies_hz:
        checked(lib.vx_tone_add(state, round(frequency * 1000), round(level_dbfs * 10)))
    checked(lib.vx_tone_cadence(state, list(cadence_ms), len(cadence_ms), 0))
    return _run_tone(state, rate_hz // 1000 * duration_ms)


class Sines:
    """Sines that sound together, each at its own level, made piece by piece.

    Args:
        sines: Frequency in Hz (below half of the rate) and RMS level in dBFS (-90.0 to -3.0) of
            each; none is silence.
        rate_hz: 8000, 16000, 24000 or 48000.
    """

    def __init__(self, sines: Sequence[tuple[float, float]], rate_hz: int) -> None:
        self._groups = []
        for first in range(0, len(sines), lib.VX_TONE_MAX_SINES):
            state = ffi.new("vx_tone *")
            checked(lib.vx_tone_init(state, rate_hz))
            for hz, level_dbfs in sines[first : first + lib.VX_TONE_MAX_SINES]:
                checked(lib.vx_tone_add(state, round(hz * 1000), round(level_dbfs * 10)))
            self._groups.append(state)

    def run(self, count: int) -> bytes:
        """The next samples; the first call begins at phase 0."""
        pieces = [_run_tone(state, count) for state in self._groups]
        if len(pieces) == 1:
            return pieces[0]
        return mix_minus_one([*pieces, bytes(2 * count)])[-1]  # a silent member hears them all


def dtmf(digits: str, rate_hz: int, on_ms: int = 100, off_ms: int = 100) -> bytes:
    """DTMF digits one after another, each followed by a pause.

    Args:
        digits: Of `0123456789*#ABCD`.
        rate_hz: 8000, 16000, 24000 or 48000.
        on_ms: Length of a digit, 1 to 10,000.
        off_ms: Length of the pause after it, 0 to 10,000.
    """
    state = ffi.new("vx_tone *")
    pieces = []
    for digit in digits:
        checked(lib.vx_dtmf_init(state, ord(digit), rate_hz, on_ms, off_ms))
        pieces.append(_run_tone(state, rate_hz // 1000 * (on_ms + off_ms)))
    return b"".join(pieces)


def _run_tone(state: Any, count: int) -> bytes:
    if count < 0:
        raise ValueError("A tone cannot have a negative length.")
    out = ffi.new("int16_t[]", max(1, count))
    return _pcm(out, checked(lib.vx_tone_run(state, out, count)))


class VadKind(Enum):
    """What a voice activity detector reports."""

    STARTED = lib.VX_VAD_STARTED
    STOPPED = lib.VX_VAD_STOPPED


@frozen
class VadMark:
    """Speech started or stopped.

    Attributes:
        kind: Which of the two.
        offset_samples: Counted from the first sample the detector was given. For a start, the
            onset minus the prefix padding, but not before the end of the speech before; for a
            stop, the end of speech.
    """

    kind: VadKind
    offset_samples: int


def _chunks(pcm: Pcm, rate_hz: int) -> Iterator[tuple[Any, int]]:
    """Pieces of at most 20 ms: as much as a detector takes in one call."""
    samples, count = _samples(pcm)
    step = rate_hz // 50
    for at in range(0, count, step):
        yield samples + at, min(step, count - at)


class Vad:
    """Energy voice activity detection on one stream; `native/vx_vad.h` tells how.

    Args:
        rate_hz: 8000, 16000, 24000 or 48000.
        threshold: 0.1 (sounds above -56 dBFS are speech) to 0.9 (above -40 dBFS).
        prefix_padding_ms: How far before the onset a start is reported, 0 to 10,000.
        silence_ms: How long silence must last to end speech, 20 to 10,000.
    """

    def __init__(
        self,
        rate_hz: int,
        threshold: float = 0.5,
        prefix_padding_ms: int = 300,
        silence_ms: int = 500,
    ) -> None:
        self.rate_hz = rate_hz
        self._state = ffi.new("vx_vad *")
        self._taken = ffi.new("size_t *")
        permille = round(threshold * 1000)
        checked(lib.vx_vad_init(self._state, rate_hz, permille, prefix_padding_ms, silence_ms))

    @property
    def speaking(self) -> bool:
        """Whether speech is on."""
        return bool(self._state.speaking)

    def run(self, pcm: Pcm) -> list[VadMark]:
        """Takes the next samples; returns what happened in them, in order."""
        marks = []
        samples, left = _samples(pcm)
        while left:
            result = checked(lib.vx_vad_scan(self._state, samples, left, self._taken))
            if result == lib.VX_VAD_STARTED:
                marks.append(VadMark(VadKind.STARTED, self._state.start_offset))
            elif result == lib.VX_VAD_STOPPED:
                marks.append(VadMark(VadKind.STOPPED, self._state.stop_offset))
            left -= self._taken[0]
            samples += self._taken[0]
        return marks


class DtmfDetector:
    """DTMF digits in one stream, each reported once for a press of 40 ms or more.

    Args:
        rate_hz: 8000, 16000, 24000 or 48000.
    """

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._state = ffi.new("vx_dtmf_detector *")
        checked(lib.vx_dtmf_detector_init(self._state, rate_hz))

    def run(self, pcm: Pcm) -> str:
        """Takes the next samples; returns the digits recognised in them, of `0-9*#A-D`."""
        found = (
            checked(lib.vx_dtmf_detector_run(self._state, samples, count))
            for samples, count in _chunks(pcm, self.rate_hz)
        )
        return "".join(chr(digit) for digit in found if digit)
