"""Cases: one of the list is on the stage. A switch raises the case epoch, so that nothing of one patient lands on
the next."""

from __future__ import annotations

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.standings import HOSTS, PARTICIPANT_IN_CONTROL
from consult.sessions.state import State, put_on_stage


def decide(state: State, actor: SeatId, command: SwitchCase, now: float) -> list[Event]:
    """Another case on the stage.

    Raises:
        Refused: "unknown_case".
    """
    if state.find_case(command.to) is None:
        raise Refused("unknown_case", "This consult does not have that case.")
    return [] if command.to == state.current else [CaseSwitched(state.case + 1, command.to)]


def apply(state: State, event: CaseSwitched, by: SeatId) -> State:
    """The state with that case on the stage; what can be undone was of the former one."""
    return replace(put_on_stage(state, event.epoch, event.case), acts={})


CASES = Feature[SwitchCase, CaseSwitched](
    name="cases",
    commands={SwitchCase: HOSTS | {PARTICIPANT_IN_CONTROL}},
    events=(CaseSwitched,),
    decide=decide,
    apply=apply,
)
