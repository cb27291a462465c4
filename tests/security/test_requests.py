"""Somebody with a link asks by HTTP, as often as they can: it is so many a second, and nobody else notices."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest
from starlette.routing import Route

from consult.http.application import MODULES
from consult.http.security.address_rates import AddressRates
from consult.model.rates import RateLimit
from consult.runtime import admission
from consult.sessions.features.rates import OF_ADDRESS, REQUESTS
from consult.sessions.features.seats.places import MAX_PEOPLE
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
    for method in (route.methods or set()) - {"HEAD"}
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


BY_STRANGERS = sorted(
    (route.path, method)
    for module in MODULES
    for route in module.routes
    if isinstance(route, Route) and not route.path.startswith(("/seat/", "/api/"))
    for method in (route.methods or set()) - {"HEAD"}
)
"""All that is asked for while nobody is known by it."""
PLACES = {"consult": "c", "invitation": "i", "mangled:path": "i/x", "version": "v", "name:path": "js/a.js"}


def few() -> AddressRates:
    """A few at once, and no more for a long time."""
    return AddressRates(dict.fromkeys(OF_ADDRESS, RateLimit(0.001, 5)))


@pytest.mark.parametrize(("path", "method"), [*BY_STRANGERS, ("/nothing/here", "GET")])
async def test_whatever_is_asked_for_by_nobody_is_so_much(path: str, method: str, door: Door) -> None:
    """Seen to fail: nothing of this had a rate; each page cost 7 ms of everybody's thread."""
    for name, value in PLACES.items():
        path = path.replace(f"{{{name}}}", value)
    with door.using(address_rates=few()):
        async with door.client() as stranger:
            answers = [await stranger.request(method, path, json={"secret": "x"}) for _ in range(MANY)]
    codes = Counter(answer.status_code for answer in answers)
    assert codes[429] == MANY - 5, codes
    assert answers[-1].headers["retry-after"]
    assert answers[-1].headers["connection"] == "close", "who goes on has to connect anew each time"


async def test_where_a_right_is_shown_by_each_request_those_without_are_disconnected(door: Door) -> None:
    """The host API and seats: a wrong token or cookie never keeps a right one waiting."""
    with door.using(address_rates=few()):
        async with door.client() as stranger, door.client(door.services.keys.host_token()) as host:
            for path in ("/api/consults", "/seat/x/"):
                answers = [await stranger.get(path, headers={"Authorization": "Bearer x"}) for _ in range(MANY)]
                assert {answer.status_code for answer in answers} <= {401, 403}
                assert answers[-1].headers.get("connection") == "close"
                assert (await host.get("/api/consults")).status_code == 200
                assert answers[0].headers.get("connection") == (None if path == "/api/consults" else "close")


async def test_what_is_asked_about_a_link_is_so_much_and_who_sits_by_it_comes_back(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: taking seats had a rate, asking about the link had none. Whoever has a seat has their own."""
    monkeypatch.setattr(admission, "JOINS", RateLimit(0.001, 6))
    _, links = await door.open()
    path, _, secret = links["participant"].path.partition("#")
    async with door.client() as guest, door.client() as flooder, door.client() as host:
        seat = await join(guest, links["participant"], "A")
        assert (await flooder.post(path, json={"secret": "wrong"})).status_code == 404, "it counts against its address"
        answers = Counter([(await flooder.post(path, json={"secret": secret})).status_code for _ in range(MANY)])
        assert answers == {200: 5, 429: MANY - 5}
        assert await join(guest, links["participant"], "A") == seat
        assert await join(host, links["host"], ""), "another link"


async def test_50_people_behind_one_address_come_in_within_a_minute(door: Door) -> None:
    """With the figures as they are: each loads the page, asks who invites, takes a seat."""
    consult, links = await door.open()
    path, _, secret = links["participant"].path.partition("#")
    with door.using(address_rates=AddressRates()):
        for number in range(MAX_PEOPLE):
            async with door.client() as guest:
                assert (await guest.get(path)).status_code == 200
                assert (await guest.post(path, json={"secret": secret})).status_code == 200
                answer = await guest.post(f"{path}/seat", json={"secret": secret, "name": f"Guest {number}"})
                assert answer.status_code == 200, answer.text
    running = await door.services.registry.find(consult)
    assert len(running.core.state.seats) == MAX_PEOPLE
