"""Seats: who was invited, who sits where, under which name and role."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.seats.commands import (
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
from consult.sessions.features.seats.decide import decide
from consult.sessions.features.seats.events import InvitationPut, SeatPut, SeatsEvent
from consult.sessions.features.standings import EVERYBODY, HOSTS
from consult.sessions.state import State


def apply(state: State, event: SeatsEvent, by: SeatId) -> State:
    """The state with that invitation or seat."""
    match event:
        case InvitationPut(invitation=invitation):
            return replace(state, invitations={**state.invitations, invitation.id: invitation})
        case SeatPut(seat=seat):
            return replace(state, seats={**state.seats, seat.id: seat})
        case _ as never:
            assert_never(never)


SEATS = Feature[SeatsCommand, SeatsEvent](
    name="seats",
    commands={Rename: EVERYBODY, RemoveSeat: HOSTS, ReadmitSeat: HOSTS, AdmitSeats: HOSTS, DenySeat: HOSTS},
    server_commands=frozenset({Invite, RevokeInvitation, TakeSeat, AskAgain}),
    events=(InvitationPut, SeatPut),
    unsent=frozenset({InvitationPut}),
    decide=decide,
    apply=apply,
)
