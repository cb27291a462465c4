"""Who waits before the door: let in, sent away, asking once more.

Rules of this file:
- Somebody is let in out of the lobby alone: who was sent out or away since stays so, however late an "admit" arrives.
- What two hosts do at once is done once: whoever comes second changes nothing.
- Who was not let in may ask once more, in the same seat, while their link works.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import Event
from consult.sessions.features.seats.closing import refused_for, why_shut
from consult.sessions.features.seats.commands import AdmitSeats, AskAgain, DenySeat
from consult.sessions.features.seats.events import Seat, SeatPut
from consult.sessions.state import State

MAX_ASKS = 2
"""How often somebody asks to be let in."""


def decide_lobby(state: State, command: AdmitSeats | DenySeat | AskAgain, now: float) -> list[Event]:
    """What a command about who waits leads to. Raises Refused: "unknown_seat"; as `ask_again`."""
    match command:
        case AdmitSeats(seats=seats):
            return admit(state, seats)
        case DenySeat(seat=seat):
            return deny(state, seat)
        case AskAgain(seat=seat):
            return ask_again(state, seat, now)
        case _ as never:
            assert_never(never)


def before_the_door(seat: Seat, now: float) -> Seat:
    """The seat of somebody who has asked to be let in."""
    return replace(seat, lobby="waiting", removed=False, asked_at=now, asks=seat.asks + 1)


def admit(state: State, seats: Iterable[SeatId]) -> list[Event]:
    """Let these in, of whom each waits; of the others nothing changes. Raises Refused("unknown_seat")."""
    known = [_known(state, seat) for seat in dict.fromkeys(seats)]
    return [SeatPut(replace(seat, lobby="")) for seat in known if waits(seat)]


def deny(state: State, seat: SeatId) -> list[Event]:
    """Send somebody away who waits. Raises Refused("unknown_seat")."""
    found = _known(state, seat)
    return [SeatPut(replace(found, lobby="denied", removed=True))] if waits(found) else []


def ask_again(state: State, seat: SeatId, now: float) -> list[Event]:
    """Wait once more.

    Raises:
        Refused: "denied" where they have asked often enough, or were never in the lobby; the reason why the link is
            shut.
    """
    found = state.seats.get(seat)
    if found is not None and waits(found):
        return []
    invitation = None if found is None else state.invitations.get(found.invitation)
    if found is None or invitation is None or found.lobby != "denied" or found.asks >= MAX_ASKS:
        raise refused_for("denied")
    if (reason := why_shut(state, invitation, now)) is not None:
        raise refused_for(reason)
    return [SeatPut(before_the_door(found, now))]


def waits(seat: Seat) -> bool:
    """They wait to be let in."""
    return seat.lobby == "waiting" and not seat.removed


def _known(state: State, seat: SeatId) -> Seat:
    found = state.seats.get(seat)
    if found is None:
        raise Refused("unknown_seat", "Nobody has that seat.")
    return found
