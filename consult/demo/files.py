"""The demo's DICOM files: CT Image Storage, uncompressed, with every attribute of type 1 and 2 (PS3.3 A.3)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from consult.demo import studies
from consult.demo.anatomy.solids import Point
from consult.demo.scanner import RESCALE_INTERCEPT
from consult.demo.studies import DemoStudy, uid

IMPLEMENTATION_UID = uid("implementation")
LUNG_WINDOW = (-600, 1500, "LUNG")
SOFT_WINDOW = (40, 400, "SOFT TISSUE")
BONE_WINDOW = (480, 2500, "BONE")


@dataclass(frozen=True)
class DemoSeries:
    """What is the same in all images of one series.

    Attributes:
        number, description: of the series.
        kernel: convolution kernel.
        image_type: value 1 to 4 of Image Type.
        orientation: row and column direction cosines.
        spacing_mm: (rows, columns).
        thickness_mm: of a slice.
        windows: (center, width, explanation), the first one first.
    """

    number: int
    description: str
    kernel: str
    image_type: tuple[str, ...]
    orientation: tuple[float, ...]
    spacing_mm: tuple[float, float]
    thickness_mm: float
    windows: tuple[tuple[int, int, str], ...]


class SeriesWriter:
    """Writes the images of one series into a folder. One per thread: it changes its dataset from image to image."""

    def __init__(self, folder: Path, study: DemoStudy, series: DemoSeries) -> None:
        self._folder, self._study, self._series = folder, study, series
        self._template = Dataset()
        for fill in (_patient, _study, _equipment):
            fill(self._template, study)
        _series(self._template, study, series)
        _image(self._template, study, series)

    def write(self, number: int, position: Point, pixels: NDArray[np.uint16]) -> None:
        """Write one image.

        Args:
            number: InstanceNumber, from 1.
            position: LPS mm of the centre of pixel (0, 0).
            pixels: (rows, columns) stored values.
        """
        image = Dataset()
        image.update(self._template)
        instance = uid(self._study.name, self._series.number, number)
        image.SOPInstanceUID, image.InstanceNumber = instance, number
        image.ImagePositionPatient = [f"{value:.3f}" for value in position]
        normal = np.cross(self._series.orientation[:3], self._series.orientation[3:])
        image.SliceLocation = f"{float(np.dot(position, normal)):.3f}"
        image.Rows, image.Columns = pixels.shape
        image.PixelData = np.ascontiguousarray(pixels).tobytes()
        image["PixelData"].VR = "OW"
        image.file_meta = _meta(instance)
        image.save_as(self._folder / f"{number:04d}.dcm", enforce_file_format=True)


def _meta(instance: str) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, UID(instance)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID, meta.ImplementationVersionName = UID(IMPLEMENTATION_UID), "CONSULT_DEMO_1"
    return meta


def _set(to: Dataset, values: dict[str, Any]) -> None:
    for keyword, value in values.items():
        setattr(to, keyword, value)


def _patient(to: Dataset, study: DemoStudy) -> None:
    """Patient and patient study modules (PS3.3 C.7.1.1, C.7.2.2)."""
    _set(to, {
        "SpecificCharacterSet": "ISO_IR 192", "PatientName": study.patient.name, "PatientID": study.patient.id,
        "PatientBirthDate": study.patient.birth_date, "PatientSex": study.patient.sex, "PatientAge": study.age,
        "PatientSize": "1.66", "PatientWeight": "64", "PatientComments": "Computed phantom: not a person",
    })  # fmt: skip


def _study(to: Dataset, study: DemoStudy) -> None:
    """General study module (PS3.3 C.7.2.1)."""
    _set(to, {
        "StudyInstanceUID": uid(study.name), "StudyDate": study.date, "StudyTime": study.time,
        "ReferringPhysicianName": "DEMO^REFERRER", "StudyID": study.accession[1:], "AccessionNumber": study.accession,
        "StudyDescription": studies.STUDY_DESCRIPTION,
    })  # fmt: skip


def _equipment(to: Dataset, study: DemoStudy) -> None:
    """General equipment module (PS3.3 C.7.5.1)."""
    _set(to, {
        "Manufacturer": "consult", "ManufacturerModelName": "demo phantom", "InstitutionName": studies.INSTITUTION,
        "StationName": f"DEMO_{study.name.upper()}", "SoftwareVersions": "1", "DeviceSerialNumber": "1",
    })  # fmt: skip


def _series(to: Dataset, study: DemoStudy, series: DemoSeries) -> None:
    """General series, frame of reference and contrast modules (PS3.3 C.7.3.1, C.7.4.1, C.7.6.4)."""
    _set(to, {
        "Modality": "CT", "SeriesInstanceUID": uid(study.name, series.number), "SeriesNumber": series.number,
        "SeriesDescription": series.description, "SeriesDate": study.date, "SeriesTime": study.time,
        "BodyPartExamined": "CHEST", "PatientPosition": "HFS", "ProtocolName": "Thorax",
        "FrameOfReferenceUID": uid(study.name, "frame of reference"), "PositionReferenceIndicator": "",
        "ContrastBolusAgent": "Iodine 350 mg/ml", "ContrastBolusRoute": "IV", "ContrastBolusVolume": "80",
    })  # fmt: skip


def _image(to: Dataset, study: DemoStudy, series: DemoSeries) -> None:
    """General image, image plane, pixel, CT image, VOI and SOP modules (PS3.3 C.7.6, C.8.2.1, C.11.2, C.12.1)."""
    centers, widths, explanations = zip(*series.windows, strict=True)
    _set(to, {
        "SOPClassUID": CTImageStorage, "ImageType": list(series.image_type), "AcquisitionNumber": 1,
        "AcquisitionDate": study.date, "AcquisitionTime": study.time, "ContentDate": study.date,
        "ContentTime": study.time, "InstanceCreationDate": study.date, "InstanceCreationTime": study.time,
        "PatientOrientation": "", "ImageComments": "", "BurnedInAnnotation": "NO", "LossyImageCompression": "00",
        "PixelSpacing": [f"{value:g}" for value in series.spacing_mm],
        "ImageOrientationPatient": [f"{value:g}" for value in series.orientation],
        "SliceThickness": f"{series.thickness_mm:g}", "SpacingBetweenSlices": f"{series.thickness_mm:g}",
        "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "BitsAllocated": 16, "BitsStored": 12,
        "HighBit": 11, "PixelRepresentation": 0, "RescaleIntercept": str(RESCALE_INTERCEPT), "RescaleSlope": "1",
        "KVP": "120", "XRayTubeCurrent": 140, "ExposureTime": 500, "Exposure": 70,
        "ConvolutionKernel": series.kernel, "ReconstructionDiameter": "384", "GantryDetectorTilt": "0",
        "FilterType": "", "DataCollectionDiameter": "500", "TableHeight": "142", "ScanOptions": "SPIRAL MODE",
        "WindowCenter": [str(value) for value in centers], "WindowWidth": [str(value) for value in widths],
        "WindowCenterWidthExplanation": list(explanations),
    })  # fmt: skip
    if "LOCALIZER" not in series.image_type:
        to.RescaleType = "HU"
