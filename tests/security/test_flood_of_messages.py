"""A flood hurts its sender alone: what is over the rate is not looked at, who keeps on is closed, nobody else waits."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from consult.model.identifiers import ConnectionId
from consult.runtime import runner
from consult.runtime.connections import ConnectionHandle
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.kinds import ClientMessage
from consult.sessions.features.rates import RATES, STORED, UNREADABLE
from consult.sessions.features.seats.closing import CROWDED, FLOODED
from consult.sessions.messages import PROTOCOL_VERSION
from consult.store.log.memory import MemoryLog
from tests.support.cases import stack_of
from tests.support.consults import GUEST, HOST, open_consult
from tests.support.waiting import PATIENCE_S, until

HELLO = {"type": "hello", "protocol": PROTOCOL_VERSION, "tab": "tab-12345", "screen": {"width": 640, "height": 480}}
MANY = 3000
EXAMPLES: dict[str, Any] = {
    "ping": {"t": 1},
    "alive": {},
    "hand": {"up": True},
    "want_media": {"n": 1, "h264": True},
    "health": {"transport": "stills", "round_trip_ms": 1},
    "cursor": {"case": 1, "n": 1, "at": None, "laser": False},
    "rename": {"id": "tab-12345.{n}", "case": 1, "name": "{n}"},
    "undo": {"id": "tab-12345.{n}", "case": 1},
}
"""A message of some kinds; `{n}` counts up."""


class Clock:
    """The steady clock of the runner, which the test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(runner, "steady", made)
    return made


@pytest.fixture
async def running(clock: Clock) -> AsyncIterator[ConsultRunner]:
    consult = await open_consult(MemoryLog())
    yield consult
    await consult.close()


@pytest.fixture
def decided(running: ConsultRunner, monkeypatch: pytest.MonkeyPatch) -> Counter[ConnectionId]:
    """How many messages of each page the core was given."""
    counted: Counter[ConnectionId] = Counter()
    decide: Callable[..., Any] = running.core.receive

    def count(connection: ConnectionId, message: ClientMessage, now: float) -> Any:
        counted[connection] += 1
        return decide(connection, message, now)

    monkeypatch.setattr(running.core, "receive", count)
    return counted


def texts(kind: str, times: int) -> list[str]:
    """So many messages of a kind."""
    text = json.dumps({"type": kind, **EXAMPLES[kind]})
    return [text.replace("{n}", str(n)) for n in range(1, times + 1)]


async def come(running: ConsultRunner, seat: Any, tab: str = "tab-12345") -> ConnectionHandle:
    """A page that is welcomed."""
    page = running.attach(seat)
    page.receive(json.dumps({**HELLO, "tab": tab}))
    await taken(page, "welcome")
    return page


async def taken(page: ConnectionHandle, kind: str) -> dict[str, Any]:
    """The next message of that kind, from its outbox."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await page.outbox.take()
            assert found, "closed"
            for text in found:
                message: dict[str, Any] = json.loads(text)
                if message["type"] == kind:
                    return message


@pytest.mark.parametrize("kind", EXAMPLES)
async def test_of_a_flood_the_core_sees_a_burst_and_the_others_go_on(
    running: ConsultRunner, decided: Counter[ConnectionId], kind: str
) -> None:
    host, guest = await come(running, HOST), await come(running, GUEST)
    decided.clear()
    for text in texts(kind, MANY):
        guest.receive(text)
    (limit,) = (rate for message, rate in RATES.items() if message.__struct_config__.tag == kind)
    assert decided[guest.connection] <= limit.burst
    host.receive('{"type": "ping", "t": 7}')
    assert (await taken(host, "pong"))["t"] == 7
    assert not host.outbox.ended
    assert not running.lost


@pytest.mark.parametrize("nonsense", ["", "x" * 40, "[]", '{"type": "made up"}', '{"type": 5}', '{"type": "ping"}'])
async def test_of_a_flood_of_nonsense_a_burst_is_looked_at(running: ConsultRunner, nonsense: str) -> None:
    guest = await come(running, GUEST)
    while guest.outbox._waiting:
        await guest.outbox.take()
    for _ in range(MANY):
        guest.receive(nonsense)
    assert len(guest.outbox._waiting) <= max(UNREADABLE.burst, 30) + 1, "a refusal each, and one that it is too often"


async def test_who_keeps_on_is_closed_with_the_reason_and_nobody_else(running: ConsultRunner, clock: Clock) -> None:
    host, guest = await come(running, HOST), await come(running, GUEST)
    for _ in range(51):
        for text in texts("ping", 60):
            guest.receive(text)
        host.receive('{"type": "ping", "t": 7}')
        for page in (host, guest):
            if page.outbox._waiting:
                await page.outbox.take()
        clock.now += 0.1
    assert guest.outbox.ended
    assert guest.close_frame == (FLOODED.code, "")
    assert not host.outbox.ended


async def test_each_command_over_the_rate_is_answered(running: ConsultRunner) -> None:
    guest = await come(running, GUEST)
    answers: Counter[str] = Counter()
    for text in texts("rename", 20):
        guest.receive(text)
    async with asyncio.timeout(PATIENCE_S):
        while sum(answers.values()) < 20:
            for text in await guest.outbox.take():
                message = json.loads(text)
                if message["type"] in ("ack", "refused"):
                    answers[message.get("code", "ack")] += 1
    assert answers == {"ack": 6, "too_often": 14}


async def test_who_has_written_too_much_is_told_in_how_many_seconds_more_is_stored(
    running: ConsultRunner, clock: Clock
) -> None:
    """Seen to fail: it was the sentence of who had sent too often, and "a few seconds" were minutes."""
    host = await come(running, HOST)
    running._admission.stored(HOST, int(STORED.burst + 60 * STORED.per_s), clock.now)
    note = {"type": "put_note", "id": "tab-12345.1", "case": 1, "field": "impression", "text": "A.", "base": 0}
    host.receive(json.dumps(note))
    refused = await taken(host, "refused")
    assert (refused["id"], refused["code"]) == ("tab-12345.1", "too_often")
    assert refused["message"] == "More was written in a short time than is stored at once. Try again in 61 s."
    clock.now += 61
    host.receive(json.dumps(note))
    assert (await taken(host, "ack"))["id"] == "tab-12345.1"


async def test_the_last_of_many_cursors_is_what_the_others_see(running: ConsultRunner, clock: Clock) -> None:
    host, guest = await come(running, HOST), await come(running, GUEST)
    shows = running.core.shown
    assert shows is not None
    viewport = shows.view.viewports[0]
    at = {"viewport": viewport.id, "series": stack_of(viewport.shows).series, "image": 0, "point": [1.0, 2.0, 0.0]}
    for n in range(1, 1001):
        guest.receive(json.dumps({"type": "cursor", "case": 1, "n": n, "at": at, "laser": False}))
    clock.now += 1.0
    running._go_on()
    clock.now += 1.0
    running._ring()
    seen = 0
    while seen != 1000:
        seen = (await taken(host, "cursors"))["cursors"][0]["n"]


async def test_pages_of_one_seat_are_four_and_the_oldest_gives_way(running: ConsultRunner) -> None:
    pages = [await come(running, GUEST, f"tab-{n}-xxx") for n in range(5)]
    await until(lambda: pages[0].outbox.ended)
    assert pages[0].close_frame[0] == CROWDED.code
    assert not any(page.outbox.ended for page in pages[1:])
