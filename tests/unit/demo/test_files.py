"""One file of the demo: its own description."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from consult.demo.files import SeriesWriter
from consult.demo.make import SERIES
from consult.demo.studies import CURRENT

PIXELS = np.arange(12, dtype=np.uint16).reshape(3, 4)
TYPE_1 = [
    "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality", "FrameOfReferenceUID",
    "ImageType", "PixelSpacing", "ImageOrientationPatient", "ImagePositionPatient", "SamplesPerPixel",
    "PhotometricInterpretation", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelData", "RescaleIntercept", "RescaleSlope", "PatientPosition",
]  # fmt: skip
TYPE_2 = [
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "ReferringPhysicianName",
    "StudyID", "AccessionNumber", "SeriesNumber", "PositionReferenceIndicator", "Manufacturer", "InstanceNumber",
    "SliceThickness", "KVP", "AcquisitionNumber", "ContrastBolusAgent",
]  # fmt: skip


@pytest.fixture(params=list(SERIES))
def image(request: pytest.FixtureRequest, tmp_path: Path) -> pydicom.Dataset:
    """One image of each series, read back."""
    SeriesWriter(tmp_path, CURRENT, SERIES[request.param]).write(7, (-1.5, 2.25, -900.125), PIXELS)
    return pydicom.dcmread(tmp_path / "0007.dcm")


def test_every_attribute_of_type_1_and_2_is_there(image: pydicom.Dataset) -> None:
    assert [name for name in TYPE_1 if name not in image or image[name].is_empty] == []
    assert [name for name in TYPE_2 if name not in image] == []


def test_pixels_and_place_come_back(image: pydicom.Dataset) -> None:
    assert np.array_equal(image.pixel_array, PIXELS)
    assert image.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert image.SOPClassUID == image.file_meta.MediaStorageSOPClassUID == CTImageStorage
    assert [float(v) for v in image.ImagePositionPatient] == [-1.5, 2.25, -900.125]
    assert float(image.SliceLocation) == (-900.125 if image.ImageOrientationPatient[4] == 1 else 2.25)
    assert image.InstanceNumber == 7


def test_it_says_that_nobody_is_shown(image: pydicom.Dataset) -> None:
    assert "not a person" in image.PatientComments
    assert image.BurnedInAnnotation == "NO"


def test_images_of_one_writer_do_not_share_their_attributes(tmp_path: Path) -> None:
    writer = SeriesWriter(tmp_path, CURRENT, SERIES["lung"])
    for number in (1, 2):
        writer.write(number, (0.0, 0.0, float(number)), PIXELS + number)
    first, second = (pydicom.dcmread(tmp_path / f"000{n}.dcm") for n in (1, 2))
    assert first.SOPInstanceUID != second.SOPInstanceUID
    assert first.SeriesInstanceUID == second.SeriesInstanceUID
    assert (float(first.SliceLocation), float(second.SliceLocation)) == (1.0, 2.0)
