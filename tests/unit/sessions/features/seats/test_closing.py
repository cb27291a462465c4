"""Whoever may not be here any more is sent why, and closed."""

from __future__ import annotations

from consult.model.identifiers import ConnectionId, InvitationId, SeatId
from consult.sessions.effects import WakeAt
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.seats import closing
from consult.sessions.features.seats.closing import ENDINGS
from consult.sessions.features.seats.commands import Invite, RemoveSeat, RevokeInvitation
from consult.sessions.messages import Ack, Closing, Ping
from consult.sessions.presence.messages import Here, Presence
from tests.support.cases import START, Table, command_id


class TestGoing:
    """Whoever may not be here any more is sent why, and closed."""

    def check_ended(self, table: Table, who: str, reason: str) -> None:
        """Somebody was sent away for that reason, after a message."""
        code = {name: ending.code for name, ending in ENDINGS.items()}[reason]  # type: ignore[index]  # a reason
        assert table.closed[who] == (code, reason)
        closing = table.sent[who][-1]
        assert isinstance(closing, Closing)
        assert closing.reason == reason
        assert table.send(who, Ping(1.0)) == []

    def test_the_removed(self, table: Table) -> None:
        table.send("host", RemoveSeat(id=command_id("host", 1), case=1, seat=SeatId("ann")))
        self.check_ended(table, "ann", "removed")
        assert table.sent["host"][-1] == Presence((Here(SeatId("host"), True),))
        table.come("ann", "ann-2")
        self.check_ended(table, "ann-2", "removed")

    def test_those_of_a_revoked_link(self, table: Table) -> None:
        table.do(table.core.command(RevokeInvitation(invitation=InvitationId("participant")), table.now))
        self.check_ended(table, "ann", "revoked")
        assert set(table.closed) == {"ann"}

    def test_those_of_a_link_that_expires_while_they_are_here(self, table: Table) -> None:
        table.do(
            table.core.command(
                Invite(invitation=InvitationId("hour"), role="viewer", expires_at=START + 3600), table.now
            )
        )
        table.sit("eve", "hour")
        table.come("eve")
        table.do(table.core.wake(START + 3599))
        assert table.closed == {}
        assert WakeAt(START + 3600) in table.effects
        table.now = START + 3600
        table.do(table.core.wake(table.now))
        self.check_ended(table, "eve", "expired")

    def test_a_gesture_does_not_put_off_an_expiry(self, table: Table) -> None:
        table.invite("soon", "viewer", expires_at=START + 0.05)
        table.sit("eve", "soon")
        table.come("eve")
        table.send("host", table.show(1, 4))
        assert not any(isinstance(effect, WakeAt) for effect in table.effects)
        table.do(table.core.wake(START + 0.05))
        assert "eve" in table.closed
        assert WakeAt(START + 0.12) in table.effects

    def test_everybody_when_it_is_over(self, table: Table) -> None:
        table.send("host", EndConsult(id=command_id("host", 1), case=1))
        acks = [message for message in table.sent["host"] if isinstance(message, Ack)]
        assert acks == [Ack(command_id("host", 1), table.state.seq)], "acknowledged before it is closed"
        self.check_ended(table, "host", "over")
        self.check_ended(table, "ann", "over")
        table.come("ann", "ann-2")
        self.check_ended(table, "ann-2", "over")

    def test_strangers(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("stranger"), SeatId("stranger"), table.now))
        self.check_ended(table, "stranger", "denied")


def test_every_ending_has_a_name_in_counts() -> None:
    """Seen to fail: those that tell the page no reason were all "other"."""
    endings = [*closing.ENDINGS.values(), *(one for one in vars(closing).values() if isinstance(one, closing.Ending))]
    names = [closing.name_of(ending.code, ending.closing.reason) for ending in endings]
    assert len(names) > 12
    assert "other" not in names
    assert closing.name_of(1006, "") == "other"
