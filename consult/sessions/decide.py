"""Commands to events: what is possible now. Pure: the time and all ids come in.

Rules:
- `actor` is the seat that asks, or SERVER. Who may give a command is listed by its feature; others are refused.
- A participant's command of another case epoch is refused before anything else: right patient, always.
- No event: what was asked for is so already.
"""

from __future__ import annotations

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.kinds import SERVER, Command, Event, ParticipantCommand
from consult.sessions.features.table import REGISTRY, Registry
from consult.sessions.permissions import permit, standing
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: Command, now: float, registry: Registry = REGISTRY) -> list[Event]:
    """What a command leads to.

    Args:
        state: the consult as it is.
        actor: who asks.
        command: what they want.
        now: seconds since 1970.
        registry: the features.

    Raises:
        Refused: "not_open", "stale_case", "not_allowed"; those of `permit`, and of the command's feature.
    """
    if not state.opened and not isinstance(command, OpenConsult):
        raise Refused("not_open", "There is no such consult.")
    if actor == SERVER:
        if type(command) not in registry.server_commands:
            raise Refused("not_allowed", "Only a participant can do this.")
    elif isinstance(command, ParticipantCommand):
        permit(standing(state, actor), command, registry)
        check_case(state, command.case, actor)
    else:
        raise Refused("not_allowed", "Only the server can do this.")
    return registry.decide(state, actor, command, now)


def check_case(state: State, epoch: int, actor: SeatId) -> None:
    """Let pass what was made for the case on the stage.

    Raises:
        Refused: "stale_case": it was made in another case epoch; for whom, the sentence says.
    """
    if epoch != state.case:
        raise state.stale_case(state.case_of(epoch), actor)
