"""Who is silent is asked, then gone; a server that has slept blames nobody.

Seen to fail: with sockets alone as the proof of life; without the forgiveness after a sleep of the server's own.
"""

from __future__ import annotations

from collections.abc import Callable

from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.effects import Send, WakeAt
from consult.sessions.messages import Alive, Ping, Probe
from consult.sessions.presence.liveness import GONE_S, LATE_S, PROBE_S
from consult.sessions.presence.messages import Presence
from tests.support.cases import Table

OFFLINE_S = 12.0
"""People who vanished are offline within that."""


def run(table: Table, until: float, each: Callable[[], object] = lambda: None) -> None:
    """Let time pass as the shell does: wake whenever the core asked for it; `each` second something happens."""
    alarm = [effect.at for effect in table.effects if isinstance(effect, WakeAt)]
    due, tick = (alarm[-1] if alarm else table.now), table.now
    while min(due, tick) <= until:
        table.now = min(due, tick)
        if tick <= due:
            each()
            tick += 1.0
        else:
            due = float("inf")
            table.do(table.core.wake(table.now))
        due = min([due, *(effect.at for effect in table.effects if isinstance(effect, WakeAt))])
        table.effects = []
    table.now = until


def here(table: Table, who: str) -> set[SeatId]:
    """Who is online, as somebody was told last."""
    return {h.seat for h in [m for m in table.sent[who] if isinstance(m, Presence)][-1].people}


def probes(table: Table) -> list[str]:
    """Whom the newest effects ask whether they are there."""
    return [to for e in table.effects if isinstance(e, Send) and isinstance(e.message, Probe) for to in e.to]


def test_who_vanished_is_offline_in_time_and_who_speaks_stays(table: Table) -> None:
    begun = table.now
    run(table, begun + OFFLINE_S, lambda: table.send("host", Ping(1.0)))
    assert here(table, "host") == {SeatId("host")}
    assert table.closed == {"ann": (1013, "")}, "sent away to come back, should it be there after all"


def test_who_is_silent_but_answers_stays(table: Table) -> None:
    def answer() -> None:
        for who in ("host", "ann"):
            if isinstance(table.sent[who][-1], Probe):
                table.send(who, Alive())

    run(table, table.now + 60, answer)
    assert not table.closed
    assert any(isinstance(message, Probe) for message in table.sent["ann"])


def test_a_silent_page_is_asked_after_a_while_and_not_without_end(table: Table) -> None:
    table.do(table.core.wake(table.now + PROBE_S - 0.1))
    assert probes(table) == []
    table.do(table.core.wake(table.now + PROBE_S))
    assert probes(table) == ["host", "ann"]
    table.do(table.core.wake(table.now + PROBE_S + 1))
    assert probes(table) == []


def test_a_server_that_has_slept_asks_all_anew_and_loses_nobody(table: Table) -> None:
    alarm = table.now + PROBE_S
    table.now = alarm + 10 * GONE_S
    table.do(table.core.wake(table.now))
    assert not table.closed
    assert probes(table) == ["host", "ann"]
    table.send("host", Alive())
    run(table, table.now + OFFLINE_S, lambda: table.send("host", Ping(1.0)))
    assert set(table.closed) == {"ann"}, "but who does not answer then is gone"


def test_an_alarm_that_is_a_little_late_is_no_sleep(table: Table) -> None:
    alarm = table.now + PROBE_S
    table.send("host", Ping(1.0))
    table.now = alarm + LATE_S / 2
    table.do(table.core.wake(table.now))
    assert "ann" in probes(table)
    run(table, table.now + GONE_S, lambda: table.send("host", Ping(1.0)))
    assert set(table.closed) == {"ann"}


def test_who_never_says_hello_is_not_kept(table: Table) -> None:
    table.do(table.core.connect(ConnectionId("mute"), SeatId("ann"), table.now))
    run(table, table.now + OFFLINE_S, lambda: [table.send(who, Ping(1.0)) for who in ("host", "ann")])
    assert set(table.closed) == {"mute"}
