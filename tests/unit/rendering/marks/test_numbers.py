"""How much of what, in which unit; and where there is no number, a sentence."""

from __future__ import annotations

import math

import numpy as np
import pytest
from msgspec.structs import replace

from consult.model.catalogue import Region, Series
from consult.model.geometry import Vec
from consult.model.image import Image
from consult.model.mark import MarkKind, Shape
from consult.rendering.marks.numbers import Amounts, amounts_of
from consult.rendering.marks.regions import region_at
from tests.support.consults import a_case

CT = a_case().series[0]
FLAT = replace(
    CT, grid=replace(CT.grid, space="image", unit="px", positions=((0.0, 0.0, 0.0),)), images=1, unit="", modality="US"
)
TISSUE, TRACE = Region((0, 0, 31, 63), (0.5, 0.25)), Region((32, 0, 63, 63), None)
US = replace(FLAT, regions=((TISSUE, TRACE),))
PIXELS = Image(np.arange(64 * 64, dtype=np.int16).reshape(64, 64))


def shape(kind: MarkKind, *points: Vec) -> Shape:
    return Shape(id="m", kind=kind, series=CT.key, image=0, points=points)


def text(series: Series, drawn: Shape, image: Image = PIXELS) -> tuple[dict[str, tuple[float, str]], str]:
    """Value and unit by quantity, and the sentence."""
    found = amounts_of(image, series, drawn)
    return {one.quantity: (one.value, one.unit) for one in found.amounts}, found.sentence


def test_what_each_kind_measures() -> None:
    assert text(CT, shape("length", (0.0, 0.0, 0.0), (3.0, 4.0, 0.0))) == ({"length": (5.0, "mm")}, "")
    angle, _ = text(CT, shape("angle", (1.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    assert angle["angle"] == (90.0, "°")
    assert text(CT, shape("probe", (2.0, 1.0, 0.0))) == ({"value": (66.0, "HU")}, "")
    ellipse, _ = text(CT, shape("ellipse", (10.0, 10.0, 0.0), (13.0, 10.0, 0.0), (10.0, 12.0, 0.0)))
    assert set(ellipse) == {"area", "mean", "sd", "low", "high"}
    assert ellipse["area"][0] == pytest.approx(6 * math.pi)
    assert ellipse["area"][1] == "mm²"
    unmeasured: dict[MarkKind, int] = {"arrow": 2, "text": 1}
    for kind, count in unmeasured.items():
        assert amounts_of(PIXELS, CT, shape(kind, *[(1.0, 1.0, 0.0)] * count)) == Amounts()


def test_units_are_those_of_the_spacing_and_of_the_values() -> None:
    detector = replace(CT, grid=replace(CT.grid, unit="mm at detector"))
    ellipse, _ = text(detector, shape("ellipse", (10.0, 10.0, 0.0), (13.0, 10.0, 0.0), (10.0, 12.0, 0.0)))
    assert ellipse["area"][1] == "mm² at detector"
    assert text(replace(CT, unit="BQML"), shape("probe", (0.0, 0.0, 0.0)))[0]["value"][1] == "Bq/ml"


def test_ultrasound_goes_by_its_regions() -> None:
    assert text(US, shape("length", (0.0, 0.0, 0.0), (6.0, 16.0, 0.0))) == ({"length": (5.0, "mm")}, "")
    across = text(US, shape("length", (0.0, 0.0, 0.0), (40.0, 0.0, 0.0)))
    assert across == ({}, "No length: from one region to another.")
    assert text(US, shape("length", (40.0, 0.0, 0.0), (50.0, 0.0, 0.0))) == ({}, "No length: this region has none.")
    assert text(FLAT, shape("length", (0.0, 0.0, 0.0), (3.0, 4.0, 0.0))) == ({"length": (5.0, "px")}, "")
    assert region_at(replace(US, regions=((TISSUE,), (TRACE,))), 1, 40, 1) == TRACE


def test_no_value_is_said_and_never_a_nan() -> None:
    colour = Image(np.zeros((64, 64, 3), np.uint8))
    assert text(CT, shape("probe", (1.0, 1.0, 0.0)), colour) == ({}, "There are no values here.")
    assert text(CT, shape("probe", (-90.0, 1.0, 0.0))) == ({}, "There are no values here.")
    padding = Image(PIXELS.pixels, padding=(0.0, 5000.0))
    assert text(CT, shape("probe", (1.0, 1.0, 0.0)), padding) == ({}, "There is only padding here.")
    broken = Image(np.full((64, 64), np.nan, np.float32))
    assert text(CT, shape("probe", (1.0, 1.0, 0.0)), broken) == ({}, "A value cannot be computed.")
