"""The pages of an Ogg file, each checked by its checksum.

The decoder of Vorbis trusts what it is given, and can bring the process down with damaged data.
So it is given whole and undamaged pages only, up to the first that is not.

Format: RFC 3533. The checksum is a CRC-32 with the polynomial 0x04C11DB7, which begins at 0 and
takes the highest bit first: that of `zlib` on data whose bits are mirrored.
"""

from __future__ import annotations

import struct
import zlib

_HEADER = struct.Struct("<4sBBqIIIB")
_CHECKSUM = slice(22, 26)
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def checksum(data: bytes) -> int:
    """The checksum of a page, in which its own field counts as zero."""
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRRORED), "big")


def sound_pages(data: bytes) -> bytes:
    """The pages from the beginning of a file up to the first that is cut off or damaged."""
    at = 0
    while at + _HEADER.size <= len(data):
        magic, version, *_, wanted, segments = _HEADER.unpack_from(data, at)
        table = at + _HEADER.size
        end = table + segments + sum(data[table : table + segments])
        if magic != b"OggS" or version != 0 or end > len(data):
            break
        page = bytearray(data[at:end])
        page[_CHECKSUM] = bytes(4)
        if checksum(bytes(page)) != wanted:
            break
        at = end
    return data[:at]
