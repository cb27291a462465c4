"""Presentation states in the catalogue of a case: how each of its images is shown by them. Pure.

Rules of this file:
- A state says what becomes of stored values (PS3.4 N.2.1): its own rescale stands in place of the images', and the
  images' PhotometricInterpretation does not count. A view's window is on the images' own modality values, and its
  `invert` on top of MONOCHROME1: both are converted, so that the picture is the state's and values stay the images'.
- Rotation comes before the flip (PS3.3 C.10.6).
- Images that are to be shown alike share a look.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from consult.dicom.naming import short_key
from consult.dicom.per_image import runs
from consult.dicom.presentation_states.images import Parts, images_of
from consult.dicom.presentation_states.records import PresentationStateRecord, Voi
from consult.dicom.records import FileRecord, Frame, StackRecord
from consult.dicom.stacks import series_key
from consult.model.identifiers import PresentationStateKey
from consult.model.presentation_states.state import STATE_LUT, Drawn, Look, PresentationState
from consult.model.view import NamedWindow, Window

NO_IMAGE = "The images that it is for are not here."
TOO_MANY = "It shows its images in more than {most} ways."
OTHER_RESCALE = "Its window is for another rescale than the images': it is converted."
NOT_BENT = "Its VOI LUT is for values that fall where the images' rise: it is not applied."
MAX_LOOKS = 256
WIDEST, NARROWEST = 1e9, 1e-6


def presentation_state_key(record: FileRecord) -> PresentationStateKey:
    """Names the presentation state of a file."""
    return PresentationStateKey(f"{series_key(record.study_uid, record.series_uid)}-{short_key(record.file)}")


def catalogued(record: FileRecord, stacks: Sequence[StackRecord]) -> PresentationState:
    """The presentation state of a file among the stacks of its case."""
    found = record.presentation_state
    assert found is not None  # the caller has chosen files that have one
    looks, notes = _looks(found, stacks)
    crowded = len(looks) > MAX_LOOKS
    return PresentationState(
        key=presentation_state_key(record),
        study=record.study.key,
        name=found.label,
        description=found.description,
        creator=found.creator,
        created=found.created,
        number=record.series_number,
        looks=() if crowded else looks,
        draws=_draws(found),
        without=("shutter",) if found.overlays else ("overlay", "shutter"),
        notes=(*found.notes, *notes),
        why=TOO_MANY.format(most=MAX_LOOKS) if crowded else "" if looks else NO_IMAGE,
    )


def _draws(found: PresentationStateRecord) -> tuple[Drawn, ...]:
    shutter: tuple[Drawn, ...] = ("shutter",) if found.shutter is not None else ()
    return (*shutter, "graphics") if found.annotations else shutter


def _looks(found: PresentationStateRecord, stacks: Sequence[StackRecord]) -> tuple[tuple[Look, ...], list[str]]:
    """How each image is shown, those that are alike together; and what must be said of it."""
    vois, areas = Parts(found.vois), Parts(found.areas)
    right, down = turned(found.rotation, flipped=found.flipped)
    alike: dict[Look, list[int]] = {}
    notes: dict[str, None] = {}
    for stack, image, frame in images_of(found.images, stacks):
        voi, area = next(iter(vois.of(frame)), None), next(iter(areas.of(frame)), None)
        look = Look(stack.series.key, (), right, down)
        if area is not None:
            look = replace(look, area=area.box, sizing=area.sizing, magnification=area.magnification)
        if not stack.format.colour:
            look = _with_greys(look, found, voi, frame, notes)
        alike.setdefault(look, []).append(image)
    return tuple(replace(look, images=runs(images)) for look, images in alike.items()), list(notes)


def turned(rotation: int, *, flipped: bool) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the screen's right and down lead to in the image, as (along its rows, along its columns).

    Args:
        rotation: of the image, clockwise, a multiple of 90 degrees.
        flipped: left and right change places after that.
    """
    right, down = (1, 0), (0, 1)
    for _ in range(rotation // 90):  # what pointed up points right, what pointed right points down
        right, down = (-down[0], -down[1]), right
    return ((-right[0], -right[1]) if flipped else right), down


def _with_greys(
    look: Look, found: PresentationStateRecord, voi: Voi | None, frame: Frame, notes: dict[str, None]
) -> Look:
    """Window and inversion, in the images' own terms."""
    invert = found.inverse != frame.inverted
    if voi is None:
        return replace(look, invert=invert)
    gain, offset = _to_own(found, frame)
    falls = gain < 0
    if voi.lut is not None and falls:
        notes[NOT_BENT] = None
        return replace(look, invert=invert)
    if (gain, offset) != (1.0, 0.0):
        notes[OTHER_RESCALE] = None
    window, others = _window(voi, gain, offset), voi.others
    named = [NamedWindow(window, voi.explanation)]
    named += [NamedWindow(_window(_alone(voi, *of), gain, offset), said) for *of, said in others]
    return replace(look, window=window, windows=tuple(named) if others else (), invert=invert != falls)


def _alone(voi: Voi, center: float, width: float) -> Voi:
    """One of its further windows."""
    return replace(voi, center=center, width=width, others=())


def _to_own(found: PresentationStateRecord, frame: Frame) -> tuple[float, float]:
    """(gain, offset): a value by the state's rescale is gain x the images' own value + offset."""
    if found.slope == 0.0 or (found.slope, found.intercept) == (frame.slope, frame.intercept):
        return 1.0, 0.0
    gain = found.slope / frame.slope
    return gain, found.intercept - gain * frame.intercept


def _window(voi: Voi, gain: float, offset: float) -> Window:
    """On the images' own values. LINEAR is LINEAR_EXACT of half a value less, and a width of one less."""
    if voi.lut is not None:
        window = voi.lut.window(STATE_LUT).window
        center, width, less = window.center, window.width, 0.0
    else:
        center, width, less = voi.center, voi.width, 1.0 if voi.function == "LINEAR" else 0.0
    if (gain, offset) != (1.0, 0.0):
        center = (center - less / 2 - offset) / gain + less / 2
        width = (width - less) / abs(gain) + less
    lut = STATE_LUT if voi.lut is not None else 0
    return Window(min(max(center, -WIDEST), WIDEST), min(max(width, NARROWEST), WIDEST), lut)
