"""Segments as colours over a picture: filled, outlined, or both, the later ones above.

A cover is (height, width, 4) uint8: red, green, blue, opacity of each device pixel. What marks a picture is found
device pixel by device pixel, then coloured: so outlines are equally thin at any zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.segmentations.segmentation import Segment
from consult.model.view import ShownSegmentation
from consult.rendering.affine import Size
from consult.rendering.segmentations import kernels
from consult.rendering.segmentations.cut import Box, Cut

LINE = 2
"""Device pixels that an outline is thick; it lies inside of its region."""
HALF = 128
"""Shares of 255: an outline goes round what is at least half."""
KINDS = {"bits": kernels.BITS, "shares": kernels.SHARES, "labels": kernels.LABELS}
Cover = NDArray[np.uint8]


@dataclass(frozen=True)
class Slices:
    """What is marked in each layer, as kernels read it.

    Attributes:
        kind: what `data` is, a key of `KINDS`.
        starts, boxes, data: see `kernels`.
    """

    kind: str
    starts: NDArray[np.int64]
    boxes: NDArray[np.int64]
    data: NDArray[np.uint8]

    def box(self, places: NDArray[np.float64]) -> Box | None:
        """In which all of it lies, in the coordinates of a cut; None where there is nothing."""
        layers = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        if len(layers) == 0:
            return None
        top, left, rows, columns = self.boxes[:, :4].T
        low, high, column, row = places[layers].T
        return (
            (float((left + column).min()) - 0.5, float((left + columns + column).max()) - 0.5),
            (float((top + row).min()) - 0.5, float((top + rows + row).max()) - 0.5),
            (float(low.min()), float(high.max())),
        )


def draw_segment(
    cover: Cover, slices: Slices, cut: Cut, segment: Segment, shown: ShownSegmentation, *, outlined: bool
) -> None:
    """One segment over a cover, which changes. `outlined`: it has an outline where it is filled, too."""
    size = cover.shape[1], cover.shape[0]
    found = _marked(slices, cut, size)
    if found is None:
        return
    marked, (rows, columns) = found
    part = cover[rows, columns]
    if shown.style == "fill":
        kernels.lay(part, marked, segment.colour, round(shown.opacity * 255))
    if outlined or shown.style == "outline":
        inside = (marked >= HALF).astype(np.uint8)
        rim = inside - np.asarray(cv2.erode(inside, _brush()), np.uint8)
        kernels.lay(part, np.asarray(rim, np.uint16) * np.uint16(255), segment.colour, 255)


def draw_labels(cover: Cover, slices: Slices, cut: Cut, segments: Sequence[Segment], shown: ShownSegmentation) -> None:
    """A label map over a cover, which changes: where each pixel is of one segment at most."""
    found = _marked(slices, cut, (cover.shape[1], cover.shape[0]))
    if found is None:
        return
    labels, (rows, columns) = found
    hidden = frozenset(shown.hidden)
    table = np.zeros((65536, 4), np.uint8)
    for segment in segments:
        if segment.number not in hidden:
            table[segment.number] = (*segment.colour, round(shown.opacity * 255) if shown.style == "fill" else 255)
    table[0, 3] = 0
    labels[table[labels, 3] == 0] = 0
    if shown.style == "outline":
        inner = (cv2.erode(labels, _brush()) == labels) & (cv2.dilate(labels, _brush()) == labels)
        labels[inner] = 0
    cover[rows, columns] = table[labels]


def _brush() -> NDArray[np.uint8]:
    return np.ones((2 * LINE + 1, 2 * LINE + 1), np.uint8)


def _marked(slices: Slices, cut: Cut, size: Size) -> tuple[NDArray[np.uint16], tuple[slice, slice]] | None:
    """What is marked at device pixels, and which these are; None where nothing is."""
    box = slices.box(cut.places)
    part = cut.part(box, size, LINE) if box is not None else None
    if part is None:
        return None
    left, top, width, height = part
    marked = np.zeros((height, width), np.uint16)
    source = cut.places, slices.starts, slices.boxes, slices.data
    kernels.mark(source, KINDS[slices.kind], cut.walk(left, top), cut.steps, marked)
    return marked, (slice(top, top + height), slice(left, left + width))
