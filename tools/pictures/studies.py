"""What the pictures show: the computed patient of the demo, and a PET, a segmentation and a perfusion computed from it.

Nothing of it is a person's: so the pictures may be shown to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from consult.demo.make import make_demo
from consult.demo.studies import CURRENT, truth, uid
from tests.support.dicom_files import ct, write
from tests.support.pet import FACTOR, pet
from tests.support.segmentation_files import Marked, images_of, segment, segmentation

Volume = NDArray[np.float32]
"""(slices, rows, columns), feet first."""
TISSUE_HU = (-1000.0, -900.0, -600.0, -150.0, -60.0, 0.0, 45.0, 110.0, 170.0, 350.0, 900.0)
TISSUE_SUV = (0.02, 0.2, 0.4, 0.25, 0.4, 0.7, 1.0, 2.0, 1.6, 1.1, 0.7)
"""Of FDG, about."""
LESION_SUV = {"nodule": 9.5, "node": 6.0, "metastasis": 8.0}
PET_STEP, PET_BLUR = 4, 1.1
"""Pixels of the CT in one of the PET, and how far that blurs, in its own pixels."""
WINDPIPE_PIXELS = 1000
LUNGS, NODULE, NODE, METASTASIS = 1, 2, 3, 4
LAB = {LUNGS: [40000, 22000, 20000], NODULE: [34885, 53485, 50171], NODE: [48000, 30000, 56000],
       METASTASIS: [44000, 56000, 22000]}  # fmt: skip
LABELS = {LUNGS: "Lungs", NODULE: "Nodule, right upper lobe", NODE: "Lymph node 4R", METASTASIS: "Liver metastasis"}
PERFUSED = slice(52, 58)
"""Images of the soft series that the perfusion covers: the heart's upper half, and the descending aorta."""
SECONDS = (0, 4, 8, 12, 16, 20, 24, 28, 34, 40, 48, 60)
ARRIVAL_S, STEEPNESS = 6.0, 0.28
PERFUSION_STEP = 2


def write_studies(folder: Path) -> str:
    """Write the patient's current study below a folder, unless it is there; its StudyInstanceUID."""
    if (folder / "perfusion").exists():
        return uid(CURRENT.name)
    make_demo(folder / "demo", studies=(CURRENT,))
    images = images_of(folder / "demo" / CURRENT.name / "soft")
    hu = _hu(images)
    write_pet(folder / "pet", images, hu)
    write_segmentation(folder / "segmentation.dcm", images, hu)
    write_perfusion(folder / "perfusion", images, hu)
    return str(images[0].StudyInstanceUID)


def _hu(images: Sequence[Dataset]) -> Volume:
    return np.stack([image.pixel_array.astype(np.float32) + float(image.RescaleIntercept) for image in images])


def _lesions(images: Sequence[Dataset]) -> dict[str, NDArray[np.float32]]:
    """Of each how far every voxel lies from its middle, in its radii."""
    known, name = truth(), CURRENT.name
    found = {}
    for lesion in LESION_SUV:
        centre, mm = getattr(known, f"{lesion}_centre")[name], getattr(known, f"{lesion}_mm")[name]
        found[lesion] = np.stack([_away(image, centre) / (mm / 2) for image in images])
    return found


def _away(image: Dataset, point: Sequence[float]) -> NDArray[np.float32]:
    """mm from the middle of each pixel to a point."""
    x, y, z = (float(value) for value in image.ImagePositionPatient)
    spacing = float(image.PixelSpacing[0])
    rows, columns = np.mgrid[: image.Rows, : image.Columns]
    squares = (x + columns * spacing - point[0]) ** 2 + (y + rows * spacing - point[1]) ** 2 + (z - point[2]) ** 2
    return np.asarray(np.sqrt(squares), np.float32)


def _of_patient(like: Dataset) -> dict[str, Any]:
    """Whose a further series is, and where it lies."""
    keywords = ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate",
                "StudyTime", "StudyDescription", "AccessionNumber", "FrameOfReferenceUID", "InstitutionName",
                "BodyPartExamined")  # fmt: skip
    return {keyword: like[keyword].value for keyword in keywords}


def _coarser(image: Dataset, step: int) -> dict[str, Any]:
    """The place of an image whose pixels are so many of another's wide."""
    spacing = float(image.PixelSpacing[0])
    x, y, z = (float(value) for value in image.ImagePositionPatient)
    off = (step - 1) / 2 * spacing
    return {
        "ImagePositionPatient": [round(x + off, 4), round(y + off, 4), z],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [spacing * step, spacing * step], "SliceThickness": 4,
    }  # fmt: skip


def write_pet(folder: Path, images: Sequence[Dataset], hu: Volume) -> None:
    """FDG: as much as each tissue takes up, and what glows."""
    folder.mkdir()
    taken_up = np.interp(hu, TISSUE_HU, TISSUE_SUV).astype(np.float32)
    for lesion, away in _lesions(images).items():
        taken_up = np.maximum(taken_up, LESION_SUV[lesion] * (away < 1))
    random, series = np.random.default_rng(7), str(generate_uid())
    for number, (image, plane) in enumerate(zip(images, taken_up, strict=True), 1):
        size = image.Rows // PET_STEP
        suv = cv2.GaussianBlur(cv2.resize(plane, (size, size), interpolation=cv2.INTER_AREA), (0, 0), PET_BLUR)
        noisy = np.clip(suv + random.normal(0, 0.06 * np.sqrt(suv + 0.05)), 0, None) / FACTOR
        slope = float(f"{noisy.max() / 30000:.6g}")
        changes = _of_patient(image) | _coarser(image, PET_STEP) | {
            "SeriesInstanceUID": series, "SeriesNumber": 5, "SeriesDescription": "PET FDG AC", "InstanceNumber": number,
            "Rows": size, "Columns": size, "BitsStored": 16, "HighBit": 15, "RescaleSlope": slope,
            "PixelData": np.round(noisy / slope).astype(np.uint16).tobytes(),
        }  # fmt: skip
        write(pet(**changes), folder / f"{number:03}.dcm")


def write_segmentation(path: Path, images: Sequence[Dataset], hu: Volume) -> None:
    """The lungs and the three lesions."""
    lesions = dict(zip((NODULE, NODE, METASTASIS), _lesions(images).values(), strict=True))
    frames = []
    for index, image in enumerate(images):
        masks = {LUNGS: _lungs(hu[index])} | {label: away[index] < 1 for label, away in lesions.items()}
        position, source = image.ImagePositionPatient, str(image.SOPInstanceUID)
        frames += [Marked(label, position, mask, source) for label, mask in masks.items() if mask.any()]
    spacing = [float(value) for value in images[0].PixelSpacing]
    segments = [segment(number, LABELS[number], lab) for number, lab in LAB.items()]
    made = segmentation(frames, images[0], spacing=spacing, thickness=4.0, segments=segments, SeriesNumber=6,
                        SeriesDescription="Lungs and lesions")  # fmt: skip
    made.ContentLabel = "LESIONS"
    write(made, path)


def _lungs(hu: NDArray[np.float32]) -> NDArray[np.bool_]:
    """What is as thin as lungs, not outside of the body, and larger than the windpipe."""
    thin = (hu < -400).astype(np.uint8)
    outside = np.pad(thin, 1, constant_values=1)
    cv2.floodFill(outside, None, (0, 0), (2,))
    _, parts, of_parts, _ = cv2.connectedComponentsWithStats((outside[1:-1, 1:-1] == 1).astype(np.uint8))
    large = of_parts[:, cv2.CC_STAT_AREA] > WINDPIPE_PIXELS
    return np.asarray(large[parts] & (parts > 0), np.bool_)


def _enhanced(seconds: float) -> float:
    """How far contrast has come in the aorta, of 1: a gamma-variate."""
    late = max(0.0, seconds - ARRIVAL_S)
    return float((late * STEEPNESS) ** 2 * np.exp(2 - 2 * late * STEEPNESS)) + 0.25 * (1 - float(np.exp(-late / 12)))


def write_perfusion(folder: Path, images: Sequence[Dataset], hu: Volume) -> None:
    """Contrast passes: the blood at once, all else that is soft a little and late."""
    folder.mkdir()
    series, random = str(generate_uid()), np.random.default_rng(11)
    for time, place, image, values in _perfused(images, hu, random):
        hour, minute, second = 9, 20 + SECONDS[time] // 60, SECONDS[time] % 60
        size = image.Rows // PERFUSION_STEP
        changes = _of_patient(image) | _coarser(image, PERFUSION_STEP) | {
            "SeriesInstanceUID": series, "SeriesNumber": 7, "SeriesDescription": "CT perfusion",
            "InstanceNumber": time * (PERFUSED.stop - PERFUSED.start) + place + 1,
            "TemporalPositionIdentifier": time + 1,
            "AcquisitionDate": image.StudyDate, "AcquisitionTime": f"{hour:02}{minute:02}{second:02}",
            "Rows": size, "Columns": size, "WindowCenter": 100, "WindowWidth": 400, "RescaleType": "HU",
            "WindowCenterWidthExplanation": "PERFUSION",
            "PixelData": np.clip(np.round(values) + 1024, 0, 4095).astype(np.uint16).tobytes(),
        }  # fmt: skip
        write(ct(**changes), folder / f"{time:02}-{place}.dcm")


def _perfused(
    images: Sequence[Dataset], hu: Volume, random: np.random.Generator
) -> Iterator[tuple[int, int, Dataset, NDArray[np.float32]]]:
    """(time, place, image, HU) of each."""
    for place, (image, plane) in enumerate(zip(images[PERFUSED], hu[PERFUSED], strict=True)):
        size = image.Rows // PERFUSION_STEP
        small = cv2.resize(plane, (size, size), interpolation=cv2.INTER_AREA)
        blood = ((small > 120) & (small < 260)).astype(np.float32)
        soft = ((small > 20) & (small <= 120)).astype(np.float32)
        bare = small - 115 * blood - 25 * soft
        for time, seconds in enumerate(SECONDS):
            late = 30 * (1 - np.exp(-max(0.0, seconds - ARRIVAL_S - 6) / 15))
            noise = random.normal(0, 6, small.shape)
            yield (
                time,
                place,
                image,
                np.asarray(bare + 260 * _enhanced(seconds) * blood + late * soft + noise, np.float32),
            )
