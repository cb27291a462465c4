"""The host's seat without a link: to join from the home, and to read a consult that has ended."""

from __future__ import annotations

import pytest

from consult.clock import now
from tests.support.accounts import add_user, own, quick, sign_in
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_wants_the_host(door: Door) -> None:
    consult, _ = await door.open()
    async with door.client("wrong") as client:
        assert (await client.post(f"/api/consults/{consult}/seat")).status_code == 401


async def test_it_opens_the_page_while_the_consult_runs_and_when_it_has_ended(door: Door) -> None:
    consult, _ = await door.open()
    async with door.client(door.services.keys.host_token()) as client:
        first = (await client.post(f"/api/consults/{consult}/seat")).json()["seat"]
        assert (await client.get(first)).status_code == 200
        await client.delete(f"/api/consults/{consult}")
        second = (await client.post(f"/api/consults/{consult}/seat")).json()["seat"]
        assert second == first, "nobody sits in it"
        assert (await client.get(second)).status_code == 200
    async with door.client() as client:
        assert (await client.get(second)).status_code == 403, "the address alone opens nothing"


async def test_it_needs_no_link_that_works(door: Door) -> None:
    consult, links = await door.open()
    async with door.client(door.services.keys.host_token()) as client:
        await client.request(
            "DELETE", f"/api/consults/{consult}/invitations", json={"invitation": links["host"].invitation}
        )
        await client.delete(f"/api/consults/{consult}")
        seat = (await client.post(f"/api/consults/{consult}/seat")).json()["seat"]
        assert (await client.get(seat)).status_code == 200


async def test_links_are_valid_for_seven_days_unless_something_else_is_said(door: Door) -> None:
    consult, _ = await door.open()
    async with door.client(door.services.keys.host_token()) as client:
        path = f"/api/consults/{consult}/invitations"
        listed = (await client.get(path)).json()["invitations"]
        days = {round((link["expires_at"] - now()) / 86400, 2) for link in listed}
        assert days == {7.0}
        assert (await client.post(path, json={"expires_in_s": None})).json()["expires_at"] is None
        made = (await client.post(path, json={})).json()["expires_at"]
        assert round((made - now()) / 86400, 2) == 7.0


async def test_users_sit_in_seats_of_their_own_under_their_names(door: Door) -> None:
    """Seen to fail: both sat in one seat, under the name of whoever has opened the consult."""
    await add_user(door, "anna", "Dr. Anna Berg")
    await add_user(door, "bob", "Dr. Bob")
    with door.using(accounts=quick(door)):
        async with door.client() as annas, door.client() as bobs, door.client(door.services.keys.host_token()) as token:
            await sign_in(annas, "anna")
            await sign_in(bobs, "bob")
            body = {"studies": [door.study], "host_name": "Dr. Bob"}
            consult = (await annas.post("/api/consults", json=body, headers=own(door))).json()["consult"]
            seats = [
                (await client.post(f"/api/consults/{consult}/seat", headers=own(door))).json()["seat"]
                for client in (annas, bobs, token, annas)
            ]
            assert seats[3] == seats[0]
            assert len(set(seats)) == 3
            listed = (await bobs.get(f"/api/consults/{consult}")).json()
            assert [seat["name"] for seat in listed["seats"]] == ["Dr. Anna Berg", "Dr. Bob", "Host"]
            assert listed["host_name"] == "Dr. Anna Berg", "whatever the request says"
            assert listed["host_url"] == "", "that link is Anna's"
            for client in (annas, token):
                assert (await client.get(f"/api/consults/{consult}")).json()["host_url"] != ""
