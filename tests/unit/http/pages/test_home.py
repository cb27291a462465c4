"""The host's home: the page is the same for everybody; the token buys a session, and guesses are rationed."""

from __future__ import annotations

import pytest

from consult import clock
from consult.http.pages import home
from consult.http.security import host
from consult.http.security.throttle import FREE, Throttle
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_page_holds_nothing_of_anybody(door: Door) -> None:
    async with door.client() as client:
        answer = await client.get("/")
        assert answer.status_code == 200
        assert "text/html" in answer.headers["content-type"]
        assert "TEST" not in answer.text
        assert door.services.keys.host_token() not in answer.text


async def test_the_token_buys_a_session_out_of_scripts_reach(door: Door) -> None:
    token = door.services.keys.host_token()
    async with door.client() as client:
        assert (await client.get("/api/session")).status_code == 401
        answer = await client.post("/api/session", json={"token": f" {token}\n"})
        (cookie,) = answer.headers.get_list("set-cookie")
        assert {"HttpOnly", "Path=/api", "SameSite=strict"} <= set(cookie.split("; "))
        assert token not in cookie
        assert (await client.get("/api/session")).json() == {"host": True}
        assert (await client.delete("/api/session", headers={"Origin": door.address})).json() == {"host": False}
        assert (await client.get("/api/session")).status_code == 401


async def test_a_session_that_is_used_is_renewed(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.client() as client:
        await client.post("/api/session", json={"token": door.services.keys.host_token()})
        assert "set-cookie" not in (await client.get("/api/session")).headers
        later = clock.now() + host.SESSION_S * 0.6
        for module in (home, host):
            monkeypatch.setattr(module, "now", lambda: later)
        assert "set-cookie" in (await client.get("/api/session")).headers


async def test_wrong_tokens_are_refused_and_rationed(door: Door) -> None:
    with door.using(throttle=Throttle()):
        async with door.client() as client:
            for _ in range(FREE):
                wrong = await client.post("/api/session", json={"token": "guess"})
                assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "wrong_token")
                assert "set-cookie" not in wrong.headers
            wrong = await client.post("/api/session", json={"token": "guess"})
            assert (wrong.status_code, wrong.json()["error"]["code"]) == (429, "too_often")
            assert 0 < wrong.json()["error"]["retry_after_s"] <= 10
