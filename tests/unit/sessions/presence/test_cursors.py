"""Cursors: everybody else's, absolute, newest wins, at most 60 a second, never of another case, never stored."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from consult.model.errors import StoreFailed
from consult.model.geometry import Vec
from consult.model.identifiers import ConnectionId, SeatId, SeriesKey, TabId
from consult.sessions.effects import Append, Send, WakeAt
from consult.sessions.features.cases.commands import SwitchCase
from consult.sessions.messages import PROTOCOL_VERSION, Hello, Nack
from consult.sessions.presence.cursors import CURSOR_TTL_S, CURSORS_S
from consult.sessions.presence.messages import Cursor, Cursors, Pointed, Spot
from consult.sessions.replaceable import replacement_key
from tests.support.cases import SCREEN, Table, command_id

HOST, ANN, BOB = SeatId("host"), SeatId("ann"), SeatId("bob")
NODULE: Vec = (10.0, -4.0, 15.0)
SPOT = Spot("a", SeriesKey("s-1"), 5, NODULE)


def at(x: float, n: int = 1, *, laser: bool = False) -> Cursor:
    """A cursor that many mm to the left of the nodule."""
    return Cursor(1, n, replace(SPOT, point=(NODULE[0] + x, NODULE[1], NODULE[2])), laser)


def cursors(table: Table, who: str) -> list[Cursors]:
    """All that somebody was sent of cursors."""
    return [message for message in table.sent[who] if isinstance(message, Cursors)]


def seen(table: Table, who: str) -> dict[str, float]:
    """Where somebody sees the others, by what they were sent last: mm to the left of the nodule."""
    newest = cursors(table, who)[-1]
    return {pointed.seat: pointed.at.point[0] - NODULE[0] for pointed in newest.cursors}


def later(table: Table, seconds: float) -> None:
    """Time passes, and the alarm rings."""
    table.now += seconds
    table.do(table.core.wake(table.now))


class TestWhoSeesWhom:
    """To others, absolute."""

    def test_the_others_see_it_and_its_own_page_does_not(self, table: Table) -> None:
        table.join("bob")
        table.send("ann", Cursor(1, 1, SPOT, True))
        assert cursors(table, "host") == cursors(table, "bob") == [Cursors(1, (Pointed(ANN, 1, SPOT, True),))]
        assert cursors(table, "ann") == []
        assert all(replacement_key(effect.message) for effect in table.effects if isinstance(effect, Send))

    def test_nobody_sees_their_own_seat_from_another_page_either(self, table: Table) -> None:
        table.do(table.core.connect(ConnectionId("pocket"), ANN, table.now))
        table.send("pocket", Hello(PROTOCOL_VERSION, TabId("tab-pocket"), SCREEN))
        table.send("pocket", at(0))
        table.send("host", at(7))
        later(table, CURSORS_S)
        assert seen(table, "ann") == seen(table, "pocket") == {"host": 7}
        assert seen(table, "host") == {"ann": 0}

    def test_each_message_is_the_whole_truth(self, table: Table) -> None:
        table.join("bob")
        table.send("ann", at(1))
        table.now += CURSORS_S
        table.send("bob", at(2))
        table.now += CURSORS_S
        table.send("ann", at(3, 2))
        assert seen(table, "host") == {"ann": 3, "bob": 2}
        table.now += CURSORS_S
        table.send("bob", Cursor(1, 2))
        assert seen(table, "host") == {"ann": 3}

    def test_who_comes_later_is_told(self, table: Table) -> None:
        table.send("ann", at(1))
        table.now += CURSORS_S
        table.join("bob")
        assert seen(table, "bob") == {"ann": 1}

    def test_nothing_is_stored(self, table: Table) -> None:
        table.send("ann", at(1))
        assert not any(isinstance(effect, Append) for effect in table.effects)


class TestNewestWins:
    """Late and doubled ones do no harm, and floods are bounded."""

    def test_an_older_one_that_comes_late_is_not_used(self, table: Table) -> None:
        table.send("ann", at(5, 5))
        table.now += CURSORS_S
        table.send("ann", at(4, 4))
        table.send("ann", at(5, 5))
        later(table, CURSORS_S)
        assert seen(table, "host") == {"ann": 5}
        assert len(cursors(table, "host")) == 1

    def test_who_moves_alone_is_told_at_once_though_the_way_there_varies(self, table: Table) -> None:
        begin = table.now
        for i in range(60):
            table.now = begin + i / 30 + (0.0, 0.008, 0.003, 0.011)[i % 4]
            table.send("ann", at(i, i + 1))
            assert seen(table, "host") == {"ann": i}

    def test_they_are_told_at_most_sixty_times_a_second_and_the_last_arrives(self, table: Table) -> None:
        begin = table.now
        for i in range(500):
            table.now = begin + i / 500
            table.send("ann", at(i, i + 1))
        assert 54 <= len(cursors(table, "host")) <= 61
        later(table, CURSORS_S)
        assert seen(table, "host") == {"ann": 499}

    def test_what_waits_for_its_turn_wakes_the_core(self, table: Table) -> None:
        table.send("ann", at(1))
        table.send("ann", at(2, 2))
        (wake,) = (effect for effect in table.effects if isinstance(effect, WakeAt))
        assert wake.at == pytest.approx(table.now + CURSORS_S)
        assert seen(table, "host") == {"ann": 1}
        table.now = wake.at
        table.do(table.core.wake(table.now))
        assert seen(table, "host") == {"ann": 2}


class TestItEnds:
    """With its time, its connection, its case."""

    def test_with_its_time(self, table: Table) -> None:
        table.send("ann", at(1))
        later(table, CURSOR_TTL_S - 0.1)
        assert seen(table, "host") == {"ann": 1}
        table.send("ann", at(1, 2))
        later(table, CURSOR_TTL_S - 0.1)
        assert seen(table, "host") == {"ann": 1}
        later(table, 0.1)
        assert seen(table, "host") == {}

    def test_with_its_connection(self, table: Table) -> None:
        table.send("ann", at(1))
        table.now += CURSORS_S
        table.do(table.core.disconnect(ConnectionId("ann"), table.now))
        assert seen(table, "host") == {}

    def test_when_the_same_page_connects_anew(self, table: Table) -> None:
        table.send("ann", at(1, 100))
        table.now += CURSORS_S
        table.come("ann", "ann-again")
        assert seen(table, "host") == {}
        table.now += CURSORS_S
        table.send("ann-again", at(2, 1))
        assert seen(table, "host") == {"ann": 2}

    def test_with_its_case(self, table: Table) -> None:
        table.send("ann", at(1))
        table.now += CURSORS_S
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        assert cursors(table, "host")[-1] == Cursors(2, ())

    def test_one_of_another_case_is_not_used(self, table: Table) -> None:
        table.send("host", SwitchCase(id=command_id("host", 1), case=1, to="c2"))
        table.now += CURSORS_S
        assert table.send("ann", at(1)) == []
        later(table, CURSORS_S)
        assert cursors(table, "host") == []

    def test_what_could_not_be_sent_is_said_again(self, table: Table) -> None:
        before = table.state.seq
        effects = table.core.receive(ConnectionId("ann"), table.rename(1, "Anna"), table.now)
        effects += table.core.receive(ConnectionId("ann"), at(1), table.now)
        assert any(isinstance(effect, Append) for effect in effects)
        table.now += CURSORS_S
        table.do(table.core.roll_back(before, StoreFailed("not_stored", "The disk is full."), table.now))
        later(table, CURSORS_S)
        assert seen(table, "host") == {"ann": 1}


@pytest.mark.parametrize(
    ("spot", "code"),
    [
        (replace(SPOT, series=SeriesKey("s-9")), "unknown_series"),
        (replace(SPOT, image=20), "image_out_of_range"),
        (replace(SPOT, point=(1e9, 0.0, 0.0)), "bad_point"),
        (replace(SPOT, point=(0.0, float("nan"), 0.0)), "bad_point"),
    ],
)
def test_a_place_that_the_case_does_not_have_is_refused(table: Table, spot: Spot, code: str) -> None:
    (refused,) = table.send("ann", Cursor(1, 1, spot))
    assert isinstance(refused, Nack)
    assert refused.code == code
    later(table, CURSORS_S)
    assert cursors(table, "host") == []
