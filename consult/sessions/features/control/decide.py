"""Control from seat to seat."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.control.commands import (
    ControlCommand,
    GiveBackControl,
    GrantControl,
    RequestControl,
    TakeControl,
)
from consult.sessions.features.control.events import Control, ControlPut
from consult.sessions.features.kinds import Event
from consult.sessions.state import State

LEADERS: frozenset[Role] = frozenset({"host", "moderator"})
"""Who leads of their own right, and stands in for nobody."""


def decide(state: State, actor: SeatId, command: ControlCommand, now: float) -> list[Event]:
    """What a command about control leads to.

    Raises:
        Refused: "unknown_seat", "viewer_cannot_control", "preparer_cannot_control".
    """
    match command:
        case RequestControl():
            return put_control(state, replace(state.control, requests=_with(state.control.requests, actor)))
        case GrantControl(seat=seat):
            role = state.present(seat).role
            check_drives(state, role)
            return hand_over(state, seat, stands_in=state.control.stands_in and role not in LEADERS)
        case TakeControl():
            return hand_over(state, actor, stands_in=state.seats[actor].role not in LEADERS)
        case GiveBackControl():
            return hand_over(state, state.host())
        case _ as never:
            assert_never(never)


def check_drives(state: State, role: Role) -> None:
    """Let pass who may have control: not who only watches; who prepares, until the board begins.

    Raises:
        Refused: "viewer_cannot_control", "preparer_cannot_control".
    """
    if role in ("viewer", "reader"):
        raise Refused("viewer_cannot_control", "A viewer cannot be given control.")
    if role == "preparer" and not (state.board is not None and state.board.phase == "preparing"):
        raise Refused("preparer_cannot_control", "The board has begun: who prepares cannot be given control.")


def hand_over(state: State, seat: SeatId | None, *, stands_in: bool = False) -> list[Event]:
    """Control to a seat, or to nobody; the epoch goes up, so that gestures in flight die. `stands_in`: for a host who
    is away."""
    if seat == state.control.seat:
        return []
    requests = tuple(s for s in state.control.requests if s != seat)
    return [ControlPut(Control(state.control.epoch + 1, seat, requests, stands_in))]


def put_control(state: State, control: Control) -> list[Event]:
    """That control is so, where it is not so already."""
    return [] if control == state.control else [ControlPut(control)]


def _with(seats: tuple[SeatId, ...], seat: SeatId) -> tuple[SeatId, ...]:
    return seats if seat in seats else (*seats, seat)
