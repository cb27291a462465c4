"""Segmentations in the catalogue of a case: on which of its series they lie, or why on none. Pure.

Rules of this file:
- What has a place in the patient lies over series of its frame of reference whose images are parallel to it.
- What has none lies over the very images that it names.
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
from consult.model.identifiers import SegmentationKey
from consult.model.segmentations.layers import Layers
from consult.model.segmentations.segmentation import Segmentation

OTHER_FRAME = "It lies in another frame of reference than the images here."
OTHER_PLANES = "Its planes are not parallel to the images here."
NO_IMAGE = "None of its planes lies on an image here."
NO_REFERENCE = "The images that it marks are not here."
SAME_PIXEL = 0.01
"""Of a pixel: grids that differ by less are one."""


def segmentation_key(record: FileRecord) -> SegmentationKey:
    """Names the segmentation of a file."""
    return SegmentationKey(f"{series_key(record.study_uid, record.series_uid)}-{short_key(record.file)}")


def catalogued(record: FileRecord, stacks: Sequence[StackRecord]) -> Segmentation:
    """The segmentation of a file among the stacks of its case."""
    found = record.segmentation
    assert found is not None  # the caller has chosen files that have one
    over, why = _lies_over(record, found, stacks)
    return Segmentation(
        key=segmentation_key(record),
        study=record.study.key,
        kind=found.kind,
        name=record.series_description,
        number=record.series_number,
        segments=found.segments,
        over=tuple(stack.series.key for stack in over),
        resampled=tuple(stack.series.key for stack in over if _is_resampled(found, stack)),
        note=found.note,
        why=why,
    )


def _lies_over(
    record: FileRecord, found: SegmentationRecord, stacks: Sequence[StackRecord]
) -> tuple[list[StackRecord], str]:
    """The stacks, and why there is none."""
    if found.layers is None or not record.frame_of_reference_uid:
        named = set(found.references)
        over = [stack for stack in stacks if any(frame.sop_instance_uid in named for frame in stack.frames)]
        return over, "" if over else NO_REFERENCE
    frame, layers = short_key(record.frame_of_reference_uid), found.layers
    same = [stack for stack in stacks if stack.series.frame_of_reference == frame]
    parallel = [stack for stack in same if layers.parallel(stack.series.grid)]
    over = [stack for stack in parallel if _has_layer(layers, stack.series.grid)]
    if over:
        return over, ""
    return [], NO_IMAGE if parallel else OTHER_PLANES if same else OTHER_FRAME


def _has_layer(layers: Layers, grid: Grid) -> bool:
    """Whether any image of a grid shows a layer."""
    coincide = layers.coincide(grid)
    return any(layers.at(grid, place, coincide=coincide) is not None for place in range(len(grid.positions)))


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
    own = Grid(
        "patient", rows, columns, row, column, "mm", found.layers.right, found.layers.down, (found.corner,)
    )
    return own.point(0, columns - 1, rows - 1)
