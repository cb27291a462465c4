"""Supplemental palettes as files have them: whole, of signed values, segmented, of some frames alone, or of no use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from consult.dicom.pixels.picture import decode_picture, read_pictures
from consult.dicom.presenting.image import colours_of
from consult.dicom.presenting.notes import PALETTE
from consult.dicom.reading.file_reader import read_file
from consult.dicom.stacks import build_stacks
from consult.model.planes.volume import PALETTE as NO_PLANES
from consult.model.view import Part
from tests.support.dicom_files import ABSENT, item, write
from tests.support.palettes import COLOURS, FIRST, coloured_ct, supplemental

STORED = np.array([[10, 2999, 3000], [3001, 3002, 3003]])


def record(tmp_path: Path, made: Dataset) -> Any:
    return read_file(str(write(made, tmp_path / "a.dcm")))


@pytest.mark.parametrize("bits", [8, 16])
def test_it_is_read_with_the_first_value_that_it_maps(tmp_path: Path, bits: int) -> None:
    read = record(tmp_path, coloured_ct(STORED, **supplemental(bits=bits)))
    found = colours_of(read.palette)
    assert found.first == FIRST
    assert found.colours.tolist() == [list(colour) for colour in COLOURS]
    assert read.frames[0].presentation.parts == ("palette",)
    assert read.note == ""


def test_of_signed_values_the_first_may_be_below_zero(tmp_path: Path) -> None:
    read = record(tmp_path, coloured_ct(STORED, PixelRepresentation=1, **supplemental(first=-20)))
    assert read.palette.first == -20


def test_a_segmented_table_is_expanded(tmp_path: Path) -> None:
    segments = np.array([0, 1, 255, 1, 2, 0], "<u2").tobytes()  # 255, then a line of two steps to 0
    tables = {f"Segmented{name}PaletteColorLookupTableData": segments for name in ("Red", "Green", "Blue")} | {
        f"{name}PaletteColorLookupTableData": ABSENT for name in ("Red", "Green", "Blue")
    }
    sixteen = {f"{name}PaletteColorLookupTableDescriptor": [3, FIRST, 16] for name in ("Red", "Green", "Blue")}
    read = record(tmp_path, coloured_ct(STORED, **tables, **sixteen))
    assert colours_of(read.palette).colours[:, 0].tolist() == [255, 128, 0]


UNUSABLE = {
    "no table": {f"{name}PaletteColorLookupTableData": ABSENT for name in ("Red", "Green", "Blue")},
    "tables of other lengths": {"GreenPaletteColorLookupTableDescriptor": [2, FIRST, 8]},
    "tables that begin elsewhere": {"BluePaletteColorLookupTableDescriptor": [3, FIRST + 1, 8]},
    "no descriptor": {"RedPaletteColorLookupTableDescriptor": ABSENT},
}


@pytest.mark.parametrize("changes", UNUSABLE.values(), ids=list(UNUSABLE))
def test_what_cannot_be_applied_is_noted(tmp_path: Path, changes: dict[str, Any]) -> None:
    read = record(tmp_path, coloured_ct(STORED, **changes))
    assert read.palette is None
    assert read.frames[0].presentation.parts == ()
    assert PALETTE in read.note


def test_behind_a_modality_lut_it_is_not_applied(tmp_path: Path) -> None:
    lut = item(LUTDescriptor=[4, 0, 16], LUTData=np.arange(4, dtype="<u2").tobytes(), ModalityLUTType="US")
    changes = {"ModalityLUTSequence": [lut], "RescaleSlope": ABSENT, "RescaleIntercept": ABSENT}
    read = record(tmp_path, coloured_ct(STORED, **changes))
    assert read.palette is None
    assert PALETTE in read.note


def test_monochrome_asks_for_greys_alone(tmp_path: Path) -> None:
    read = record(tmp_path, coloured_ct(STORED, PixelPresentation="MONOCHROME"))
    assert (read.palette, read.note) == (None, "")


def test_of_mixed_frames_each_says_whether_it_is_coloured(tmp_path: Path) -> None:
    kinds = ("COLOR", "MONOCHROME")
    groups = [item(CTImageFrameTypeSequence=[item(PixelPresentation=kind)]) for kind in kinds]
    changes = {
        "PixelPresentation": "MIXED", "NumberOfFrames": 2, "PerFrameFunctionalGroupsSequence": groups,
        "PixelData": np.stack([STORED, STORED]).astype("<u2").tobytes(),
    }  # fmt: skip
    read = record(tmp_path, coloured_ct(STORED, **changes))
    assert [frame.presentation.parts for frame in read.frames] == [("palette",), ()]


def test_a_stack_keeps_the_palette_of_each_file_and_has_no_planes(tmp_path: Path) -> None:
    files = []
    for image in range(3):
        made = coloured_ct(
            STORED, SOPInstanceUID=f"1.2.9.{image}", ImagePositionPatient=[0, 0, image], InstanceNumber=image + 1
        )
        files.append(read_file(str(write(made, tmp_path / f"{image}.dcm"))))
    (stack,) = build_stacks(files)
    assert set(stack.palettes) == {frame.file for frame in stack.frames}
    assert stack.series.presents == ("palette",)
    assert stack.series.no_planes == NO_PLANES


def test_coloured_pixels_are_no_values(tmp_path: Path) -> None:
    path = write(coloured_ct(STORED), tmp_path / "a.dcm")
    pictures = read_pictures(path)
    greys: tuple[Part, ...] = ("palette",)
    image = decode_picture(path, pictures.frames[0], pictures.format)
    assert image.padded(image.pixels).tolist() == [[False, False, True], [True, True, True]]
    plain = decode_picture(path, pictures.frames[0], pictures.format, greys)
    assert not plain.padded(plain.pixels).any()
