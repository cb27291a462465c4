"""A presentation state over a drawn picture: what its shutter hides, then its graphics and words, layer by layer.

Rules of this file:
- Ink is as bright as the layer recommends, with a dark rim, so that it is seen on any picture.
- Lines and words have one width and size on the screen, whatever the zoom; words stand upright, and are not turned.
- The same input gives the same bytes: the fonts are OpenCV's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.presentation_states.drawn import Annotation, Figure, Shutter, Words
from consult.rendering.affine import Affine, Size
from consult.rendering.graphics import Picture, blended
from consult.rendering.presentation_states.figures import Line, outline
from consult.rendering.presentation_states.state import DrawnImage
from consult.rendering.presentation_states.words import FACE, WEIGHT, placed
from consult.rendering.shutter import hidden_by
from consult.rendering.stack import draw_channel
from consult.rendering.window import IDENTITY

SHIFT = 4
"""Fractional bits of a point, in device pixels."""
INK, RIM = 2, 5
"""Widths of a line and of the dark rim around it."""
POINT = 5
"""Half the length of a point's cross."""
FAR = 1e6
"""Device pixels: what is further away is as far away as this."""
BLACK = 0
Share = NDArray[np.uint8]


def with_state(drawn: Picture, state: DrawnImage, shape: tuple[int, int], mapping: Affine, size: Size) -> Picture:
    """The picture with what is drawn of a state. Thread-safe.

    Args:
        drawn: (height, width) grey or (height, width, 3) RGB.
        state: of the image that is shown.
        shape: (rows, columns) of the image.
        mapping: from device pixels to pixels of the image.
        size: (width, height) in device pixels.
    """
    if state.shutter is not None:
        drawn = _shuttered(drawn, state.shutter, shape, mapping, size)
    if not state.annotations:
        return drawn
    picture, face = np.array(drawn), cv2.FontFace(FACE)  # a face of its own: other threads draw too
    for annotation in state.annotations:
        _ink(picture, annotation, mapping, size, face)
    return picture


def _shuttered(drawn: Picture, shutter: Shutter, shape: tuple[int, int], mapping: Affine, size: Size) -> Picture:
    hidden = hidden_by(shutter, shape).astype(np.uint8) * np.uint8(255)
    return blended(drawn, draw_channel(hidden, IDENTITY, mapping, size), shutter.grey)


def _ink(picture: Picture, annotation: Annotation, mapping: Affine, size: Size, face: cv2.FontFace) -> None:
    """One layer's figures and words: first all rims, then all ink."""
    strokes = [*_strokes(annotation, mapping, size, face)]
    for width, grey in ((RIM, BLACK), (INK, annotation.grey)):
        share = np.zeros((size[1], size[0]), np.uint8)
        for stroke in strokes:
            stroke(share, width)
        rows, columns = np.flatnonzero(share.any(axis=1)), np.flatnonzero(share.any(axis=0))
        if rows.size:
            part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            picture[part] = blended(picture[part], share[part], grey)


Stroke = Callable[[Share, int], None]
"""Draws into a share of the picture, with lines of a width."""


def _strokes(annotation: Annotation, mapping: Affine, size: Size, face: cv2.FontFace) -> Iterator[Stroke]:
    for figure in annotation.figures:
        yield _figure_stroke(figure, mapping)
    for words in annotation.words:
        yield from _words_strokes(words, mapping, size, face)


def _figure_stroke(figure: Figure, mapping: Affine) -> Stroke:
    line, closed = outline(figure, mapping)
    if figure.kind == "point" and len(line):
        x, y = line[0]
        arms = [np.array([(x - POINT, y), (x + POINT, y)]), np.array([(x, y - POINT), (x, y + POINT)])]
        return _lines(arms, closed=False)
    return _lines([line], closed=closed, filled=figure.filled and closed)


def _lines(lines: list[Line], *, closed: bool, filled: bool = False) -> Stroke:
    fixed = [np.round(np.clip(line, -FAR, FAR) * (1 << SHIFT)).astype(np.int32) for line in lines if len(line)]

    def stroke(share: Share, width: int) -> None:
        if filled and width == INK:
            cv2.fillPoly(share, fixed, 255, cv2.LINE_AA, SHIFT)
        cv2.polylines(share, fixed, closed, 255, width, cv2.LINE_AA, SHIFT)

    return stroke if fixed else lambda share, width: None


def _words_strokes(words: Words, mapping: Affine, size: Size, face: cv2.FontFace) -> Iterator[Stroke]:
    found = placed(words, mapping, size, face)
    if found is None:
        return
    if found.leader is not None:
        yield _lines([found.leader], closed=False)
    for line, at in zip(words.lines, found.lines, strict=True):
        if line:
            yield _text(line, at, found.height, face)


def _text(line: str, at: tuple[float, float], height: int, face: cv2.FontFace) -> Stroke:
    """A line of words, its rim by the same words moved a little to all sides."""
    x, y = round(min(max(at[0], -FAR), FAR)), round(min(max(at[1], -FAR), FAR))
    moves = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]

    def stroke(share: Share, width: int) -> None:
        for dx, dy in moves if width == RIM else [(0, 0)]:
            cv2.putText(share, line, (x + dx, y + dy), (255,), face, height, WEIGHT)

    return stroke
