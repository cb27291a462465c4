"""The view: one register (`sessions/register.py`), newest wins; only that it settled is stored."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import ParticipantCommand
from consult.sessions.features.standings import IN_CONTROL, READING_IN_CONTROL
from consult.sessions.features.view.events import ViewSettled
from consult.sessions.features.view.messages import Show, ShownView
from consult.sessions.state import State


def apply(state: State, event: ViewSettled, by: SeatId) -> State:
    """The state with that view at rest, to which its case comes back."""
    case = state.stages.get(event.case, "")
    return replace(state, settled=event, left={**state.left, case: event.view} if case else state.left)


VIEW = Feature[ParticipantCommand, ViewSettled](
    name="view",
    messages={Show: IN_CONTROL | READING_IN_CONTROL},
    server_messages=(ShownView,),
    events=(ViewSettled,),
    apply=apply,
)
