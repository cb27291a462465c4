"""What a presentation state draws: where, over what, and nowhere else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.presentation_states.drawn import Annotation, Figure, Shutter, Words
from consult.rendering.affine import Affine
from consult.rendering.presentation_states.painting import INK, RIM, with_state
from consult.rendering.presentation_states.state import DrawnImage
from consult.rendering.presentation_states.words import word_boxes

SIZE = (160, 120)
SHAPE = (60, 80)
GREY = 100
TWICE = Affine(0.0, 0.5, 0.0, 0.0, 0.0, 0.5)
"""A pixel of the image is two of the screen."""
MIRRORED = Affine(79.5, -0.5, 0.0, 0.0, 0.0, 0.5)


def painted(state: DrawnImage, mapping: Affine = TWICE, *, colour: bool = False) -> NDArray[Any]:
    picture = np.full((SIZE[1], SIZE[0], 3) if colour else (SIZE[1], SIZE[0]), GREY, np.uint8)
    drawn = with_state(picture, state, SHAPE, mapping, SIZE)
    assert (picture == GREY).all(), "the picture below is nobody's to change"
    return drawn.astype(int)


def inked(*figures: Figure, words: tuple[Words, ...] = (), grey: int = 255) -> DrawnImage:
    return DrawnImage(annotations=(Annotation(figures, words, grey),))


def middle_of_ink(drawn: NDArray[Any], grey: int = 255) -> tuple[float, float]:
    rows, columns = np.nonzero(drawn == grey)
    return float(columns.mean()), float(rows.mean())


def test_nothing_is_drawn_of_what_asks_for_nothing() -> None:
    assert (painted(DrawnImage()) == GREY).all()


def test_the_shutter_hides_what_is_outside_in_its_grey() -> None:
    drawn = painted(DrawnImage(shutter=Shutter(rectangle=(20, 61, 10, 51), grey=40)))
    assert (drawn[25:95, 45:115] == GREY).all(), "columns 21 to 60 and rows 11 to 50, counted from 1"
    assert (drawn[:15, :-1] == 40).all()
    assert (drawn[:-1, :35] == 40).all()
    assert (drawn[105:-1, :-1] == 40).all()


def test_a_line_goes_through_its_points_with_a_dark_rim() -> None:
    drawn = painted(inked(Figure("line", ((10.0, 30.0), (70.0, 30.0)))))
    column = drawn[:, 80]
    assert column[59:62].max() == 255, "row 30 of the image"
    assert column.min() < GREY / 2, "a rim, so that it is seen on white as well"
    assert (np.flatnonzero(column != GREY) >= 60 - RIM).all()
    assert (np.flatnonzero(column != GREY) <= 60 + RIM).all()
    assert (drawn[:, :12] == GREY).all()
    assert (drawn[:, 150:] == GREY).all()


def test_a_mirrored_picture_has_its_graphics_mirrored_and_its_words_upright() -> None:
    point = inked(Figure("point", ((10.0, 30.0),)))
    assert middle_of_ink(painted(point))[0] == pytest.approx(20, abs=1)
    assert middle_of_ink(painted(point, MIRRORED))[0] == pytest.approx(139, abs=1)
    said = inked(words=(Words(("Lesion",), anchor=(40.0, 30.0)),))
    straight, mirrored = painted(said), painted(said, MIRRORED)
    columns = [np.flatnonzero((drawn == 255).any(axis=0)) for drawn in (straight, mirrored)]
    first = [drawn[:, at[0] : at[-1]] for drawn, at in zip((straight, mirrored), columns, strict=True)]
    assert (first[0] == first[1]).all(), "the same letters, at another place"


@pytest.mark.parametrize("kind", ["circle", "ellipse", "curve"])
def test_round_figures_pass_where_they_must(kind: Any) -> None:
    points = {
        "circle": ((40.0, 30.0), (40.0, 10.0)),
        "ellipse": ((10.0, 30.0), (70.0, 30.0), (40.0, 10.0), (40.0, 50.0)),
        "curve": ((10.0, 30.0), (40.0, 10.0), (70.0, 30.0)),
    }[kind]
    drawn = painted(inked(Figure(kind, points)))
    assert drawn[18:23, 80].max() == 255, "row 10 above the middle"
    across = {"circle": 40, "ellipse": 20, "curve": 20}[kind]
    assert drawn[60, across - 2 : across + 3].max() == 255
    assert drawn[60, 80] == GREY, "nothing in the middle"


def test_what_is_filled_is_filled_in_the_grey_of_its_layer() -> None:
    drawn = painted(inked(Figure("circle", ((40.0, 30.0), (40.0, 20.0)), filled=True), grey=180))
    assert (drawn[50:71, 70:91] == 180).all()


def test_words_stand_in_their_box_or_beside_what_they_point_at() -> None:
    boxed = painted(inked(words=(Words(("Nodule", "4 mm"), box=((10.0, 10.0), (50.0, 30.0))),)))
    rows, columns = np.nonzero(boxed == 255)
    assert 18 <= columns.min() <= 26
    assert 18 <= rows.min() <= 28
    one = painted(inked(words=(Words(("Nodule",), box=((10.0, 10.0), (50.0, 30.0))),)))
    assert np.nonzero(one == 255)[0].max() < rows.max(), "the second line stands below the first"
    beside = painted(inked(words=(Words(("x",), anchor=(40.0, 30.0), pointing=True),)))
    assert beside[60, 80:83].max() > GREY, "a line leads to what is meant"
    assert INK < RIM


def test_a_layer_lies_over_the_one_before_and_colours_stay() -> None:
    low, high = Figure("line", ((10.0, 30.0), (70.0, 30.0))), Figure("line", ((40.0, 10.0), (40.0, 50.0)))
    state = DrawnImage(annotations=(Annotation((low,), grey=255), Annotation((high,), grey=60)))
    drawn = painted(state, colour=True)
    assert (drawn[60, 80] == 60).all()
    assert (drawn[60, 60] == 255).all()
    assert drawn.shape == (120, 160, 3)


@pytest.mark.parametrize("mapping", [TWICE, MIRRORED])
def test_what_words_cover_is_told_to_the_pixel(mapping: Affine) -> None:
    lines = Words(("Nodule", "", "gyp"), box=((10.0, 10.0), (40.0, 20.0)), anchor=(60.0, 40.0), pointing=True)
    beside = Words(("Wide words that leave the picture",), anchor=(30.0, 50.0))
    for words in (lines, beside):
        state = inked(words=(words,))
        ((x, y, width, height),) = word_boxes(state, mapping, SIZE)
        assert 0 <= x < x + width <= SIZE[0]
        assert 0 <= y < y + height <= SIZE[1]
        bare = inked(words=(replace(words, pointing=False),))
        rows, columns = np.nonzero(painted(bare, mapping) == 255)
        assert (columns.min(), rows.min()) >= (x - 1, y - 1)
        assert columns.max() <= x + width
        assert rows.max() <= y + height
        assert columns.max() - columns.min() > 0.8 * width, "and no more than that"


def test_words_outside_of_the_picture_cover_nothing_of_it() -> None:
    assert word_boxes(inked(words=(Words(("Far",), anchor=(500.0, 30.0)),)), TWICE, SIZE) == ()
    assert word_boxes(inked(Figure("point", ((10.0, 30.0),))), TWICE, SIZE) == ()
