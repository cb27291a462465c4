"""A dynamic MR series as real DICOM files: a square that takes up contrast, its values and times known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import MRImageStorage, generate_uid

from tests.support.dicom_files import ct, write

PLACES, SIZE, SPACING_MM, SLICE_MM = 3, 64, 2.0, 4.0
SQUARE = 20, 40
"""Rows and columns from, and up to (exclusive)."""
AROUND = 50
UPTAKE = 100, 110, 400, 700, 600, 500
"""Of the square, at each time."""
SECONDS = 0.0, 12.5, 25.0, 37.5, 50.0, 80.0


def pixels(time: int, place: int) -> NDArray[np.uint16]:
    """Stored values, which are the values: in the lower half of the square `place` more."""
    image = np.full((SIZE, SIZE), AROUND, np.uint16)
    first, last = SQUARE
    image[first:last, first:last] = UPTAKE[time]
    image[(first + last) // 2 : last, first:last] += place
    return image


def write_dynamic(folder: Path) -> str:
    """Write it, feet first; it runs over midnight. Returns its StudyInstanceUID."""
    folder.mkdir(parents=True)
    study, series, frame = (str(generate_uid()) for _ in range(3))
    for time, seconds in enumerate(SECONDS):
        day, clock = divmod(24 * 3600 - 20 + seconds, 24 * 3600)
        hour, minute = divmod(int(clock) // 60, 60)
        for place in range(PLACES):
            dataset = ct(
                SOPClassUID=MRImageStorage, Modality="MR", StudyInstanceUID=study, SeriesInstanceUID=series,
                FrameOfReferenceUID=frame, StudyDescription="MR breast", SeriesDescription="Dynamic", SeriesNumber=5,
                InstanceNumber=time * PLACES + place + 1, TemporalPositionIdentifier=time + 1,
                AcquisitionDate=f"202611{24 + int(day)}", AcquisitionTime=f"{hour:02}{minute:02}{clock % 60:09.6f}",
                ImagePositionPatient=[-SIZE, -SIZE, SLICE_MM * place], PixelSpacing=[SPACING_MM, SPACING_MM],
                SliceThickness=SLICE_MM, Rows=SIZE, Columns=SIZE, WindowCenter=400, WindowWidth=800,
                WindowCenterWidthExplanation="MR", RescaleIntercept=0, PixelData=pixels(time, place).tobytes(),
            )  # fmt: skip
            write(dataset, folder / f"{time}-{place}.dcm")
    return study
