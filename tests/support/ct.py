"""Small CT series as real DICOM files: quick to make, every slice recognisable, its values known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

SIZE = 96
SPACING_MM = 2.0
SLICE_MM = 3.0
FIRST_Z_MM = -120.0


def pixels(image: int, images: int, size: int = SIZE) -> NDArray[np.int16]:
    """Stored values (HU + 1024): a body, a ball that wanders with the slice, a ramp, fixed noise."""
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    hu = np.full((size, size), -1000.0, np.float32)
    body = np.hypot((columns - size / 2) / 0.45, (rows - size / 2) / 0.33) < size
    hu[body] = -200 + 4 * columns[body]
    ball = np.hypot(columns - size * (0.3 + 0.4 * image / images), rows - size * 0.45) < size * 0.08
    hu[ball] = 300
    noise = np.random.default_rng(image).normal(0, 15, hu.shape)
    return np.clip(hu + noise + 1024, 0, 4095).astype(np.int16)


def write_series(
    folder: Path,
    *,
    images: int = 24,
    size: int = SIZE,
    patient: str = "TEST^ANNA",
    patient_id: str = "4711",
    origin_mm: tuple[float, float, float] | None = None,
    **changes: str,
) -> str:
    """Write one axial series, feet first; `changes` set more attributes by keyword. Returns its StudyInstanceUID.

    `origin_mm`: centre of pixel (0, 0) of the first image.
    """
    x, y, z = origin_mm or (-size, -size, FIRST_Z_MM)
    folder.mkdir(parents=True, exist_ok=True)
    study, series, frame = (generate_uid(entropy_srcs=[str(folder), what]) for what in ("study", "series", "frame"))
    for image in range(images):
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = CTImageStorage
        uid = generate_uid(entropy_srcs=[str(folder), str(image)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = uid
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = study, series, frame
        dataset.PatientName, dataset.PatientID = patient, patient_id
        dataset.PatientBirthDate, dataset.PatientSex = "19610314", "F"
        dataset.StudyDate, dataset.StudyTime, dataset.StudyDescription = "20261124", "091240", "CT chest with contrast"
        dataset.Modality, dataset.SeriesNumber, dataset.SeriesDescription = "CT", 4, "CT lung"
        dataset.InstitutionName, dataset.InstanceNumber = "Test Hospital", image + 1
        dataset.ImagePositionPatient = [x, y, z + SLICE_MM * image]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing, dataset.SliceThickness = [SPACING_MM, SPACING_MM], SLICE_MM
        dataset.Rows = dataset.Columns = size
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
        dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
        dataset.WindowCenter, dataset.WindowWidth = [40, -600], [400, 1500]
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        dataset.PixelData = pixels(image, images, size).tobytes()
        dataset.save_as(folder / f"{image:04}.dcm", enforce_file_format=True)
    return str(study)
