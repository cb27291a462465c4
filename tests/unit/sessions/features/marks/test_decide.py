"""Marks and key images: whose they are, where they belong, and what can be undone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.model.view import Stack, Window
from consult.sessions.effects import Measure
from consult.sessions.events import StoredEvent
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.kinds import ParticipantCommand, ServerMessage
from consult.sessions.features.marks import decide as marking
from consult.sessions.features.marks.commands import DeleteMark, DropImage, KeepImage, PutMark, Redo, Undo
from consult.sessions.features.marks.events import MarkDeleted, MarkPut
from consult.sessions.features.seats.commands import RemoveSeat
from consult.sessions.fold import fold_all
from consult.sessions.messages import Ack, Nack
from consult.sessions.publishing.document import snapshot_of
from tests.support.cases import Table, command_id, shape, showing, timed_series


class NumberedTable(Table):
    """A table with a host, two who take part and one who watches; commands by number."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, int] = {}
        for seat in ("host", "ann", "bob"):
            self.join(seat, "host" if seat == "host" else "participant")

    def head(self, seat: str) -> tuple[str, int]:
        """Id and case of the next command."""
        self._numbers[seat] = self._numbers.get(seat, 0) + 1
        return command_id(seat, self._numbers[seat]), self.state.case

    def act(self, who: str, make: type[ParticipantCommand], **fields: object) -> ServerMessage:
        """A command; the answer to it."""
        identifier, epoch = self.head(who)
        answers = self.send(who, make(id=identifier, case=epoch, **fields))
        return next(a for a in answers if isinstance(a, Ack | Nack))

    def refused(self, who: str, make: type[ParticipantCommand], **fields: object) -> str:
        """The code of a refusal."""
        answer = self.act(who, make, **fields)
        assert isinstance(answer, Nack), answer
        return answer.code


@pytest.fixture
def table() -> NumberedTable:
    return NumberedTable()


def test_a_mark_is_its_authors_who_may_change_it(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape())
    mark = table.state.marks["m1"]
    assert (mark.author, mark.case, mark.image, mark.points) == (SeatId("ann"), "c1", 4, shape().points)
    table.act("ann", PutMark, mark=shape(label="  the\nnodule "))
    assert table.state.marks["m1"].label == "the nodule"
    assert table.refused("bob", PutMark, mark=shape(label="mine")) == "not_yours"
    assert table.refused("host", PutMark, mark=shape(label="mine")) == "not_yours"
    assert table.refused("ann", PutMark, mark=shape(kind="arrow")) == "other_kind"
    assert table.act("ann", PutMark, mark=shape(label="the nodule")) == Ack(command_id("ann", 4), 0)


def test_the_author_and_the_host_delete_and_nobody_else(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape())
    table.act("ann", PutMark, mark=shape("m2"))
    assert table.refused("bob", DeleteMark, mark="m1") == "not_yours"
    table.act("ann", DeleteMark, mark="m1")
    table.act("host", DeleteMark, mark="m2")
    assert not table.state.marks
    assert table.refused("ann", DeleteMark, mark="m1") == "unknown_mark"


def test_a_mark_in_a_frame_of_reference_knows_it_and_one_without_place_does_not(table: NumberedTable) -> None:
    case = table.state.cases[0]
    framed = replace(case.series[0], frame_of_reference="frame-1")
    flat = replace(framed, grid=replace(framed.grid, space="image"))
    for series, frame in ((framed, "frame-1"), (flat, "")):
        state = replace(table.state, cases=(replace(case, series=(series, *case.series[1:])), *table.state.cases[1:]))
        identifier, epoch = table.head("ann")
        [event] = marking.decide(state, SeatId("ann"), PutMark(id=identifier, case=epoch, mark=shape()), 0.0)
        assert isinstance(event, MarkPut)
        assert event.mark.frame_of_reference == frame


def test_undo_takes_back_ones_own_acts_and_nobody_elses(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape("of-ann"))
    table.act("bob", PutMark, mark=shape("of-bob"))
    table.act("ann", Undo)
    assert set(table.state.marks) == {"of-bob"}
    assert table.refused("ann", Undo) == "nothing_to_undo"
    table.act("ann", Redo)
    assert set(table.state.marks) == {"of-bob", "of-ann"}
    assert table.refused("ann", Redo) == "nothing_to_redo"
    assert table.refused("host", Undo) == "nothing_to_undo"


def test_an_undone_change_is_what_it_was_and_a_new_act_ends_redoing(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape(label="one"))
    table.act("ann", PutMark, mark=shape(label="two"))
    table.act("ann", DeleteMark, mark="m1")
    for label in ("two", "one"):
        table.act("ann", Undo)
        assert table.state.marks["m1"].label == label
    table.act("ann", Redo)
    assert table.state.marks["m1"].label == "two"
    table.act("ann", PutMark, mark=shape("m2"))
    assert table.refused("ann", Redo) == "nothing_to_redo"


def test_what_the_host_has_deleted_is_not_brought_back_by_an_older_act(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape(label="one"))
    table.act("ann", PutMark, mark=shape(label="two"))
    table.act("host", DeleteMark, mark="m1")
    assert table.refused("ann", Undo) == "nothing_to_undo"
    table.act("host", Undo)
    assert (table.state.marks["m1"].label, table.state.marks["m1"].author) == ("two", SeatId("ann"))
    table.act("ann", Undo)
    assert table.state.marks["m1"].label == "one", "now it can be undone again"


def test_undo_survives_a_restart(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape("m1"))
    table.act("ann", PutMark, mark=shape("m2"))
    table.act("ann", Undo)
    entries = [entry for append in table.appended for entry in append.entries]
    assert fold_all(entries) == table.state
    table.core = table.restarted()
    table.do(table.core.start(table.now))
    for seat in ("ann", "host"):
        table.come(seat, f"{seat}-again")
    identifier, epoch = table.head("ann")
    table.send("ann-again", Redo(id=identifier, case=epoch))
    assert set(table.state.marks) == {"m1", "m2"}


def test_a_late_mark_never_lands_on_the_next_case(table: NumberedTable) -> None:
    late = PutMark(id=command_id("ann", 50), case=table.state.case, mark=shape())
    table.act("host", SwitchCase, to="c2")
    answers = table.send("ann", late)
    assert [a.code for a in answers if isinstance(a, Nack)] == ["stale_case"]
    assert not table.state.marks


def test_marks_stay_with_their_case_and_acts_do_not(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape())
    table.act("host", SwitchCase, to="c2")
    assert table.refused("ann", DeleteMark, mark="m1") == "unknown_mark"
    assert table.refused("ann", Undo) == "nothing_to_undo"
    table.act("host", SwitchCase, to="c1")
    assert set(table.state.marks) == {"m1"}
    assert table.refused("ann", Undo) == "nothing_to_undo", "undoing is of the visit to a case"


def test_a_key_image_is_stored_once_and_dropped_by_its_author_or_the_host(table: NumberedTable) -> None:
    viewport = table.view.viewports[0]
    table.act("ann", KeepImage, viewport=viewport)
    assert table.act("bob", KeepImage, viewport=viewport) == Ack(command_id("bob", 1), 0)
    [image] = table.state.key_images.values()
    assert (image.author, image.viewport) == (SeatId("ann"), viewport)
    assert table.refused("bob", DropImage, key_image=image.id) == "not_yours"
    table.act("ann", Undo)
    assert not table.state.key_images
    table.act("ann", Redo)
    table.act("host", DropImage, key_image=image.id)
    assert not table.state.key_images
    assert table.refused("ann", KeepImage, viewport=showing(viewport, place=99)) == "image_out_of_range"


def test_there_is_a_most_of_marks_also_for_undo(table: NumberedTable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "MAX_MARKS", 2)
    table.act("ann", PutMark, mark=shape("m1"))
    table.act("ann", DeleteMark, mark="m1")
    table.act("bob", PutMark, mark=shape("m2"))
    table.act("bob", PutMark, mark=shape("m3"))
    assert table.refused("ann", PutMark, mark=shape("m4")) == "too_many_marks"
    assert table.refused("ann", Undo) == "too_many_marks"
    table.act("bob", PutMark, mark=shape("m3", label="changed"))


def test_the_marks_of_somebody_who_was_sent_out_stay(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape())
    table.act("host", RemoveSeat, seat=SeatId("ann"))
    assert set(table.state.marks) == {"m1"}


def test_all_are_sent_the_resulting_record_and_a_newcomer_the_whole(table: NumberedTable) -> None:
    table.act("ann", PutMark, mark=shape())
    [event] = [m.event for m in table.sent["bob"] if isinstance(m, StoredEvent) and isinstance(m.event, MarkPut)]
    assert event.mark == table.state.marks["m1"]
    table.act("ann", DeleteMark, mark="m1")
    gone = [m.event for m in table.sent["bob"] if isinstance(m, StoredEvent) and isinstance(m.event, MarkDeleted)]
    assert gone == [MarkDeleted("m1")]
    assert snapshot_of(table.state, "host").marks == ()


def test_what_is_read_from_pixels_is_asked_for_when_drawn_switched_to_and_joined(table: NumberedTable) -> None:
    for kind in ("ellipse", "probe", "length"):
        table.act("ann", PutMark, mark=shape(kind, kind=kind))
        asked = [e for e in table.effects if isinstance(e, Measure)]
        assert [s.id for e in asked for s in e.shapes] == [kind]
        assert all(set(e.to) == {"host", "ann", "bob"} for e in asked)
    table.come("bob", "bob-2")
    [asked_by_one] = [e for e in table.effects if isinstance(e, Measure)]
    assert asked_by_one.to == ("bob-2",)
    assert {s.id for s in asked_by_one.shapes} == {"ellipse", "probe", "length"}
    table.act("host", SwitchCase, to="c2")
    assert not [e for e in table.effects if isinstance(e, Measure)]
    table.act("host", SwitchCase, to="c1")
    [again] = [e for e in table.effects if isinstance(e, Measure)]
    assert {s.id for s in again.shapes} == {"ellipse", "probe", "length"}


def test_a_key_image_of_each_time_is_one_of_its_own(table: NumberedTable) -> None:
    timed = timed_series("s-1", places=10)
    first, other = table.state.cases
    table.core.state = replace(table.state, cases=(replace(first, series=(timed,)), other))
    viewport = replace(table.view.viewports[0], shows=Stack(timed.key, 4, 0), window=Window(300.0, 600.0))
    for time in (0, 1):
        assert isinstance(table.act("ann", KeepImage, viewport=showing(viewport, time=time)), Ack)
    assert list(table.state.key_images) == ["s-1.4", "s-1.14"]
    assert table.refused("ann", KeepImage, viewport=showing(viewport, time=2)) == "image_out_of_range"
