"""A file as pictures: forgiving where it does not change what is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from consult.dicom.pixels.picture import decode_picture, read_pictures
from consult.model.errors import DicomRefused
from consult.model.view import Window
from tests.support.pixel_files import write_file

VALUES = np.arange(6, dtype="<u2").reshape(2, 3)


def test_a_nameless_image_is_a_picture(tmp_path: Path) -> None:
    greys: dict[str, Any] = {"RescaleSlope": 2, "RescaleIntercept": -5, "WindowCenter": 3, "WindowWidth": 9}
    path = write_file(tmp_path / "a.dcm", VALUES.tobytes(), **greys)
    pictures = read_pictures(path)
    image = decode_picture(path, pictures.frames[0], pictures.format)
    assert image.values().tolist() == (VALUES * 2.0 - 5).tolist()
    assert pictures.frames[0].windows[0].window == Window(3.0, 9.0)


def test_a_file_without_any_uid_is_a_picture(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.tobytes())
    content = path.read_bytes()
    at = content.index(b"\x08\x00\x18\x00UI")
    path.write_bytes(content[:at] + content[at + 8 + content[at + 6] :])
    assert len(read_pictures(path).frames) == 1


@pytest.mark.parametrize(
    ("changes", "dtype"),
    [
        ({"BitsAllocated": 8}, "uint8"),
        ({"PixelRepresentation": 1}, "int16"),
        ({"BitsAllocated": 32}, "uint32"),
        ({"BitsAllocated": 1}, "uint8"),
        ({"element": "FloatPixelData", "BitsAllocated": 32}, "float32"),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB", "PlanarConfiguration": 0}, "uint8"),
    ],
)
def test_the_type_of_the_values(tmp_path: Path, changes: dict[str, Any], dtype: str) -> None:
    path = write_file(tmp_path / "a.dcm", b"\0" * 48, **changes)
    assert read_pictures(path).format.dtype == dtype


def test_dose_is_drawn_by_its_stored_values(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.tobytes(), Modality="RTDOSE", DoseGridScaling="0.001")
    assert read_pictures(path).frames[0].slope == 1.0


def test_more_groups_than_frames_do_no_harm(tmp_path: Path) -> None:
    groups = []
    for slope in (3, 4):
        values = Dataset()
        values.RescaleSlope, values.RescaleIntercept, values.RescaleType = slope, 0, "US"
        group = Dataset()
        group.PixelValueTransformationSequence = [values]
        groups.append(group)
    path = write_file(tmp_path / "a.dcm", VALUES.tobytes(), PerFrameFunctionalGroupsSequence=groups)
    assert [frame.slope for frame in read_pictures(path).frames] == [3.0]


def test_monochrome1_is_inverted(tmp_path: Path) -> None:
    path = write_file(tmp_path / "a.dcm", VALUES.tobytes(), PhotometricInterpretation="MONOCHROME1")
    pictures = read_pictures(path)
    assert decode_picture(path, pictures.frames[0], pictures.format).inverted


def test_a_file_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"no DICOM" * 100)
    with pytest.raises(DicomRefused, match="not_dicom"):
        read_pictures(tmp_path / "a.txt")
