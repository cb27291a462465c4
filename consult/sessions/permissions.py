"""Who may send what: role x message x (live, a board that is prepared or runs, or ended; in control or not). Denied
unless a feature lists it.

In a consult that has ended hosts read: they look around, and nothing of the document changes.
"""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.seats.closing import refused_for
from consult.sessions.features.standings import Standing
from consult.sessions.features.table import REGISTRY, Registry
from consult.sessions.state import State


def standing(state: State, seat: SeatId) -> Standing:
    """What counts about a seat. Raises Refused where nobody is in it ("denied", "removed", "lobby")."""
    if seat not in state.seats:
        raise refused_for("denied")
    taken = state.seats[seat]
    if taken.removed:
        raise refused_for("denied" if taken.lobby else "removed")
    if not taken.is_in:
        raise refused_for("lobby")
    has_control, ended = state.control.seat == seat, state.ended
    return Standing(taken.role, has_control, ended, "" if ended or state.board is None else state.board.phase)


def is_allowed(sender: Standing, message: type[ClientMessage], registry: Registry = REGISTRY) -> bool:
    """Whether a sender of that standing may send that kind of message."""
    return sender in registry.permissions.get(message, frozenset())


def permit(sender: Standing, message: ClientMessage, registry: Registry = REGISTRY) -> None:
    """Let a message pass.

    Raises:
        Refused: "over", "not_in_control" (somebody else drives) or "not_allowed" (never for this role).
    """
    kind = type(message)
    if is_allowed(sender, kind, registry):
        return
    if sender.ended:
        raise Refused("over", "This consult is over.")
    if is_allowed(replace(sender, control=True), kind, registry):
        raise Refused("not_in_control", "Only who has control can do this.")
    raise Refused("not_allowed", f"A {sender.role} cannot do this now.")
