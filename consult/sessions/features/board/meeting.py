"""The board itself: that it begins, who leads it, who is there."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.board.commands import (
    MAX_PERSON,
    MAX_SPECIALTY,
    PutAttendee,
    SetBoard,
)
from consult.sessions.features.board.events import Attendee, AttendeeDropped, AttendeePut, Board, BoardPut
from consult.sessions.features.control.decide import LEADERS, hand_over
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_ATTENDEES, full
from consult.sessions.features.seats.decide import clean_name
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.features.texts import clean_line
from consult.sessions.state import State


def begin(state: State, board: Board, now: float) -> list[Event]:
    """It begins; who has only prepared it hands control to a host."""
    holder = state.seats.get(state.control.seat) if state.control.seat is not None else None
    handed = hand_over(state, state.host()) if holder is not None and holder.role == "preparer" else []
    return [BoardPut(replace(board, phase="running", began_at=now, since=now)), *handed]


def set_board(board: Board, command: SetBoard) -> list[Event]:
    """Who should be there, and how they speak."""
    clean = (clean_line(one, MAX_SPECIALTY) for one in command.specialties)
    specialties = tuple(dict.fromkeys(one for one in clean if one))
    after = replace(board, specialties=specialties, sound_elsewhere=command.sound_elsewhere)
    return [] if after == board else [BoardPut(after)]


def appoint(state: State, seat: SeatId, *, moderates: bool) -> list[Event]:
    """Somebody leads beside the presenter, or no longer.

    Raises:
        Refused: "unknown_seat", "cannot_lead".
    """
    found = state.present(seat)
    if moderates == (found.role == "moderator"):
        return []
    if moderates and found.role not in ("participant", "preparer"):
        raise Refused("cannot_lead", f"A {found.role} is not asked to lead the board.")
    if moderates:
        return [SeatPut(replace(found, role="moderator"))]
    after = replace(found, role=_as_invited(state, found))
    loses_control = after.role == "preparer" and state.control.seat == seat
    return [SeatPut(after), *(hand_over(state, state.host()) if loses_control else [])]


def _as_invited(state: State, seat: Seat) -> Role:
    invitation = state.invitations.get(seat.invitation)
    return "preparer" if invitation is not None and invitation.role == "preparer" else "participant"


def put_attendee(state: State, actor: SeatId, command: PutAttendee, now: float) -> list[Event]:
    """Somebody is here, or was called up in vain.

    Raises:
        Refused: "not_yours", "bad_name", "too_many_people".
    """
    leads, before = state.seats[actor].role in LEADERS, state.attendees.get(command.person)
    seated = state.seats.get(SeatId(command.person))
    if seated is not None:
        at, name = seated.id, seated.name
    else:
        page = actor if command.here or not leads else SeatId("")
        at, name = (page if before is None else before.seat), clean_name(command.name[:MAX_PERSON])
    if at != actor and not leads:
        raise Refused("not_yours", "Who leads the board says who else is here.")
    if before is None and len(state.attendees) >= MAX_ATTENDEES:
        raise full("too_many_people", MAX_ATTENDEES, "names", "take some off the roll or begin")
    since = before.at if before is not None and before.present == command.present else now
    specialty = clean_line(command.specialty, MAX_SPECIALTY)
    after = Attendee(command.person, name, specialty, at, command.present, since, actor)
    is_same = before is not None and replace(after, by=before.by) == before
    return [] if is_same else [AttendeePut(after)]


def drop_attendee(state: State, actor: SeatId, person: str) -> list[Event]:
    """A name is taken off the roll. Raises Refused: "unknown_person", "not_yours"."""
    before = state.attendees.get(person)
    if before is None:
        raise Refused("unknown_person", "That name is not on the roll (any more).")
    if before.seat != actor and state.seats[actor].role not in LEADERS:
        raise Refused("not_yours", "Who leads the board says who else is here.")
    return [AttendeeDropped(person)]
