"""A case finds its series and no other's."""

from __future__ import annotations

from consult.model.catalogue import Case, Patient, Series, Study
from consult.model.geometry import Grid
from consult.model.identifiers import SeriesKey, StudyKey, split_command_id

GRID = Grid("image", 2, 2, 1.0, 1.0, "px", (1, 0, 0), (0, 1, 0), ((0, 0, 0),))


def test_a_case_finds_its_series_and_no_other() -> None:
    study = Study(StudyKey("st"), "CT", "2026-11-24", "09:12:40")
    series = Series(SeriesKey("one"), study.key, "CT", 1, "lung", 1, GRID)
    case = Case("c1", "", Patient("DEMO^ANNA", "10042"), (study,), (series,))
    assert case.find(SeriesKey("one")) is series
    assert case.find(SeriesKey("two")) is None


def test_a_command_id_is_a_tab_and_a_number() -> None:
    assert split_command_id("tab.with.dots.12") == ("tab.with.dots", 12)
