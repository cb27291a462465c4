"""Clips as real DICOM files: an ultrasound that plays at its FrameTime; each frame has pixels of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.uid import UltrasoundMultiFrameImageStorage, generate_uid

from tests.support.dicom_files import ABSENT, ct, write

FRAMES, FRAME_MS = 40, 40
ROWS, COLUMNS = 96, 128


def write_ultrasound(folder: Path) -> str:
    """Write a study of one clip: in each frame a bright bar stands elsewhere. Returns its StudyInstanceUID."""
    folder.mkdir(parents=True)
    frames = np.full((FRAMES, ROWS, COLUMNS), 30, np.uint8)
    for number, frame in enumerate(frames):
        frame[:, 3 * number : 3 * number + 8] = 220
        frame[: 2 * number + 1, :4] = 120
    study = str(generate_uid())
    dataset = ct(
        SOPClassUID=UltrasoundMultiFrameImageStorage, Modality="US", StudyInstanceUID=study, SeriesDescription="Heart",
        SeriesInstanceUID=generate_uid(), NumberOfFrames=FRAMES, FrameTime=FRAME_MS,
        FrameIncrementPointer=(0x0018, 0x1063), Rows=ROWS, Columns=COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7,
        PixelData=frames.tobytes(), WindowCenter=128, WindowWidth=256, WindowCenterWidthExplanation="US",
        RescaleIntercept=0, ImagePositionPatient=ABSENT, ImageOrientationPatient=ABSENT, PixelSpacing=ABSENT,
        SliceThickness=ABSENT,
    )  # fmt: skip
    dataset["PixelData"].VR = "OB"
    write(dataset, folder / "clip.dcm")
    return study
