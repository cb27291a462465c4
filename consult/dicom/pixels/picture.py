"""A file as pictures, whatever else it lacks: for `consult render`, where a segmentation or a nameless test image is
one too. What may be taken in and consulted about is stricter (`reading`)."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from msgspec import Struct
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from consult.dicom.pixels.decode import decode_frame
from consult.dicom.pixels.description import PixelDescription, describe_pixels
from consult.dicom.presenting.image import image_of, mean_mask
from consult.dicom.presenting.notes import notes
from consult.dicom.presenting.records import SupplementalPalette
from consult.dicom.presenting.supplemental import supplemental_palette
from consult.dicom.reading.attributes import items, lut_items, numbers, text
from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.opening import open_dicom
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.records import Frame, PixelFormat
from consult.model.image import Image
from consult.model.view import Part

NAMELESS = "2.25.0"
"""Stands for a missing SOP Instance UID: a picture needs no name."""


class PictureRouter(Struct, frozen=True):
    """The frames of a file, how they decode, and what must be said of them."""

    format: PixelFormat
    frames: tuple[Frame, ...]
    note: str = ""


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
        frames = read_frames(dataset, pixels, "", text(dataset, "Modality"))
        return PictureRouter(pixel_format, frames, notes(dataset, frames))


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


def decode_picture(path: Path, frame: Frame, pixel_format: PixelFormat, without: Collection[Part] = ()) -> Image:
    """One frame, decoded, with what its file draws over it or subtracts from it. Raises DicomRefused."""
    pixels: NDArray[Any] = decode_frame(path, frame.frame, pixel_format)
    parts = set(frame.presentation.parts).difference(without)
    mask = frame.presentation.mask if "mask" in parts else None
    graphics = None
    if parts & {"overlay", "shutter"}:
        from consult.dicom.presenting.graphics import graphics_plane  # with cv2, which a plain picture starts without

        graphics = graphics_plane(path, frame.frame, pixel_format)
    of_mask = [decode_frame(path, number, pixel_format) for number in mask.frames] if mask else []
    return image_of(
        pixels,
        frame,
        mask=mean_mask(of_mask, mask) if mask else None,
        graphics=graphics,
        palette=_palette(path) if "palette" in parts else None,
    )


def _palette(path: Path) -> SupplementalPalette | None:
    with open_dicom(path) as opened:
        return supplemental_palette(opened.dataset)
