"""Opus, by the system's libopus where it is installed.

The library (BSD licence) is bound at run time, as the JavaScript engine is, so that nothing depends
on it. One object codes one stream: each packet is 20 ms of mono sound at 48 kHz.

Source: https://opus-codec.org/docs/opus_api-1.3.1/
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import cffi

from voxrt.errors import MediaError

RATE_HZ = 48_000
FRAME_SAMPLES = 960
LONGEST_SAMPLES = 5_760
_LONGEST_PACKET = 4_000
_VOIP = 2048

_NAMES = {
    "darwin": ("libopus.0.dylib", "/opt/homebrew/lib/libopus.0.dylib"),
    "win32": ("opus.dll", "libopus-0.dll"),
}
_ffi = cffi.FFI()
_ffi.cdef(
    """
    void *opus_encoder_create(int rate, int channels, int application, int *error);
    int opus_encode(void *encoder, const int16_t *pcm, int samples, unsigned char *out, int most);
    void opus_encoder_destroy(void *encoder);
    void *opus_decoder_create(int rate, int channels, int *error);
    int opus_decode(void *decoder, const unsigned char *data, int size, int16_t *pcm, int most,
                    int fec);
    void opus_decoder_destroy(void *decoder);
    """
)


@cache
def _library() -> Any:
    for name in _NAMES.get(sys.platform, ("libopus.so.0", "libopus.so")):
        try:
            return _ffi.dlopen(name)
        except OSError:
            continue
    return None


def is_installed() -> bool:
    """Whether there is a libopus on this machine."""
    return _library() is not None


class OpusEncoder:
    """Sound to packets.

    Raises:
        MediaError: libopus is not installed, or refused.
    """

    def __init__(self) -> None:
        self._library = _demand()
        error = _ffi.new("int *")
        made = self._library.opus_encoder_create(RATE_HZ, 1, _VOIP, error)
        if made == _ffi.NULL:
            raise MediaError(f"libopus made no encoder (error {error[0]})")
        self._state = _ffi.gc(made, self._library.opus_encoder_destroy)

    def encode(self, pcm: bytes) -> bytes:
        """One packet of `FRAME_SAMPLES` samples of PCM16."""
        out = bytearray(_LONGEST_PACKET)
        samples = _ffi.from_buffer("int16_t[]", pcm)
        size = self._library.opus_encode(
            self._state,
            samples,
            len(pcm) // 2,
            _ffi.from_buffer("unsigned char[]", out),
            _LONGEST_PACKET,
        )
        if size < 0:
            raise MediaError(f"libopus did not encode (error {size})")
        return bytes(out[:size])


class OpusDecoder:
    """Packets to sound.

    Raises:
        MediaError: libopus is not installed, or refused.
    """

    def __init__(self) -> None:
        self._library = _demand()
        error = _ffi.new("int *")
        made = self._library.opus_decoder_create(RATE_HZ, 1, error)
        if made == _ffi.NULL:
            raise MediaError(f"libopus made no decoder (error {error[0]})")
        self._state = _ffi.gc(made, self._library.opus_decoder_destroy)

    def decode(self, packet: bytes) -> bytes:
        """PCM16 of a packet.

        Raises:
            MediaError: It is no packet of Opus.
        """
        pcm = _ffi.new("int16_t[]", LONGEST_SAMPLES)
        count = self._library.opus_decode(
            self._state, _ffi.from_buffer(packet), len(packet), pcm, LONGEST_SAMPLES, 0
        )
        if count < 0:
            raise MediaError(f"libopus did not decode (error {count})")
        return bytes(_ffi.buffer(pcm, 2 * count))


def _demand() -> Any:
    library = _library()
    if library is None:
        raise MediaError(
            "OPUS needs libopus, which is not installed here",
            hint="Install it (Debian: apt install libopus0), or use PCM16.",
        )
    return library
