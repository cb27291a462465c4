"""Who is the host: the token, or a session that no other page can use."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from consult.access.keys import Keys
from consult.clock import now
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


async def test_a_session_is_known_by_its_secret_and_ends(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.client() as client:
        await signed_in(door, client)
        (value,) = [c.value for c in client.cookies.jar if c.name == host.COOKIE]
        assert value
        accounts = door.services.accounts
        for spoiled in (value[:-1], value + "A", value.swapcase(), door.services.keys.session_proof(value), "", "x"):
            client.cookies.clear()
            answer = await client.get("/api/studies", headers={"Cookie": f"{host.COOKIE}={spoiled}"})
            assert answer.status_code == 401, spoiled
        sound = {"Cookie": f"{host.COOKIE}={value}"}
        assert (await client.get("/api/studies", headers=sound)).status_code == 200
        stored = b"".join(path.read_bytes() for path in door.data.glob("users.sqlite*"))
        assert value.encode() not in stored, "whoever reads the file has no session"
        later = now() + accounts.times.idle_s
        monkeypatch.setattr("consult.http.sign_in.accounts.now", lambda: later)
        assert (await client.get("/api/studies", headers=sound)).status_code == 401


async def test_a_new_key_file_ends_all_sessions(door: Door) -> None:
    async with door.client() as client:
        await signed_in(door, client)
        assert (await client.get("/api/studies")).status_code == 200
        with door.using(accounts=replace(door.services.accounts, keys=Keys(b"n" * 32))):
            assert (await client.get("/api/studies")).status_code == 401
