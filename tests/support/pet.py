"""PET files: a hot sphere of a known SUV in a warm background, and everything that SUV depends on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import PositronEmissionTomographyImageStorage, generate_uid

from tests.support.dicom_files import ct, item, write

WEIGHT_KG, DOSE_BQ, HALF_LIFE_S = 70.0, 350e6, 6586.2
WAITED_S = 3600.0
FACTOR = WEIGHT_KG * 1000 / (DOSE_BQ * 0.5 ** (WAITED_S / HALF_LIFE_S))
"""SUVbw of one Bq/ml: injected at 09:00, scanned at 10:00."""
HOT, WARM = 8.0, 1.0
"""SUVbw."""
SIZE, SPACING_MM, SLICES = 40, 4.0, 24
CENTRE_MM, RADIUS_MM = (6.0, -2.0, 4.0), 16.0


def dose(**changes: Any) -> Dataset:
    """An item of RadiopharmaceuticalInformationSequence; None removes an attribute."""
    values: dict[str, Any] = {
        "RadiopharmaceuticalStartTime": "090000", "RadionuclideTotalDose": DOSE_BQ, "RadionuclideHalfLife": HALF_LIFE_S
    }  # fmt: skip
    values |= changes
    return item(**{keyword: value for keyword, value in values.items() if value is not None})


def pet(*, dose_changes: dict[str, Any] | None = None, **changes: Any) -> Dataset:
    """A sound PET image, corrected to the begin of its scan."""
    values: dict[str, Any] = {
        "SOPClassUID": PositronEmissionTomographyImageStorage,
        "Modality": "PT",
        "Units": "BQML",
        "CorrectedImage": ["NORM", "DTIM", "ATTN", "SCAT", "DECY"],
        "DecayCorrection": "START",
        "SeriesDate": "20261124",
        "SeriesTime": "100000",
        "AcquisitionDate": "20261124",
        "AcquisitionTime": "100200",
        "PatientWeight": WEIGHT_KG,
        "RescaleIntercept": 0,
        "RadiopharmaceuticalInformationSequence": [dose(**(dose_changes or {}))],
    }
    return ct(**(values | changes))


def suv_values() -> NDArray[np.float64]:
    """(slices, rows, columns) SUVbw: a hot sphere in the warm background."""
    k, j, i = np.indices((SLICES, SIZE, SIZE))
    corner = -(SIZE - 1) / 2 * SPACING_MM
    x, y, z = corner + i * SPACING_MM, corner + j * SPACING_MM, -(SLICES - 1) / 2 * SPACING_MM + k * SPACING_MM
    away = np.sqrt((x - CENTRE_MM[0]) ** 2 + (y - CENTRE_MM[1]) ** 2 + (z - CENTRE_MM[2]) ** 2)
    return np.where(away <= RADIUS_MM, HOT, WARM)


def write_pet(folder: Path, **changes: Any) -> None:
    """A series; as GE's, each slice has a slope of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    corner = -(SIZE - 1) / 2 * SPACING_MM
    for number, values in enumerate(suv_values() / FACTOR):
        slope = float(f"{values.max() / 30000 * (1 + number % 3):.6g}")
        dataset = pet(
            SOPInstanceUID=generate_uid(),
            SeriesInstanceUID="1.2.3.9",
            SeriesNumber=9,
            InstanceNumber=number + 1,
            ImagePositionPatient=[corner, corner, -(SLICES - 1) / 2 * SPACING_MM + number * SPACING_MM],
            PixelSpacing=[SPACING_MM, SPACING_MM],
            SliceThickness=SPACING_MM,
            Rows=SIZE,
            Columns=SIZE,
            BitsStored=16,
            HighBit=15,
            RescaleSlope=slope,
            PixelData=np.round(values / slope).astype(np.uint16).tobytes(),
            **changes,
        )
        write(dataset, folder / f"pet-{number:03}.dcm")


def write_ct(folder: Path) -> None:
    """A CT of the same frame of reference: 45 HU everywhere but in air around."""
    folder.mkdir(parents=True, exist_ok=True)
    size, spacing, slices, step = 80, 2.0, 32, 3.0
    corner = -(size - 1) / 2 * spacing
    for number in range(slices):
        pixels = np.full((size, size), 45 + 1024, np.uint16)
        pixels[:6] = 24
        dataset = ct(
            SOPInstanceUID=generate_uid(),
            InstanceNumber=number + 1,
            ImagePositionPatient=[corner, corner, -(slices - 1) / 2 * step + number * step],
            PixelSpacing=[spacing, spacing],
            SliceThickness=step,
            Rows=size,
            Columns=size,
            RescaleType="HU",
            PixelData=pixels.tobytes(),
        )
        write(dataset, folder / f"ct-{number:03}.dcm")
