"""What minutes say. Plain data, which travels to the worker that writes them, and is the JSON of them."""

from __future__ import annotations

from msgspec import Struct

from consult.documents.contents import Participant
from consult.model.catalogue import Patient, Study
from consult.sessions.features.board.events import Attendee, Decision, Dissent


class Decided(Struct, frozen=True):
    """A decision, and who was against it."""

    decision: Decision
    dissents: tuple[Dissent, ...]


class CaseMinutes(Struct, frozen=True):
    """What was said of one case.

    Attributes:
        number: its place in the list.
        seconds: on the stage of the board; 0: it was not reached.
        planned_minutes: 0: none were.
        views: lines of the views that were prepared, in their order.
        pictures: how many of pathology.
        decided: in their order; the last one holds.
        note: id of the newest signed note; "": there is none.
    """

    id: str
    number: int
    patient: Patient
    studies: tuple[Study, ...]
    question: str
    history: str
    pathology: str
    seconds: float
    planned_minutes: int
    views: tuple[str, ...]
    pictures: int
    decided: tuple[Decided, ...]
    note: str = ""

    @property
    def is_put_off(self) -> bool:
        """It comes to the next board."""
        return bool(self.decided) and self.decided[-1].decision.words.outcome == "deferral"


class Minutes(Struct, frozen=True):
    """Minutes of a board as it is, or was.

    Attributes:
        made_at, began_at, ended_at: seconds since 1970; None: it has not begun, or not ended.
        specialties: that should have been there.
        roll: who was called up.
        participants: who had a page, and when.
        audit: the hash that the audit trail ended with.
    """

    consult: str
    title: str
    host_name: str
    made_at: float
    began_at: float | None
    ended_at: float | None
    utc_offset_min: int
    specialties: tuple[str, ...]
    roll: tuple[Attendee, ...]
    participants: tuple[Participant, ...]
    cases: tuple[CaseMinutes, ...]
    audit: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Specialties of which nobody was there."""
        here = {one.specialty.casefold() for one in self.roll if one.present}
        return tuple(one for one in self.specialties if one.casefold() not in here)
