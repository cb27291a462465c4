"""Segmentations in the catalogue of a case: on which of its series they lie, or why on none. Pure.

Rules of this file:
- What has a place in the patient lies over series of its frame of reference whose images are parallel to it.
- What has none lies over the very images that it names.
- On planes it lies wherever its frame of reference has a volume, however that is turned.
- What differs by time lies over the series alone whose images its frames name: no other says which time it shows.
- Never by likeness of size or description: a region on the wrong patient's image, or beside its place, is worse than
  none.
"""

from __future__ import annotations

from collections.abc import Sequence

from consult.dicom.naming import short_key
from consult.dicom.records import FileRecord, StackRecord
from consult.dicom.segmentations.records import SegmentationRecord
from consult.dicom.stacks import series_key
from consult.model.geometry import Grid
from consult.model.identifiers import SegmentationKey, SeriesKey
from consult.model.planes.volume import why_no_planes
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segmentation

OTHER_FRAME = "It lies in another frame of reference than the images here."
OTHER_PLANES = "Its planes are not parallel to the images here."
NO_IMAGE = "None of its planes lies on an image here."
NO_REFERENCE = "The images that it marks are not here."
SAME_PIXEL = 0.01
"""Of a pixel: grids that differ by less are one."""
Over = tuple[StackRecord, tuple[int, int]]
"""A stack, and the first and last place of it that shows something."""


def segmentation_key(record: FileRecord) -> SegmentationKey:
    """Names the segmentation of a file."""
    return SegmentationKey(f"{series_key(record.study_uid, record.series_uid)}-{short_key(record.file)}")


def catalogued(record: FileRecord, stacks: Sequence[StackRecord]) -> Segmentation:
    """The segmentation of a file among the stacks of its case."""
    found = record.segmentation
    assert found is not None  # the caller has chosen files that have one
    planes: list[SeriesKey] = []
    if found.layers is None or not record.frame_of_reference_uid:
        over, why = _by_reference(found, stacks)
    else:
        frame = short_key(record.frame_of_reference_uid)
        named = _named(found, stacks)
        over, why = _by_place(frame, found.layers, named) if named else ([], NO_REFERENCE)
        planes = [stack.series.key for stack in named if _has_planes(stack, frame)]
    return Segmentation(
        key=segmentation_key(record),
        study=record.study.key,
        kind=found.kind,
        name=record.series_description,
        number=record.series_number,
        segments=found.segments,
        over=tuple(stack.series.key for stack, _ in over),
        spans=tuple(span for _, span in over),
        resampled=tuple(stack.series.key for stack, _ in over if _is_resampled(found, stack)),
        note=found.note,
        why=why,
        planes=tuple(planes),
    )


def _named(found: SegmentationRecord, stacks: Sequence[StackRecord]) -> Sequence[StackRecord]:
    """All stacks; of what differs by time, those whose images it names."""
    if not found.references:
        return stacks
    named = set(found.references)
    return [stack for stack in stacks if any(frame.sop_instance_uid in named for frame in stack.frames)]


def _has_planes(stack: StackRecord, frame: str) -> bool:
    series = stack.series
    return series.frame_of_reference == frame and not why_no_planes(series)


def _by_reference(found: SegmentationRecord, stacks: Sequence[StackRecord]) -> tuple[list[Over], str]:
    """The stacks whose images it names, and why there is none."""
    named, over = set(found.references), []
    for stack in stacks:
        images = [image for image, frame in enumerate(stack.frames) if frame.sop_instance_uid in named]
        places = [stack.series.locate(image)[0] for image in images]
        if places:
            over.append((stack, (min(places), max(places))))
    return over, "" if over else NO_REFERENCE


def _by_place(frame: str, layers: Layers, stacks: Sequence[StackRecord]) -> tuple[list[Over], str]:
    """The stacks in whose planes it lies, and why there is none."""
    same = [stack for stack in stacks if stack.series.frame_of_reference == frame]
    parallel = [stack for stack in same if layers.parallel(stack.series.grid)]
    spans = [(stack, _span(layers, stack.series.grid)) for stack in parallel]
    over = [(stack, span) for stack, span in spans if span is not None]
    if over:
        return over, ""
    return [], NO_IMAGE if parallel else OTHER_PLANES if same else OTHER_FRAME


def _span(layers: Layers, grid: Grid) -> tuple[int, int] | None:
    """The first and the last place of a grid that shows a layer."""
    coincide = layers.coincide(grid)
    places = [place for place in range(len(grid.positions)) if layers.at(grid, place, coincide=coincide) is not None]
    return (places[0], places[-1]) if places else None


def _is_resampled(found: SegmentationRecord, stack: StackRecord) -> bool:
    """Whether its pixels are not the image's; contours have none."""
    grid = stack.series.grid
    if found.kind == "contours":
        return found.layers is not None and not found.layers.coincide(grid)
    if found.shape != (grid.rows, grid.columns):
        return True
    if found.layers is None or grid.space != "patient":
        return False
    if not found.layers.coincide(grid):
        return True
    column, row = grid.pixel(0, found.corner)
    last_column, last_row = grid.pixel(0, _last(found))
    off = (column, row, last_column - grid.columns + 1, last_row - grid.rows + 1)
    return max(map(abs, off)) > SAME_PIXEL


def _last(found: SegmentationRecord) -> tuple[float, float, float]:
    """The centre of the last pixel of the first layer."""
    assert found.layers is not None  # the caller has looked
    rows, columns = found.shape
    row, column = found.spacing_mm
    own = Grid("patient", rows, columns, row, column, "mm", found.layers.right, found.layers.down, (found.corner,))
    return own.point(0, columns - 1, rows - 1)
