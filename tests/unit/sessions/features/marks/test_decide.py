"""Marks and key images: whose they are, where they belong, and what can be undone."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.model.mark import PIXEL_KINDS
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
from tests.support.cases import Table, command_id, shape


class Room(Table):
    """A table with a host, two who take part and one who looks on; commands by number."""

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
def room() -> Room:
    return Room()


def test_a_mark_is_its_authors_who_may_change_it(room: Room) -> None:
    room.act("ann", PutMark, mark=shape())
    mark = room.state.marks["m1"]
    assert (mark.author, mark.case, mark.image, mark.points) == (SeatId("ann"), "c1", 4, shape().points)
    room.act("ann", PutMark, mark=shape(label="  the\nnodule "))
    assert room.state.marks["m1"].label == "the nodule"
    assert room.refused("bob", PutMark, mark=shape(label="mine")) == "not_yours"
    assert room.refused("host", PutMark, mark=shape(label="mine")) == "not_yours"
    assert room.refused("ann", PutMark, mark=shape(kind="arrow")) == "other_kind"
    assert room.act("ann", PutMark, mark=shape(label="the nodule")) == Ack(command_id("ann", 4), 0)


def test_the_author_and_the_host_delete_and_nobody_else(room: Room) -> None:
    room.act("ann", PutMark, mark=shape())
    room.act("ann", PutMark, mark=shape("m2"))
    assert room.refused("bob", DeleteMark, mark="m1") == "not_yours"
    room.act("ann", DeleteMark, mark="m1")
    room.act("host", DeleteMark, mark="m2")
    assert not room.state.marks
    assert room.refused("ann", DeleteMark, mark="m1") == "unknown_mark"


def test_a_mark_in_a_frame_of_reference_knows_it_and_one_without_place_does_not(room: Room) -> None:
    case = room.state.cases[0]
    framed = replace(case.series[0], frame_of_reference="frame-1")
    flat = replace(framed, grid=replace(framed.grid, space="image"))
    for series, frame in ((framed, "frame-1"), (flat, "")):
        state = replace(room.state, cases=(replace(case, series=(series, *case.series[1:])), *room.state.cases[1:]))
        identifier, epoch = room.head("ann")
        [event] = marking.decide(state, SeatId("ann"), PutMark(id=identifier, case=epoch, mark=shape()), 0.0)
        assert isinstance(event, MarkPut)
        assert event.mark.frame_of_reference == frame


def test_undo_takes_back_ones_own_acts_and_nobody_elses(room: Room) -> None:
    room.act("ann", PutMark, mark=shape("of-ann"))
    room.act("bob", PutMark, mark=shape("of-bob"))
    room.act("ann", Undo)
    assert set(room.state.marks) == {"of-bob"}
    assert room.refused("ann", Undo) == "nothing_to_undo"
    room.act("ann", Redo)
    assert set(room.state.marks) == {"of-bob", "of-ann"}
    assert room.refused("ann", Redo) == "nothing_to_redo"
    assert room.refused("host", Undo) == "nothing_to_undo"


def test_an_undone_change_is_what_it_was_and_a_new_act_ends_redoing(room: Room) -> None:
    room.act("ann", PutMark, mark=shape(label="one"))
    room.act("ann", PutMark, mark=shape(label="two"))
    room.act("ann", DeleteMark, mark="m1")
    for label in ("two", "one"):
        room.act("ann", Undo)
        assert room.state.marks["m1"].label == label
    room.act("ann", Redo)
    assert room.state.marks["m1"].label == "two"
    room.act("ann", PutMark, mark=shape("m2"))
    assert room.refused("ann", Redo) == "nothing_to_redo"


def test_what_the_host_has_deleted_is_not_brought_back_by_an_older_act(room: Room) -> None:
    room.act("ann", PutMark, mark=shape(label="one"))
    room.act("ann", PutMark, mark=shape(label="two"))
    room.act("host", DeleteMark, mark="m1")
    assert room.refused("ann", Undo) == "nothing_to_undo"
    room.act("host", Undo)
    assert (room.state.marks["m1"].label, room.state.marks["m1"].author) == ("two", SeatId("ann"))
    room.act("ann", Undo)
    assert room.state.marks["m1"].label == "one", "now it can be undone again"


def test_undo_survives_a_restart(room: Room) -> None:
    room.act("ann", PutMark, mark=shape("m1"))
    room.act("ann", PutMark, mark=shape("m2"))
    room.act("ann", Undo)
    entries = [entry for append in room.appended for entry in append.entries]
    assert fold_all(entries) == room.state
    room.core = room.restarted()
    room.do(room.core.start(room.now))
    for seat in ("ann", "host"):
        room.come(seat, f"{seat}-again")
    identifier, epoch = room.head("ann")
    room.send("ann-again", Redo(id=identifier, case=epoch))
    assert set(room.state.marks) == {"m1", "m2"}


def test_a_late_mark_never_lands_on_the_next_case(room: Room) -> None:
    late = PutMark(id=command_id("ann", 50), case=room.state.case, mark=shape())
    room.act("host", SwitchCase, to="c2")
    answers = room.send("ann", late)
    assert [a.code for a in answers if isinstance(a, Nack)] == ["stale_case"]
    assert not room.state.marks


def test_marks_stay_with_their_case_and_acts_do_not(room: Room) -> None:
    room.act("ann", PutMark, mark=shape())
    room.act("host", SwitchCase, to="c2")
    assert room.refused("ann", DeleteMark, mark="m1") == "unknown_mark"
    assert room.refused("ann", Undo) == "nothing_to_undo"
    room.act("host", SwitchCase, to="c1")
    assert set(room.state.marks) == {"m1"}
    assert room.refused("ann", Undo) == "nothing_to_undo", "undoing is of the visit to a case"


def test_a_key_image_is_kept_once_and_dropped_by_its_keeper_or_the_host(room: Room) -> None:
    viewport = room.view.viewports[0]
    room.act("ann", KeepImage, viewport=viewport)
    assert room.act("bob", KeepImage, viewport=viewport) == Ack(command_id("bob", 1), 0)
    [kept] = room.state.key_images.values()
    assert (kept.author, kept.viewport) == (SeatId("ann"), viewport)
    assert room.refused("bob", DropImage, key_image=kept.id) == "not_yours"
    room.act("ann", Undo)
    assert not room.state.key_images
    room.act("ann", Redo)
    room.act("host", DropImage, key_image=kept.id)
    assert not room.state.key_images
    assert room.refused("ann", KeepImage, viewport=replace(viewport, image=99)) == "image_out_of_range"


def test_there_is_a_most_of_marks_also_for_undo(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marking, "MAX_MARKS", 2)
    room.act("ann", PutMark, mark=shape("m1"))
    room.act("ann", DeleteMark, mark="m1")
    room.act("bob", PutMark, mark=shape("m2"))
    room.act("bob", PutMark, mark=shape("m3"))
    assert room.refused("ann", PutMark, mark=shape("m4")) == "too_many_marks"
    assert room.refused("ann", Undo) == "too_many_marks"
    room.act("bob", PutMark, mark=shape("m3", label="changed"))


def test_the_marks_of_somebody_who_was_sent_out_stay(room: Room) -> None:
    room.act("ann", PutMark, mark=shape())
    room.act("host", RemoveSeat, seat=SeatId("ann"))
    assert set(room.state.marks) == {"m1"}


def test_all_are_told_the_resulting_record_and_a_newcomer_the_whole(room: Room) -> None:
    room.act("ann", PutMark, mark=shape())
    [event] = [m.event for m in room.sent["bob"] if isinstance(m, StoredEvent) and isinstance(m.event, MarkPut)]
    assert event.mark == room.state.marks["m1"]
    room.act("ann", DeleteMark, mark="m1")
    gone = [m.event for m in room.sent["bob"] if isinstance(m, StoredEvent) and isinstance(m.event, MarkDeleted)]
    assert gone == [MarkDeleted("m1")]
    assert room.state.snapshot().marks == ()


def test_what_is_read_from_pixels_is_asked_for_when_drawn_switched_to_and_joined(room: Room) -> None:
    for kind in ("ellipse", "probe", "length"):
        room.act("ann", PutMark, mark=shape(kind, kind=kind))
        asked = [e for e in room.effects if isinstance(e, Measure)]
        assert [s.id for e in asked for s in e.shapes] == ([kind] if kind in PIXEL_KINDS else [])
        assert all(set(e.to) == {"host", "ann", "bob"} for e in asked)
    room.come("bob", "bob-2")
    [asked_by_one] = [e for e in room.effects if isinstance(e, Measure)]
    assert asked_by_one.to == ("bob-2",)
    assert {s.id for s in asked_by_one.shapes} == {"ellipse", "probe"}
    room.act("host", SwitchCase, to="c2")
    assert not [e for e in room.effects if isinstance(e, Measure)]
    room.act("host", SwitchCase, to="c1")
    [again] = [e for e in room.effects if isinstance(e, Measure)]
    assert {s.id for s in again.shapes} == {"ellipse", "probe"}
