"""The wall clock is set while a consult runs: what is stored says the new time, and nothing stops.

Seen to fail with one clock for both: after a step back nothing settled, and no cursor was sent, for just as long.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from consult.model.identifiers import InvitationId, SeatId, SeriesKey, TabId
from consult.model.view import Screen
from consult.runtime.connections import ConnectionHandle
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.commands import Invite, TakeSeat
from consult.sessions.features.view.messages import Show
from consult.sessions.messages import PROTOCOL_VERSION, Hello
from consult.sessions.presence.messages import Cursor, Spot
from consult.store.log.memory import MemoryLog
from tests.support.cases import scrolled
from tests.support.consults import CONSULT, GUEST, HOST, open_consult
from tests.support.waiting import PATIENCE_S, until

HELLO = Hello(PROTOCOL_VERSION, TabId("tab-12345"), Screen(640, 480))


class Wall:
    """A wall clock that can be set."""

    def __init__(self) -> None:
        self.set_by = 0.0

    def __call__(self) -> float:
        return time.time() + self.set_by


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    wall = Wall()
    monkeypatch.setattr("consult.runtime.runner.now", wall)
    return wall


@pytest.fixture
async def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
async def running(log: MemoryLog, wall: Wall) -> AsyncIterator[ConsultRunner]:
    consult = await open_consult(log)
    yield consult
    await consult.close()


def send(page: ConnectionHandle, message: Any) -> None:
    page.receive(msgspec.json.encode(message).decode())


async def kinds(page: ConnectionHandle, wanted: str) -> None:
    """Take messages until one of that kind came."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for text in await page.outbox.take():
                message = msgspec.json.decode(text)
                if message.get("event", message)["type"] == wanted:
                    return


def come(running: ConsultRunner, seat: SeatId, tab: str) -> ConnectionHandle:
    page = running.attach(seat)
    send(page, replace(HELLO, tab=TabId(tab)))
    return page


@pytest.mark.parametrize("step", [-30.0, -3600.0, 3600.0])
async def test_a_step_of_the_wall_clock_stops_nothing(
    running: ConsultRunner, log: MemoryLog, wall: Wall, step: float
) -> None:
    host, guest = come(running, HOST, "tab-of-host"), come(running, GUEST, "tab-of-guest")
    control = running.core.state.control.epoch
    await asyncio.gather(kinds(host, "presence"), kinds(guest, "presence"))
    assert running.core.shown is not None
    view = running.core.shown.view

    def point(n: int) -> None:
        send(guest, Cursor(1, n, Spot("a", SeriesKey("series-1"), 0, (1.0, float(n), 0.0))))

    point(1)
    await kinds(host, "cursors")
    send(host, Show(control=control, case=1, n=1, view=scrolled(view, 3)))
    await kinds(guest, "view_settled")

    wall.set_by = step
    for n in (2, 3):
        point(n)
        await kinds(host, "cursors")
    send(host, Show(control=control, case=1, n=2, view=scrolled(view, 5)))
    await kinds(guest, "view_settled")
    newest = (await log.read(CONSULT))[-1]
    assert abs(newest.at - wall()) < 60, "what is stored says the time of the wall clock"
    assert {HOST, GUEST} == {c.seat for c in running.core._connections if c.joined}, "nobody is lost"


async def test_a_link_expires_by_the_wall_clock(running: ConsultRunner, wall: Wall) -> None:
    link = InvitationId("an-hour")
    await running.command(Invite(invitation=link, role="participant", expires_at=wall() + 3600))
    await running.command(TakeSeat(seat=SeatId("late"), invitation=link, name="Late"))
    page = come(running, SeatId("late"), "tab-of-late")
    await kinds(page, "presence")
    wall.set_by = 3601
    send(page, Cursor(1, 1))
    await until(lambda: page.outbox.ended)
    assert page.close_frame[0] == 4002


async def test_summer_time_that_begins_while_the_server_runs_counts_at_once(
    running: ConsultRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Seen to fail: what was signed after the change said the zone of the server's start.
    monkeypatch.setattr("consult.runtime.runner.utc_offset_min", lambda at: 120)
    page = come(running, HOST, "tab-of-host")
    assert (await welcome(page))["snapshot"]["site"]["utc_offset_min"] == 120
    assert running.core.state.site.utc_offset_min != 120, "it was taken over before"


async def welcome(page: ConnectionHandle) -> Any:
    """The first message of a page that has come in."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for text in await page.outbox.take():
                message = msgspec.json.decode(text)
                if message["type"] == "welcome":
                    return message
