"""Where a frame's bytes lie, without reading the others.

Rules of this file:
- Of encapsulated data only the items' headers are read (PS3.5 A.4).
- An extended or basic offset table is believed where it fits the items; else a frame is a fragment, or begins at a
  fragment that begins like one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from consult.model.errors import DicomRefused

ITEM = 0xFFFEE000
STARTS = (b"\xff\xd8\xff", b"\xff\x4f\xff\x51", b"\x00\x00\x00\x0cjP")
"""Of a JPEG or JPEG-LS stream, a JPEG 2000 codestream, a JP2 file."""


@dataclass(frozen=True)
class PixelBytes:
    """Where the pixels of a file lie in its content.

    Attributes:
        keyword: "PixelData", ...
        offset: where the value begins.
        available: bytes of it that are there.
        extended_offsets: Extended Offset Table (7FE0,0001), empty mostly.
    """

    keyword: str
    offset: int
    available: int
    extended_offsets: bytes = b""


@dataclass(frozen=True)
class Fragment:
    """One item of encapsulated pixel data: where in it the value begins, and its length."""

    start: int
    length: int


def read_bytes(content: memoryview, where: PixelBytes, start: int, length: int) -> bytes:
    """Some bytes of an element's value.

    Args:
        content: what holds it.
        start: from the beginning of the value.

    Raises:
        DicomRefused: "truncated".
    """
    if start + length > where.available:
        rule = f"the frame ends at byte {start + length} of it"
        raise DicomRefused("truncated", rule, tag=where.keyword, value=f"{where.available} bytes")
    return bytes(content[where.offset + start : where.offset + start + length])


def find_frames(content: memoryview, where: PixelBytes, frames: int) -> tuple[tuple[Fragment, ...], ...]:
    """The fragments of every frame of encapsulated pixel data.

    Raises:
        DicomRefused: "fragments", "truncated".
    """
    table, fragments = _items(content, where)
    if not fragments:
        raise DicomRefused("truncated", "encapsulated pixels have at least one fragment", tag=where.keyword)
    first = fragments[0].start - 8
    for offsets in (_extended(where, frames), table):
        split = _split_at(fragments, [first + offset for offset in offsets]) if len(offsets) == frames else None
        if split is not None:
            return split
    return _guess(content, where, fragments, frames)


def join(content: memoryview, where: PixelBytes, fragments: Sequence[Fragment]) -> bytes:
    """The bytes of one frame."""
    return b"".join(read_bytes(content, where, f.start, f.length) for f in fragments)


def _extended(where: PixelBytes, frames: int) -> tuple[int, ...]:
    """PS3.3 C.7.6.3.1.8."""
    table = where.extended_offsets
    return struct.unpack(f"<{frames}Q", table) if len(table) == 8 * frames else ()


def _items(content: memoryview, where: PixelBytes) -> tuple[tuple[int, ...], list[Fragment]]:
    """The basic offset table, and all fragments; one that the end of the file cuts is as long as what is there."""
    items: list[Fragment] = []
    at = 0
    while at + 8 <= where.available:
        group, number, length = struct.unpack("<HHL", read_bytes(content, where, at, 8))
        if group << 16 | number != ITEM:
            break
        items.append(Fragment(at + 8, min(length, where.available - at - 8)))
        at += 8 + length
    if not items:
        return (), []
    count = items[0].length // 4
    return struct.unpack(f"<{count}L", read_bytes(content, where, items[0].start, 4 * count)), items[1:]


def _split_at(fragments: Sequence[Fragment], starts: Sequence[int]) -> tuple[tuple[Fragment, ...], ...] | None:
    """Fragments by frame, where each start is that of a fragment's item; None where the table does not fit."""
    by_start = {fragment.start - 8: number for number, fragment in enumerate(fragments)}
    numbers = [by_start.get(start, -1) for start in starts]
    ends = [*numbers[1:], len(fragments)]
    if not numbers or numbers[0] != 0 or any(n < 0 or end <= n for n, end in zip(numbers, ends, strict=True)):
        return None
    return tuple(tuple(fragments[n:end]) for n, end in zip(numbers, ends, strict=True))


def _guess(
    content: memoryview, where: PixelBytes, fragments: list[Fragment], frames: int
) -> tuple[tuple[Fragment, ...], ...]:
    if frames == 1:
        return (tuple(fragments),)
    if len(fragments) == frames:
        return tuple((fragment,) for fragment in fragments)
    begin = [f for f in fragments if read_bytes(content, where, f.start, min(6, f.length)).startswith(STARTS)]
    split = _split_at(fragments, [f.start - 8 for f in begin])
    if split is None or len(split) != frames:
        rule = f"without an offset table they do not distinguish {frames} frames"
        raise DicomRefused("fragments", rule, tag=where.keyword, value=f"{len(fragments)} fragments")
    return split
