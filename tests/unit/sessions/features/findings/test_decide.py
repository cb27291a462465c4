"""Findings: made from marks or from the view, theirs alone, of their case, with a side and numbers that hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.model.view import View
from consult.sessions.core import SessionCore
from consult.sessions.effects import ComputeNumbers
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.findings.commands import (
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    PutFinding,
    PutNumbers,
    RestoreFinding,
    TakeOverNumber,
    Wording,
)
from consult.sessions.features.findings.decide import due_numbers, offered_side
from consult.sessions.features.findings.events import Finding, FoundSide
from consult.sessions.features.findings.feature import KEPT_DELETED
from consult.sessions.features.marks.commands import DeleteMark, PutMark, Undo
from consult.sessions.fold import fold_all
from consult.sessions.publishing.document import snapshot_of
from tests.support.cases import scrolled, shape
from tests.support.record import RecordTable

NODULE = Wording("Nodule", "Spiculated.", "Nodule 1")


@pytest.fixture
def table() -> RecordTable:
    return RecordTable()


def test_a_finding_from_marks_has_their_numbers_and_the_side_they_lie_on(table: RecordTable) -> None:
    table.mark("ann", size=22.0)
    table.done("ann", PutFinding, finding="f1", base=0, wording=NODULE, marks=("m1",))
    finding = table.state.findings["f1"]
    assert (finding.author, finding.case, finding.rev, finding.marks) == (SeatId("ann"), "c1", 1, ("m1",))
    assert [number.value for number in table.state.numbers["m1"].numbers] == [22.0]
    assert offered_side(table.state, finding) == ("RIGHT", "outline")
    assert finding.side == FoundSide(), "what is offered is not confirmed"
    table.confirm("ann")
    side = table.state.findings["f1"].side
    assert side == FoundSide("RIGHT", "outline", "RIGHT", SeatId("ann"), "ann")


def test_a_finding_from_the_view_keeps_it_as_it_was(table: RecordTable) -> None:
    kept = scrolled(table.view, 3)
    table.done("ann", PutFinding, finding="f1", base=0, wording=NODULE, view=kept)
    table.done("ann", PutFinding, finding="f1", base=1, wording=NODULE, view=scrolled(kept, 5))
    views = table.state.findings["f1"].views
    assert [view.view for view in views] == [kept, scrolled(kept, 5)]
    table.done("ann", DropKeyView, finding="f1", view=views[0].id)
    assert table.state.findings["f1"].views == views[1:]
    assert table.refused("ann", DropKeyView, finding="f1", view=views[0].id) == "unknown_key_view"
    assert table.refused("ann", DropKeyView, finding="f1", view=views[1].id) == "empty_finding"


def test_what_makes_no_finding_is_refused(table: RecordTable) -> None:
    put = {"finding": "f1", "base": 0}
    assert table.refused("ann", PutFinding, wording=NODULE, **put) == "empty_finding"
    assert table.refused("ann", PutFinding, wording=NODULE, marks=("gone",), **put) == "unknown_mark"
    table.mark("ann")
    assert table.refused("ann", PutFinding, wording=Wording(" \n"), marks=("m1",), **put) == "empty_finding"
    wrong: View = scrolled(table.view, 99)
    assert table.refused("ann", PutFinding, wording=NODULE, view=wrong, **put) == "image_out_of_range"
    assert table.refused("eve", PutFinding, wording=NODULE, marks=("m1",), **put) == "not_allowed"
    again = {"finding": "f1", "base": 4, "wording": NODULE, "marks": ("m1",)}
    assert table.refused("ann", PutFinding, **again) == "unknown_finding"


def test_it_is_its_authors_and_the_hosts_and_nobody_overwrites_unseen(table: RecordTable) -> None:
    table.find("ann")
    change = {"finding": "f1", "wording": NODULE, "marks": ("m-f1",)}
    assert table.refused("bob", PutFinding, base=1, **change) == "not_yours"
    assert table.refused("bob", ConfirmSide, finding="f1", side="LEFT") == "not_yours"
    assert table.refused("bob", DeleteFinding, finding="f1") == "not_yours"
    table.done("host", PutFinding, base=1, **change)
    assert table.state.findings["f1"].author == "ann"
    assert table.refused("ann", PutFinding, base=1, **{**change, "wording": Wording("Mine")}) == "changed_meanwhile"
    assert table.done("ann", PutFinding, base=2, **change) == 0, "it is so already"
    table.done("ann", DeleteFinding, finding="f1")
    assert table.refused("ann", DeleteFinding, finding="f1") == "unknown_finding"


def test_what_was_deleted_is_brought_back_as_it_was(table: RecordTable) -> None:
    table.find("ann")
    table.done("ann", PutFinding, finding="f1", base=1, wording=NODULE, marks=("m-f1",), view=table.view)
    table.confirm("ann")
    before = table.state.findings["f1"]
    table.done("host", DeleteFinding, finding="f1")
    assert table.refused("bob", RestoreFinding, finding="f1") == "not_yours"
    epoch = table.state.case
    table.done("host", SwitchCase, to="c2")
    assert table.refused("ann", RestoreFinding, finding="f1", epoch=epoch) == "stale_case"
    assert table.refused("ann", RestoreFinding, finding="f1") == "unknown_finding", "of another case"
    table.done("host", SwitchCase, to="c1")
    table.done("host", RestoreFinding, finding="f1")
    assert table.state.findings["f1"] == replace(before, rev=before.rev + 1), "author, side and views too"
    assert table.refused("ann", RestoreFinding, finding="f1") == "unknown_finding", "it is there already"
    for number in range(KEPT_DELETED + 1):
        table.find("ann", f"g{number}")
        table.done("ann", DeleteFinding, finding=f"g{number}")
    assert table.refused("ann", RestoreFinding, finding="g0") == "unknown_finding", "too long ago"
    table.done("ann", RestoreFinding, finding="g1")


def test_nothing_of_one_case_gets_into_another(table: RecordTable) -> None:
    table.find("ann")
    epoch = table.state.case
    table.done("host", SwitchCase, to="c2")
    late = {"finding": "f2", "base": 0, "wording": NODULE, "marks": ("m-f1",)}
    assert table.refused("ann", PutFinding, epoch=epoch, **late) == "stale_case"
    assert table.refused("ann", PutFinding, **late) == "unknown_mark"
    assert table.refused("ann", ConfirmSide, finding="f1", side="LEFT") == "unknown_finding"
    assert table.refused("ann", TakeOverNumber, mark="m-f1", quantity="length") == "unknown_number"
    assert table.refused("ann", DeleteFinding, finding="f1") == "unknown_finding"


def test_another_side_than_the_one_offered_is_chosen_and_says_so(table: RecordTable) -> None:
    table.find("ann")
    table.confirm("ann", side="LEFT")
    assert table.state.findings["f1"].side == FoundSide("LEFT", "chosen", "RIGHT", SeatId("ann"), "ann")


def test_marks_on_different_sides_offer_none_and_the_weakest_way_is_said(table: RecordTable) -> None:
    table.find("ann")
    table.side, table.side_source = "LEFT", "sign"
    table.mark("ann", "m2")
    table.done("ann", PutFinding, finding="f1", base=1, wording=NODULE, marks=("m-f1", "m2"))
    assert offered_side(table.state, table.state.findings["f1"]) == ("", "")
    table.done("ann", PutFinding, finding="f1", base=2, wording=NODULE, marks=("m2",))
    assert offered_side(table.state, table.state.findings["f1"]) == ("LEFT", "sign")


SIDES: list[dict[str, Any]] = json.loads((Path(__file__).parents[4] / "sides.json").read_text())
"""What is offered for marks of which this is known; the page has the same examples."""


@pytest.mark.parametrize("example", SIDES, ids=lambda example: example["why"])
def test_the_side_that_is_offered(table: RecordTable, example: dict[str, Any]) -> None:
    marks = tuple(f"m{number}" for number in range(len(example["marks"])))
    for name, known in zip(marks, example["marks"], strict=True):
        table.measures = known is not None
        table.side, table.side_source = known or ("", "")
        table.mark("ann", name)
        table.done("ann", PutFinding, finding=name, base=0, wording=NODULE, marks=(name,))
    finding = Finding("f1", "c1", SeatId("ann"), 1, "Nodule", marks=marks)
    assert offered_side(table.state, finding) == tuple(example["offered"])


def test_a_mark_that_moves_is_computed_anew_and_late_numbers_are_not_used(table: RecordTable) -> None:
    table.find("ann")
    first = table.state.numbers["m-f1"]
    table.measures = False
    table.done("ann", PutMark, mark=shape("m-f1", size=30.0))
    assert [mark.id for effect in table.effects if isinstance(effect, ComputeNumbers) for mark in effect.marks] == [
        "m-f1"
    ]
    assert offered_side(table.state, table.state.findings["f1"]) == ("", "")
    table.do(table.core.command(PutNumbers(numbers=first), table.now))
    assert [mark.id for mark in due_numbers(table.state)] == ["m-f1"], "of where it was"
    table.do(table.core.command(PutNumbers(numbers=table.numbers_of(table.state.marks["m-f1"])), table.now))
    assert not due_numbers(table.state)
    assert table.state.numbers["m-f1"].numbers[0].value == 30.0


def test_another_server_asks_for_what_was_never_computed(table: RecordTable) -> None:
    table.measures = False
    table.find("ann")
    core: SessionCore = table.restarted()
    asked = [mark.id for e in core.start(table.now) if isinstance(e, ComputeNumbers) for mark in e.marks]
    assert asked == ["m-f1"]


def test_a_mark_that_is_deleted_does_not_count(table: RecordTable) -> None:
    table.find("ann")
    table.done("ann", DeleteMark, mark="m-f1")
    assert offered_side(table.state, table.state.findings["f1"]) == ("", "")
    assert not due_numbers(table.state)


def test_a_number_that_is_not_confirmed_is_taken_over_by_name(table: RecordTable) -> None:
    table.check = "differs"
    table.find("ann")
    assert not table.state.numbers["m-f1"].numbers[0].counts
    assert table.refused("bob", TakeOverNumber, mark="m-f1", quantity="area") == "unknown_number"
    table.done("bob", TakeOverNumber, mark="m-f1", quantity="length")
    number = table.state.numbers["m-f1"].numbers[0]
    assert number.counts
    assert (number.taken_by, number.taken_name, number.check) == ("bob", "bob", "differs")
    assert table.done("ann", TakeOverNumber, mark="m-f1", quantity="length") == 0, "taken over by Bob, and so it stays"


def test_who_took_a_number_over_comes_back_with_the_mark(table: RecordTable) -> None:
    """Seen to fail: where another mark was measured meanwhile the number was computed anew, and nobody's."""
    table.check = "differs"
    table.find("ann")
    table.done("bob", TakeOverNumber, mark="m-f1", quantity="length")
    table.done("ann", DeleteMark, mark="m-f1")
    table.find("bob", "f2")
    table.done("ann", Undo)
    assert table.state.numbers["m-f1"].numbers[0].taken_by == "bob"
    assert not due_numbers(table.state)


def test_the_log_tells_it_all(table: RecordTable) -> None:
    table.find("ann")
    table.confirm("ann")
    entries = [entry for append in table.appended for entry in append.entries]
    assert snapshot_of(fold_all(entries), "viewer") == snapshot_of(table.state, "viewer")
    assert snapshot_of(table.state, "viewer").findings[0].id == "f1"
    table.done("host", SwitchCase, to="c2")
    assert snapshot_of(table.state, "viewer").findings == (), "a guest is told of the case on the stage alone"
    assert [finding.id for finding in snapshot_of(table.state, "host").findings] == ["f1"]
