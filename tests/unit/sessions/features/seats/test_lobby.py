"""Who waits before the door: told to hosts alone, let in once, and nothing of the consult before that."""

from __future__ import annotations

import msgspec
import pytest

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, InvitationId, SeatId
from consult.sessions.decide import decide
from consult.sessions.effects import Close
from consult.sessions.events import StoredEvent
from consult.sessions.features.kinds import SERVER
from consult.sessions.features.seats.closing import why_out
from consult.sessions.features.seats.commands import (
    AdmitSeats,
    AskAgain,
    DenySeat,
    Invite,
    ReadmitSeat,
    RemoveSeat,
    RevokeInvitation,
    TakeSeat,
)
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Welcome
from consult.sessions.presence.messages import Lobby
from consult.sessions.protocol import client_messages
from consult.sessions.state import State
from tests.support.cases import SCREEN, START, Table, command_id, tab_of
from tests.support.decisions import ANN, EVE, HOST, ID, after, consult, refusal
from tests.unit.sessions.test_permissions import samples

GUS, DAN = SeatId("gus"), SeatId("dan")
LINK, CODE = InvitationId("door"), InvitationId("code")


def admit(*seats: SeatId) -> AdmitSeats:
    """Let them in."""
    return AdmitSeats(id=ID, case=1, seats=seats)


def deny(seat: SeatId) -> DenySeat:
    """Let them not in."""
    return DenySeat(id=ID, case=1, seat=seat)


def take(seat: SeatId, link: InvitationId = LINK, name: str = "") -> TakeSeat:
    """Come by that link."""
    return TakeSeat(seat=seat, invitation=link, name=name or seat)


def waiting() -> State:
    """A consult before whose door Gus and Dan wait."""
    state = after(consult(), SERVER, Invite(invitation=LINK, role="participant", lobby=True))
    return after(after(state, SERVER, take(GUS)), SERVER, take(DAN), START + 5)


class TestDeciding:
    """What becomes of a seat."""

    def test_who_comes_by_such_a_link_waits_from_then_on(self) -> None:
        seat = waiting().seats[DAN]
        assert (seat.lobby, seat.asked_at, seat.is_in, seat.removed) == ("waiting", START + 5, False, False)
        assert why_out(waiting(), DAN, START) == "lobby"

    def test_the_host_lets_in_whom_they_name_and_nobody_else(self) -> None:
        state = after(waiting(), HOST, admit(GUS))
        assert why_out(state, GUS, START) is None
        assert why_out(state, DAN, START) == "lobby"
        assert decide(state, HOST, admit(GUS, GUS, DAN), START) == [SeatPut(after(state, HOST, admit(DAN)).seats[DAN])]

    def test_an_admit_that_arrives_late_lets_nobody_in_who_was_sent_out_since(self) -> None:
        """Seen to fail on an `admit` that does not look whether they wait."""
        state = after(after(waiting(), HOST, admit(GUS)), HOST, RemoveSeat(id=ID, case=1, seat=GUS))
        assert decide(state, HOST, admit(GUS), START) == []
        denied = after(waiting(), HOST, deny(GUS))
        assert decide(denied, HOST, admit(GUS), START) == []
        assert why_out(denied, GUS, START) == "denied"

    def test_who_is_let_in_is_not_denied_any_more(self) -> None:
        state = after(waiting(), HOST, admit(GUS))
        assert decide(state, HOST, deny(GUS), START) == []

    def test_nobody_that_there_is_not(self) -> None:
        assert refusal(waiting(), HOST, admit(SeatId("nobody"))) == "unknown_seat"
        assert refusal(waiting(), HOST, deny(SeatId("nobody"))) == "unknown_seat"

    def test_who_was_denied_asks_once_more_and_not_twice(self) -> None:
        state = after(waiting(), HOST, deny(GUS))
        state = after(state, SERVER, AskAgain(seat=GUS), START + 9)
        assert (state.seats[GUS].lobby, state.seats[GUS].removed, state.seats[GUS].asked_at) == ("waiting", False, 1009)
        assert decide(state, SERVER, AskAgain(seat=GUS), START) == []
        state = after(state, HOST, deny(GUS))
        assert refusal(state, SERVER, AskAgain(seat=GUS)) == "denied"
        assert refusal(state, SERVER, AskAgain(seat=SeatId("nobody"))) == "denied"

    def test_who_was_sent_out_cannot_ask(self) -> None:
        state = after(after(waiting(), HOST, admit(GUS)), HOST, RemoveSeat(id=ID, case=1, seat=GUS))
        assert refusal(state, SERVER, AskAgain(seat=GUS)) == "denied"

    def test_who_was_denied_stays_out_under_that_name_until_the_host_lets_them_in(self) -> None:
        state = after(waiting(), HOST, deny(GUS))
        assert refusal(state, SERVER, take(SeatId("other"), name="Gus")) == "denied"
        assert refusal(state, SERVER, take(GUS)) == "denied"
        state = after(state, HOST, ReadmitSeat(id=ID, case=1, seat=GUS))
        assert state.seats[GUS].is_in

    def test_who_waits_goes_with_the_link(self) -> None:
        state = after(waiting(), SERVER, RevokeInvitation(invitation=LINK))
        assert why_out(state, GUS, START) == "revoked"
        assert decide(state, HOST, admit(GUS), START) == []

    def test_who_waits_is_given_nothing_and_removed_by_nobody(self) -> None:
        assert refusal(waiting(), HOST, RemoveSeat(id=ID, case=1, seat=GUS)) == "unknown_seat"
        assert waiting().host() == HOST

    @pytest.mark.parametrize("role", ["host", "reader"])
    def test_no_host_waits_and_no_reader(self, role: str) -> None:
        invite = Invite(invitation=LINK, role=role, lobby=True, case="c1")  # type: ignore[arg-type]  # a role
        assert refusal(consult(), SERVER, invite) == "no_lobby"


class TestCodes:
    """A spoken code lets in one person, until its time is over."""

    def spoken(self) -> State:
        """A consult with a code."""
        return after(
            consult(),
            SERVER,
            Invite(invitation=CODE, role="participant", spoken=True, joins_until=START + 600),
        )

    def test_it_lets_one_person_before_the_door(self) -> None:
        """Seen to fail on a code that does not count its seats."""
        state = after(self.spoken(), SERVER, take(GUS, CODE))
        assert state.seats[GUS].lobby == "waiting"
        assert refusal(state, SERVER, take(DAN, CODE)) == "used_up"
        assert refusal(after(state, HOST, deny(GUS)), SERVER, take(DAN, CODE)) == "used_up"

    def test_it_lets_nobody_in_once_its_time_is_over_and_who_is_in_stays(self) -> None:
        assert refusal(self.spoken(), SERVER, take(GUS, CODE), START + 600) == "expired"
        state = after(after(self.spoken(), SERVER, take(GUS, CODE)), HOST, admit(GUS))
        assert why_out(state, GUS, START + 100_000) is None

    def test_a_link_for_so_many_people_lets_in_so_many(self) -> None:
        state = after(consult(), SERVER, Invite(invitation=LINK, role="viewer", max_seats=1))
        state = after(state, SERVER, take(GUS))
        assert refusal(state, SERVER, take(DAN)) == "used_up"
        assert decide(state, SERVER, take(GUS), START) == []


def at_the_door() -> Table:
    """A host and a guest in the consult, and Gus before the door."""
    table = Table()
    table.join("host", "host")
    table.join("ann")
    table.do(table.core.command(Invite(invitation=LINK, role="participant", lobby=True), table.now))
    table.sit("gus", "door")
    return table


class TestPages:
    """What pages are sent."""

    def test_hosts_alone_are_told_of_who_waits(self) -> None:
        table = at_the_door()
        events = [m.event for m in table.sent["host"] if isinstance(m, StoredEvent)]
        assert [event.seat.id for event in events if isinstance(event, SeatPut)][-1] == "gus"
        told = msgspec.json.encode(list(table.sent["ann"])).decode()
        assert "gus" not in told
        table.come("ann", "ann again")
        welcome = next(m for m in table.sent["ann again"] if isinstance(m, Welcome))
        assert welcome.snapshot is not None
        assert "gus" not in {seat.id for seat in welcome.snapshot.seats}
        table.come("host", "host again")
        welcome = next(m for m in table.sent["host again"] if isinstance(m, Welcome))
        assert welcome.snapshot is not None
        assert "gus" in {seat.id for seat in welcome.snapshot.seats}

    def test_nothing_of_the_consult_is_sent_before_somebody_is_let_in(self) -> None:
        """Seen to fail on a `why_out` without a lobby."""
        table = at_the_door()
        effects = table.do(table.core.connect(ConnectionId("gus"), GUS, table.now))
        assert [type(effect) for effect in effects][-1] is Close
        assert table.closed["gus"][0] == 4012
        table.do(table.core.receive(ConnectionId("gus"), Hello(PROTOCOL_VERSION, tab_of("gus"), SCREEN), table.now))  # type: ignore[arg-type]  # a tab
        assert [type(m).__name__ for m in table.sent["gus"]] == ["Closing"]
        table.send("host", AdmitSeats(id=command_id("host", 1), case=1, seats=(GUS,)))
        table.come("gus", "gus in")
        assert any(isinstance(m, Welcome) for m in table.sent["gus in"])
        assert any(isinstance(m, StoredEvent) and "gus" in str(m) for m in table.sent["ann"])

    @pytest.mark.parametrize("message", client_messages(), ids=lambda kind: kind.__name__)
    def test_who_waits_may_send_nothing(self, message: type) -> None:
        """The column of the matrix that has no yes."""
        table = at_the_door()
        sample = next((one for one in samples("gus", table) if type(one) is message), None)
        sample = sample or Hello(PROTOCOL_VERSION, tab_of("gus"), SCREEN)  # type: ignore[arg-type]  # a tab
        table.do(table.core.connect(ConnectionId("gus"), GUS, table.now))
        before, state = list(table.sent["gus"]), table.state
        table.do(table.core.receive(ConnectionId("gus"), sample, table.now))
        assert (table.sent["gus"], table.state) == (before, state)

    def test_of_whoever_waits_a_command_is_refused_by_the_table_too(self) -> None:
        with pytest.raises(Refused, match="lobby"):
            decide(waiting(), GUS, admit(GUS), START)
        with pytest.raises(Refused, match="denied"):
            decide(after(waiting(), HOST, deny(GUS)), GUS, admit(GUS), START)
        for seat in (ANN, EVE):
            with pytest.raises(Refused, match="not_allowed"):
                decide(waiting(), seat, admit(GUS), START)


class TestPresence:
    """Whose page is open before the door."""

    def lobbies(self, table: Table, who: str = "host") -> list[tuple[str, ...]]:
        """What somebody was sent of it."""
        return [m.here for m in table.sent[who] if isinstance(m, Lobby)]

    def test_hosts_see_whose_page_asks_and_that_it_asks_no_more(self) -> None:
        table = at_the_door()
        table.do(table.core.asks_to_come_in(GUS, table.now))
        assert self.lobbies(table) == [("gus",)]
        assert self.lobbies(table, "ann") == []
        table.do(table.core.asks_to_come_in(GUS, table.now + 4))
        table.do(table.core.wake(table.now + 8))
        assert self.lobbies(table) == [("gus",)]
        table.do(table.core.wake(table.now + 12))
        assert self.lobbies(table) == [("gus",), ()]

    def test_a_host_who_comes_later_is_told_too(self) -> None:
        table = at_the_door()
        table.do(table.core.asks_to_come_in(GUS, table.now))
        table.come("host", "host again")
        assert self.lobbies(table, "host again") == [("gus",)]

    def test_who_is_let_in_is_before_the_door_no_more(self) -> None:
        table = at_the_door()
        table.do(table.core.asks_to_come_in(GUS, table.now))
        table.send("host", AdmitSeats(id=command_id("host", 1), case=1, seats=(GUS,)))
        table.do(table.core.wake(table.now))
        assert self.lobbies(table) == [("gus",), ()]

    def test_waiting_survives_a_restart(self) -> None:
        table = at_the_door()
        core = table.restarted()
        core.start(table.now)
        assert why_out(core.state, GUS, table.now) == "lobby"
