"""Where one is signed in: listed to its user alone, ended one by one or all others; and one's own password."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from consult.http.security.throttle import FREE
from tests.support.accounts import PASSWORD, add_user, own, quick, sign_in
from tests.unit.http.conftest import Door, door

__all__ = ["door"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
NEW = "drei Ziegen auf dem Berg daheim"


@pytest_asyncio.fixture(loop_scope="module")
async def users(door: Door) -> AsyncIterator[Door]:
    """The server with two users."""
    await add_user(door, "anna", "Dr. Anna Berg")
    await add_user(door, "bob", "Dr. Bob")
    with door.using(accounts=quick(door)):
        yield door


async def test_each_sees_their_own_and_ends_them(users: Door) -> None:
    async with users.client() as here, users.client() as there, users.client() as bobs:
        here.headers.update(FIREFOX)
        for client, name in ((here, "anna"), (there, "anna"), (bobs, "bob")):
            await sign_in(client, name)
        found = (await here.get("/api/sign-ins")).json()["sign_ins"]
        assert [one["here"] for one in found] == [False, True], "the last used first"
        mine = found[1]
        assert (mine["browser"], mine["address"], mine["way"]) == ("Firefox, Linux", "127.0.0.1", "password")
        (bobs_own,) = (await bobs.get("/api/sign-ins")).json()["sign_ins"]
        refused = await here.delete(f"/api/sign-ins/{bobs_own['id']}", headers=own(users))
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "unknown_sign_in")
        assert (await bobs.get("/api/session")).status_code == 200
        left = await here.delete(f"/api/sign-ins/{found[0]['id']}", headers=own(users))
        assert [one["id"] for one in left.json()["sign_ins"]] == [mine["id"]]
        assert (await there.get("/api/session")).status_code == 401


async def test_all_others_are_ended_and_the_one_that_asks_goes_on(users: Door) -> None:
    async with users.client() as here, users.client() as there, users.client() as bobs:
        for client, name in ((here, "anna"), (there, "anna"), (bobs, "bob")):
            await sign_in(client, name)
        answer = await here.delete("/api/sign-ins", headers=own(users))
        assert [one["here"] for one in answer.json()["sign_ins"]] == [True]
        statuses = [(await client.get("/api/session")).status_code for client in (here, there, bobs)]
        assert statuses == [200, 401, 200]


async def test_no_other_page_ends_one(users: Door) -> None:
    async with users.client() as client:
        await sign_in(client, "anna")
        for origin in ({}, {"Origin": "https://evil.example"}):
            assert (await client.delete("/api/sign-ins", headers=origin)).status_code == 403


async def test_those_by_the_token_are_of_its_holder(users: Door) -> None:
    token = users.services.keys.host_token()
    async with users.client() as client, users.client(token) as program:
        await client.post("/api/session", json={"token": token})
        found = (await client.get("/api/sign-ins")).json()["sign_ins"]
        assert {one["way"] for one in found} == {"token"}
        assert (await program.delete("/api/sign-ins")).json()["sign_ins"] == []
        assert (await client.get("/api/session")).status_code == 401


async def test_a_password_is_changed_by_who_knows_it_and_ends_the_others(users: Door) -> None:
    async with users.client() as here, users.client() as there:
        await sign_in(here, "anna")
        await sign_in(there, "anna")
        for current, new, code in (("wrong", NEW, "wrong_password"), (PASSWORD, "short", "weak_password")):
            refused = await here.post("/api/password", json={"current": current, "new": new}, headers=own(users))
            assert refused.json()["error"]["code"] == code
        assert (await there.get("/api/session")).status_code == 200
        body = {"current": PASSWORD, "new": NEW}
        assert (await here.post("/api/password", json=body, headers=own(users))).status_code == 200
        assert [(await client.get("/api/session")).status_code for client in (here, there)] == [200, 401]
        assert (await sign_in(there, "anna")).status_code == 401
        assert (await sign_in(there, "anna", NEW)).status_code == 200


async def test_a_session_does_not_guess_its_password_without_end(users: Door) -> None:
    async with users.client() as client:
        await sign_in(client, "anna")
        body = {"current": "guess", "new": NEW}
        codes = [
            (await client.post("/api/password", json=body, headers=own(users))).json()["error"]["code"]
            for _ in range(FREE + 1)
        ]
        assert codes == ["wrong_password"] * FREE + ["too_often"]


async def test_who_has_no_password_has_none_to_change(users: Door) -> None:
    async with users.client(users.services.keys.host_token()) as client:
        answer = await client.post("/api/password", json={"current": "x", "new": NEW})
        assert answer.json()["error"]["code"] == "no_password"
