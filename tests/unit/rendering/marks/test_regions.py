"""Marks on ultrasound: mm in tissue, cm/s and s in a spectrum, ms and mm in an M-mode, nothing across."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Axes, Region, Series
from consult.model.geometry import Grid, Vec
from consult.model.identifiers import SeatId, SeriesKey, StudyKey
from consult.model.image import Image
from consult.model.mark import AREA_KINDS, MarkKind, Shape
from consult.model.measuring.calibration import Calibration
from consult.rendering.marks.numbers import amounts_of

TISSUE = Region((0, 0, 99, 49), (0.5, 0.25))
SPECTRUM = Region((0, 50, 99, 99), None, Axes(10.0, -1.5, "cm/s", 75.0))
M_MODE = Region((100, 0, 199, 99), None, Axes(4.0, 0.2, "mm"))
GRID = Grid("image", 100, 240, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),))
US = Series(
    SeriesKey("s"), StudyKey("st"), "US", 1, "", images=1, grid=GRID, colour=True,
    regions=((TISSUE, SPECTRUM, M_MODE),),
)  # fmt: skip
COLOUR = Image(np.zeros((100, 240, 3), np.uint8))


BY_HAND = Calibration("c1/s/all", "c1", SeriesKey("s"), -1, 0.5, 25.0, SeatId("ann"), "Dr. Host")


def measured(
    kind: MarkKind, *at: tuple[float, float], series: Series = US, calibration: Calibration | None = None
) -> tuple[dict[str, tuple[float, str]], str]:
    """Value and unit by quantity, and the sentence."""
    points: tuple[Vec, ...] = tuple((x, y, 0.0) for x, y in at)
    shape = Shape(id="m", kind=kind, series=SeriesKey("s"), image=0, points=points)
    found = amounts_of(COLOUR, series, shape, calibration)
    return {one.quantity: (round(one.value, 6), one.unit) for one in found.amounts}, found.sentence


def test_all_kinds_in_tissue_are_in_mm() -> None:
    assert measured("length", (10, 10), (16, 26)) == ({"length": (5.0, "mm")}, "")
    assert measured("polyline", (10, 10), (16, 26), (16, 46)) == ({"length": (10.0, "mm")}, "")
    assert measured("bidirectional", (10, 10), (30, 10), (20, 10), (20, 30)) == (
        {"length": (10.0, "mm"), "short_axis": (5.0, "mm")}, "",
    )  # fmt: skip
    assert measured("rectangle", (10, 10), (20, 10), (20, 20), (10, 20))[0] == {"area": (12.5, "mm²")}
    area, unit = measured("circle", (40, 20), (50, 20), (40, 30))[0]["area"]
    assert area == pytest.approx(np.pi * 5 * 2.5)
    assert unit == "mm²"
    assert measured("angle", (20, 10), (10, 10), (20, 30)) == ({"angle": (45.0, "°")}, "")


def test_a_spectrum_has_velocities_and_times_and_nothing_else() -> None:
    assert measured("length", (10, 60), (42, 90)) == ({"time": (0.32, "s"), "velocity": (45.0, "cm/s")}, "")
    assert measured("probe", (10, 65)) == ({"velocity": (15.0, "cm/s")}, "")
    assert measured("probe", (10, 85)) == ({"velocity": (-15.0, "cm/s")}, "")
    for kind in AREA_KINDS:
        points = ((10, 60), (20, 60), (10, 70)) if kind in ("ellipse", "circle") else ((10, 60), (20, 60), (20, 70))
        assert measured(kind, *points) == ({}, "No area: this region has none.")
    assert measured("angle", (10, 60), (20, 60), (30, 70)) == ({}, "No angle: this region has none.")


def test_an_m_mode_has_times_and_depths() -> None:
    assert measured("length", (110, 10), (190, 60)) == ({"time": (320.0, "ms"), "depth": (10.0, "mm")}, "")
    assert measured("polyline", (110, 10), (190, 60), (190, 80)) == ({}, "No length: this region has none.")


def test_nothing_is_measured_from_one_region_into_another() -> None:
    assert measured("length", (10, 40), (10, 60)) == ({}, "No length: from one region to another.")
    assert measured("polyline", (10, 10), (20, 10), (20, 60))[1] == "No length: from one region to another."
    assert measured("circle", (90, 20), (150, 20), (90, 80))[1] == "No area: from one region to another."


def test_outside_of_all_it_is_in_pixels() -> None:
    assert measured("length", (210, 10), (213, 14)) == ({"length": (5.0, "px")}, "")


def test_a_velocity_without_a_baseline_is_no_number() -> None:
    blind = replace(SPECTRUM, axes=Axes(10.0, -1.5, "cm/s"))
    assert measured("probe", (10, 65), series=replace(US, regions=((blind,),)))[0] == {}


def test_regions_are_those_of_the_image() -> None:
    """A second image of the series has other ones."""
    other = Region((0, 0, 99, 49), (1.0, 1.0))
    two = replace(US, images=2, grid=replace(GRID, positions=(GRID.positions[0],) * 2), regions=((TISSUE,), (other,)))
    shape = Shape(id="m", kind="length", series=SeriesKey("s"), image=1, points=((10.0, 10.0, 0.0), (16.0, 18.0, 0.0)))
    assert [one.value for one in amounts_of(COLOUR, two, shape).amounts] == [10.0]


def test_a_calibration_by_hand_makes_pixels_mm_and_says_whose_it_is() -> None:
    plain = replace(US, regions=())
    unit = "mm calibrated by Dr. Host"
    assert measured("length", (0, 0), (6, 8), series=plain, calibration=BY_HAND) == ({"length": (5.0, unit)}, "")
    areas, _ = measured("rectangle", (0, 0), (10, 0), (10, 20), (0, 20), series=plain, calibration=BY_HAND)
    assert areas == {"area": (50.0, "mm² calibrated by Dr. Host")}
    circle, _ = measured("circle", (20, 20), (30, 20), (20, 30), series=plain, calibration=BY_HAND)
    assert circle["diameter"] == (10.0, unit)
    assert measured("angle", (9, 0), (0, 0), (0, 9), series=plain, calibration=BY_HAND)[0] == {"angle": (90.0, "°")}
    detector = replace(plain, grid=replace(GRID, unit="mm at detector"))
    assert measured("length", (0, 0), (6, 8), series=detector, calibration=BY_HAND)[0] == {"length": (5.0, unit)}


def test_what_the_file_says_of_a_region_is_not_touched_by_a_calibration() -> None:
    assert measured("length", (10, 10), (16, 26), calibration=BY_HAND) == ({"length": (5.0, "mm")}, "")
    assert measured("length", (10, 60), (42, 90), calibration=BY_HAND)[0]["velocity"] == (45.0, "cm/s")
    assert measured("length", (210, 0), (216, 8), calibration=BY_HAND)[0]["length"][1] == "mm calibrated by Dr. Host"
