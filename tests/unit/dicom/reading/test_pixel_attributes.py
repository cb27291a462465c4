"""The description of pixels: checked before anything is allocated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG4HP41, UID, JPEG2000Lossless, JPEGLSLossless

from consult.dicom.limits import MAX_FRAMES
from consult.dicom.reading.opening import open_dicom
from consult.dicom.reading.pixel_attributes import Pixels, read_pixels
from consult.dicom.records import PixelFormat
from consult.model.errors import DicomRefused
from tests.support.dicom_files import ABSENT, ct, item, write


def described(path: Path, **changes: Any) -> Pixels:
    dataset = ct(**{k: v for k, v in changes.items() if k != "syntax"})
    if "syntax" in changes:
        dataset.file_meta.TransferSyntaxUID = changes["syntax"]
        dataset["PixelData"].is_undefined_length = True
    with open_dicom(write(dataset, path / "a.dcm")) as opened:
        return read_pixels(opened)


@pytest.mark.parametrize(
    ("changes", "dtype", "colour"),
    [
        ({}, "uint16", False),
        ({"PixelRepresentation": 1}, "int16", False),
        ({"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}, "uint8", False),
        ({"BitsAllocated": 1, "BitsStored": 1, "HighBit": 0}, "uint8", False),
        ({"BitsAllocated": 32, "BitsStored": 32, "HighBit": 31, "PixelData": bytes(256)}, "uint32", False),
        ({"ModalityLUTSequence": [item(LUTDescriptor=[4096, 0, 16])], "PixelRepresentation": 1}, "uint16", False),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "uint8", True),
        ({"PhotometricInterpretation": ABSENT}, "uint16", False),
        ({"SamplesPerPixel": ABSENT}, "uint16", False),
        ({"PhotometricInterpretation": ABSENT, "SamplesPerPixel": ABSENT}, "uint16", False),
        ({"PhotometricInterpretation": ABSENT, "SamplesPerPixel": 3, "PixelData": bytes(384)}, "uint8", True),
        ({"PhotometricInterpretation": "RGB", "SamplesPerPixel": ABSENT, "PixelData": bytes(384)}, "uint8", True),
    ],
)
def test_formats(tmp_path: Path, changes: dict[str, Any], dtype: str, colour: bool) -> None:
    assert described(tmp_path, **changes) == Pixels(PixelFormat(8, 8, dtype, colour), 1, inverted=False)


def test_float_pixels(tmp_path: Path) -> None:
    dataset = ct(PixelData=ABSENT, BitsAllocated=32, FloatPixelData=bytes(256))
    with open_dicom(write(dataset, tmp_path / "a.dcm")) as opened:
        assert read_pixels(opened).format.dtype == "float32"


@pytest.mark.parametrize(("high", "note"), [(11, ""), (15, "HighBit 15"), (3, "HighBit 3 read as 11"), (ABSENT, "")])
def test_an_odd_high_bit_is_shown_and_said(tmp_path: Path, high: Any, note: str) -> None:
    assert described(tmp_path, BitsStored=12, HighBit=high).note == note


def test_a_file_that_is_cut_has_the_frames_that_are_there(tmp_path: Path) -> None:
    assert described(tmp_path, NumberOfFrames=3, PixelData=bytes(300)).frames == 3


def test_a_refused_transfer_syntax_is_named_by_name_and_uid(tmp_path: Path) -> None:
    with pytest.raises(DicomRefused, match=r"JPEG 2000 Part 2 .*\(1\.2\.840\.10008\.1\.2\.4\.92\)"):
        described(tmp_path, syntax=UID("1.2.840.10008.1.2.4.92"), PixelData=encapsulate([b"\xff\xd8 picture"]))


def test_monochrome1_is_inverted(tmp_path: Path) -> None:
    assert described(tmp_path, PhotometricInterpretation="MONOCHROME1").inverted


@pytest.mark.parametrize(
    ("changes", "code", "tag"),
    [
        ({"Rows": ABSENT}, "missing", "Rows"),
        ({"Columns": 0}, "bad_value", "Columns"),
        ({"BitsAllocated": ABSENT}, "missing", "BitsAllocated"),
        ({"BitsAllocated": 12}, "bad_value", "BitsAllocated"),
        ({"BitsStored": 17}, "bad_value", "BitsStored"),
        ({"PixelRepresentation": ABSENT}, "missing", "PixelRepresentation"),
        ({"PixelRepresentation": 2}, "bad_value", "PixelRepresentation"),
        ({"SamplesPerPixel": 3}, "photometric", "SamplesPerPixel"),
        ({"PhotometricInterpretation": "CMYK"}, "photometric", "PhotometricInterpretation"),
        ({"NumberOfFrames": 0}, "too_large", "NumberOfFrames"),
        ({"NumberOfFrames": MAX_FRAMES + 1}, "too_large", "NumberOfFrames"),
        ({"Rows": 65535, "Columns": 65535}, "too_large", "Rows"),
        ({"Rows": 9000, "Columns": 9000}, "truncated", "PixelData"),
        ({"PixelData": bytes(126)}, "truncated", "PixelData"),
        ({"PixelData": ABSENT}, "no_pixels", "SOPClassUID"),
        ({"Modality": "SEG"}, "no_pixels", "SOPClassUID"),
        ({"syntax": MPEG4HP41}, "video", "TransferSyntaxUID"),
        ({"syntax": UID("1.2.840.10008.1.2.4.92")}, "transfer_syntax", "TransferSyntaxUID"),
        ({"syntax": JPEGLSLossless, "Rows": 40_000, "Columns": 40_000}, "bomb", "PixelData"),
        ({"ModalityLUTSequence": [item(LUTDescriptor=[4096, 0])]}, "bad_value", "LUTDescriptor"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_tag_and_rule(
    tmp_path: Path, changes: dict[str, Any], code: str, tag: str
) -> None:
    if "syntax" in changes:
        changes = {**changes, "PixelData": encapsulate([b"\xff\xd8 picture"])}
    with pytest.raises(DicomRefused) as refused:
        described(tmp_path, **changes)
    assert (refused.value.code, refused.value.tag) == (code, tag)


def test_compressed_pixels_may_be_much_smaller_than_the_picture(tmp_path: Path) -> None:
    picture = encapsulate([bytes(100_000)])
    found = described(tmp_path, syntax=JPEG2000Lossless, Rows=4000, Columns=4000, PixelData=picture)
    assert found.format == PixelFormat(4000, 4000, "uint16")
