"""Control from seat to seat."""

from __future__ import annotations

import pytest

from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.decide import decide
from consult.sessions.features.control.commands import GiveBackControl, RequestControl, TakeControl
from consult.sessions.features.control.events import Control
from consult.sessions.features.kinds import SERVER
from consult.sessions.features.seats.commands import RemoveSeat, RevokeInvitation, TakeSeat
from tests.support.cases import START
from tests.support.decisions import ANN, BOB, EVE, HOST, ID, after, consult, grant, refusal


class TestControl:
    """It is apart from the role; its epoch counts each change of hands."""

    def test_the_first_host_has_it(self) -> None:
        assert consult().control == Control(1, HOST)

    def test_a_request_is_noted_once_and_changes_no_epoch(self) -> None:
        state = after(consult(), ANN, RequestControl(id=ID, case=1))
        assert state.control == Control(1, HOST, (ANN,))
        assert decide(state, ANN, RequestControl(id=ID, case=1), START) == []

    def test_granting_hands_it_over_and_takes_the_request_off(self) -> None:
        state = after(after(consult(), BOB, RequestControl(id=ID, case=1)), ANN, RequestControl(id=ID, case=1))
        assert after(state, HOST, grant(ANN)).control == Control(2, ANN, (BOB,))

    def test_who_has_it_may_pass_it_on(self) -> None:
        assert after(after(consult(), HOST, grant(ANN)), ANN, grant(BOB)).control == Control(3, BOB)

    @pytest.mark.parametrize(("seat", "code"), [(EVE, "viewer_cannot_control"), (SeatId("nobody"), "unknown_seat")])
    def test_not_everybody_can_be_given_it(self, seat: SeatId, code: str) -> None:
        assert refusal(consult(), HOST, grant(seat)) == code

    def test_the_host_takes_it_back_at_any_time(self) -> None:
        state = after(consult(), HOST, grant(ANN))
        assert after(state, HOST, TakeControl(id=ID, case=1)).control == Control(3, HOST)
        assert decide(consult(), HOST, TakeControl(id=ID, case=1), START) == []

    def test_it_is_given_back_to_the_host(self) -> None:
        state = after(consult(), HOST, grant(ANN))
        assert after(state, ANN, GiveBackControl(id=ID, case=1)).control == Control(3, HOST)

    def test_it_is_given_back_to_the_newest_seat_of_the_host(self) -> None:
        again = SeatId("host-again")
        state = after(consult(), SERVER, TakeSeat(seat=again, invitation=InvitationId("host"), name="Host"))
        assert state.control.seat == HOST
        state = after(after(state, HOST, grant(ANN)), ANN, GiveBackControl(id=ID, case=1))
        assert state.control.seat == again

    def test_who_is_removed_loses_it_to_the_host(self) -> None:
        state = after(consult(), HOST, grant(ANN))
        state = after(state, HOST, RemoveSeat(id=ID, case=1, seat=ANN))
        assert state.control == Control(3, HOST)
        assert refusal(state, HOST, grant(ANN)) == "unknown_seat"

    def test_a_removed_request_is_forgotten(self) -> None:
        state = after(consult(), ANN, RequestControl(id=ID, case=1))
        assert after(state, HOST, RemoveSeat(id=ID, case=1, seat=ANN)).control == Control(1, HOST)

    def test_without_a_host_nobody_has_it(self) -> None:
        state = after(consult(), SERVER, RevokeInvitation(invitation=InvitationId("host")))
        assert state.control == Control(2, None)
