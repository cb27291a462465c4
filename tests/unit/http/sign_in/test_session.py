"""Signing in by the token or a password: rationed, alike for whom there is not, renewed while it is used."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from consult import clock
from consult.http.security.host import COOKIE, DEVICE_COOKIE
from consult.http.security.throttle import FREE, Throttle
from tests.support.accounts import PASSWORD, add_user, own, quick, sign_in
from tests.unit.http.conftest import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def users(door: Door) -> AsyncIterator[Door]:
    """The server with a user."""
    await add_user(door, "anna.berg", "Dr. Anna Berg", "Radiologist")
    with door.using(accounts=quick(door)):
        yield door


def code(answer: httpx.Response) -> str:
    """Of a refusal."""
    found: str = answer.json()["error"]["code"]
    return found


async def test_the_token_buys_a_session_out_of_scripts_reach(door: Door) -> None:
    token = door.services.keys.host_token()
    async with door.client() as client:
        assert (await client.get("/api/session")).status_code == 401
        answer = await client.post("/api/session", json={"token": f" {token}\n"})
        (cookie,) = answer.headers.get_list("set-cookie")
        assert {"HttpOnly", "Path=/api", "SameSite=strict"} <= set(cookie.split("; "))
        assert token not in cookie
        assert (await client.get("/api/session")).json() == {"host": True}
        assert (await client.delete("/api/session", headers=own(door))).json() == {"host": False}
        assert (await client.get("/api/session")).status_code == 401


async def test_a_session_that_is_used_is_renewed_until_it_has_lasted_its_time(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = door.services.accounts.times
    async with door.client() as client:
        await client.post("/api/session", json={"token": door.services.keys.host_token()})
        assert "set-cookie" not in (await client.get("/api/session")).headers
        began = at = clock.now()
        monkeypatch.setattr("consult.http.sign_in.accounts.now", lambda: at)
        while at + times.idle_s * 0.9 < began + times.max_s:
            at += times.idle_s * 0.9
            renewed = await client.get("/api/session")
            assert f"{COOKIE}=" in renewed.headers["set-cookie"]
        assert int(renewed.headers["set-cookie"].partition("Max-Age=")[2].split(";")[0]) < times.idle_s
        at = began + times.max_s + 1
        assert (await client.get("/api/session")).status_code == 401


async def test_wrong_tokens_are_refused_and_rationed(door: Door) -> None:
    with door.using(throttle=Throttle()):
        async with door.client() as client:
            for _ in range(FREE):
                wrong = await client.post("/api/session", json={"token": "guess"})
                assert (wrong.status_code, code(wrong)) == (401, "wrong_token")
                assert "set-cookie" not in wrong.headers
            wrong = await client.post("/api/session", json={"token": "guess"})
            assert (wrong.status_code, code(wrong)) == (429, "too_often")
            assert 0 < wrong.json()["error"]["retry_after_s"] <= 10


async def test_a_page_learns_how_one_can_sign_in(door: Door) -> None:
    async with door.client() as client:
        assert (await client.get("/api/sign-in")).json() == {"password": False, "provider": ""}
        await add_user(door, "anna.berg")
        assert (await client.get("/api/sign-in")).json() == {"password": True, "provider": ""}


async def test_a_password_buys_a_session_as_that_user(users: Door) -> None:
    async with users.client() as client:
        answer = await sign_in(client, " Anna.Berg ")
        who = {"name": "anna.berg", "full_name": "Dr. Anna Berg", "title": "Radiologist", "has_password": True}
        assert answer.json() == {"host": True, "user": who}
        session, device = answer.headers.get_list("set-cookie")
        assert {"HttpOnly", "Path=/api", "SameSite=strict"} <= set(session.split("; ")) & set(device.split("; "))
        assert (await client.get("/api/session")).json()["user"] == who
        assert (await client.get("/api/studies")).status_code == 200


async def test_an_unknown_user_a_wrong_password_and_none_are_answered_alike(users: Door) -> None:
    """Seen to fail: with a sentence of its own for an unknown user."""
    await add_user(users, "eve@clinic.example", password="")
    async with users.client() as client:
        answers = [
            await sign_in(client, name, "wrong password here")
            for name in ("anna.berg", "nobody", "eve@clinic.example", "no name at all")
        ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert code(answers[0]) == "wrong_password"
    assert not any("set-cookie" in answer.headers for answer in answers)


async def test_guesses_are_rationed_and_lock_nobody_out_of_a_known_browser(users: Door) -> None:
    async with users.client() as annas, users.client() as mallorys:
        await sign_in(annas, "anna.berg")
        for name in ("anna.berg", "nobody"):
            for _ in range(FREE):
                assert code(await sign_in(mallorys, name, "guess")) == "wrong_password"
            refused = await sign_in(mallorys, name, "guess")
            assert (refused.status_code, code(refused)) == (429, "too_often")
        assert code(await sign_in(mallorys, "anna.berg")) == "too_often", "the right one too: it is not even compared"
        assert (await sign_in(annas, "anna.berg")).status_code == 200
        annas.cookies.delete(DEVICE_COOKIE)
        assert code(await sign_in(annas, "anna.berg")) == "too_often"


async def test_a_device_cookie_is_of_its_user_alone(users: Door) -> None:
    await add_user(users, "mallory")
    async with users.client() as client:
        await sign_in(client, "mallory")
        for _ in range(FREE):
            await sign_in(client, "anna.berg", "guess")
        assert code(await sign_in(client, "anna.berg", "guess")) == "too_often"


async def test_signing_in_anew_ends_the_session_before(users: Door) -> None:
    """Seen to fail: the former one went on."""
    async with users.client() as client, users.client() as thief:
        await sign_in(client, "anna.berg")
        former = client.cookies[COOKIE]
        await sign_in(client, "anna.berg")
        assert client.cookies[COOKIE] != former
        kept = await thief.get("/api/studies", headers={"Cookie": f"{COOKIE}={former}"})
        assert kept.status_code == 401


async def test_who_is_removed_is_out_at_the_next_request(users: Door) -> None:
    async with users.client() as client:
        await sign_in(client, "anna.berg")
        await users.services.accounts.store.remove("anna.berg")
        assert (await client.get("/api/studies")).status_code == 401
        assert code(await sign_in(client, "anna.berg", PASSWORD)) == "wrong_password"
