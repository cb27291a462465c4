"""Who may take part: links are made and revoked, seats taken, renamed and closed."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.text import folded
from consult.sessions.features.control.decide import hand_over, put_control
from consult.sessions.features.control.events import Control
from consult.sessions.features.kinds import Event, ServerCommand
from consult.sessions.features.seats.closing import AFTER_THE_END, refused_for, why_shut
from consult.sessions.features.seats.commands import (
    MAX_NAME,
    AdmitSeats,
    AskAgain,
    DenySeat,
    Invite,
    ReadmitSeat,
    RemoveSeat,
    Rename,
    RevokeInvitation,
    SeatsCommand,
    TakeSeat,
)
from consult.sessions.features.seats.events import Invitation, InvitationPut, Seat, SeatPut
from consult.sessions.features.seats.lobby import before_the_door, decide_lobby
from consult.sessions.features.texts import clean_line
from consult.sessions.state import State

MAX_SEATS = 2048
"""Of a consult in its life: who has left keeps a seat, which names the author of their marks. At once: `places.py`."""
MAX_SEATS_OF_LINK = 256
"""Taken by one link in its life: whoever has more of it than people do cannot fill the consult's log with seats."""
MAX_INVITATIONS = 256
WAITING_ROLES: frozenset[Role] = frozenset({"moderator", "participant", "viewer", "preparer"})
"""Whom a host can let wait."""
DEFAULT_NAMES = {
    "host": "Host", "moderator": "Moderator", "participant": "Guest", "viewer": "Guest", "preparer": "Preparer",
    "reader": "Reader",
}  # fmt: skip
BOARD_ROLES: frozenset[Role] = frozenset({"moderator", "preparer"})
"""Of boards alone."""


def decide(state: State, actor: SeatId, command: SeatsCommand, now: float) -> list[Event]:
    """What a command about seats and invitations leads to.

    Raises:
        Refused: "bad_name", "unknown_seat", "cannot_remove_yourself", "same_invitation", "too_many_invitations",
            "unknown_invitation", "unknown_case", "no_board", "used_up", "no_lobby", or the reason of `closing.py` why
            nobody comes in.
    """
    if state.ended and isinstance(command, ServerCommand) and not _lets_read(state, command):
        raise refused_for("over")
    match command:
        case Rename(name=name):
            return _put_seat(state, replace(state.seats[actor], name=clean_name(name)))
        case RemoveSeat(seat=seat):
            if seat == actor:
                raise Refused("cannot_remove_yourself", "You cannot remove yourself; end the consult or leave.")
            return _without(state, [state.present(seat)])
        case ReadmitSeat(seat=seat):
            return _readmit(state, seat)
        case AdmitSeats() | DenySeat() | AskAgain():
            return decide_lobby(state, command, now)
        case Invite():
            return _invite(state, command)
        case RevokeInvitation():
            return _revoke(state, command)
        case TakeSeat():
            return _take_seat(state, command, now)
        case _ as never:
            assert_never(never)


def _lets_read(state: State, command: SeatsCommand) -> bool:
    """Whether it is about a link or seat of who reads a consult that has ended."""
    match command:
        case Invite(role=role):
            return role in AFTER_THE_END
        case RevokeInvitation():
            return True
        case TakeSeat(invitation=id_):
            return id_ in state.invitations and state.invitations[id_].role in AFTER_THE_END
        case _:
            return False


def clean_name(name: str) -> str:
    """A name as people may read it: no control or direction characters, no line breaks, single spaces.

    Raises:
        Refused: "bad_name": nothing is left of it.
    """
    clean = clean_line(name, MAX_NAME)
    if not clean:
        raise Refused("bad_name", "A name needs at least one visible character.")
    return clean


def _put_seat(state: State, seat: Seat) -> list[Event]:
    return [] if state.seats.get(seat.id) == seat else [SeatPut(seat)]


def _readmit(state: State, seat: SeatId) -> list[Event]:
    found = state.seats.get(seat)
    if found is None:
        raise Refused("unknown_seat", "Nobody has that seat.")
    return _put_seat(state, replace(found, removed=False, lobby=""))


def who_is_out(state: State, invitation: Invitation, name: str) -> Seat | None:
    """Somebody of that name who had come by that link and was sent out, or away from the door: they stay out until a
    host lets them in."""
    gone = (seat for seat in state.seats.values() if seat.removed and seat.invitation == invitation.id)
    return next((seat for seat in gone if folded(seat.name) == folded(name)), None)


def _without(state: State, seats: list[Seat]) -> list[Event]:
    gone = {seat.id for seat in seats}
    events: list[Event] = [SeatPut(replace(seat, removed=True)) for seat in seats]
    control = replace(state.control, requests=tuple(s for s in state.control.requests if s not in gone))
    if control.seat in gone:
        hosts = [s.id for s in state.seats.values() if s.role == "host" and not s.removed and s.id not in gone]
        heir = hosts[-1] if hosts else None
        control = Control(control.epoch + 1, heir, tuple(s for s in control.requests if s != heir))
    return [*events, *put_control(state, control)]


def _invite(state: State, command: Invite) -> list[Event]:
    if command.invitation in state.invitations:
        raise Refused("same_invitation", "There is an invitation of that id already.")
    if len(state.invitations) >= MAX_INVITATIONS:
        raise Refused("too_many_invitations", "This consult has as many invitations as it may have.")
    if command.role in BOARD_ROLES and state.board is None:
        raise Refused("no_board", "This consult is no board: nobody prepares or moderates it.")
    if command.role == "reader" and state.find_case(command.case) is None:
        raise Refused("unknown_case", "There is no such case in this consult.")
    name = clean_name(command.name) if command.name else ""
    case = command.case if command.role == "reader" else ""
    label = clean_name(command.label) if command.label.strip() else ""
    invitation = Invitation(
        command.invitation, command.role, name, command.expires_at, label=label, case=case,
        lobby=command.lobby or command.spoken, max_seats=1 if command.spoken else command.max_seats,
        pin=command.pin and not command.spoken, spoken=command.spoken,
        joins_until=command.joins_until if command.spoken else None,
    )  # fmt: skip
    if (invitation.lobby or invitation.pin) and invitation.role not in WAITING_ROLES:
        raise Refused("no_lobby", "Whoever hosts or reads a note waits before no door, and gives no PIN.")
    return [InvitationPut(invitation)]


def _revoke(state: State, command: RevokeInvitation) -> list[Event]:
    invitation = state.invitations.get(command.invitation)
    if invitation is None:
        raise Refused("unknown_invitation", "There is no such invitation.")
    if invitation.revoked:
        return []
    taken = [s for s in state.seats.values() if s.invitation == invitation.id and not s.removed]
    return [InvitationPut(replace(invitation, revoked=True)), *_without(state, taken)]


def seats_taken(state: State, invitation: Invitation) -> int:
    """How many people have come by it, those too who were sent away."""
    return sum(seat.invitation == invitation.id for seat in state.seats.values())


def _check_room(state: State, invitation: Invitation, now: float) -> None:
    """Let pass where one more person may come by it. Raises Refused: "full", "used_up", "expired"."""
    if sum(not seat.removed for seat in state.seats.values()) >= MAX_SEATS:
        raise refused_for("full")
    if seats_taken(state, invitation) >= (invitation.max_seats or MAX_SEATS_OF_LINK):
        raise Refused("used_up", "This link has let in as many people as it may. Ask the host for a new one.")
    if invitation.joins_until is not None and now >= invitation.joins_until:
        raise refused_for("expired")


def _take_seat(state: State, command: TakeSeat, now: float) -> list[Event]:
    invitation = state.invitations.get(command.invitation)
    if invitation is None:
        raise refused_for("denied")
    if (reason := why_shut(state, invitation, now)) is not None:
        raise refused_for(reason)
    if (taken := state.seats.get(command.seat)) is not None:
        if taken.invitation != invitation.id:
            raise refused_for("denied")
        if taken.removed:
            raise refused_for("denied" if taken.lobby else "removed")
        return []
    _check_room(state, invitation, now)
    name = clean_name(command.name or invitation.name or DEFAULT_NAMES[invitation.role])
    if (out := who_is_out(state, invitation, name)) is not None:
        raise refused_for("denied" if out.lobby else "removed")
    seat = Seat(command.seat, name, invitation.role, len(state.seats), invitation.id)
    if invitation.lobby:
        return [SeatPut(before_the_door(seat, now))]
    first_host = invitation.role == "host" and state.control.seat is None
    return [SeatPut(seat), *(hand_over(state, seat.id) if first_host else [])]
