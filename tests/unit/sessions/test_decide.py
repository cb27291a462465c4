"""What commands lead to, and what they are refused for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import InvitationId, SeatId
from consult.sessions.commands import (
    Command,
    EndConsult,
    GiveBackControl,
    GrantControl,
    Invite,
    OpenConsult,
    RemoveSeat,
    Rename,
    RequestControl,
    RevokeInvitation,
    ServerCommand,
    SwitchCase,
    TakeControl,
    TakeOwnership,
    TakeSeat,
)
from consult.sessions.decide import MAX_INVITATIONS, MAX_SEATS, SERVER, clean_name, decide
from consult.sessions.events import (
    CaseSwitched,
    ConsultEnded,
    ConsultOpened,
    Control,
    ControlPut,
    Entry,
    Event,
    InvitationPut,
    OwnerChanged,
    SeatPut,
)
from consult.sessions.fold import fold
from consult.sessions.state import State
from tests.support.cases import CONSULT, START, case, command_id

HOST, ANN, BOB, EVE = map(SeatId, ("host", "ann", "bob", "eve"))
OPENING = OpenConsult(consult=CONSULT, title="Board", host_name="Dr. Host", cases=(case("c1"), case("c2", ("s-9",))))


def after(state: State, actor: SeatId, command: Command | ServerCommand, now: float = START) -> State:
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


def refusal(state: State, actor: SeatId, command: Command | ServerCommand, now: float = START) -> str:
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


class TestOpening:
    """A log begins once."""

    def test_it_opens_with_its_cases(self) -> None:
        (event,) = decide(State(), SERVER, OPENING, START)
        assert isinstance(event, ConsultOpened)
        assert (event.consult.id, event.consult.opened_at, event.consult.ended_at) == (CONSULT, START, None)
        assert event.cases == OPENING.cases

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


class TestCases:
    """Right patient, always."""

    def test_a_switch_counts_the_epoch_up(self) -> None:
        assert decide(consult(), HOST, switch("c2"), START) == [CaseSwitched(2, "c2")]

    def test_to_the_case_on_the_stage_is_nothing(self) -> None:
        assert decide(consult(), HOST, switch("c1"), START) == []

    def test_to_an_unknown_case_is_refused(self) -> None:
        assert refusal(consult(), HOST, switch("c7")) == "unknown_case"

    @pytest.mark.parametrize("epoch", [0, 2, 99])
    @pytest.mark.parametrize("actor", [HOST, ANN, EVE])
    def test_a_command_of_another_epoch_is_refused(self, actor: SeatId, epoch: int) -> None:
        assert refusal(consult(), actor, rename("x", epoch)) == "stale_case"

    def test_back_and_forth_does_not_bring_an_epoch_back(self) -> None:
        state = after(after(consult(), HOST, switch("c2")), HOST, switch("c1", 2))
        assert (state.case, state.current) == (3, "c1")
        assert refusal(state, HOST, rename("x", 1)) == "stale_case"


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
        ("said", "invited", "name"), [("Ann", "X", "Ann"), ("", "Dr. X", "Dr. X"), ("", "", "Guest")]
    )
    def test_a_name_is_the_guests_own_else_the_invitations(self, said: str, invited: str, name: str) -> None:
        invite = Invite(invitation=InvitationId("new"), role="participant", name=invited)
        wish = TakeSeat(seat=SeatId("s"), invitation=InvitationId("new"), name=said)
        assert after(after(consult(), SERVER, invite), SERVER, wish).seats[SeatId("s")].name == name

    def test_a_link_keeps_what_the_host_notes_of_it_and_no_seat_is_named_so(self) -> None:
        invite = Invite(invitation=InvitationId("new"), role="participant", label="Ward 4,\u202e Dr. A ")
        state = after(consult(), SERVER, invite)
        assert state.invitations[InvitationId("new")].label == "Ward 4, Dr. A"
        state = after(state, SERVER, TakeSeat(seat=SeatId("s"), invitation=InvitationId("new"), name=""))
        assert state.seats[SeatId("s")].name == "Guest"

    def test_an_expired_link_lets_nobody_in_from_that_moment(self) -> None:
        state = after(consult(), SERVER, Invite(invitation=InvitationId("soon"), role="viewer", expires_at=START + 60))
        wish = TakeSeat(seat=SeatId("s"), invitation=InvitationId("soon"), name="S")
        assert isinstance(decide(state, SERVER, wish, START + 59.9)[0], SeatPut)
        assert refusal(state, SERVER, wish, START + 60) == "expired"

    def test_a_revoked_link_lets_nobody_in_and_its_seats_are_removed(self) -> None:
        events = decide(consult(), SERVER, RevokeInvitation(invitation=InvitationId("participant")), START)
        assert [type(event) for event in events] == [InvitationPut, SeatPut, SeatPut]
        state = after(consult(), SERVER, RevokeInvitation(invitation=InvitationId("participant")))
        assert [seat.id for seat in state.seats.values() if seat.removed] == [ANN, BOB]
        wish = TakeSeat(seat=SeatId("s"), invitation=InvitationId("participant"), name="S")
        assert refusal(state, SERVER, wish) == "revoked"
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
        for i in range(MAX_SEATS - 4):
            state = after(state, SERVER, TakeSeat(seat=SeatId(f"s{i}"), invitation=InvitationId("viewer"), name="V"))
        assert refusal(state, SERVER, TakeSeat(seat=SeatId("x"), invitation=InvitationId("viewer"), name="V")) == "full"
        for i in range(MAX_INVITATIONS - 3):
            state = after(state, SERVER, Invite(invitation=InvitationId(f"i{i}"), role="viewer"))
        more = Invite(invitation=InvitationId("more"), role="viewer")
        assert refusal(state, SERVER, more) == "too_many_invitations"

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
        assert clean.isprintable()


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

    @pytest.mark.parametrize(
        ("actor", "command"),
        [
            (HOST, rename("x")),
            (ANN, RequestControl(id=ID, case=1)),
            (SERVER, Invite(invitation=InvitationId("n"), role="viewer")),
            (SERVER, TakeSeat(seat=SeatId("n"), invitation=InvitationId("viewer"), name="")),
            (SERVER, RevokeInvitation(invitation=InvitationId("viewer"))),
        ],
    )
    def test_nothing_else_happens(self, actor: SeatId, command: Command | ServerCommand) -> None:
        state = after(consult(), HOST, EndConsult(id=ID, case=1))
        assert refusal(state, actor, command) == "over"

    def test_it_can_still_be_owned(self) -> None:
        state = after(consult(), HOST, EndConsult(id=ID, case=1))
        assert decide(state, SERVER, TakeOwnership(owner="b"), START) == [OwnerChanged("b", 1)]

    def test_the_server_has_no_name_to_change(self) -> None:
        assert refusal(consult(), SERVER, rename("x")) == "not_allowed"


seats = st.sampled_from([HOST, ANN, BOB, EVE])
epochs = st.integers(0, 3)
commands: st.SearchStrategy[Command] = st.one_of(
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
def test_what_always_holds(course: list[tuple[SeatId, Command]]) -> None:
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
