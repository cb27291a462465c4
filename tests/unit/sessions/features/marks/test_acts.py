"""Undo and redo against a plain reference: lists of whole states, one for each seat."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.model.identifiers import SeatId, SeriesKey
from consult.model.mark import Mark
from consult.sessions.features.marks.acts import UNDO_DEPTH, Acts, event_of, redoable, remember, undoable
from consult.sessions.features.marks.events import Act, MarkDeleted, MarkPut

SEATS = ("ann", "bob")


def mark(seat: str, label: str) -> Mark:
    """A seat's one mark."""
    return Mark(
        id=f"of-{seat}", kind="probe", series=SeriesKey("s"), image=0, points=((0.0, 0.0, 0.0),), case="c1",
        author=SeatId(seat), label=label,
    )  # fmt: skip


class Play:
    """Marks and acts as the fold keeps them; and for each seat what the marks of its own were before each act."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self.acts: dict[SeatId, Acts] = {}
        self.before: dict[str, list[Mark | None]] = {seat: [] for seat in SEATS}
        self.after: dict[str, list[Mark | None]] = {seat: [] for seat in SEATS}

    def do(self, seat: str, act: Act) -> None:
        """Fold one act."""
        self.acts = remember(self.acts, SeatId(seat), act, (self.marks, {}))
        if isinstance(act, MarkPut):
            self.marks[act.mark.id] = act.mark
        elif isinstance(act, MarkDeleted):
            self.marks.pop(act.mark, None)

    def step(self, seat: str, what: str, label: str) -> None:
        """One step, in both."""
        own = self.marks.get(f"of-{seat}")
        known = self.acts.get(SeatId(seat), Acts())
        if what == "undo":
            change = undoable(known, (self.marks, {}))
            assert (change is None) == (not self.before[seat])
            if change is not None:
                self.after[seat].append(own)
                self.do(seat, event_of(change, change.before, "undo"))
                assert self.marks.get(f"of-{seat}") == self.before[seat].pop()
        elif what == "redo":
            change = redoable(known, (self.marks, {}))
            assert (change is None) == (not self.after[seat])
            if change is not None:
                self.before[seat].append(own)
                self.do(seat, event_of(change, change.after, "redo"))
                assert self.marks.get(f"of-{seat}") == self.after[seat].pop()
        elif what == "delete" and own is not None:
            self.before[seat].append(own)
            self.after[seat].clear()
            self.do(seat, MarkDeleted(own.id))
        elif what == "put" and (own is None or own.label != label):
            self.before[seat].append(own)
            self.after[seat].clear()
            self.do(seat, MarkPut(mark(seat, label)))


WISHES = st.tuples(st.sampled_from(SEATS), st.sampled_from(["put", "delete", "undo", "redo"]), st.sampled_from("abc"))


@settings(max_examples=200, deadline=None)
@given(st.lists(WISHES, max_size=40))
def test_any_course_of_acts_undoes_and_redoes_like_the_reference(course: list[tuple[str, str, str]]) -> None:
    play = Play()
    for step in course:
        play.step(*step)
    assert all(mark.author in SEATS and mark.id == f"of-{mark.author}" for mark in play.marks.values())


def test_only_so_many_acts_are_remembered() -> None:
    play = Play()
    for n in range(UNDO_DEPTH + 5):
        play.do("ann", MarkPut(replace(mark("ann", str(n)))))
    assert len(play.acts[SeatId("ann")].done) == UNDO_DEPTH
