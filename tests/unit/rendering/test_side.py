"""The side of a mark: by the outline of the body, else with caution by the sign of x, else not; never the wrong one."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from consult.model.catalogue import Series
from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SeriesKey, StudyKey
from consult.model.image import Image
from consult.model.side import NOWHERE, Located, Side
from consult.rendering.side import OFF_CENTRE_MM, locate

SIZE, MM = 250, 2.0
Pixels = NDArray[np.int16]
BY_SIGN_LEFT, BY_SIGN_RIGHT = Located("LEFT", "sign"), Located("RIGHT", "sign")


def grid(centre_x: float = 0.0, right: Vec = (1.0, 0.0, 0.0), down: Vec = (0.0, 1.0, 0.0)) -> Grid:
    corner = (centre_x - SIZE * MM / 2, -SIZE * MM / 2, 0.0)
    return Grid("patient", SIZE, SIZE, MM, MM, "mm", right, down, (corner,))


def series(grid: Grid, modality: str = "CT", unit: str = "HU", body_part: str = "CHEST") -> Series:
    return Series(SeriesKey("s"), StudyKey("st"), modality, 1, "", 1, grid, unit=unit, body_part=body_part)


CT = series(grid())
MR = series(grid(), "MR", "")


def body(width_mm: float, *, shift_mm: float = 0.0, arm: bool = False, table: bool = False) -> Image:
    """An ellipse of soft tissue in air, shifted to the right of the picture; a raised arm, a table."""
    y, x = np.mgrid[:SIZE, :SIZE] * MM - SIZE * MM / 2
    inside = ((x - shift_mm) / (width_mm / 2)) ** 2 + (y / (width_mm / 3)) ** 2 <= 1
    pixels: Pixels = np.full((SIZE, SIZE), -1000, np.int16)
    pixels[inside] = 40
    if arm:
        pixels[np.hypot(x - shift_mm - width_mm / 2 - 35, y) <= 40] = 40
    if table:
        pixels[(np.abs(y - width_mm / 3 - 8) < 4) & (np.abs(x) < 215)] = -100
    return Image(pixels)


def mr(width_mm: float, *, shift_mm: float = 0.0) -> Image:
    """The same by MR: bright where there is body, with noise around and a bright spot in it."""
    noise = np.random.default_rng(7).integers(0, 30, (SIZE, SIZE))
    pixels = np.where(body(width_mm, shift_mm=shift_mm).pixels > 0, 400, 0) + noise
    pixels[120:125, 120:125] = 3000
    return Image(pixels.astype(np.int16))


def at(x: float) -> tuple[Vec, ...]:
    return ((x, 0.0, 0.0), (x + 5.0, 10.0, 0.0))


SIDES: list[tuple[float, Side]] = [(60.0, "LEFT"), (-60.0, "RIGHT"), (10.0, ""), (-18.0, ""), (-2.0, "MIDLINE")]


@pytest.mark.parametrize(("x", "side"), SIDES)
@pytest.mark.parametrize(
    ("image", "of"),
    [(body(360.0), CT), (body(360.0, table=True), CT), (mr(360.0), MR)],
    ids=["CT", "CT with a table", "MR"],
)
def test_a_mark_has_the_side_that_all_of_it_lies_on(image: Image, of: Series, x: float, side: Side) -> None:
    assert locate(image, of, 0, at(x)) == (Located(side, "outline") if side else NOWHERE)


@pytest.mark.parametrize("off", [-OFF_CENTRE_MM, OFF_CENTRE_MM])
def test_a_patient_off_centre_never_has_the_wrong_side(off: float) -> None:
    """Seen to fail on: the sign of x, and a sign that is trusted within 60 mm of the scanner's centre."""
    whole, lost = body(300.0, shift_mm=off), body(300.0, shift_mm=off, arm=True)
    for from_midline in (-90.0, -40.0, -20.0, 20.0, 40.0, 90.0):
        side: Side = "LEFT" if from_midline > 0 else "RIGHT"
        points = ((off + from_midline, 0.0, 0.0), (off + from_midline, 10.0, 0.0))
        assert locate(whole, CT, 0, points) == Located(side, "outline")
        by_sign = [locate(lost, CT, 0, points), locate(whole, replace(CT, modality="PT", unit="BQML"), 0, points)]
        assert all(found in (Located(side, "sign"), NOWHERE) for found in by_sign), (from_midline, by_sign)


def test_rows_that_run_from_left_to_right_and_turned_planes_change_nothing() -> None:
    """However an acquisition lies: points are the patient's, and so is the side."""
    mirrored = replace(grid(), right=(-1.0, 0.0, 0.0), positions=((250.0, -250.0, 0.0),))
    feet = replace(grid(), down=(0.0, -1.0, 0.0), positions=((-250.0, 250.0, 0.0),))
    coronal = replace(grid(), down=(0.0, 0.0, -1.0))
    for other in (mirrored, feet, coronal):
        assert locate(body(360.0), series(other), 0, at(60.0)) == Located("LEFT", "outline")
        assert locate(body(360.0), series(other), 0, at(-60.0)) == Located("RIGHT", "outline")


@pytest.mark.parametrize(
    "image",
    [
        body(160.0),
        body(300.0, arm=True),
        body(620.0),
        body(300.0, shift_mm=110.0),
        Image(np.zeros((SIZE, SIZE, 3), np.uint8)),
    ],
    ids=["a head or a limb", "a raised arm", "a cut field of view", "cut on one side", "colour"],
)
def test_what_does_not_show_the_midline_leaves_the_sign_with_caution(image: Image) -> None:
    assert locate(image, CT, 0, at(60.0)) == NOWHERE
    assert locate(image, CT, 0, at(80.0)) == BY_SIGN_LEFT
    assert locate(image, CT, 0, at(-85.0)) == BY_SIGN_RIGHT


def test_a_head_is_narrow_and_a_limb_says_nothing() -> None:
    head, knee = series(grid(), "MR", "", "BRAIN"), series(grid(), "MR", "", "KNEE")
    assert locate(mr(160.0), head, 0, at(40.0)) == Located("LEFT", "outline")
    assert locate(mr(160.0), knee, 0, at(40.0)) == NOWHERE
    assert locate(mr(160.0), knee, 0, at(90.0)) == NOWHERE, "it lies where the scanner is best"


def test_a_sagittal_slice_has_the_sign_and_one_without_a_place_nothing() -> None:
    sagittal = grid(right=(0.0, 1.0, 0.0), down=(0.0, 0.0, -1.0))
    assert locate(body(360.0), series(sagittal), 0, at(80.0)) == BY_SIGN_LEFT
    assert locate(body(360.0), series(replace(grid(), space="image")), 0, at(80.0)) == NOWHERE


def test_a_mark_across_the_midline_has_no_side() -> None:
    assert locate(body(360.0), CT, 0, ((-40.0, 0.0, 0.0), (40.0, 0.0, 0.0))) == NOWHERE
