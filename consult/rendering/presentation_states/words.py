"""Where words of a presentation state stand on the screen: upright, of one size, whatever the zoom (PS3.3 C.10.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from consult.model.presentation_states.drawn import Words
from consult.rendering.affine import Affine, Size
from consult.rendering.presentation_states.figures import Line, on_screen
from consult.rendering.presentation_states.state import DrawnImage

FACE, WEIGHT = "sans", 600
SMALLEST, OF_PICTURE = 12, 40
"""Words are a fortieth of the picture's shorter side high, and at least so many pixels."""
LEADING = 1.3
BASELINE = 0.9
BESIDE = 10
"""Pixels from an anchor to its words."""
MAX_BOXES = 64
"""That a page is told of."""
PixelBox = tuple[int, int, int, int]
"""(x, y, width, height) in device pixels."""


@dataclass(frozen=True, eq=False)
class Placed:
    """Words in their place, in device pixels.

    Attributes:
        height: of a line's letters.
        left, top: of all lines together.
        lines: where each begins, on its base line.
        leader: from what they point at; None: they do not point.
    """

    height: int
    left: float
    top: float
    lines: tuple[tuple[float, float], ...]
    leader: Line | None


def placed(words: Words, mapping: Affine, size: Size, face: cv2.FontFace) -> Placed | None:
    """Where they stand; None: nowhere.

    Args:
        words: in pixels of the image.
        mapping: from device pixels to pixels of the image.
        size: (width, height) in device pixels.
        face: of the calling thread alone.
    """
    height = max(SMALLEST, min(size) // OF_PICTURE)
    anchor = None if words.anchor is None else on_screen([words.anchor], mapping)
    corners = on_screen(words.box, mapping) if words.box is not None else anchor
    if corners is None or len(corners) == 0:
        return None
    left, top = (float(value) for value in corners.min(axis=0))
    if words.box is None:
        left, top = left + BESIDE, top - height
    leader = None
    if words.pointing and anchor is not None and len(anchor):
        beside = left + text_width(words.lines, height, face) / 2 if words.box is not None else left
        leader = np.array([anchor[0], (beside, top + len(words.lines) * height * LEADING / 2)])
    lines = tuple((left, top + height * (BASELINE + row * LEADING)) for row in range(len(words.lines)))
    return Placed(height, left, top, lines, leader)


def text_width(lines: tuple[str, ...], height: int, face: cv2.FontFace) -> float:
    """Of the widest line, in device pixels."""
    box = [cv2.getTextSize((1, 1), line, (0, 0), face, height, WEIGHT) for line in lines if line]
    return max((float(found[0] + found[2]) for found in box), default=0.0)


def word_boxes(state: DrawnImage, mapping: Affine, size: Size) -> tuple[PixelBox, ...]:
    """What the words of an image cover on the screen, so that a page writes nothing there; what lies outside is not
    named. Arguments as of `placed`."""
    if not any(annotation.words for annotation in state.annotations):
        return ()
    return tuple(_boxes(state, mapping, size))[:MAX_BOXES]


def _boxes(state: DrawnImage, mapping: Affine, size: Size) -> Iterator[PixelBox]:
    face, (width, height) = cv2.FontFace(FACE), size
    for words in (words for annotation in state.annotations for words in annotation.words):
        found = placed(words, mapping, size, face)
        if found is None:
            continue
        x, y = np.clip((found.left, found.top), 0, size)
        right = min(found.left + text_width(words.lines, found.height, face), width)
        bottom = min(found.top + len(words.lines) * found.height * LEADING, height)
        if right > x and bottom > y:
            yield int(x), int(y), int(np.ceil(right - int(x))), int(np.ceil(bottom - int(y)))
