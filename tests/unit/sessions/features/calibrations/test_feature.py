"""Calibrations by hand: who says how long something is, on which images it counts, and where it does not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Series
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey
from consult.model.mark import Shape
from consult.model.measuring.calibration import ALL_IMAGES, Calibration, calibration_of
from consult.sessions.features.calibrations.commands import Calibrate, RemoveCalibration
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.findings.commands import PutFinding, Wording
from consult.sessions.features.findings.decide import due_numbers
from consult.sessions.features.marks.commands import PutMark
from consult.sessions.publishing.document import snapshot_of
from tests.support.record import RecordTable

SERIES = SeriesKey("s-1")
ENDS = ((2.0, 3.0, 0.0), (32.0, 43.0, 0.0))
"""50 pixels apart."""


def without_spacing(series: Series) -> Series:
    """Three images that say nothing of how large their pixels are."""
    grid = Grid("image", 64, 64, 1.0, 1.0, "px", (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), ((0.0, 0.0, 0.0),) * 3)
    return replace(series, images=3, grid=grid)


@pytest.fixture
def table() -> RecordTable:
    made = RecordTable()
    first, *others = made.core.state.cases
    series = tuple(without_spacing(one) if one.key == SERIES else one for one in first.series)
    made.core.state = replace(made.core.state, cases=(replace(first, series=series), *others))
    return made


def calibrate(table: RecordTable, who: str = "ann", **fields: Any) -> int:
    """50 pixels are 25 mm."""
    return table.done(who, Calibrate, **{"series": SERIES, "image": 1, "ends": ENDS, "mm": 25.0} | fields)


def known(table: RecordTable, image: int) -> Calibration | None:
    return calibration_of(table.state.calibrations, table.state.current, SERIES, image)


def test_a_known_length_counts_on_its_image_in_the_name_of_who_knows_it(table: RecordTable) -> None:
    calibrate(table)
    found = known(table, 1)
    assert found is not None
    assert (found.factor, found.mm, found.unit) == (0.5, 25.0, "mm calibrated by ann")
    assert found.seat == table.state.seats[found.seat].id
    assert (known(table, 0), known(table, 2)) == (None, None)


def test_that_of_an_image_goes_before_that_of_all(table: RecordTable) -> None:
    calibrate(table)
    calibrate(table, "bob", image=0, mm=100.0, all_images=True)
    assert [found.factor for image in range(3) if (found := known(table, image))] == [2.0, 0.5, 2.0]
    calibrate(table, "bob", mm=10.0)
    assert [found.factor for image in range(3) if (found := known(table, image))] == [2.0, 0.2, 2.0]
    assert {one.image for one in table.state.calibrations.values()} == {1, ALL_IMAGES}


def test_it_can_be_removed(table: RecordTable) -> None:
    calibrate(table)
    (identifier,) = table.state.calibrations
    table.done("bob", RemoveCalibration, calibration=identifier)
    assert table.state.calibrations == {}
    assert table.refused("bob", RemoveCalibration, calibration=identifier) == "unknown_calibration"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"series": SeriesKey("s-none")}, "unknown_series"), ({"image": 7}, "image_out_of_range"),
        ({"ends": (ENDS[0], ENDS[0])}, "empty_mark"), ({"ends": (ENDS[0], (32.0, 43.0, 9.0))}, "bad_mark"),
        ({"mm": 5000.0, "ends": (ENDS[0], (2.001, 3.0, 0.0))}, "bad_calibration"),
        ({"series": SeriesKey("s-2")}, "has_spacing"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused(table: RecordTable, changes: dict[str, Any], code: str) -> None:
    wish = {"series": SERIES, "image": 1, "ends": ENDS, "mm": 25.0} | changes
    if code == "has_spacing":
        grid = table.state.cases[0].series[1].grid
        wish |= {"ends": (grid.point(1, 2, 3), grid.point(1, 9, 9))}
    assert table.refused("ann", Calibrate, **wish) == code
    assert table.state.calibrations == {}


def test_who_watches_calibrates_nothing(table: RecordTable) -> None:
    assert table.refused("eve", Calibrate, series=SERIES, image=1, ends=ENDS, mm=25.0) == "not_allowed"


def test_numbers_of_findings_are_computed_anew_by_it(table: RecordTable) -> None:
    """Seen to fail where numbers that were computed before were kept."""
    table.done("ann", PutMark, mark=Shape(id="m1", kind="length", series=SERIES, image=1, points=ENDS))
    table.done("ann", PutFinding, finding="f1", base=0, wording=Wording("A wire"), marks=("m1",))
    before = table.state.numbers["m1"]
    assert before.factor == 0.0
    table.measures = False
    calibrate(table)
    assert [mark.id for mark in due_numbers(table.state)] == ["m1"]


def test_guests_are_told_of_those_of_the_case_on_the_stage(table: RecordTable) -> None:
    calibrate(table)
    assert len(snapshot_of(table.state, "participant").calibrations) == 1
    table.done("host", SwitchCase, to="c2")
    assert snapshot_of(table.state, "participant").calibrations == ()
    assert len(snapshot_of(table.state, "host").calibrations) == 1
