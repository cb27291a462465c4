"""What each seat has had on the screen: said by its pages, kept for its case, and only ever more."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.identifiers import CommandId, SeriesKey
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.coverage import feature
from consult.sessions.features.coverage.commands import MAX_RUNS, ReportImages
from consult.sessions.features.coverage.events import CoveragePut
from consult.sessions.features.coverage.runs import Runs
from consult.sessions.messages import Nack
from consult.sessions.publishing.document import snapshot_of
from tests.support.record import RecordTable


@pytest.fixture
def table() -> RecordTable:
    made = RecordTable()
    made.note_ready()
    return made


def series(table: RecordTable) -> SeriesKey:
    """Of the case on the stage."""
    case = table.state.current_case
    assert case is not None
    return case.series[0].key


def report(table: RecordTable, who: str, *runs: tuple[int, int]) -> int:
    """The seq of what came of it."""
    return table.done(who, ReportImages, series=series(table), runs=runs)


def seen_by(table: RecordTable, who: str) -> Runs:
    """What is known of a seat."""
    return next((c.runs for c in table.state.coverage.values() if c.seat == table.state.seats[who].id), ())  # type: ignore[index]  # a seat's name


def test_it_adds_up_and_what_is_known_is_not_stored_again(table: RecordTable) -> None:
    report(table, "ann", (3, 5))
    report(table, "ann", (6, 6), (9, 9))
    assert seen_by(table, "ann") == ((3, 6), (9, 9))
    assert report(table, "ann", (4, 6)) == 0, "it is so already"
    assert seen_by(table, "bob") == ()


def test_who_only_watches_sees_too(table: RecordTable) -> None:
    report(table, "eve", (0, 0))
    assert seen_by(table, "eve") == ((0, 0),)


@pytest.mark.parametrize(
    ("runs", "code"),
    [(((0, 99),), "image_out_of_range"), (((3, 2),), "bad_runs"), (((0, 1), (2, 3)), "bad_runs")],
)
def test_what_is_no_set_of_its_images_is_refused(table: RecordTable, runs: Runs, code: str) -> None:
    assert table.refused("ann", ReportImages, series=series(table), runs=runs) == code
    assert table.refused("ann", ReportImages, series=SeriesKey("s-none"), runs=((0, 0),)) == "unknown_series"
    assert table.state.coverage == {}


def test_of_very_many_runs_the_longest_are_kept(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_RUNS == 256
    monkeypatch.setattr(feature, "MAX_RUNS", 2)
    report(table, "ann", (0, 0), (3, 6), (9, 10))
    assert seen_by(table, "ann") == ((3, 6), (9, 10))


def test_a_consult_holds_so_many(table: RecordTable, monkeypatch: pytest.MonkeyPatch) -> None:
    report(table, "ann", (0, 0))
    monkeypatch.setattr(feature, "MAX_COVERAGES", 1)
    answer = table.act("bob", ReportImages, series=series(table), runs=((0, 0),))
    assert isinstance(answer, Nack)
    assert answer.code == "too_many_coverages"
    report(table, "ann", (1, 1))
    assert seen_by(table, "ann") == ((0, 1),)


def test_guests_are_told_of_the_case_on_the_stage_alone(table: RecordTable) -> None:
    report(table, "ann", (0, 0))
    assert len(snapshot_of(table.state, "participant").coverage) == 1
    table.done("host", SwitchCase, to="c2")
    assert snapshot_of(table.state, "participant").coverage == ()
    assert len(snapshot_of(table.state, "host").coverage) == 1


def test_what_was_seen_of_a_case_is_not_seen_of_another_with_the_same_series(table: RecordTable) -> None:
    """Seen to fail where a record was named by seat and series alone."""
    report(table, "ann", (0, 0))
    (known,) = table.state.coverage.values()
    first = table.state.cases[0]
    other = replace(table.state, current="c2", cases=(first, replace(first, id="c2")))
    command = ReportImages(id=CommandId("tab-of-ann.9"), case=1, series=known.series, runs=((3, 4),))
    (put,) = feature.decide(other, known.seat, command, 0.0)
    assert isinstance(put, CoveragePut)
    assert (put.coverage.case, put.coverage.runs) == ("c2", ((3, 4),))
    after = feature.apply(other, put, known.seat)
    assert [one.runs for one in after.coverage.values()] == [((0, 0),), ((3, 4),)]
