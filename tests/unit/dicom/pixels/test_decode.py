"""One frame's stored values, exactly: bits, signs, byte orders, frames, colours, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from consult.dicom.pixels.decode import decode_frame
from consult.dicom.records import PixelFormat
from consult.model.errors import DicomRefused
from tests.support.pixel_files import write_file

GREY = PixelFormat(2, 3, "uint16")
RGB = PixelFormat(2, 3, "uint8", colour=True)
VALUES = np.array([[0, 1, 2], [1000, 4094, 4095]])


@pytest.mark.parametrize(
    ("syntax", "order"),
    [
        ("1.2.840.10008.1.2", "<"),
        ("1.2.840.10008.1.2.1", "<"),
        ("1.2.840.10008.1.2.2", ">"),
        ("1.2.840.10008.1.2.1.99", "<"),
    ],
)
def test_native_values_in_every_byte_order(tmp_path: Path, syntax: str, order: str) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.astype(f"{order}u2").tobytes(), syntax=syntax)
    decoded = decode_frame(path, 0, GREY)
    assert decoded.dtype == np.dtype("uint16")
    assert np.array_equal(decoded, VALUES)


def test_garbage_above_the_stored_bits_is_no_value(tmp_path: Path) -> None:
    words = (VALUES | 0xA000).astype("<u2").tobytes()
    path = write_file(tmp_path / "a.dcm", words, BitsStored=12, HighBit=11)
    assert np.array_equal(decode_frame(path, 0, GREY), VALUES)


def test_the_sign_is_extended_over_the_unused_bits(tmp_path: Path) -> None:
    signed = np.array([[0, 1, -1], [-2048, 2047, -1000]])
    words = (signed & 0xFFF | 0x5000).astype("<u2").tobytes()
    path = write_file(tmp_path / "a.dcm", words, BitsStored=12, HighBit=11, PixelRepresentation=1)
    assert np.array_equal(decode_frame(path, 0, PixelFormat(2, 3, "int16")), signed)


def test_values_that_end_at_another_high_bit(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", (VALUES << 4).astype("<u2").tobytes(), BitsStored=12, HighBit=15)
    assert np.array_equal(decode_frame(path, 0, GREY), VALUES)


def test_single_bits_run_on_from_frame_to_frame(tmp_path: Path) -> None:
    bits = np.array([1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0], np.uint8)
    packed = np.packbits(bits, bitorder="little").tobytes().ljust(4, b"\0")
    path = write_file(tmp_path / "a.dcm", packed, BitsAllocated=1, NumberOfFrames=3)
    for frame in range(3):
        decoded = decode_frame(path, frame, PixelFormat(2, 3, "uint8"))
        assert decoded.ravel().tolist() == bits[6 * frame : 6 * frame + 6].tolist()


@pytest.mark.parametrize(("element", "bits"), [("FloatPixelData", 32), ("DoubleFloatPixelData", 64)])
def test_reals(tmp_path: Path, element: str, bits: int) -> None:
    values = np.array([[0.5, -1e-3, 1e10], [np.pi, 0, 7]], f"<f{bits // 8}")
    path = write_file(tmp_path / "a.dcm", values.tobytes(), element=element, BitsAllocated=bits)
    assert np.array_equal(decode_frame(path, 0, PixelFormat(2, 3, f"float{bits}")), values)


def test_32_bits(tmp_path: Path) -> None:
    values = np.array([[0, 1, 2**32 - 1], [2**31, 7, 65536]], "<u4")
    path = write_file(tmp_path / "a.dcm", values.tobytes(), BitsAllocated=32)
    assert np.array_equal(decode_frame(path, 0, PixelFormat(2, 3, "uint32")), values)


def test_a_modality_lut_is_applied(tmp_path: Path) -> None:
    lut = Dataset()
    lut.LUTDescriptor, lut.ModalityLUTType = [4, 1, 16], "HU"
    lut.LUTData = np.array([100, 200, 300, 40000], "<u2").tobytes()
    path = write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes(), ModalityLUTSequence=[lut])
    assert decode_frame(path, 0, GREY).tolist() == [[100, 100, 200], [40000, 40000, 40000]]


def test_frames_are_distinguished(tmp_path: Path) -> None:
    frames = np.arange(18, dtype="<u2").reshape(3, 2, 3)
    path = write_file(tmp_path / "a.dcm", frames.tobytes(), NumberOfFrames=3)
    for number, frame in enumerate(frames):
        assert np.array_equal(decode_frame(path, number, GREY), frame)


def test_a_file_that_was_replaced_is_read_anew(tmp_path: Path) -> None:
    write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes())
    decode_frame(tmp_path / "a.dcm", 0, GREY)
    write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes(), BitsStored=8, HighBit=7, PatientName="LONGER^NAME")
    assert decode_frame(tmp_path / "a.dcm", 0, GREY).max() == 255


COLOUR: dict[str, Any] = {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "BitsAllocated": 8}
PIXELS = np.arange(18, dtype=np.uint8).reshape(2, 3, 3) * 14


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_by_pixel_and_by_plane(tmp_path: Path, planar: int) -> None:
    stored = PIXELS if planar == 0 else np.moveaxis(PIXELS, -1, 0)
    path = write_file(tmp_path / "a.dcm", stored.tobytes(), PlanarConfiguration=planar, **COLOUR)
    assert np.array_equal(decode_frame(path, 0, RGB), PIXELS)


def test_colour_of_16_bits_is_shown_by_its_upper_eight(tmp_path: Path) -> None:
    wide = (PIXELS.astype("<u2") << 8) + 200
    path = write_file(tmp_path / "a.dcm", wide.tobytes(), PlanarConfiguration=0, **{**COLOUR, "BitsAllocated": 16})
    assert np.array_equal(decode_frame(path, 0, RGB), PIXELS)


@pytest.mark.parametrize("size", [(2, 3), (3, 3)])
def test_big_endian_bytes_in_words(tmp_path: Path, size: tuple[int, int]) -> None:
    rows, columns = size
    stored = np.arange(rows * columns * 2, dtype=np.uint8)
    words = stored.view("<u2").astype(">u2").tobytes()
    path = write_file(
        tmp_path / "a.dcm", words, syntax="1.2.840.10008.1.2.2", BitsAllocated=8, Rows=rows, NumberOfFrames=2
    )
    content = path.read_bytes()
    path.write_bytes(content.replace(b"\x7f\xe0\x00\x10OB", b"\x7f\xe0\x00\x10OW"))
    for frame in range(2):
        decoded = decode_frame(path, frame, PixelFormat(rows, columns, "uint8"))
        assert decoded.ravel().tolist() == stored[rows * columns * frame :][: rows * columns].tolist()


@pytest.mark.parametrize(
    ("changes", "cut", "sentence"),
    [
        ({"Rows": 3}, 0, "truncated: PixelData is '12 bytes'"),
        ({"NumberOfFrames": 2}, 0, "truncated: PixelData is '12 bytes'"),
        ({}, 4, "truncated: PixelData is '8 bytes'"),
        ({"PhotometricInterpretation": "HSV"}, 0, "photometric: PhotometricInterpretation is 'HSV'"),
        ({"BitsAllocated": 24}, 0, "bad_value: BitsAllocated is '24'"),
        ({"BitsStored": 17}, 0, "bad_value: BitsStored is '17'"),
        ({"Columns": 4, "Rows": 1}, 0, "changed: Rows is"),
    ],
)
def test_what_cannot_be_decoded_is_named(tmp_path: Path, changes: dict[str, Any], cut: int, sentence: str) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes(), **changes)
    if cut:
        path.write_bytes(path.read_bytes()[:-cut])
    rows = changes.get("Rows", 2) if "Columns" not in changes else 2
    frame = changes.get("NumberOfFrames", 1) - 1
    with pytest.raises(DicomRefused) as refused:
        decode_frame(path, frame, PixelFormat(rows, 3, "uint16"))
    assert str(refused.value).startswith(sentence)


def test_a_frame_beyond_the_last_is_refused(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes())
    for frame in (1, -1):
        with pytest.raises(DicomRefused, match="no_frame"):
            decode_frame(path, frame, GREY)


def test_values_that_the_volume_cannot_hold_are_refused(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.astype("<u2").tobytes())
    with pytest.raises(DicomRefused, match="changed"):
        decode_frame(path, 0, PixelFormat(2, 3, "uint8"))
