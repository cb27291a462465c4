"""The boxes of a JP2 or JPEG XL file (ISO/IEC 15444-1 I.4, 18181-2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The kind of each box, and where its content begins and ends; the last one may end beyond the data."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">L4s", data, at)
        header = 8
        if length == 1 and at + 16 <= len(data):
            (length,) = struct.unpack_from(">Q", data, at + 8)
            header = 16
        yield kind, at + header, at + length if length else len(data)
        if length < header:
            return
        at += length
