"""Invitations that notices lead to: who comes by one is whom the critical result is for."""

from __future__ import annotations

import re

from consult.model.identifiers import SeatId
from consult.sessions.features.critical.events import BACKUP, Critical
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
