"""A consult of four seats, what commands make of it, and what they are refused for."""

from __future__ import annotations

import pytest

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.decide import decide
from consult.sessions.events import Entry
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.consult.commands import OpenConsult
from consult.sessions.features.control.commands import GrantControl
from consult.sessions.features.kinds import SERVER, Command
from consult.sessions.features.seats.commands import Invite, Rename, TakeSeat
from consult.sessions.fold import fold
from consult.sessions.state import State
from tests.support.cases import CONSULT, START, case, command_id

HOST, ANN, BOB, EVE = map(SeatId, ("host", "ann", "bob", "eve"))
OPENING = OpenConsult(consult=CONSULT, title="Board", host_name="Dr. Host", cases=(case("c1"), case("c2", ("s-9",))))


def after(state: State, actor: SeatId, command: Command, now: float = START) -> State:
    """The state once a command was decided and folded."""
    for event in decide(state, actor, command, now):
        state = fold(state, Entry(state.seq + 1, now, event, actor))
    return state


def consult() -> State:
    """Opened; a host in control, two participants, a viewer."""
    state = after(State(), SERVER, OPENING)
    for role in ("host", "participant", "viewer"):
        state = after(state, SERVER, Invite(invitation=InvitationId(role), role=role))
    for seat, role in ((HOST, "host"), (ANN, "participant"), (BOB, "participant"), (EVE, "viewer")):
        state = after(state, SERVER, TakeSeat(seat=seat, invitation=InvitationId(role), name=seat))
    return state


def refusal(state: State, actor: SeatId, command: Command, now: float = START) -> str:
    """The code a command is refused with."""
    with pytest.raises(Refused) as refused:
        decide(state, actor, command, now)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


ID = command_id("host", 1)


def rename(name: str, epoch: int = 1) -> Rename:
    """A rename."""
    return Rename(id=ID, case=epoch, name=name)


def grant(seat: SeatId) -> GrantControl:
    """A grant."""
    return GrantControl(id=ID, case=1, seat=seat)


def switch(to: str, epoch: int = 1) -> SwitchCase:
    """A switch."""
    return SwitchCase(id=ID, case=epoch, to=to)
