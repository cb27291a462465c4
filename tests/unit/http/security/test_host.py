"""Who is the host: the token, or a session that no other page can use."""

from __future__ import annotations

import httpx
import pytest

from consult.http.security import host
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def signed_in(door: Door, client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/session", json={"token": door.services.keys.host_token()})
    assert answer.status_code == 200, answer.text


async def test_a_session_reads_and_with_the_right_origin_changes(door: Door) -> None:
    consult, _ = await door.open()
    async with door.client() as client:
        await signed_in(door, client)
        assert (await client.get("/api/studies")).status_code == 200
        for origin in (None, "http://127.0.0.1:1", "https://evil.example", "null", door.address + ".evil.example"):
            headers = {"Origin": origin} if origin else {}
            answer = await client.delete(f"/api/consults/{consult}", headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_origin")
        answer = await client.delete(f"/api/consults/{consult}", headers={"Origin": door.address})
        assert answer.json()["ended_at"] is not None


async def test_a_wrong_token_beside_a_session_counts(door: Door) -> None:
    async with door.client("wrong") as client:
        await signed_in(door, client)
        assert (await client.get("/api/studies")).status_code == 401


async def test_a_session_is_signed_and_ends(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.client() as client:
        await signed_in(door, client)
        (value,) = [c.value for c in client.cookies.jar if c.name == host.COOKIE]
        assert value
        ends, nonce, proof = value.split(".")
        for spoiled in (f"{int(ends) + 9}.{nonce}.{proof}", f"{ends}.{nonce[::-1]}.{proof}", f"{ends}.{nonce}.", "x"):
            client.cookies.clear()
            answer = await client.get("/api/studies", headers={"Cookie": f"{host.COOKIE}={spoiled}"})
            assert answer.status_code == 401, spoiled
        sound = {"Cookie": f"{host.COOKIE}={value}"}
        assert (await client.get("/api/studies", headers=sound)).status_code == 200
        monkeypatch.setattr(host, "now", lambda: float(ends))
        assert (await client.get("/api/studies", headers=sound)).status_code == 401
