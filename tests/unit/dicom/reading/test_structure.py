"""The walk over a data set's structure, without pydicom."""

from __future__ import annotations

import struct

import pytest

from consult.dicom.limits import MAX_DEPTH
from consult.dicom.reading.structure import PixelElement, Walk
from consult.model.errors import DicomRefused
from tests.support.dicom_files import nested

PIXELS = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OW", 0, 4) + b"abcd"
ENCAPSULATED = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, 0xFFFFFFFF)


def walk(data: bytes, *, explicit: bool = True, little: bool = True) -> Walk:
    return Walk(memoryview(data), 0, explicit, little)


@pytest.mark.parametrize("defined", [False, True])
def test_sequences_down_to_the_limit_are_walked_and_the_pixels_found(defined: bool) -> None:
    before = nested(MAX_DEPTH, defined=defined)
    assert walk(before + PIXELS).pixel_element() == PixelElement("PixelData", 0x7FE00010, len(before) + 12, 4)


@pytest.mark.parametrize("defined", [False, True])
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 5_000])
def test_deeper_sequences_are_refused_without_recursion(depth: int, defined: bool) -> None:
    with pytest.raises(DicomRefused) as refused:
        walk(nested(depth, defined=defined) + PIXELS).pixel_element()
    assert refused.value.code == "nesting"


def test_pixels_of_a_thumbnail_within_a_sequence_are_not_the_pixels() -> None:
    fragment = struct.pack("<HHL", 0xFFFE, 0xE000, 4) + b"\xfe\xff\xdd\xe0"
    icon = ENCAPSULATED + fragment + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, len(icon)) + icon
    sequence = struct.pack("<HH2sHL", 0x0088, 0x0200, b"SQ", 0, len(item)) + item
    found = walk(sequence + ENCAPSULATED).pixel_element()
    assert found == PixelElement("PixelData", 0x7FE00010, len(sequence) + 12, None)


def test_implicit_vr_and_big_endian_are_walked() -> None:
    implicit = struct.pack("<HHL", 0x0008, 0x0060, 2) + b"CT" + struct.pack("<HHL", 0x7FE0, 0x0008, 4)
    assert walk(implicit, explicit=False).pixel_element() == PixelElement("FloatPixelData", 0x7FE00008, 18, 4)
    big = struct.pack(">HH2sH", 0x0008, 0x0060, b"CS", 2) + b"CT" + struct.pack(">HH2sHL", 0x7FE0, 0x10, b"OW", 0, 6)
    assert walk(big, little=False).pixel_element() == PixelElement("PixelData", 0x7FE00010, 22, 6)


def test_unknown_vr_of_undefined_length_holds_implicit_items() -> None:
    inner = struct.pack("<HHL", 0xFFFE, 0xE000, 10) + struct.pack("<HHL", 0x0008, 0x0060, 2) + b"CT"
    start, end = struct.pack("<HH2sHL", 0x0009, 0x1001, b"UN", 0, 0xFFFFFFFF), struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    unknown = start + inner + end
    found = walk(unknown + PIXELS).pixel_element()
    assert found is not None
    assert found.start == len(unknown) + 12


@pytest.mark.parametrize("data", [b"", b"\x08\x00", struct.pack("<HH2sHL", 8, 8, b"OB", 0, 0xFFFFFFF0), PIXELS[:9]])
def test_a_data_set_that_ends_early_has_no_pixels_or_none_behind_them(data: bytes) -> None:
    found = walk(data).pixel_element()
    assert found is None or found.start >= len(data)
