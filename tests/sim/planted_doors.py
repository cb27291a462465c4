"""Bugs of the doors, as variants of the real classes: the checker must find each."""

from __future__ import annotations

from unittest.mock import patch

from consult.model.catalogue import Role
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.core import SessionCore
from consult.sessions.effects import Effect, HideParts
from consult.sessions.features.kinds import ClientMessage, ParticipantCommand
from consult.sessions.features.seats import decide as seats_decide
from consult.sessions.features.seats import lobby
from consult.sessions.features.seats.events import Invitation, Seat
from consult.sessions.presence.vacancy import Vacancy
from consult.sessions.publishing import document
from consult.sessions.state import State
from tests.sim.planted_record import with_instead
from tests.sim.world import Make


def nobody_so_far(state: State, invitation: Invitation) -> int:
    """A code that does not know that it was used."""
    return 0


def waits_still(seat: Seat) -> bool:
    """Who was let in, or sent out since, is let in once more."""
    return True


def everybody_may_see(role: Role, seat: Seat) -> bool:
    """Guests are told who waits."""
    return seat.role != "reader"


def tells_all(state: State, role: Role) -> bool:
    """Guests are told who the patients are, whatever the host has said."""
    return False


class NobodyLeads(Vacancy):
    """Lets whoever takes part take control at any time."""

    def check(self, state: State, actor: SeatId, command: ParticipantCommand, now: float) -> None:
        """As if no host were ever here."""


class HidesFromNobody(SessionCore):
    """Tells all to all."""

    def receive(self, connection: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """The same, and says all to who comes."""
        with patch.object(document, "hides", tells_all):
            return super().receive(connection, message, now)


class TellsNobodyWhatIsHidden(SessionCore):
    """Whoever makes pictures is not told what guests may not see of them."""

    def receive(self, connection: ConnectionId, message: ClientMessage, now: float) -> list[Effect]:
        """All else."""
        return [one for one in super().receive(connection, message, now) if not isinstance(one, HideParts)]


class LeadsWhoeverWants(SessionCore):
    """Has such a one."""

    def __init__(self, state: State, **more: object) -> None:
        super().__init__(state, **more)  # type: ignore[arg-type]  # as the real one
        self._vacancy = NobodyLeads()


PLANTED_DOORS = {
    "a code used twice": Make(core=with_instead(seats_decide, "seats_taken", nobody_so_far)),
    "admitted twice": Make(core=with_instead(lobby, "waits", waits_still)),
    "a guest who is told who waits": Make(core=with_instead(document, "_may_see_seat", everybody_may_see)),
    "a guest who is told of a hidden patient": Make(core=HidesFromNobody),
    "pictures of what was blacked out": Make(core=TellsNobodyWhatIsHidden),
    "control taken while a host is here": Make(core=LeadsWhoeverWants),
}
