"""Somebody with a link asks by HTTP, as often as they can: it is so many a second, and nobody else notices."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest
from starlette.routing import Route

from consult.http.application import MODULES
from consult.model.rates import RateLimit
from consult.runtime import admission
from consult.sessions.features.rates import REQUESTS
from tests.unit.http.api.test_record import seated
from tests.unit.http.conftest import Door, Join, door, join
from tests.unit.http.seat.test_reading import reader_link, signed

__all__ = ["door", "join"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
MANY = 12
OF_A_SEAT = sorted(
    (route.path.removeprefix("/seat/{seat}/"), method)
    for module in MODULES
    for route in module.routes
    if isinstance(route, Route) and route.path.startswith("/seat/{seat}/")
    for method in (route.methods or ()) - {"HEAD"}
)
"""All that is asked for by HTTP below a seat: path and method. Where it has no last slash nothing is looked at."""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at once, and no more for a long time."""
    monkeypatch.setattr(admission, "REQUESTS", dict.fromkeys(REQUESTS, RateLimit(0.001, 5)))


async def ask(client: httpx.AsyncClient, path: str, method: str = "GET") -> Counter[int]:
    """How so many requests are answered."""
    client.timeout = httpx.Timeout(600)
    body = {"version": "c1.1"} if method == "POST" else None
    answers = [await client.request(method, path, json=body) for _ in range(MANY)]
    return Counter(answer.status_code for answer in answers)


@pytest.mark.usefixtures("slow")
async def test_documents_of_a_seat_are_so_many_and_so_are_their_rows(door: Door, join: Join) -> None:
    """Seen to fail: each was a row of the audit trail, as many a second as somebody asks."""
    running, host = await signed(door, "host-70")
    links = {link.role: link for link in await door.services.registry.links(running.id)}
    async with door.client() as guest, door.client() as other:
        seat, theirs = await join(guest, links["participant"], "A"), await join(other, links["participant"], "B")
        assert await ask(guest, f"{seat}note.json") == {200: 5, 429: MANY - 5}
        assert (await other.get(f"{theirs}note.json", timeout=600)).status_code == 200
    rows = await door.services.registry.audit._log.rows()
    assert sum(row.record.kind == "export" and row.record.consult == running.id for row in rows) <= 6
    assert host.seat == "host-70"


@pytest.mark.usefixtures("slow")
async def test_lists_and_small_pictures_of_a_seat_are_so_many(door: Door, join: Join) -> None:
    """Seen to fail: all twelve were answered."""
    running, _ = await seated(door, "host-71")
    series = running.core.state.cases[0].series[0].key
    links = {link.role: link for link in await door.services.registry.links(running.id)}
    async with door.client() as guest, door.client() as other:
        seat, theirs = await join(guest, links["participant"], "A"), await join(other, links["participant"], "B")
        assert await ask(guest, f"{seat}series/{series}") == {200: 5, 429: MANY - 5}
        assert await ask(guest, f"{seat}thumbnails/{series}") == {429: MANY}
        assert (await other.get(f"{theirs}series/{series}")).status_code == 200


@pytest.mark.usefixtures("slow")
async def test_what_a_reader_asks_for_is_so_many(door: Door, join: Join) -> None:
    """Seen to fail: all twelve pictures were drawn."""
    running, _ = await signed(door, "host-72")
    async with door.client() as reader:
        reader.headers["Origin"] = door.address
        seat = await join(reader, await reader_link(door, running), "Dr. Reader")
        assert await ask(reader, f"{seat}views/1?width=100&height=100") == {200: 5, 429: MANY - 5}
        for method, path in (("GET", "reading"), ("POST", "opened"), ("POST", "seen")):
            assert await ask(reader, f"{seat}{path}", method) == {429: MANY}
    assert not running.core.state.seen


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(("path", "method"), OF_A_SEAT)
async def test_whatever_is_asked_for_below_a_seat_is_so_much(path: str, method: str, door: Door, join: Join) -> None:
    """Seen to fail: the page, its state, stills that are not known, hangings and the magnifier had no rate."""
    consult, links = await door.open()
    series = (await door.services.registry.find(consult)).core.state.cases[0].series[0].key
    known = {"digest": "0" * 64, "series": series, "form": "json", "n:int": "1", "invitation": links["host"].invitation}
    for name, value in known.items():
        path = path.replace(f"{{{name}}}", value)
    async with door.client() as guest, door.client() as other:
        seat, theirs = await join(guest, links["participant"], "A"), await join(other, links["participant"], "B")
        answers = await ask(guest, f"{seat}{path}", method)
        assert answers[429] == MANY - 5, answers
        assert (await other.request(method, f"{theirs}{path}", timeout=600)).status_code != 429
