"""Frames of encapsulated data: by offset table, by fragment, by how a fragment begins; never by a table that lies."""

from __future__ import annotations

import struct

import pytest

from consult.dicom.pixels.frames import PixelBytes, find_frames, join, read_bytes
from consult.model.errors import DicomRefused

SOI = b"\xff\xd8\xff"
PREFIX = b"header"


def element(
    table: list[int], fragments: list[bytes], extended: list[int] | None = None, cut: int = 0
) -> tuple[memoryview, PixelBytes]:
    """Encapsulated data behind a prefix, as the content of a file."""
    items = [struct.pack(f"<{len(table)}L", *table), *fragments]
    value = b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<L", len(item)) + item for item in items)
    content = PREFIX + value + b"\xfe\xff\xdd\xe0\0\0\0\0"
    content = content[: len(content) - cut]
    offsets = struct.pack(f"<{len(extended)}Q", *extended) if extended else b""
    return memoryview(content), PixelBytes("PixelData", len(PREFIX), len(content) - len(PREFIX), offsets)


def frames_of(made: tuple[memoryview, PixelBytes], count: int) -> list[bytes]:
    return [join(*made, fragments) for fragments in find_frames(*made, count)]


FRAGMENTS = [SOI + b"aaa", b"AA", SOI + b"b", SOI + b"cc", b"CCCC"]
FRAMES = [SOI + b"aaaAA", SOI + b"b", SOI + b"ccCCCC"]
OFFSETS = [0, 24, 36]


def test_by_the_basic_offset_table() -> None:
    assert frames_of(element(OFFSETS, FRAGMENTS), 3) == FRAMES


def test_by_the_extended_offset_table() -> None:
    plain = [fragment.replace(SOI, b"xyz") for fragment in FRAGMENTS]
    assert frames_of(element([], plain, extended=OFFSETS), 3) == [frame.replace(SOI, b"xyz") for frame in FRAMES]


def test_by_how_fragments_begin() -> None:
    assert frames_of(element([], FRAGMENTS), 3) == FRAMES


def test_a_fragment_a_frame() -> None:
    assert frames_of(element([], [b"aa", b"bbbb", b"cc"]), 3) == [b"aa", b"bbbb", b"cc"]


def test_one_frame_of_many_fragments() -> None:
    assert frames_of(element([0], [b"aa", b"bbbb", b"cc"]), 1) == [b"aabbbbcc"]


@pytest.mark.parametrize("table", [[0, 25, 36], [0, 36, 24], [24, 24, 36], [0, 24, 9999]])
def test_a_table_that_does_not_fit_is_not_believed(table: list[int]) -> None:
    assert frames_of(element(table, FRAGMENTS), 3) == FRAMES


def test_frames_beyond_the_cut_of_a_file_have_no_fragments_and_the_others_keep_theirs() -> None:
    beyond = sum(8 + len(fragment) for fragment in FRAGMENTS[3:]) + 8
    assert frames_of(element(OFFSETS, FRAGMENTS, cut=beyond), 3) == [*FRAMES[:2], b""]
    assert frames_of(element([], FRAGMENTS[2:4]), 3) == [*FRAGMENTS[2:4], b""]


def test_frames_that_cannot_be_distinguished_are_refused() -> None:
    with pytest.raises(DicomRefused, match=r"fragments: PixelData is '5 fragments'"):
        frames_of(element([], FRAGMENTS), 4)


def test_nothing_in_it_is_refused() -> None:
    for made in (element([], []), (memoryview(PREFIX), PixelBytes("PixelData", len(PREFIX), 0))):
        with pytest.raises(DicomRefused, match="truncated"):
            find_frames(*made, 1)


def test_a_cut_fragment_is_as_long_as_what_is_there() -> None:
    assert frames_of(element([], [b"aabb"], cut=10), 1) == [b"aa"]


def test_bytes_beyond_the_end_are_refused() -> None:
    content, where = element([], [b"aabb"])
    with pytest.raises(DicomRefused, match="truncated"):
        read_bytes(content, where, where.available - 2, 3)
