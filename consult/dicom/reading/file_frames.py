"""The frames of a file: each with its place, spacing, rescale and windows.

Rules of this file:
- Functional groups (PS3.3 C.7.6.16): a frame's own item comes before the shared one; the data set itself is last.
- A classic image has its place at the top; a classic multi-frame file has none (a cine), but an RT dose, whose
  planes lie at GridFrameOffsetVector (PS3.3 C.8.8.3.2).
- A place needs a position, an orientation and a spacing in mm; where one is missing there is no place.
- Where one cannot be used there is no place and no spacing, and the frame's note says which attribute it is.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace
from pydicom.dataset import Dataset

from consult.dicom.presenting.notes import SLOPE_0, geometry_note
from consult.dicom.presenting.presentation import of_frame, read_presentation
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import items, lut_items, numbers, order_number, raw, text
from consult.dicom.reading.cine import frame_times
from consult.dicom.reading.frame_attributes import (
    FRAME_TYPES,
    Group,
    dimension_keywords,
    read_attributes,
    read_frame_attributes,
)
from consult.dicom.reading.patient import uid
from consult.dicom.reading.pixel_attributes import Pixels
from consult.dicom.reading.placement import MAX_MM, orientation, patient_orientation, plane, position
from consult.dicom.reading.spacing import Spacing, flat_spacing, millimetres
from consult.dicom.reading.windows import Rescale, rescale, voi_function, windows
from consult.dicom.records import Frame, FrameAttributes, Plane
from consult.model.errors import DicomRefused
from consult.model.geometry import add, cross, scale
from consult.model.words import counted


class Geometry(Struct, frozen=True):
    """Where the frames of a file lie. `note`: why that is not known."""

    spacing: Spacing
    planes: list[Plane | None]
    note: str = ""


def read_frames(dataset: Dataset, pixels: Pixels, file: str, modality: str) -> tuple[Frame, ...]:
    """All frames of a file.

    Raises:
        DicomRefused: "functional_groups", "missing", "bad_value".
    """
    own = items(dataset, "PerFrameFunctionalGroupsSequence")
    shared = (items(dataset, "SharedFunctionalGroupsSequence") or [Dataset()])[0]
    if own and len(own) != pixels.frames:
        rule = f"must have an item for each of {counted(pixels.frames, 'frame')}"
        raise DicomRefused("functional_groups", rule, tag="PerFrameFunctionalGroupsSequence", value=str(len(own)))
    template = _template(dataset, pixels, file, modality)
    if not own and not len(shared):
        return _timed(dataset, _classic(dataset, template, pixels.frames, modality))
    cache: dict[str, Dataset] = {}
    dimensions = dimension_keywords(dataset)
    frames = []
    for i in range(pixels.frames):
        group = _group_of(own[i] if own else Dataset(), shared, cache)
        attributes = read_frame_attributes(template.attributes, group, dimensions)
        numbered = replace(template, frame=i, order=_order(dataset, group, i), attributes=attributes)
        frames.append(_enhanced(dataset, group, numbered, modality))
    return _timed(dataset, tuple(frames))


def _timed(dataset: Dataset, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """With how long each is shown, where the file says so of several."""
    times = frame_times(dataset, len(frames)) if len(frames) > 1 else ()
    if not times:
        return frames
    return tuple(
        replace(frame, attributes=replace(found, numbers=found.numbers | {"FrameTime": time}))
        for frame, time in zip(frames, times, strict=True)
        if (found := frame.attributes) is not None
    )


def _template(dataset: Dataset, pixels: Pixels, file: str, modality: str) -> Frame:
    """What all frames have from the data set itself."""
    return Frame(
        file=file,
        frame=0,
        sop_instance_uid=uid(dataset, "SOPInstanceUID"),
        plane=None,
        row_spacing=1.0,
        column_spacing=1.0,
        unit="px",
        inverted=pixels.inverted,
        voi_function=voi_function(dataset),
        windows=() if pixels.format.colour else windows(dataset),
        slice_thickness_mm=_thickness(dataset),
        attributes=replace(read_attributes(dataset), presentation=read_presentation(dataset)),
        orientation=patient_orientation(dataset),
    )


def _classic(dataset: Dataset, template: Frame, count: int, modality: str) -> tuple[Frame, ...]:
    """Frames of a file without functional groups."""
    geometry = _usable(lambda: _classic_geometry(dataset, modality, count), count)
    spacing, planes = geometry.spacing, geometry.planes
    values = rescale(dataset)
    keywords = ("TemporalPositionIdentifier", "AcquisitionNumber", "InstanceNumber")
    order = tuple(order_number(dataset, keyword) for keyword in keywords)
    return tuple(
        replace(
            template,
            frame=i,
            plane=planes[i],
            row_spacing=spacing.row,
            column_spacing=spacing.column,
            unit=spacing.unit,
            slope=values.slope,
            intercept=values.intercept,
            order=(order[0], order[1], order[2], i),
            attributes=_presented(replace(template, frame=i), dataset, Dataset(), _notes(geometry, values)),
        )
        for i in range(count)
    )


def _classic_geometry(dataset: Dataset, modality: str, count: int) -> Geometry:
    place = plane(position(dataset), orientation(dataset))
    return Geometry(*_place(dataset, dataset, modality, _planes(dataset, place, count)))


def _usable(read: Callable[[], Geometry], count: int) -> Geometry:
    """The geometry; none where it cannot be used, with why."""
    try:
        return read()
    except DicomRefused as why:
        return Geometry(Spacing(1.0, 1.0, "px"), [None] * count, geometry_note(why))


def _notes(geometry: Geometry, values: Rescale) -> tuple[str, ...]:
    return tuple(filter(None, (geometry.note, "" if values.usable else SLOPE_0)))


def _presented(
    template: Frame, dataset: Dataset, voi: Dataset, notes: tuple[str, ...], pixel_presentation: str = ""
) -> FrameAttributes | None:
    """A frame's attributes, with how it is to be shown; the template has its number."""
    if template.attributes is None:
        return None
    own = of_frame(template.presentation, dataset, voi, template.frame, pixel_presentation=pixel_presentation)
    return replace(template.attributes, presentation=replace(own, notes=notes))


def _planes(dataset: Dataset, first: Plane | None, count: int) -> list[Plane | None]:
    """Planes of the frames of a classic file."""
    if count == 1 or first is None:
        return [first] * count if count == 1 else [None] * count
    offsets = numbers(dataset, "GridFrameOffsetVector")
    if len(offsets) != count:
        return [None] * count
    normal = cross(first.right, first.down)
    if offsets[0] != 0:  # absolute z coordinates (PS3.3 C.8.8.3.2, second form): only for axial planes
        offsets = tuple(o - first.position[2] for o in offsets)
    if max(map(abs, offsets)) > MAX_MM:
        return [None] * count
    return [Plane(add(first.position, scale(normal, o)), first.right, first.down) for o in offsets]


def _place(
    dataset: Dataset, measures: Dataset, modality: str, planes: list[Plane | None]
) -> tuple[Spacing, list[Plane | None]]:
    """Spacing, and the planes where they have one in mm."""
    found = millimetres(measures, "PixelSpacing")
    if found is not None and planes[0] is not None:
        return Spacing(*found, "mm"), planes
    flat = measures if found is not None else dataset
    return flat_spacing(flat, modality), [None] * len(planes)


def _group_of(own: Dataset, shared: Dataset, cache: dict[str, Dataset]) -> Group:
    def group(keyword: str) -> Dataset:
        if keyword in own:
            return (items(own, keyword) or [Dataset()])[0]
        if keyword not in cache:
            cache[keyword] = (items(shared, keyword) or [Dataset()])[0]
        return cache[keyword]

    return group


def _enhanced(dataset: Dataset, group: Group, template: Frame, modality: str) -> Frame:
    """One frame by its functional groups."""
    measures, transformation = group("PixelMeasuresSequence"), group("PixelValueTransformationSequence")
    voi = group("FrameVOILUTSequence")

    def read() -> Geometry:
        found = plane(position(group("PlanePositionSequence")), orientation(group("PlaneOrientationSequence")))
        return Geometry(*_place(dataset, measures, modality, [found]))

    geometry = _usable(read, 1)
    spacing, (place,) = geometry.spacing, geometry.planes
    values = rescale(transformation if len(transformation) else dataset)
    own_windows = raw(voi, "WindowCenter") is not None or bool(lut_items(voi, "VOILUTSequence"))
    return replace(
        template,
        plane=place,
        row_spacing=spacing.row,
        column_spacing=spacing.column,
        unit=spacing.unit,
        slope=values.slope,
        intercept=values.intercept,
        windows=windows(voi) if own_windows else template.windows,
        voi_function=voi_function(voi) if own_windows else template.voi_function,
        slice_thickness_mm=_thickness(measures) or template.slice_thickness_mm,
        attributes=_presented(template, dataset, voi, _notes(geometry, values), _pixel_presentation(group)),
    )


def _pixel_presentation(group: Group) -> str:
    """Of one frame (PS3.3 C.8.16.2.1.1.1)."""
    return next((found for keyword in FRAME_TYPES if (found := text(group(keyword), "PixelPresentation"))), "")


def _order(dataset: Dataset, group: Group, frame: int) -> tuple[int, int, int, int]:
    content = group("FrameContentSequence")
    temporal = order_number(content, "TemporalPositionIndex")
    return temporal, order_number(content, "FrameAcquisitionNumber"), order_number(dataset, "InstanceNumber"), frame


def _thickness(dataset: Dataset) -> float:
    """SliceThickness, mm; 0 where unknown."""
    return max(0.0, lenient.number(dataset, "SliceThickness") or 0.0)
