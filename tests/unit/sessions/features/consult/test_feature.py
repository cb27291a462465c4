"""The life of a consult: opened once, owned, ended."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.decide import decide
from consult.sessions.features.consult.commands import EndConsult, OpenConsult, TakeOwnership
from consult.sessions.features.consult.events import ConsultEnded, ConsultOpened, OwnerChanged
from consult.sessions.features.control.commands import RequestControl
from consult.sessions.features.kinds import SERVER, Command
from consult.sessions.features.seats.commands import Invite, RevokeInvitation, TakeSeat
from consult.sessions.state import State
from tests.support.cases import CONSULT, START, case
from tests.support.decisions import ANN, HOST, ID, OPENING, after, consult, refusal, rename


class TestOpening:
    """A log begins once."""

    def test_it_opens_with_its_cases(self) -> None:
        (event,) = decide(State(), SERVER, OPENING, START)
        assert isinstance(event, ConsultOpened)
        assert (event.consult.id, event.consult.opened_at, event.consult.ended_at) == (CONSULT, START, None)
        assert event.cases == OPENING.cases

    def test_its_title_and_host_turn_no_text_around(self) -> None:
        command = replace(OPENING, title="Second\u202e opinion\n", host_name="\u2066Dr. A")
        (event,) = decide(State(), SERVER, command, START)
        assert isinstance(event, ConsultOpened)
        assert (event.consult.title, event.consult.host_name) == ("Second opinion", "Dr. A")

    def test_only_once(self) -> None:
        assert refusal(consult(), SERVER, OPENING) == "already_open"

    def test_nothing_happens_before(self) -> None:
        assert refusal(State(), SERVER, TakeOwnership(owner="a")) == "not_open"

    @pytest.mark.parametrize(
        ("cases", "code"),
        [
            ((), "nothing_to_show"),
            ((case("c1"), case("c1")), "same_case"),
            ((case("c1"), case("c2", ())), "nothing_to_show"),
        ],
    )
    def test_with_something_to_show(self, cases: tuple[Case, ...], code: str) -> None:
        opening = OpenConsult(consult=CONSULT, title="", host_name="", cases=cases)
        assert refusal(State(), SERVER, opening) == code


class TestEnd:
    """Over is over."""

    def test_it_ends_at_a_time(self) -> None:
        (event,) = decide(consult(), HOST, EndConsult(id=ID, case=1), START + 5)
        assert isinstance(event, ConsultEnded)
        assert event.consult.ended_at == START + 5

    def test_the_server_may_end_it_under_any_epoch_and_again(self) -> None:
        state = after(consult(), SERVER, EndConsult(id="", case=0))
        assert state.ended
        assert decide(state, SERVER, EndConsult(id="", case=0), START) == []

    def test_a_link_can_still_be_revoked(self) -> None:
        """It opens the note."""
        state = after(consult(), SERVER, EndConsult(id="", case=0))
        revoked = after(state, SERVER, RevokeInvitation(invitation=InvitationId("viewer")))
        assert revoked.invitations[InvitationId("viewer")].revoked

    @pytest.mark.parametrize(
        ("actor", "command"),
        [
            (HOST, rename("x")),
            (ANN, RequestControl(id=ID, case=1)),
            (SERVER, Invite(invitation=InvitationId("n"), role="viewer")),
            (SERVER, TakeSeat(seat=SeatId("n"), invitation=InvitationId("viewer"), name="")),
        ],
    )
    def test_nothing_else_happens(self, actor: SeatId, command: Command) -> None:
        state = after(consult(), HOST, EndConsult(id=ID, case=1))
        assert refusal(state, actor, command) == "over"

    def test_it_can_still_be_owned(self) -> None:
        state = after(consult(), HOST, EndConsult(id=ID, case=1))
        assert decide(state, SERVER, TakeOwnership(owner="b"), START) == [OwnerChanged("b", 1)]
