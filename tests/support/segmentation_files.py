"""Segmentations and structure sets of made CT series, every pixel known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, RTStructureSetStorage, SegmentationStorage, generate_uid

from consult.rendering.segmentations.regions import Region
from tests.support.dicom_files import changed, item, write

LABEL_MAP_STORAGE = UID("1.2.840.10008.5.1.4.1.1.66.7")
LIVER, LESION = 1, 3
LIVER_LAB, LESION_LAB = [34885, 53485, 50171], [41662, 52988, 21333]
Mask = NDArray[Any]


@dataclass(frozen=True)
class Marked:
    """One frame: which segment, where its first pixel lies, what it marks, which image it names."""

    segment: int
    position: Sequence[float] | None
    mask: Mask
    source: str = ""
    source_frame: int = 0


def segment(number: int, label: str, lab: Sequence[int] | None) -> Dataset:
    """An item of SegmentSequence."""
    made = item(SegmentNumber=number, SegmentLabel=label, SegmentAlgorithmType="MANUAL")
    if lab is not None:
        made.RecommendedDisplayCIELabValue = list(lab)
    return made


SEGMENTS = (segment(LIVER, "Liver", LIVER_LAB), segment(LESION, "Lesion", LESION_LAB))


def segmentation(
    frames: Sequence[Marked],
    like: Dataset,
    *,
    kind: str = "BINARY",
    spacing: Sequence[float] = (2.0, 2.0),
    thickness: float = 3.0,
    orientation: Sequence[float] = (1, 0, 0, 0, 1, 0),
    segments: Sequence[Dataset] = SEGMENTS,
    **changes: Any,
) -> Dataset:
    """A segmentation of the study, patient and frame of reference of `like`; `changes` as of `dicom_files.ct`."""
    made = derived_object(like, LABEL_MAP_STORAGE if kind == "LABELMAP" else SegmentationStorage, "SEG", 90)
    made.FrameOfReferenceUID = like.FrameOfReferenceUID
    made.ContentLabel, made.SegmentationType = "SEGMENTATION", kind
    rows, columns = frames[0].mask.shape
    made.NumberOfFrames, made.Rows, made.Columns = len(frames), rows, columns
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    bits = 1 if kind == "BINARY" else 16 if kind == "LABELMAP" else 8
    made.BitsAllocated, made.BitsStored, made.HighBit = bits, bits, bits - 1
    if kind == "FRACTIONAL":
        made.SegmentationFractionalType, made.MaximumFractionalValue = "PROBABILITY", 200
    made.SegmentSequence = list(segments)
    measures = item(PixelSpacing=list(spacing), SliceThickness=thickness, SpacingBetweenSlices=thickness)
    shared = item(PixelMeasuresSequence=[measures])
    shared.PlaneOrientationSequence = [item(ImageOrientationPatient=list(orientation))]
    made.SharedFunctionalGroupsSequence = [shared]
    made.PerFrameFunctionalGroupsSequence = [_groups(frame, labels=kind == "LABELMAP") for frame in frames]
    made.PixelData = _pixels(frames, bits)
    made["PixelData"].VR = "OB" if bits < 16 else "OW"
    return changed(made, changes)


def _groups(frame: Marked, *, labels: bool) -> Dataset:
    group = Dataset()
    if not labels:
        group.SegmentIdentificationSequence = [item(ReferencedSegmentNumber=frame.segment)]
    if frame.position is not None:
        group.PlanePositionSequence = [item(ImagePositionPatient=list(frame.position))]
    if frame.source:
        source = item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID=frame.source)
        if frame.source_frame:
            source.ReferencedFrameNumber = frame.source_frame
        group.DerivationImageSequence = [item(SourceImageSequence=[source])]
    return group


def _pixels(frames: Sequence[Marked], bits: int) -> bytes:
    whole = np.stack([frame.mask for frame in frames])
    if bits == 1:
        packed = np.packbits(whole.astype(bool).ravel(), bitorder="little").tobytes()
    else:
        packed = whole.astype("<u2" if bits == 16 else np.uint8).tobytes()
    return packed + bytes(len(packed) % 2)


def structure_set(
    rois: Sequence[tuple[int, str, Sequence[int] | None, Sequence[tuple[str, Any]]]], like: Dataset, **changes: Any
) -> Dataset:
    """A structure set: of each ROI its number, name, colour, and contours as (ContourGeometricType, (n, 3) points)."""
    made = derived_object(like, RTStructureSetStorage, "RTSTRUCT", 91)
    made.StructureSetLabel = "Plan 1"
    frame = like.FrameOfReferenceUID
    made.StructureSetROISequence = [
        item(ROINumber=number, ROIName=name, ReferencedFrameOfReferenceUID=frame) for number, name, _, _ in rois
    ]
    made.ROIContourSequence = [_roi(*roi) for roi in rois]
    return changed(made, changes)


def _roi(number: int, _: str, colour: Sequence[int] | None, contours: Sequence[tuple[str, Any]]) -> Dataset:
    made = item(ReferencedROINumber=number)
    if colour is not None:
        made.ROIDisplayColor = list(colour)
    made.ContourSequence = [
        item(
            ContourGeometricType=kind,
            NumberOfContourPoints=len(points),
            ContourData=[f"{value:.4g}" for value in np.asarray(points, float).ravel()],
        )
        for kind, points in contours
    ]
    return made


def derived_object(like: Dataset, storage: UID, modality: str, number: int) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID, made.SOPInstanceUID, made.SeriesInstanceUID = storage, generate_uid(), generate_uid()
    for keyword in ("StudyInstanceUID", "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate"):
        setattr(made, keyword, like.get(keyword, ""))
    made.StudyTime, made.StudyDescription = like.get("StudyTime", ""), like.get("StudyDescription", "")
    made.Modality, made.SeriesNumber = modality, number
    return made


def images_of(folder: Path) -> list[Dataset]:
    """The images of a made series, feet first."""
    found = [dcmread(path) for path in sorted(folder.glob("*.dcm"))]
    return sorted(found, key=lambda dataset: float(dataset.ImagePositionPatient[2]))


def disc(size: int, column: float, row: float, radius: float) -> NDArray[np.bool_]:
    """(size, size): a filled circle, in pixels."""
    rows, columns = np.mgrid[:size, :size]
    return np.asarray(np.hypot(columns - column, rows - row) <= radius, np.bool_)


def write_marked(folder: Path, images: Sequence[Dataset], path: Path) -> tuple[Path, list[Marked]]:
    """A liver on all but the first and last images, a lesion on the three in the middle; the file, and its frames."""
    size = int(images[0].Rows)
    frames = []
    for index, image in enumerate(images[1:-1], 1):
        at = image.ImagePositionPatient
        liver = disc(size, size * 0.35, size * 0.45, size * (0.12 + 0.002 * index))
        frames.append(Marked(LIVER, at, liver, image.SOPInstanceUID))
        if abs(index - len(images) // 2) <= 1:
            frames.append(Marked(LESION, at, disc(size, size * 0.38, size * 0.43, size * 0.04), image.SOPInstanceUID))
    folder.mkdir(parents=True, exist_ok=True)
    return write(segmentation(frames, images[0]), path), frames


def region_values(region: Region) -> NDArray[Any]:
    """(rows, columns) of what a region marks: shares of 255, or labels."""
    shape = region.rows, region.columns
    if region.kind == "labels":
        return np.frombuffer(region.data, "<u2").reshape(shape)
    raw = np.frombuffer(region.data, np.uint8)
    if region.kind == "shares":
        return raw.reshape(shape)
    return np.unpackbits(raw, count=shape[0] * shape[1], bitorder="little").reshape(shape) * np.uint8(255)
