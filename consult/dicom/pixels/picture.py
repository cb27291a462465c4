"""A file as pictures, whatever else it lacks: for `consult render`, where a segmentation or a nameless test image is
one too. What may be taken in and consulted about is stricter (`reading`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.pixels.decode import decode_frame
from consult.dicom.pixels.description import PixelDescription, describe_pixels
from consult.dicom.presenting.image import image_of
from consult.dicom.reading.attributes import items, lut_items, numbers, text
from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.opening import open_dicom
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.records import Frame, PixelFormat
from consult.model.image import Image

NAMELESS = "2.25.0"
"""Stands for a missing SOP Instance UID: a picture needs no name."""


class PictureRouter(Struct, frozen=True):
    """The frames of a file, and how they decode."""

    format: PixelFormat
    frames: tuple[Frame, ...]


def read_pictures(path: Path) -> PictureRouter:
    """What a file shows.

    Raises:
        DicomRefused: nothing; tag, value and rule are why.
        OSError: it cannot be read.
    """
    with open_dicom(path) as opened:
        dataset = opened.dataset
        description = describe_pixels(opened)
        pixel_format = PixelFormat(
            description.rows, description.columns, _dtype(description, dataset), description.colour
        )
        pixels = Pixels(pixel_format, description.frames, description.photometric == "MONOCHROME1")
        _forgive(dataset, description.frames)
        return PictureRouter(pixel_format, read_frames(dataset, pixels, "", text(dataset, "Modality")))


def _forgive(dataset: Dataset, frames: int) -> None:
    """Make good what does not change the picture.

    A window of the command is in values of the Modality LUT (PS3.3 C.11.1), which DoseGridScaling is not.
    """
    if "SOPInstanceUID" not in dataset:
        dataset.SOPInstanceUID = NAMELESS
    if "DoseGridScaling" in dataset:
        del dataset.DoseGridScaling
    groups = items(dataset, "PerFrameFunctionalGroupsSequence")
    if len(groups) > frames:
        dataset.PerFrameFunctionalGroupsSequence = groups[:frames]


def _dtype(description: PixelDescription, dataset: Dataset) -> str:
    """Of stored values, of a Modality LUT's output, or of colour."""
    if description.colour:
        return "uint8"
    if description.floats:
        return f"float{description.bits_allocated}"
    for lut in lut_items(dataset, "ModalityLUTSequence"):
        return "uint8" if numbers(lut, "LUTDescriptor")[-1:] == (8.0,) else "uint16"
    return f"{'' if description.signed else 'u'}int{max(8, description.bits_allocated)}"


def decode_picture(path: Path, frame: Frame, pixel_format: PixelFormat) -> Image:
    """One frame, decoded. Raises DicomRefused."""
    pixels: NDArray[Any] = decode_frame(path, frame.frame, pixel_format)
    return image_of(pixels, frame)
