"""For whom a critical result waits: who comes by an invitation that its notices lead to, and who is named in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from consult.model.identifiers import SeatId
from consult.sessions.features.critical.events import BACKUP, Critical, CriticalPut
from consult.sessions.features.kinds import Event
from consult.sessions.state import State

_LABEL = re.compile(r"critical (?P<critical>\S+) [01]")


def invitation_label(critical: Critical, stage: int) -> str:
    """What the invitation that a notice of that stage leads to is called."""
    return f"critical {critical.id} {stage}"


def asked_about(state: State, seat: SeatId) -> str:
    """Id of the critical result by whose notice somebody came; "" where they came otherwise."""
    invitation = state.invitations.get(state.seats[seat].invitation)
    found = _LABEL.fullmatch(invitation.label) if invitation is not None else None
    return found["critical"] if found is not None and found["critical"] in state.criticals else ""


def waits_for(state: State, seat: SeatId) -> str:
    """Id of a critical result that nobody has acknowledged and that is for that seat now; "" for none."""
    for critical in state.criticals.values():
        asked = (critical.to, critical.backup) if critical.stage >= BACKUP else (critical.to,)
        if critical.acknowledged is None and critical.closed is None and seat in {person.seat for person in asked}:
            return critical.id
    return ""


def waiting_elsewhere(state: State, events: Iterable[Event]) -> dict[SeatId, str]:
    """What `waits_for` says now of the people of whom events about other cases than the one on the stage are."""
    changed = [event.critical for event in events if isinstance(event, CriticalPut)]
    people = [one for found in changed if found.case != state.current for one in (found.to, found.backup)]
    return {person.seat: waits_for(state, person.seat) for person in people if person.seat}
