"""Supplemental palettes, drawn: greys below the first colour, its colours from it on, and nothing in between."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace as changed
from numpy.typing import NDArray

from consult.model.geometry import Grid
from consult.model.image import Image, SupplementalColours
from consult.model.view import Camera, Window
from consult.rendering.stack import render_viewport
from consult.rendering.supplemental import grey_part, with_own_colours
from consult.rendering.window import apply_window

FIRST = 3000
COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8)
WINDOW = Window(1024.0, 2048.0)
SIDE = 16


def image(stored: NDArray[Any]) -> Image:
    return Image(stored, supplemental=SupplementalColours(FIRST, COLOURS))


def blob() -> NDArray[np.int16]:
    """Greys of 400 with a square of the second colour in the middle, and one pixel beyond the table's end."""
    stored = np.full((SIDE, SIDE), 400, np.int16)
    stored[6:10, 6:10] = FIRST + 1
    stored[0, 0] = FIRST + 900
    return stored


def grid() -> Grid:
    return Grid("image", SIDE, SIDE, 1.0, 1.0, "mm", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),))


def drawn(stored: NDArray[Any], size: int, **how: Any) -> NDArray[np.uint8]:
    """The whole image on a square of so many pixels."""
    camera = Camera(((SIDE - 1) / 2, (SIDE - 1) / 2, 0.0), SIDE / 2, (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    camera = changed(camera, **how.pop("camera", {}))
    return render_viewport(image(stored), grid(), 0, camera, WINDOW, (size, size), **how)


def test_one_to_one_each_pixel_is_its_own_colour_or_its_grey() -> None:
    stored = blob()
    rgb = drawn(stored, SIDE)
    greys = apply_window(Image(stored), WINDOW)
    coloured = stored >= FIRST
    assert (rgb[~coloured] == greys[~coloured][:, None]).all()
    assert (rgb[6:10, 6:10] == (0, 255, 0)).all()
    assert tuple(rgb[0, 0]) == (0, 0, 255), "beyond the table's end: its last colour"
    assert np.array_equal(with_own_colours(greys, image(stored)), rgb)


@pytest.mark.parametrize("camera", [{}, {"right": (0.8, 0.6, 0.0), "down": (-0.6, 0.8, 0.0)}])
def test_magnified_no_colour_is_mixed_and_no_rim_is_bright(camera: dict[str, Any]) -> None:
    rgb = drawn(blob(), 160, camera=camera)
    found = {tuple(colour) for colour in np.unique(rgb.reshape(-1, 3), axis=0).tolist()}
    grey = int(apply_window(Image(np.full((1, 1), 400, np.int16)), WINDOW)[0, 0])
    assert found <= {(0, 255, 0), (0, 0, 255), (grey,) * 3, (0, 0, 0)}
    assert {(0, 255, 0), (grey,) * 3} <= found


def test_left_out_all_values_are_greys() -> None:
    stored = blob()
    assert np.array_equal(drawn(stored, SIDE, without=("palette",)), apply_window(Image(stored), WINDOW))


def test_upside_down_greys_keep_their_colours() -> None:
    rgb = drawn(blob(), SIDE, invert=True)
    assert (rgb[6:10, 6:10] == (0, 255, 0)).all()
    assert tuple(rgb[15, 15]) == (255 - int(drawn(blob(), SIDE)[15, 15, 0]),) * 3


def test_greys_go_on_below_colours_whatever_type_they_have() -> None:
    stored = blob()
    assert (grey_part(image(stored)).pixels == 400).all()
    assert grey_part(image(stored)).pixels.dtype == np.int16
    everywhere = np.full((SIDE, SIDE), FIRST, np.int16)
    assert (grey_part(image(everywhere)).pixels == 0).all()
    assert (drawn(everywhere, SIDE) == (255, 0, 0)).all()
