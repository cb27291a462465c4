"""Commands to events: what is possible now. Pure: the time and all ids come in.

Rules:
- `actor` is the seat that asks, or SERVER. Whether a role may ask at all is the table's matter (permissions.py).
- A participant's command of another case epoch is refused before anything else: right patient, always.
- No event: what was asked for is so already.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.chatting import post_chat
from consult.sessions.closing import ENDINGS, why_shut
from consult.sessions.commands import (
    Command,
    ConsultCommand,
    EndConsult,
    GiveBackControl,
    GrantControl,
    Invite,
    Marking,
    OpenConsult,
    ParticipantCommand,
    PostChat,
    RemoveSeat,
    Rename,
    RequestControl,
    RevokeInvitation,
    ServerCommand,
    SwitchCase,
    TakeControl,
    TakeOwnership,
    TakeSeat,
)
from consult.sessions.events import (
    CaseSwitched,
    Consult,
    ConsultEnded,
    ConsultOpened,
    Control,
    ControlPut,
    Event,
    Invitation,
    InvitationPut,
    OwnerChanged,
    Seat,
    SeatPut,
)
from consult.sessions.marking import decide_marking
from consult.sessions.messages import Reason
from consult.sessions.permissions import Standing, permit
from consult.sessions.state import State
from consult.sessions.texts import clean_line
from consult.sessions.views import initial_view

SERVER = SeatId("")
"""The actor of what nobody in the consult asked for."""
MAX_SEATS = 2048
"""Of a consult in its life: who has left keeps a seat, which names the author of their marks. (At once: 50 people.)"""
MAX_INVITATIONS = 256
MAX_NAME = 80
DEFAULT_NAMES = {"host": "Host", "participant": "Guest", "viewer": "Guest"}


def decide(state: State, actor: SeatId, command: Command | ServerCommand, now: float) -> list[Event]:
    """What a command leads to.

    Args:
        state: the consult as it is.
        actor: who asks; SERVER passes the table.
        command: what they want.
        now: seconds since 1970.

    Raises:
        Refused: with a stable code: "stale_case", those of `permit`, and those of each command below.
    """
    if isinstance(command, OpenConsult):
        return _open(state, command, now)
    if not state.opened:
        raise Refused("not_open", "There is no such consult.")
    if not isinstance(command, ParticipantCommand):
        if state.ended and not isinstance(command, TakeOwnership):
            raise _out("over")
        return _servers(state, command, now)
    if actor != SERVER:
        permit(standing(state, actor), command)
        if command.case != state.case:
            raise Refused("stale_case", "Another case is on the stage now.")
    elif not isinstance(command, EndConsult):
        raise Refused("not_allowed", "Only a participant can do this.")
    if isinstance(command, Marking):
        return decide_marking(state, actor, command)
    return _participants(state, actor, command, now)


def standing(state: State, seat: SeatId) -> Standing:
    """What the table of permissions asks about a seat. Raises Refused where it has none ("denied")."""
    if seat not in state.seats:
        raise _out("denied")
    if state.seats[seat].removed:
        raise _out("removed")
    return Standing(state.seats[seat].role, state.control.seat == seat, state.ended)


def _participants(state: State, actor: SeatId, command: ConsultCommand, now: float) -> list[Event]:
    if isinstance(command, PostChat):
        return post_chat(state, actor, command, now)
    match command:
        case Rename(name=name):
            return _put_seat(state, replace(state.seats[actor], name=clean_name(name)))
        case RequestControl():
            return _put_control(state, replace(state.control, requests=_with(state.control.requests, actor)))
        case GrantControl(seat=seat):
            return _grant(state, seat)
        case TakeControl():
            return hand_over(state, actor)
        case GiveBackControl():
            return hand_over(state, state.host())
        case SwitchCase(to=to):
            return _switch(state, to)
        case RemoveSeat(seat=seat):
            return _remove(state, actor, seat)
        case EndConsult():
            return [] if state.ended else [ConsultEnded(replace(state.consult, ended_at=now))]
        case _ as never:
            assert_never(never)


def _servers(state: State, command: Invite | RevokeInvitation | TakeSeat | TakeOwnership, now: float) -> list[Event]:
    match command:
        case Invite():
            return _invite(state, command)
        case RevokeInvitation():
            return _revoke(state, command)
        case TakeSeat():
            return _take_seat(state, command, now)
        case TakeOwnership(owner=owner):
            return [OwnerChanged(owner, state.owners + 1)]
        case _ as never:
            assert_never(never)


def clean_name(name: str) -> str:
    """A name as people may read it: no control or direction characters, no line breaks, single spaces.

    Raises:
        Refused: "bad_name": nothing is left of it.
    """
    clean = clean_line(name, MAX_NAME)
    if not clean:
        raise Refused("bad_name", "A name needs at least one visible character.")
    return clean


def hand_over(state: State, seat: SeatId | None) -> list[Event]:
    """Control to a seat, or to nobody; the epoch goes up, so that gestures in flight die."""
    if seat == state.control.seat:
        return []
    requests = tuple(s for s in state.control.requests if s != seat)
    return [ControlPut(Control(state.control.epoch + 1, seat, requests))]


def _open(state: State, command: OpenConsult, now: float) -> list[Event]:
    if state.opened:
        raise Refused("already_open", "This consult is open already.")
    if not command.cases:
        raise Refused("nothing_to_show", "A consult needs at least one case.")
    if len({case.id for case in command.cases}) != len(command.cases):
        raise Refused("same_case", "Two cases of a consult have the same id.")
    for case in command.cases:
        initial_view(case)
    return [ConsultOpened(Consult(command.consult, command.title, command.host_name, now), command.cases)]


def _put_seat(state: State, seat: Seat) -> list[Event]:
    return [] if state.seats.get(seat.id) == seat else [SeatPut(seat)]


def _put_control(state: State, control: Control) -> list[Event]:
    return [] if control == state.control else [ControlPut(control)]


def _with(seats: tuple[SeatId, ...], seat: SeatId) -> tuple[SeatId, ...]:
    return seats if seat in seats else (*seats, seat)


def _present(state: State, seat: SeatId) -> Seat:
    found = state.seats.get(seat)
    if found is None or found.removed:
        raise Refused("unknown_seat", "Nobody has that seat.")
    return found


def _grant(state: State, seat: SeatId) -> list[Event]:
    if _present(state, seat).role == "viewer":
        raise Refused("viewer_cannot_control", "A viewer cannot be given control.")
    return hand_over(state, seat)


def _switch(state: State, to: str) -> list[Event]:
    if state.find_case(to) is None:
        raise Refused("unknown_case", "This consult does not have that case.")
    return [] if to == state.current else [CaseSwitched(state.case + 1, to)]


def _remove(state: State, actor: SeatId, seat: SeatId) -> list[Event]:
    if seat == actor:
        raise Refused("cannot_remove_yourself", "You cannot remove yourself; end the consult or leave.")
    return _without(state, [_present(state, seat)])


def _without(state: State, seats: list[Seat]) -> list[Event]:
    gone = {seat.id for seat in seats}
    events: list[Event] = [SeatPut(replace(seat, removed=True)) for seat in seats]
    control = replace(state.control, requests=tuple(s for s in state.control.requests if s not in gone))
    if control.seat in gone:
        hosts = [s.id for s in state.seats.values() if s.role == "host" and not s.removed and s.id not in gone]
        heir = hosts[-1] if hosts else None
        control = Control(control.epoch + 1, heir, tuple(s for s in control.requests if s != heir))
    return [*events, *_put_control(state, control)]


def _invite(state: State, command: Invite) -> list[Event]:
    if command.invitation in state.invitations:
        raise Refused("same_invitation", "There is an invitation of that id already.")
    if len(state.invitations) >= MAX_INVITATIONS:
        raise Refused("too_many_invitations", "This consult has as many invitations as it may have.")
    name = clean_name(command.name) if command.name else ""
    label = clean_name(command.label) if command.label.strip() else ""
    return [InvitationPut(Invitation(command.invitation, command.role, name, command.expires_at, label=label))]


def _revoke(state: State, command: RevokeInvitation) -> list[Event]:
    invitation = state.invitations.get(command.invitation)
    if invitation is None:
        raise Refused("unknown_invitation", "There is no such invitation.")
    if invitation.revoked:
        return []
    taken = [s for s in state.seats.values() if s.invitation == invitation.id and not s.removed]
    return [InvitationPut(replace(invitation, revoked=True)), *_without(state, taken)]


def _take_seat(state: State, command: TakeSeat, now: float) -> list[Event]:
    invitation = state.invitations.get(command.invitation)
    if invitation is None:
        raise _out("denied")
    if (reason := why_shut(state, invitation, now)) is not None:
        raise _out(reason)
    if (taken := state.seats.get(command.seat)) is not None:
        if taken.invitation != invitation.id:
            raise _out("denied")
        if taken.removed:
            raise _out("removed")
        return []
    if sum(not seat.removed for seat in state.seats.values()) >= MAX_SEATS:
        raise _out("full")
    name = clean_name(command.name or invitation.name or DEFAULT_NAMES[invitation.role])
    seat = Seat(command.seat, name, invitation.role, len(state.seats), invitation.id)
    first_host = invitation.role == "host" and state.control.seat is None
    return [SeatPut(seat), *(hand_over(state, seat.id) if first_host else [])]


def _out(reason: Reason) -> Refused:
    return Refused(reason, ENDINGS[reason].closing.sentence)
