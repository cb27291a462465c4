"""Doors that exist: who was sent out stays out, who has gone out is out, and no other page or name opens one."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from consult.clock import now
from consult.http.security import host
from consult.http.security.throttle import FREE, Throttle
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.runtime.registry import LINK_S, Link
from consult.runtime.runner import ConsultRunner
from consult.sessions.decide import decide
from consult.sessions.features.seats.commands import ReadmitSeat, RemoveSeat
from consult.store.accounts.sqlite import SqliteAccounts
from tests.unit.http.conftest import Door, door, join

__all__ = ["door", "join"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = Path(__file__).parent.parent.parent


def cookie(client: httpx.AsyncClient, name: str) -> str:
    return next(c.value for c in client.cookies.jar if c.name == name and c.value)


async def sign_in(door: Door, client: httpx.AsyncClient) -> str:
    """The session's cookie."""
    assert (await client.post("/api/session", json={"token": door.services.keys.host_token()})).status_code == 200
    return cookie(client, host.COOKIE)


async def test_signing_out_ends_the_session_wherever_its_cookie_is(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.client() as client, door.client() as thief:
        first = await sign_in(door, client)
        later = now() + door.services.accounts.times.idle_s * 0.6
        monkeypatch.setattr("consult.http.sign_in.accounts.now", lambda: later)
        await client.get("/api/session")  # renewed
        assert cookie(client, host.COOKIE) == first
        other = await sign_in(door, thief)
        thief.cookies.clear()
        assert first != other
        answer = await client.delete("/api/session", headers={"Origin": door.address})
        assert answer.status_code == 200
        for value, status in ((first, 401), (other, 200)):
            kept = await thief.get("/api/studies", headers={"Cookie": f"{host.COOKIE}={value}"})
            assert kept.status_code == status
    after_restart = SqliteAccounts(door.data)
    try:
        for value, is_there in ((first, False), (other, True)):
            proof = door.services.keys.session_proof(value)
            found = await after_restart.sign_in(proof, later, door.services.accounts.times)
            assert (found is not None) is is_there
    finally:
        await after_restart.close()


async def test_a_right_token_passes_whoever_guesses_beside(door: Door) -> None:
    with door.using(throttle=Throttle()):
        async with door.client() as client:
            for _ in range(FREE + 3):
                last = await client.post("/api/session", json={"token": "guess"})
            assert last.status_code == 429
            await sign_in(door, client)


@pytest.mark.parametrize(
    ("public", "behind", "origin", "status"),
    [
        ("", False, "{own}", 200),
        ("", False, "{own_https}", 403),
        ("", True, "{own}", 200),  # the same machine, without the proxy
        ("https://consult.example", True, "https://consult.example", 200),
        ("https://consult.example", True, "http://consult.example", 403),
        ("https://consult.example", True, "{own}", 403),
        ("https://consult.example", True, "https://consult.example.evil", 403),
    ],
)
async def test_of_an_origin_the_scheme_counts_and_with_a_public_url_that_alone(
    door: Door, public: str, behind: bool, origin: str, status: int
) -> None:
    consult, _ = await door.open()
    named = origin.format(own=door.address, own_https=door.address.replace("http:", "https:"))
    async with door.client() as client:
        await sign_in(door, client)
        with door.using(public_url=public, behind_tls_proxy=behind):
            answer = await client.delete(f"/api/consults/{consult}", headers={"Origin": named})
        assert answer.status_code == status


async def test_behind_a_tls_proxy_a_page_of_the_same_name_without_tls_is_another(door: Door) -> None:
    consult, _ = await door.open()
    with door.using(behind_tls_proxy=True, hosts=frozenset({"consult.example"})):
        async with door.client() as client:
            session = {"Cookie": f"{host.COOKIE}={await sign_in(door, client)}", "Host": "consult.example"}
            for origin, status in (("http://consult.example", 403), ("https://consult.example", 200)):
                answer = await client.delete(f"/api/consults/{consult}", headers={**session, "Origin": origin})
                assert answer.status_code == status


async def test_no_link_is_made_of_a_name_that_is_not_ours(door: Door) -> None:
    consult, _ = await door.open()
    path = f"/api/consults/{consult}/invitations"
    async with door.client(door.services.keys.host_token()) as client:
        for name in ("evil.example", "127.0.0.1.evil.example", "[", ""):
            answer = await client.get(path, headers={"Host": name})
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "unknown_host")
            assert "http" not in answer.text
        with door.using(hosts=frozenset({"pacs.clinic"})):
            links = (await client.get(path, headers={"Host": "pacs.clinic:8000"})).json()["invitations"]
        assert all(link["url"].startswith("http://pacs.clinic:8000/join/") for link in links)
        with door.using(public_url="https://consult.example"):
            links = (await client.get(path, headers={"Host": "evil.example"})).json()["invitations"]
        assert all(link["url"].startswith("https://consult.example/join/") for link in links)


async def test_a_page_that_reaches_us_by_a_name_of_its_own_is_none_of_ours(door: Door) -> None:
    """DNS rebinding: its Origin and its Host agree."""
    consult, _ = await door.open()
    async with door.client() as client:
        session = {"Cookie": f"{host.COOKIE}={await sign_in(door, client)}"}
        forged = {**session, "Origin": "http://evil.example", "Host": "evil.example"}
        assert (await client.delete(f"/api/consults/{consult}", headers=forged)).status_code == 403


async def ask(client: httpx.AsyncClient, link: Link, name: str) -> int:
    """Whether somebody of that name gets in."""
    path, _, secret = link.path.partition("#")
    return (await client.post(f"{path}/seat", json={"secret": secret, "name": name})).status_code


async def test_who_was_sent_out_stays_out_by_seat_name_and_browser_until_let_in(door: Door) -> None:
    consult, links = await door.open()
    runner, guest = await door.services.registry.find(consult), links["participant"]
    async with door.client() as boss, door.client() as theirs, door.client() as fresh:
        assert await ask(boss, links["host"], "") == 200
        assert await ask(theirs, guest, "Mallory") == 200
        seat = next(s.id for s in runner.core.state.seats.values() if s.name == "Mallory")
        await act(runner, RemoveSeat(id="", case=runner.core.state.case, seat=seat))
        assert await ask(theirs, guest, "Mallory") == 403, "the seat"
        assert await ask(theirs, guest, "Somebody else") == 403, "the browser"
        for name in ("Mallory", " MALLORY.", "Маllory"):
            assert await ask(fresh, guest, name) == 403, "the name"
        assert await ask(fresh, guest, "Dr. Smith") == 200, "others of the same link come in"
        fresh.cookies.clear()
        await act(runner, ReadmitSeat(id="", case=runner.core.state.case, seat=seat))
        assert await ask(theirs, guest, "Mallory") == 200
        assert sum(s.name == "Mallory" for s in runner.core.state.seats.values()) == 1, "the seat that they had"
        with pytest.raises(Refused, match="unknown_seat"):
            await act(runner, ReadmitSeat(id="", case=runner.core.state.case, seat=SeatId("nobody")))


async def act(runner: ConsultRunner, command: RemoveSeat | ReadmitSeat) -> None:
    """As a host's page does it."""
    state, at = runner.core.state, runner._now()
    by = next(seat.id for seat in state.seats.values() if seat.role == "host")
    await runner._do_and_wait(runner.core._append(decide(state, by, command, now()), at, by=by))


async def test_links_expire_unless_it_is_said(door: Door) -> None:
    consult, _ = await door.open()
    state = (await door.services.registry.find(consult)).core.state
    async with door.client(door.services.keys.host_token()) as client:
        made = await client.post(f"/api/consults/{consult}/invitations", json={})
    for expires_at in (*(i.expires_at for i in state.invitations.values()), made.json()["expires_at"]):
        assert expires_at is not None
        assert now() < expires_at <= now() + LINK_S


def addresses() -> set[str]:
    """All that pages ask for, as their sources write it."""
    sources = "\n".join(p.read_text() for p in (ROOT / "web/js").rglob("*.js"))
    return set(re.findall(r"[`\"](?:api|seat|stills|thumbnails|join)/[^`\"]*", sources))


async def test_no_study_uid_is_in_an_address(door: Door) -> None:
    assert any("thumbnail" in address for address in addresses())
    assert not [address for address in addresses() if "uid" in address.lower()]
    async with door.client(door.services.keys.host_token()) as client:
        (study,) = [s for s in (await client.get("/api/studies")).json()["studies"] if s["uid"] == door.study]
        assert (await client.get(f"/api/studies/{study['key']}/thumbnail")).status_code == 200
        assert (await client.get(f"/api/studies/{study['uid']}/thumbnail")).status_code == 404


async def test_the_proxy_says_that_this_name_is_asked_by_https_alone() -> None:
    conf = (ROOT / "docker/nginx.conf").read_text()
    assert re.search(r'add_header Strict-Transport-Security "max-age=(\d{8,})" always;', conf)
