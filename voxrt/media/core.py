"""One graph in C memory, as ports and taps see it: its handle and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxrt._native import ffi, lib
from voxrt.errors import MediaError

if TYPE_CHECKING:
    from voxrt.media.port import Port

Pcm = bytes | bytearray | memoryview

#: As many samples of a tap are read in one go: a second of a call's two sides and more.
SCRATCH_SAMPLES = 1 << 15


class Core:
    """The handle of a graph, and every port that it ever had, by id.

    After `close` the handle is null; the core answers every call on it with a status, which
    `check` turns into an error.
    """

    __slots__ = ("handle", "ports", "scratch", "scratch_bytes")

    def __init__(self) -> None:
        out = ffi.new("vx_graph **")
        self.handle: Any = ffi.NULL
        self.check(lib.vx_graph_new(out), "A graph")
        self.handle = ffi.gc(out[0], lib.vx_graph_free)
        self.ports: dict[int, Port] = {}
        self.scratch = ffi.new("int16_t[]", SCRATCH_SAMPLES)
        self.scratch_bytes = ffi.buffer(self.scratch)

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return bool(self.handle == ffi.NULL)

    def close(self) -> None:
        """Stops the pacer and frees everything; harmless when done twice."""
        if not self.closed:
            ffi.release(self.handle)
            self.handle = ffi.NULL

    def check(self, status: int, what: object) -> int:
        """Passes a count or id on, and raises `MediaError` for a status.

        Args:
            status: What a function of the core returned.
            what: Whom the call was about, for the message.
        """
        if status >= 0:
            return status
        if self.handle == ffi.NULL and status == lib.VX_E_ARGUMENT:
            raise MediaError(f"{what}: the graph has been closed.")
        raise MediaError(f"{what}: {ffi.string(lib.vx_status_text(status)).decode()}.")


def to_int32(value: int) -> int:
    """The value, brought into 32 bits: what was too large still is, and the core refuses it."""
    return max(-(2**31), min(value, 2**31 - 1))


def samples_of(pcm: Pcm) -> tuple[Any, int]:
    """PCM as a C array without copying it, and its number of samples.

    Raises:
        ValueError: An odd number of bytes.
    """
    view = ffi.from_buffer("char[]", pcm)
    if len(view) % 2:
        raise ValueError(f"PCM is made of 16-bit samples: {len(view)} bytes is an odd number.")
    return ffi.cast("int16_t *", view), len(view) // 2
