"""Critical results: raised, told, acknowledged, escalated, closed."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.critical.commands import (
    AcknowledgeCritical,
    CloseCritical,
    CriticalCommand,
    EscalateCritical,
    NoteDelivery,
    RaiseCritical,
    TellCritical,
)
from consult.sessions.features.critical.decide import decide
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.features.critical.messages import CriticalWaits
from consult.sessions.features.feature import Feature
from consult.sessions.features.standings import EVERYBODY, READING, TAKING_PART
from consult.sessions.state import State


def apply(state: State, event: CriticalPut, by: SeatId) -> State:
    """The state with that critical result as it is now."""
    return replace(state, criticals={**state.criticals, event.critical.id: event.critical})


CRITICAL = Feature[CriticalCommand, CriticalPut](
    name="critical",
    commands={
        RaiseCritical: TAKING_PART,
        AcknowledgeCritical: EVERYBODY | READING,
        TellCritical: TAKING_PART | READING,
        CloseCritical: TAKING_PART | READING,
    },
    server_commands=frozenset({EscalateCritical, NoteDelivery}),
    server_messages=(CriticalWaits,),
    events=(CriticalPut,),
    decide=decide,
    apply=apply,
)
