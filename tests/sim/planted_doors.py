"""Bugs of the doors, as variants of the real classes: the checker must find each."""

from __future__ import annotations

from consult.model.catalogue import Role
from consult.model.identifiers import SeatId
from consult.sessions.core import SessionCore
from consult.sessions.features.kinds import ParticipantCommand
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


class NobodyLeads(Vacancy):
    """Lets whoever takes part take control at any time."""

    def check(self, state: State, actor: SeatId, command: ParticipantCommand, now: float) -> None:
        """As if no host were ever here."""


class LeadsWhoeverWants(SessionCore):
    """Has such a one."""

    def __init__(self, state: State, **more: object) -> None:
        super().__init__(state, **more)  # type: ignore[arg-type]  # as the real one
        self._vacancy = NobodyLeads()


PLANTED_DOORS = {
    "a code used twice": Make(core=with_instead(seats_decide, "seats_taken", nobody_so_far)),
    "admitted twice": Make(core=with_instead(lobby, "waits", waits_still)),
    "a guest who is told who waits": Make(core=with_instead(document, "_may_see_seat", everybody_may_see)),
    "control taken while a host is here": Make(core=LeadsWhoeverWants),
}
