"""What a worker has read of a segmentation to what is drawn, among the stacks that it lies over. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from consult.dicom.records import StackRecord
from consult.dicom.segmentations.data import RegionData
from consult.model.identifiers import SeriesKey
from consult.model.segmentations.layers import Layers
from consult.rendering.segmentations.contours import Contour, ContourSet
from consult.rendering.segmentations.regions import RegionSet

NO_LAYERS = Layers((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (), 0.0)


def drawn_regions(data: RegionData, stacks: Sequence[StackRecord]) -> RegionSet:
    """The regions of a segmentation. Many and large: not on the loop."""
    layers = data.layers or NO_LAYERS
    return RegionSet(
        layers,
        data.corners,
        data.shape,
        data.spacing_mm,
        data.regions,
        _images(data.references, stacks) if data.layers is None else {},  # with a place they lie by that
        _coincide(layers, stacks),
        _times(data.references, stacks) if data.layers is not None else {},
    )


def drawn_contours(layers: Layers, contours: tuple[Contour, ...], stacks: Sequence[StackRecord]) -> ContourSet:
    """The contours of a structure set, with the memory that they take, which is reckoned from all their points: not on
    the loop."""
    made = ContourSet(layers, contours, _coincide(layers, stacks))
    _ = made.own_bytes  # it is kept from now on
    return made


def _coincide(layers: Layers, stacks: Sequence[StackRecord]) -> frozenset[SeriesKey]:
    grids = [(stack.series.key, stack.series.grid) for stack in stacks]
    return frozenset(key for key, grid in grids if layers.parallel(grid) and layers.coincide(grid))


def _times(
    references: Sequence[Sequence[tuple[str, int]]], stacks: Sequence[StackRecord]
) -> dict[SeriesKey, dict[int, frozenset[int]]]:
    """At which times of a series, whose images repeat, frames that name images of it are drawn."""
    found: dict[SeriesKey, dict[int, frozenset[int]]] = {}
    for stack in (stack for stack in stacks if stack.series.times > 1):
        of_frame: dict[int, set[int]] = {}
        for (_, image), frames in _images(references, [stack]).items():
            for frame in frames:
                of_frame.setdefault(frame, set()).add(stack.series.locate(image)[1])
        found[stack.series.key] = {frame: frozenset(times) for frame, times in of_frame.items()}
    return {key: times for key, times in found.items() if times}


def _images(
    references: Sequence[Sequence[tuple[str, int]]], stacks: Sequence[StackRecord]
) -> dict[tuple[SeriesKey, int], frozenset[int]]:
    """The frames that mark each image, where frames name images."""
    naming: dict[str, list[tuple[int, int]]] = {}
    for frame, named in enumerate(references):
        for uid, number in named:
            naming.setdefault(uid, []).append((frame, number))
    return {
        (stack.series.key, image): found
        for stack in stacks
        for image, shown in enumerate(stack.frames)
        if (found := frozenset(f for f, n in naming.get(shown.sop_instance_uid, []) if n in (0, shown.frame + 1)))
    }
