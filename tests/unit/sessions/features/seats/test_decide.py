"""Who comes in, under which name, and who must go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.model.text import visible
from consult.sessions.decide import decide
from consult.sessions.features.kinds import SERVER
from consult.sessions.features.seats.commands import Invite, RemoveSeat, RevokeInvitation, TakeSeat
from consult.sessions.features.seats.decide import MAX_INVITATIONS, MAX_SEATS, MAX_SEATS_OF_LINK, clean_name
from consult.sessions.features.seats.events import InvitationPut, SeatPut
from tests.support.cases import START
from tests.support.decisions import ANN, BOB, HOST, ID, after, consult, refusal, rename


class TestSeatsAndInvitations:
    """Who comes in, under which name, and who must go."""

    def test_a_seat_has_the_role_of_its_invitation(self) -> None:
        assert [seat.role for seat in consult().seats.values()] == ["host", "participant", "participant", "viewer"]
        assert [seat.colour for seat in consult().seats.values()] == [0, 1, 2, 3]

    def test_a_seat_that_is_taken_is_taken_again_without_a_trace(self) -> None:
        again = TakeSeat(seat=ANN, invitation=InvitationId("participant"), name="Other")
        assert decide(consult(), SERVER, again, START) == []

    def test_a_seat_is_not_taken_by_another_link(self) -> None:
        assert refusal(consult(), SERVER, TakeSeat(seat=ANN, invitation=InvitationId("host"), name="")) == "denied"

    @pytest.mark.parametrize(
        ("given", "invited", "name"), [("Ann", "X", "Ann"), ("", "Dr. X", "Dr. X"), ("", "", "Guest")]
    )
    def test_a_name_is_the_guests_own_else_the_invitations(self, given: str, invited: str, name: str) -> None:
        invite = Invite(invitation=InvitationId("new"), role="participant", name=invited)
        request = TakeSeat(seat=SeatId("s"), invitation=InvitationId("new"), name=given)
        assert after(after(consult(), SERVER, invite), SERVER, request).seats[SeatId("s")].name == name

    def test_a_link_keeps_what_the_host_notes_of_it_and_no_seat_is_named_so(self) -> None:
        invite = Invite(invitation=InvitationId("new"), role="participant", label="Ward 4,\u202e Dr. A ")
        state = after(consult(), SERVER, invite)
        assert state.invitations[InvitationId("new")].label == "Ward 4, Dr. A"
        state = after(state, SERVER, TakeSeat(seat=SeatId("s"), invitation=InvitationId("new"), name=""))
        assert state.seats[SeatId("s")].name == "Guest"

    def test_an_expired_link_lets_nobody_in_from_that_moment(self) -> None:
        state = after(consult(), SERVER, Invite(invitation=InvitationId("soon"), role="viewer", expires_at=START + 60))
        request = TakeSeat(seat=SeatId("s"), invitation=InvitationId("soon"), name="S")
        assert isinstance(decide(state, SERVER, request, START + 59.9)[0], SeatPut)
        assert refusal(state, SERVER, request, START + 60) == "expired"

    def test_a_revoked_link_lets_nobody_in_and_its_seats_are_removed(self) -> None:
        events = decide(consult(), SERVER, RevokeInvitation(invitation=InvitationId("participant")), START)
        assert [type(event) for event in events] == [InvitationPut, SeatPut, SeatPut]
        state = after(consult(), SERVER, RevokeInvitation(invitation=InvitationId("participant")))
        assert [seat.id for seat in state.seats.values() if seat.removed] == [ANN, BOB]
        request = TakeSeat(seat=SeatId("s"), invitation=InvitationId("participant"), name="S")
        assert refusal(state, SERVER, request) == "revoked"
        assert decide(state, SERVER, RevokeInvitation(invitation=InvitationId("participant")), START) == []

    def test_revoking_does_not_remove_the_removed_once_more(self) -> None:
        state = after(consult(), HOST, RemoveSeat(id=ID, case=1, seat=ANN))
        events = decide(state, SERVER, RevokeInvitation(invitation=InvitationId("participant")), START)
        assert [event.seat.id for event in events if isinstance(event, SeatPut)] == [BOB]

    def test_an_unknown_link_lets_nobody_in(self) -> None:
        assert refusal(consult(), SERVER, TakeSeat(seat=ANN, invitation=InvitationId("?"), name="")) == "denied"
        assert refusal(consult(), SERVER, RevokeInvitation(invitation=InvitationId("?"))) == "unknown_invitation"
        again = Invite(invitation=InvitationId("host"), role="viewer")
        assert refusal(consult(), SERVER, again) == "same_invitation"

    def test_who_was_removed_stays_out(self) -> None:
        state = after(consult(), HOST, RemoveSeat(id=ID, case=1, seat=ANN))
        assert refusal(state, SERVER, TakeSeat(seat=ANN, invitation=InvitationId("participant"), name="")) == "removed"
        assert refusal(state, ANN, rename("x")) == "removed"
        assert refusal(state, HOST, RemoveSeat(id=ID, case=1, seat=ANN)) == "unknown_seat"

    def test_nobody_removes_themselves(self) -> None:
        assert refusal(consult(), HOST, RemoveSeat(id=ID, case=1, seat=HOST)) == "cannot_remove_yourself"

    def test_there_are_only_so_many_seats_and_links(self) -> None:
        state = consult()
        for i in range(MAX_INVITATIONS - 3):
            state = after(state, SERVER, Invite(invitation=InvitationId(f"i{i}"), role="viewer"))
        for i in range(MAX_SEATS - 4):
            link = InvitationId(f"i{i // MAX_SEATS_OF_LINK}")
            state = after(state, SERVER, TakeSeat(seat=SeatId(f"s{i}"), invitation=link, name="V"))
        assert refusal(state, SERVER, TakeSeat(seat=SeatId("x"), invitation=InvitationId("viewer"), name="V")) == "full"
        more = Invite(invitation=InvitationId("more"), role="viewer")
        assert refusal(state, SERVER, more) == "too_many_invitations"

    def test_one_link_lets_in_so_many_and_another_still_does(self) -> None:
        state = consult()
        taken = sum(seat.invitation == "viewer" for seat in state.seats.values())
        for i in range(MAX_SEATS_OF_LINK - taken):
            state = after(state, SERVER, TakeSeat(seat=SeatId(f"s{i}"), invitation=InvitationId("viewer"), name="V"))
        more = TakeSeat(seat=SeatId("x"), invitation=InvitationId("viewer"), name="V")
        assert refusal(state, SERVER, more) == "used_up"
        after(state, SERVER, replace(more, invitation=InvitationId("participant")))

    def test_a_stranger_is_denied(self) -> None:
        assert refusal(consult(), SeatId("stranger"), rename("x")) == "denied"


class TestNames:
    """A name is shown to all: nothing in it may hide, break a line or turn the text around."""

    @pytest.mark.parametrize(
        ("name", "clean"),
        [
            ("  Dr.\n\tKraków  ", "Dr. Kraków"),
            ("A\u202eNN\u200b", "ANN"),
            ("x" * 200, "x" * 80),
            ("Łódź 李", "Łódź 李"),
            ("علی\u200cرضا", "علی\u200cرضا"),
            ("A\u2066NN\u2069\u200d", "ANN"),
            ("<b>&amp;", "<b>&amp;"),
        ],
    )
    def test_it_is_cleaned(self, name: str, clean: str) -> None:
        assert clean_name(name) == clean

    @pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "\n"])
    def test_something_must_be_left(self, name: str) -> None:
        assert refusal(consult(), ANN, rename(name)) == "bad_name"

    @settings(deadline=None)
    @given(st.text(max_size=100))
    def test_cleaning_twice_is_cleaning_once(self, name: str) -> None:
        try:
            clean = clean_name(name)
        except Refused:
            return
        assert clean_name(clean) == clean
        assert visible(clean) == clean
