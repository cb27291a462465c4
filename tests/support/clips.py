"""Clips as real DICOM files: an ultrasound that plays at its FrameTime, an angiography with a mask."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.uid import UltrasoundMultiFrameImageStorage, XRayAngiographicImageStorage, generate_uid

from tests.support.dicom_files import ABSENT, ct, item, write

FRAMES, FRAME_MS = 40, 40
RUN = 6
"""Frames of an angiography."""
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


def write_angiography(folder: Path) -> str:
    """Write a study of one XA run: a vessel fills, and a bone has moved 2 pixels to the right since its mask, the first
    frame. Returns its StudyInstanceUID."""
    folder.mkdir(parents=True)
    frames = np.full((RUN, ROWS, COLUMNS), 1000, np.uint16)
    frames[0, 20:70, 40:60] = 400
    frames[1:, 20:70, 42:62] = 400
    for number in range(1, RUN):
        frames[number, 75:80, : 20 * number] -= 300
    study = str(generate_uid())
    mask = item(MaskOperation="AVG_SUB", MaskFrameNumbers=1, ApplicableFrameRange=[2, RUN])
    dataset = ct(
        SOPClassUID=XRayAngiographicImageStorage, Modality="XA", StudyInstanceUID=study, SeriesDescription="Run",
        SeriesInstanceUID=generate_uid(), NumberOfFrames=RUN, FrameTime=250, FrameIncrementPointer=(0x0018, 0x1063),
        Rows=ROWS, Columns=COLUMNS, PixelData=frames.tobytes(), WindowCenter=1000, WindowWidth=1600,
        WindowCenterWidthExplanation="XA", RescaleIntercept=0, RecommendedViewingMode="SUB",
        MaskSubtractionSequence=[mask], ImagePositionPatient=ABSENT, ImageOrientationPatient=ABSENT,
        PixelSpacing=ABSENT, SliceThickness=ABSENT,
    )  # fmt: skip
    write(dataset, folder / "run.dcm")
    return study
