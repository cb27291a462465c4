"""What a presentation state lays over a drawn image: its shutters in black, its lines and texts in white on black.

Lines are as wide on every screen as that is large, wherever the image is zoomed to, and fine to a sixteenth of a pixel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.model.image import SHUTTER
from consult.model.states.state import Drawing, Look, Pairs, Shutter
from consult.model.view import Part
from consult.rendering.affine import Affine, Size
from consult.rendering.graphics import Picture

WHITE, BLACK = 255, 0
LINE_PX, TEXT_PX, CROSS_PX = 1 / 700, 1 / 40, 1 / 80
"""Of the smaller side of the picture."""
SUBPIXELS = 4
"""Bits of a device pixel that lines are placed to."""
FONT, FONT_HEIGHT = cv2.FONT_HERSHEY_SIMPLEX, 22.0
"""Height of a capital at scale 1."""


@lru_cache(8)
def shutter_plane(shutters: tuple[Shutter, ...], rows: int, columns: int) -> NDArray[np.uint8]:
    """(rows, columns) of SHUTTER where a pixel lies outside any of them."""
    y, x = np.ogrid[:rows, :columns]
    seen = np.ones((rows, columns), np.bool_)
    for shutter in shutters:
        if shutter.shape == "rectangle":
            left, top, right, bottom = shutter.numbers
            seen &= (x > left) & (x < right) & (y > top) & (y < bottom)
        elif shutter.shape == "circle":
            column, row, radius = shutter.numbers
            seen &= (x - column) ** 2 + (y - row) ** 2 <= radius**2
        else:
            inside = np.zeros((rows, columns), np.uint8)
            cv2.fillPoly(inside, [np.array(_pairs(shutter.numbers)).round().astype(np.int32)], 1)
            seen &= inside == 1
    plane = np.where(seen, 0, SHUTTER).astype(np.uint8)
    plane.setflags(write=False)
    return plane


def with_drawings(drawn: Picture, look: Look, mapping: Affine, size: Size, without: Collection[Part]) -> Picture:
    """A picture with the lines and texts of a look.

    Args:
        drawn: of the image.
        look: how it is shown.
        mapping: from the picture's pixels to the image's.
        size: of the picture.
        without: nothing is drawn where overlays are left out.
    """
    if not look.drawings or "overlay" in without:
        return drawn
    picture = np.ascontiguousarray(drawn).copy()
    line, least = max(1, round(min(size) * LINE_PX)), min(size)
    for drawing in look.drawings:
        points = [_on_screen(mapping, column, row) for column, row in _pairs(drawing.points)]
        if drawing.text:
            _write(picture, drawing.text, points[0], least)
        else:
            _stroke(picture, drawing, points, line, least)
    return np.asarray(picture, np.uint8)


def _pairs(numbers: Pairs) -> list[tuple[float, float]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _on_screen(mapping: Affine, column: float, row: float) -> tuple[float, float]:
    """Of a place in the image."""
    off_column, off_row = column - mapping.column_0, row - mapping.row_0
    size = mapping.column_x * mapping.row_y - mapping.column_y * mapping.row_x
    x = (off_column * mapping.row_y - off_row * mapping.column_y) / size
    y = (off_row * mapping.column_x - off_column * mapping.row_x) / size
    return x, y


def _stroke(picture: Picture, drawing: Drawing, points: list[tuple[float, float]], line: int, least: int) -> None:
    for ink, width in ((BLACK, line + 2), (WHITE, line)):
        for corners in _lines(points, least * CROSS_PX):
            at = np.clip(np.array(corners) * (1 << SUBPIXELS), -(2**30), 2**30).round().astype(np.int32)
            if drawing.filled and ink == WHITE:
                cv2.fillPoly(picture, [at], _colour(picture, ink), cv2.LINE_AA, SUBPIXELS)
            else:
                cv2.polylines(picture, [at], False, _colour(picture, ink), width, cv2.LINE_AA, SUBPIXELS)


def _lines(points: list[tuple[float, float]], arm: float) -> Iterator[list[tuple[float, float]]]:
    """One point alone is a cross."""
    if len(points) > 1:
        yield points
        return
    ((x, y),) = points
    yield [(x - arm, y), (x + arm, y)]
    yield [(x, y - arm), (x, y + arm)]


def _write(picture: Picture, words: str, at: tuple[float, float], least: int) -> None:
    height = max(9.0, least * TEXT_PX)
    scale, step = height / FONT_HEIGHT, round(height * 1.5)
    x, y = round(at[0]), round(at[1] + height)
    if not (abs(x) < 2**15 and abs(y) < 2**15):
        return
    thick = max(1, round(height / 12))
    for n, text in enumerate(words.split("\\")):
        for ink, width in ((BLACK, thick + 2), (WHITE, thick)):
            cv2.putText(picture, text, (x, y + n * step), FONT, scale, _colour(picture, ink), width, cv2.LINE_AA)


def _colour(picture: Picture, grey: int) -> tuple[int, ...]:
    return (grey,) * 3 if picture.ndim == 3 else (grey,)
