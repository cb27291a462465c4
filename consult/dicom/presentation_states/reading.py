"""What a Grayscale Softcopy Presentation State asks for; in a worker, at import.

Rules of this file:
- What breaks the standard is refused by tag, value and rule; nothing is guessed, and nothing applied in part.
- What is sound and not done here is said in a sentence, each once.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydicom.dataset import Dataset

from consult.dicom.presentation_states.annotations import read_annotations
from consult.dicom.presentation_states.appearance import is_inverse, own_rescale, read_areas, read_vois, spatial
from consult.dicom.presentation_states.records import PresentationStateRecord
from consult.dicom.presentation_states.references import ReferenceReader
from consult.dicom.presenting.presentation import OVERLAY_GROUPS
from consult.dicom.presenting.shutters import hidden_grey, read_shutter
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import date, lut_items, moment, text, time
from consult.model.errors import DicomRefused
from consult.model.presentation_states.drawn import Shutter

GRAYSCALE = "1.2.840.10008.5.1.4.1.1.11.1"
OTHERS = {
    "1.2.840.10008.5.1.4.1.1.11.2": "a presentation state with colour is not applied",
    "1.2.840.10008.5.1.4.1.1.11.3": "a presentation state with pseudo-colour is not applied",
    "1.2.840.10008.5.1.4.1.1.11.4": "a presentation state that blends series is not applied",
    "1.2.840.10008.5.1.4.1.1.11.8": "a presentation state that blends series is not applied",
}
NOT_GRAYSCALE = "of presentation states only grayscale softcopy ones are applied"
MODALITY_TABLE = "Its modality LUT is not applied: the images' own values are shown."
PRESENTATION_TABLE = "Its presentation LUT is not applied."
MASK = "Its mask is not subtracted: masks are as in the images' own files."
BITMAP = "Its bitmap shutter is not applied."
OVERLAYS = "Its own overlay planes are not drawn."
COMPOUND = "Its compound graphics are not drawn."
NO_WINDOW = "It names no window: the images' own is shown."
OVERLAY_DATA, ACTIVATION_LAYER = 0x3000, 0x1001


def read_presentation_state(dataset: Dataset) -> PresentationStateRecord:
    """All that is kept of it. Raises DicomRefused."""
    kind = text(dataset, "SOPClassUID")
    if kind != GRAYSCALE:
        raise DicomRefused("not_shown", OTHERS.get(kind, NOT_GRAYSCALE), tag="SOPClassUID", value=kind)
    reader = ReferenceReader()
    images = reader.all_images(dataset)
    slope, intercept = own_rescale(dataset)
    rotation, flipped = spatial(dataset)
    return PresentationStateRecord(
        images=images,
        label=text(dataset, "ContentLabel"),
        description=text(dataset, "ContentDescription"),
        creator=text(dataset, "ContentCreatorName"),
        created=moment(
            date(text(dataset, "PresentationCreationDate")), time(text(dataset, "PresentationCreationTime"))
        ),
        slope=slope,
        intercept=intercept,
        vois=read_vois(dataset, reader),
        areas=read_areas(dataset, reader),
        rotation=rotation,
        flipped=flipped,
        inverse=is_inverse(dataset),
        shutter=_shutter(dataset),
        annotations=read_annotations(dataset, reader),
        overlays=any(_activates(dataset, group) for group in OVERLAY_GROUPS),
        notes=tuple(_notes(dataset)),
    )


def _shutter(dataset: Dataset) -> Shutter | None:
    found = read_shutter(dataset)
    if found is None:
        return None
    return Shutter(found.rectangle, found.circle, found.polygon, hidden_grey(dataset))


def _activates(dataset: Dataset, group: int) -> bool:
    """Whether an overlay of the images is to be drawn (PS3.3 C.11.7)."""
    return (group, ACTIVATION_LAYER) in dataset and bool(dataset[group, ACTIVATION_LAYER].value)


def _notes(dataset: Dataset) -> Iterator[str]:
    if lut_items(dataset, "ModalityLUTSequence"):
        yield MODALITY_TABLE
    if lut_items(dataset, "PresentationLUTSequence"):
        yield PRESENTATION_TABLE
    if lenient.items(dataset, "MaskSubtractionSequence"):
        yield MASK
    if "BITMAP" in text(dataset, "ShutterShape").split("\\"):
        yield BITMAP
    if any((group, OVERLAY_DATA) in dataset for group in OVERLAY_GROUPS):
        yield OVERLAYS
    if any(
        lenient.items(item, "CompoundGraphicSequence") for item in lenient.items(dataset, "GraphicAnnotationSequence")
    ):
        yield COMPOUND
    if not lenient.items(dataset, "SoftcopyVOILUTSequence"):
        yield NO_WINDOW
