"""Control: exactly one seat drives, or nobody. Who may take it while no host is here: `presence/vacancy.py`."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.control.commands import (
    ControlCommand,
    GiveBackControl,
    GrantControl,
    RequestControl,
    TakeControl,
)
from consult.sessions.features.control.decide import decide
from consult.sessions.features.control.events import ControlPut
from consult.sessions.features.feature import Feature
from consult.sessions.features.standings import (
    HOSTS,
    MODERATOR_IDLE,
    MODERATOR_IN_CONTROL,
    MODERATORS,
    PARTICIPANT_IDLE,
    PARTICIPANT_IN_CONTROL,
    PREPARER_IDLE,
    PREPARER_IN_CONTROL,
)
from consult.sessions.state import State


def apply(state: State, event: ControlPut, by: SeatId) -> State:
    """The state once control is so."""
    return replace(state, control=event.control)


CONTROL = Feature[ControlCommand, ControlPut](
    name="control",
    commands={
        RequestControl: PARTICIPANT_IDLE | MODERATOR_IDLE | PREPARER_IDLE,
        GrantControl: HOSTS | MODERATORS | PARTICIPANT_IN_CONTROL | PREPARER_IN_CONTROL,
        TakeControl: HOSTS | MODERATORS | PARTICIPANT_IDLE | PREPARER_IDLE,
        GiveBackControl: PARTICIPANT_IN_CONTROL | MODERATOR_IN_CONTROL | PREPARER_IN_CONTROL,
    },
    events=(ControlPut,),
    decide=decide,
    apply=apply,
)
