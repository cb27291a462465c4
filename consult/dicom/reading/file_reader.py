"""Reads one file, in a worker: who, what, and its frames; or why it is not taken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace
from pydicom.dataset import Dataset

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.limits import MAX_RECORD_BYTES
from consult.dicom.pages.reading import DOCUMENTS, page_frames, read_pages
from consult.dicom.presentation_states.reading import read_presentation_state
from consult.dicom.presenting.announced import announced_instances
from consult.dicom.presenting.body_part import body_part
from consult.dicom.presenting.notes import joined, notes
from consult.dicom.presenting.supplemental import supplemental_palette
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import items, order_number, text
from consult.dicom.reading.file_frames import read_frames
from consult.dicom.reading.opening import OpenedFile, open_dicom
from consult.dicom.reading.patient import acquired, patient, study, uid
from consult.dicom.reading.pixel_attributes import read_pixels
from consult.dicom.reading.unshown import (
    NOT_SHOWN,
    PRESENTATION_STATE,
    SEGMENTATION,
    STRUCTURE_SET,
    WHY_NOT,
    unshown_kind,
    unshown_name,
)
from consult.dicom.reading.windows import unit
from consult.dicom.records import FileRecord, PixelFormat
from consult.dicom.segmentations.reading import read_segmentation
from consult.dicom.segmentations.structures import read_structure_set
from consult.dicom.syntaxes import ALWAYS_LOSSY, MAYBE_LOSSY
from consult.dicom.workers import Refusal, attempt
from consult.model.errors import DicomRefused

CHUNK = 1 << 20
NO_PIXELS = PixelFormat(0, 0, "uint8")
DICOMDIR = "1.2.840.10008.1.3.10"
MAX_WHY = 300
"""Characters of the sentence why something is not shown: what a file holds is not kept at any length."""


def read_file(path: str, digest: str = "") -> FileRecord:
    """What a file is.

    Args:
        path: of the file.
        digest: the SHA-256 of its content, where that is known.

    Raises:
        DicomRefused: it is not taken; code, tag, value and rule are why. "dicomdir": it lists others.
        OSError: it cannot be read.
    """
    return _kept(_read(path, digest))


def _kept(record: FileRecord) -> FileRecord:
    """The record, once it is seen that the index and every page can have it: a fault here costs one file, not all.

    Raises:
        DicomRefused: "bad_value", "too_large".
    """
    try:
        encoded = msgspec.json.encode(record)
        if len(encoded) <= MAX_RECORD_BYTES:
            msgspec.msgpack.encode(record)
            msgspec.json.decode(encoded, type=FileRecord)  # NaN and infinity become null there
            return record
    except (msgspec.MsgspecError, ValueError, OverflowError, TypeError) as error:
        found = re.search(r"\$\.([a-z_]+)", str(error))
        keyword = "".join(map(str.capitalize, found[1].split("_"))) if found else ""
        raise DicomRefused("bad_value", f"a value cannot be kept ({error})", tag=keyword) from None
    rule = f"its header must read as at most {MAX_RECORD_BYTES >> 20} MiB"
    raise DicomRefused("too_large", rule, value=f"{len(encoded) >> 20} MiB")


def _read(path: str, digest: str) -> FileRecord:
    with open_dicom(path) as opened:
        dataset = opened.dataset
        if DICOMDIR in (str(opened.meta.get("MediaStorageSOPClassUID", "")), text(dataset, "SOPClassUID")):
            raise DicomRefused("dicomdir", "a DICOMDIR lists other files")
        if opened.pixels is None and not text(dataset, "SOPClassUID") and not text(dataset, "SOPInstanceUID"):
            raise DicomRefused("not_dicom", "the file is no DICOM object: it has no SOP Instance UID")
        if kind := unshown_kind(dataset):
            return _read_object(opened, kind, digest or _digest(path))
        pixels = read_pixels(opened)
        modality = text(dataset, "Modality")
        frames = read_frames(dataset, pixels, digest or _digest(path), modality)
        return replace(
            _listed(opened),
            series_description=text(dataset, "SeriesDescription"),
            frame_of_reference_uid=text(dataset, "FrameOfReferenceUID"),
            format=pixels.format,
            frames=frames,
            unit="" if pixels.format.colour else unit(_values_group(dataset), modality),
            body_part=body_part(dataset),
            acquired=acquired(dataset),
            source_lossy=_lossy(opened),
            note=joined((notes(dataset, frames), pixels.note)),
            palette=supplemental_palette(dataset),
            announced=announced_instances(dataset),
        )


def _read_object(opened: OpenedFile, kind: str, file: str) -> FileRecord:
    """What is no image: what of it can be shown, else why it cannot."""
    dataset = opened.dataset
    named = replace(
        _listed(opened),
        series_description=unshown_name(dataset),
        object_file=file,
        object_uid=uid(dataset, "SOPInstanceUID"),
    )
    try:
        return _shown_object(opened, kind, named)
    except DicomRefused as refused:
        return replace(named, unshown=kind, why=refused.sentence[:MAX_WHY])
    except LIBRARY_ERRORS as error:
        return replace(named, unshown=kind, why=f"It cannot be read ({type(error).__name__}).")


def _shown_object(opened: OpenedFile, kind: str, named: FileRecord) -> FileRecord:
    """Raises DicomRefused: why it cannot be shown."""
    if kind == SEGMENTATION:
        found = read_segmentation(opened)
        frame = text(opened.dataset, "FrameOfReferenceUID")
        return replace(named, segmentation=found, frame_of_reference_uid=frame)
    if kind == STRUCTURE_SET:
        found, frame = read_structure_set(opened)
        return replace(named, segmentation=found, frame_of_reference_uid=frame)
    if kind == PRESENTATION_STATE:
        return replace(named, presentation_state=read_presentation_state(opened.dataset))
    if (document := DOCUMENTS.get(kind)) is not None:
        pixel_format, count, note = read_pages(opened.dataset, document)
        frames = page_frames(named.object_file, named.object_uid, count)
        name = named.series_description or kind
        return replace(named, series_description=name, document=document, format=pixel_format, frames=frames, note=note)
    raise DicomRefused("not_shown", WHY_NOT.get(kind, NOT_SHOWN))


def _listed(opened: OpenedFile) -> FileRecord:
    """Whose object it is, of which study and series; nothing of images."""
    dataset = opened.dataset
    return FileRecord(
        patient=patient(dataset),
        study_uid=uid(dataset, "StudyInstanceUID"),
        study=study(dataset),
        series_uid=uid(dataset, "SeriesInstanceUID"),
        series_number=order_number(dataset, "SeriesNumber"),
        series_description="",
        modality=text(dataset, "Modality"),
        frame_of_reference_uid="",
        format=NO_PIXELS,
        transfer_syntax_uid=opened.transfer_syntax_uid,
        frames=(),
        accession_number=text(dataset, "AccessionNumber"),
    )


def read_again(files: Sequence[tuple[str, str]]) -> list[FileRecord | None]:
    """What files are that were taken in before, by path and SHA-256; None where one is not taken (any more)."""
    found = [attempt(read_file, file) for file in files]
    return [None if isinstance(record, Refusal) else record for record in found]


def _digest(path: str) -> str:
    """SHA-256 of the file's content."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _values_group(dataset: Dataset) -> Dataset:
    """Where the unit of the values is: a functional group of the first frame, else the data set."""
    for keyword in ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"):
        for group in items(dataset, keyword)[:1]:
            for transformation in items(group, "PixelValueTransformationSequence")[:1]:
                return transformation
    return dataset


def _lossy(opened: OpenedFile) -> str:
    """As in model.catalogue.Series.source_lossy (PS3.3 C.7.6.1.1.5)."""
    stated, syntax = text(opened.dataset, "LossyImageCompression"), opened.transfer_syntax_uid
    if stated != "01" and syntax not in ALWAYS_LOSSY and (stated == "00" or syntax not in MAYBE_LOSSY):
        return ""
    ratios = lenient.numbers(opened.dataset, "LossyImageCompressionRatio")
    return f"{float(f'{ratios[-1]:.3g}'):g}:1" if ratios and ratios[-1] > 1 else "yes"
