"""G.711 against the definition of its segments, for every value."""

from __future__ import annotations

import warnings
from functools import partial

import numpy as np
import pytest

from voxrt._native import ffi, lib

ALL = np.arange(-32768, 32768).astype("<i2")
OCTETS = np.arange(256).astype("u1")
PATHS = range(lib.vx_cpu_path(lib.VX_CPU_AVX512) + 1)


def ulaw_value(code: int) -> int:
    """The 14-bit output value of ITU-T G.711 table 2, from the inverted octet."""
    segment, step = (code >> 4) & 7, code & 15
    magnitude = ((2 * step + 33) << segment) - 33
    return -magnitude if code & 128 else magnitude


def alaw_value(code: int) -> int:
    """The 13-bit output value of ITU-T G.711 table 1, from the octet without its inversion."""
    segment, step = (code >> 4) & 7, code & 15
    magnitude = 2 * step + 1 if segment == 0 else (2 * step + 33) << (segment - 1)
    return magnitude if code & 128 else -magnitude


def ulaw_code(sample: int) -> int:
    """The inverted octet: the last decision value not above the 14-bit magnitude."""
    x = sample >> 2
    magnitude = min(abs(x), 8158) + 33
    segment = magnitude.bit_length() - 6
    return (128 if x < 0 else 0) + 16 * segment + ((magnitude >> (segment + 1)) & 15)


def alaw_code(sample: int) -> int:
    x = sample >> 3
    magnitude = -x - 1 if x < 0 else x
    segment = max(0, magnitude.bit_length() - 5)
    step = (magnitude >> max(1, segment)) & 15
    return (0 if x < 0 else 128) + 16 * segment + step


def encode(function, samples: np.ndarray) -> list[int]:
    out = ffi.new("uint8_t[]", len(samples))
    function(out, ffi.from_buffer("int16_t[]", samples.tobytes()), len(samples))
    return list(out)


def decode(function, codes: np.ndarray) -> list[int]:
    out = ffi.new("int16_t[]", len(codes))
    function(out, ffi.from_buffer("uint8_t[]", codes.tobytes()), len(codes))
    return list(out)


@pytest.mark.parametrize("path", PATHS)
def test_every_value_is_coded_as_the_standard_defines(path):
    """65,536 samples and 256 octets, both laws, both ways."""
    ulaw, alaw = partial(lib.vx_ulaw_encode_on, path), partial(lib.vx_alaw_encode_on, path)
    assert encode(ulaw, ALL) == [ulaw_code(x) ^ 0xFF for x in range(-32768, 32768)]
    assert encode(alaw, ALL) == [alaw_code(x) ^ 0x55 for x in range(-32768, 32768)]
    ulaw, alaw = partial(lib.vx_ulaw_decode_on, path), partial(lib.vx_alaw_decode_on, path)
    assert decode(ulaw, OCTETS) == [4 * ulaw_value(x ^ 0xFF) for x in range(256)]
    assert decode(alaw, OCTETS) == [8 * alaw_value(x ^ 0x55) for x in range(256)]


def test_well_known_values():
    """Spot checks that do not share an idea with the reference above."""
    assert encode(lib.vx_ulaw_encode, np.array([0, 32767, -32768], "<i2")) == [0xFF, 0x80, 0x00]
    assert encode(lib.vx_alaw_encode, np.array([0, 32767, -32768], "<i2")) == [0xD5, 0xAA, 0x2A]
    assert decode(lib.vx_ulaw_decode, np.array([0xFF, 0x7F, 0x80, 0x00], "u1")) == [
        0, 0, 32124, -32124,
    ]  # fmt: skip
    assert decode(lib.vx_alaw_decode, np.array([0xD5, 0x55, 0xAA, 0x2A], "u1")) == [
        8, -8, 32256, -32256,
    ]  # fmt: skip


def test_octets_survive_decoding_and_encoding():
    """Every octet comes back, but for mu-law's negative zero."""
    back = encode(lib.vx_ulaw_encode, np.array(decode(lib.vx_ulaw_decode, OCTETS), "<i2"))
    assert [b for a, b in zip(range(256), back, strict=True) if a != b] == [0xFF]
    back = encode(lib.vx_alaw_encode, np.array(decode(lib.vx_alaw_decode, OCTETS), "<i2"))
    assert back == list(range(256))


def test_same_as_audioop():
    """The standard library's tables, where it still has them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop")
    samples, octets = ALL.tobytes(), OCTETS.tobytes()
    assert bytes(encode(lib.vx_ulaw_encode, ALL)) == audioop.lin2ulaw(samples, 2)
    assert bytes(encode(lib.vx_alaw_encode, ALL)) == audioop.lin2alaw(samples, 2)
    ulaw = np.array(decode(lib.vx_ulaw_decode, OCTETS), "<i2")
    alaw = np.array(decode(lib.vx_alaw_decode, OCTETS), "<i2")
    assert ulaw.tobytes() == audioop.ulaw2lin(octets, 2)
    assert alaw.tobytes() == audioop.alaw2lin(octets, 2)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("n", [0, 1, 31, 32, 33, 63, 64, 65, 160])
def test_any_length_stays_within_its_bounds(n, path):
    """Vectors never write beyond n, nor change what the values before it are."""
    samples = ALL[:: 65536 // 161][:n]
    for law in ("ulaw", "alaw"):
        out = ffi.new("uint8_t[]", [0xA5] * (n + 40))
        encoder = partial(getattr(lib, f"vx_{law}_encode_on"), path)
        encoder(out, ffi.from_buffer("int16_t[]", samples.tobytes() + b"\0\0"), n)
        whole = encode(partial(getattr(lib, f"vx_{law}_encode_on"), 0), samples)
        assert list(out) == whole + [0xA5] * 40
        back = ffi.new("int16_t[]", [0x5A5A] * (n + 40))
        getattr(lib, f"vx_{law}_decode_on")(path, back, out, n)
        values = decode(partial(getattr(lib, f"vx_{law}_decode_on"), 0), np.array(whole, "u1"))
        assert list(back) == values + [0x5A5A] * 40
