"""Where a frame's bytes lie, without reading the others.

Rules of this file:
- Of encapsulated data only the items' headers are read (PS3.5 A.4).
- An extended or basic offset table is believed where it fits the items; else a frame is a fragment, or begins at a
  fragment that begins like one.
- Where the file ends too early, the frames that are there keep their fragments; the others have none.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from consult.dicom.reading.structure import count_fragment
from consult.model.errors import DicomRefused

ITEM, DELIMITER = 0xFFFEE000, 0xFFFEE0DD
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
    table, fragments, cut = _items(content, where)
    if not fragments:
        raise DicomRefused("truncated", "encapsulated pixels have at least one fragment", tag=where.keyword)
    first = fragments[0].start - 8
    for offsets in (_extended(where, frames), table):
        starts = [first + offset for offset in offsets]
        split = _split_at(fragments, starts, cut=cut) if len(offsets) == frames else None
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


def _items(content: memoryview, where: PixelBytes) -> tuple[tuple[int, ...], list[Fragment], bool]:
    """The basic offset table, all fragments, and whether they end without the delimiter: the end of the file cuts them.

    A fragment that is cut is as long as what is there.
    """
    items: list[Fragment] = []
    at, tag = 0, ITEM
    while at + 8 <= where.available:
        group, number, length = struct.unpack("<HHL", read_bytes(content, where, at, 8))
        tag = group << 16 | number
        if tag != ITEM:
            break
        count_fragment(len(items))
        items.append(Fragment(at + 8, min(length, where.available - at - 8)))
        at += 8 + length
    if not items:
        return (), [], True
    count = items[0].length // 4
    table = struct.unpack(f"<{count}L", read_bytes(content, where, items[0].start, 4 * count))
    return table, items[1:], tag != DELIMITER


def _split_at(
    fragments: Sequence[Fragment], starts: Sequence[int], *, cut: bool = False
) -> tuple[tuple[Fragment, ...], ...] | None:
    """Fragments by frame, where each start is that of a fragment's item; None where the table does not fit.

    Frames beyond where the file is cut have no fragments.
    """
    by_start = {fragment.start - 8: number for number, fragment in enumerate(fragments)}
    there = [start for start in starts if start < fragments[-1].start or not cut]
    numbers = [by_start.get(start, -1) for start in there]
    ends = [*numbers[1:], len(fragments)]
    if not numbers or numbers[0] != 0 or any(n < 0 or end <= n for n, end in zip(numbers, ends, strict=True)):
        return None
    split = tuple(tuple(fragments[n:end]) for n, end in zip(numbers, ends, strict=True))
    return split + ((),) * (len(starts) - len(there)) if list(starts[: len(there)]) == there else None


def _guess(
    content: memoryview, where: PixelBytes, fragments: list[Fragment], frames: int
) -> tuple[tuple[Fragment, ...], ...]:
    if frames == 1:
        return (tuple(fragments),)
    if len(fragments) == frames:
        return tuple((fragment,) for fragment in fragments)
    begin = [f for f in fragments if _begins_frame(read_bytes(content, where, f.start, min(8, f.length)))]
    if len(begin) == len(fragments) < frames:
        return tuple((fragment,) for fragment in fragments) + ((),) * (frames - len(fragments))
    split = _split_at(fragments, [f.start - 8 for f in begin])
    if split is None or len(split) != frames:
        rule = f"without an offset table they do not distinguish {frames} frames"
        raise DicomRefused("fragments", rule, tag=where.keyword, value=f"{len(fragments)} fragments")
    return split


def _begins_frame(data: bytes) -> bool:
    """A stream's first bytes, or the header of an RLE frame: 1 to 15 segments, the first behind it (PS3.5 G.5)."""
    rle = data[4:8] == b"\x40\0\0\0" and data[1:4] == b"\0\0\0" and 1 <= data[0] <= 15
    return rle or data.startswith(STARTS)
