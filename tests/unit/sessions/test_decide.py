"""Who may give which command, and what always holds of what commands lead to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.decide import decide
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.commands import TakeOwnership
from consult.sessions.features.control.commands import GiveBackControl, GrantControl, RequestControl, TakeControl
from consult.sessions.features.control.events import ControlPut
from consult.sessions.features.kinds import SERVER, Event, ParticipantCommand
from consult.sessions.features.seats.commands import Invite, RemoveSeat, Rename
from consult.sessions.features.seats.events import SeatPut
from tests.support.cases import START
from tests.support.decisions import ANN, BOB, EVE, HOST, ID, OPENING, after, consult, refusal, rename


def test_the_server_has_no_name_to_change() -> None:
    assert refusal(consult(), SERVER, rename("x")) == "not_allowed"


def test_a_seat_gives_no_command_of_the_servers() -> None:
    for command in (Invite(invitation=InvitationId("n"), role="host"), TakeOwnership(owner="me"), OPENING):
        assert refusal(consult(), HOST, command) == "not_allowed"


seats = st.sampled_from([HOST, ANN, BOB, EVE])
epochs = st.integers(0, 3)
commands: st.SearchStrategy[ParticipantCommand] = st.one_of(
    st.builds(Rename, id=st.just(ID), case=epochs, name=st.sampled_from(["a", "b", " "])),
    st.builds(RequestControl, id=st.just(ID), case=epochs),
    st.builds(GrantControl, id=st.just(ID), case=epochs, seat=seats),
    st.builds(TakeControl, id=st.just(ID), case=epochs),
    st.builds(GiveBackControl, id=st.just(ID), case=epochs),
    st.builds(SwitchCase, id=st.just(ID), case=epochs, to=st.sampled_from(["c1", "c2", "c7"])),
    st.builds(RemoveSeat, id=st.just(ID), case=epochs, seat=seats),
)


@settings(deadline=None)
@given(st.lists(st.tuples(seats, commands), max_size=25))
def test_what_always_holds(course: list[tuple[SeatId, ParticipantCommand]]) -> None:
    state = consult()
    for actor, command in course:
        before = state
        try:
            events: list[Event] = decide(state, actor, command, START)
        except Refused:
            continue
        state = after(state, actor, command)
        assert state.case >= before.case
        changed = state.control.seat != before.control.seat
        assert state.control.epoch == before.control.epoch + changed
        holder = state.control.seat
        assert holder is None or (not state.seats[holder].removed and state.seats[holder].role != "viewer")
        assert holder not in state.control.requests
        assert all(not state.seats[seat].removed for seat in state.control.requests)
        assert state.invitations == before.invitations
        assert all(isinstance(event, SeatPut | ControlPut | CaseSwitched) for event in events)
