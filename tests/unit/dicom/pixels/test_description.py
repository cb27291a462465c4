"""What a header has of its pixels, checked before a byte of them is touched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from consult.dicom.pixels.description import PixelDescription, describe_pixels
from consult.dicom.reading.opening import open_dicom
from consult.model.errors import DicomRefused
from tests.support.pixel_files import write_file


def described(path: Path) -> PixelDescription:
    with open_dicom(path) as opened:
        return describe_pixels(opened)


def test_a_grey_frame(tmp_path: Path) -> None:
    found = described(write_file(tmp_path / "a.dcm", b"\0" * 12, BitsStored=12, HighBit=11, PixelRepresentation=1))
    assert (found.rows, found.columns, found.samples, found.frames) == (2, 3, 1, 1)
    assert (found.bits_allocated, found.bits_stored, found.high_bit, found.signed) == (16, 12, 11, True)
    assert found.frame_bits == 96
    assert not found.colour


def test_a_subsampled_frame_has_two_samples_a_pixel(tmp_path: Path) -> None:
    colour: dict[str, Any] = {"SamplesPerPixel": 3, "PhotometricInterpretation": "YBR_FULL_422", "BitsAllocated": 8}
    found = described(write_file(tmp_path / "a.dcm", b"\0" * 16, PlanarConfiguration=0, Columns=4, **colour))
    assert found.subsampled
    assert found.frame_bits == 128
    assert found.colour


@pytest.mark.parametrize("high_bit", [3, 16, 99])
def test_a_high_bit_that_cannot_be_is_the_last_stored_one(tmp_path: Path, high_bit: int) -> None:
    path = write_file(tmp_path / "a.dcm", b"\0" * 12, BitsStored=12, HighBit=high_bit)
    assert described(path).high_bit == 11


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"Rows": 0}, "bad_value: Rows is"),
        ({"Columns": None}, "bad_value: Columns is"),
        ({"BitsAllocated": 12}, "bad_value: BitsAllocated is '12'"),
        ({"BitsStored": 20}, "bad_value: BitsStored is '20'"),
        ({"PhotometricInterpretation": "CMYK"}, "photometric: PhotometricInterpretation is 'CMYK'"),
        ({"SamplesPerPixel": 3}, "photometric: SamplesPerPixel is '3'"),
        ({"PhotometricInterpretation": "RGB"}, "photometric: SamplesPerPixel is '1'"),
        ({"syntax": "1.2.840.10008.1.2.4.102"}, "transfer_syntax: TransferSyntaxUID is"),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    data: Any = [b"\0" * 20] if "syntax" in changes else b"\0" * 36
    path = write_file(tmp_path / "a.dcm", data, **changes)
    with pytest.raises(DicomRefused) as refused:
        described(path)
    assert str(refused.value).startswith(sentence)


def test_encapsulated_pixels_need_a_compressed_syntax(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", [b"\0" * 20], syntax="1.2.840.10008.1.2.4.80")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"1.2.840.10008.1.2.4.80", b"1.2.840.10008.1.2.1\0\0\0"))
    with pytest.raises(DicomRefused, match="encapsulated if and only if"):
        described(path)
