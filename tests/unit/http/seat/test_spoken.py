"""A spoken code, posted with a name, buys a place before the door, once; wrong ones are rationed."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from consult import clock
from consult.access.guesses import OF_ADDRESS, Guesses
from consult.access.spoken_codes import MAX_OF_CONSULT, WRONG_AT_ALL, SpokenCodes
from consult.http.seat import lobby, spoken
from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def codes(door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SpokenCodes]:
    """Codes and guesses of this test alone; nobody is held before the door."""
    monkeypatch.setattr(lobby, "HELD_S", 0.01)
    own = SpokenCodes(tmp_path, door.services.keys)
    with door.using(codes=own, guesses=Guesses(), site_name="University Hospital"):
        yield own


async def spoken_code(door: Door, **wish: Any) -> tuple[ConsultId, dict[str, Any]]:
    """A consult, and what its host is shown of a new code."""
    consult, _ = await door.open()
    async with door.client(door.services.keys.host_token()) as host:
        answer = await host.post(f"/api/consults/{consult}/codes", json=wish)
        assert answer.status_code == 201, answer.text
        return consult, answer.json()


async def say(door: Door, client: httpx.AsyncClient, code: str, name: str = "Gus") -> httpx.Response:
    """Type a code at /join."""
    return await client.post("/join", json={"code": code, "name": name}, headers={"Origin": door.address})


def wrong(code: str) -> str:
    """Another code of the same first digits."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"


async def test_a_code_lets_one_person_before_the_door(door: Door, codes: SpokenCodes) -> None:
    consult, made = await spoken_code(door)
    assert made["code"][3] == " "
    assert made["url"] == f"{door.address}/join"
    async with door.client() as client, door.client() as late:
        answer = await say(door, client, made["code"])
        assert answer.status_code == 200, answer.text
        (cookie,) = answer.headers.get_list("set-cookie")
        assert "HttpOnly" in cookie
        seat = answer.json()["seat"]
        said = (await client.post(f"{seat}lobby")).json()
        assert (said["state"], said["host_name"], said["hospital"]) == ("lobby", "Dr. Host", "University Hospital")
        again = await say(door, late, made["code"])
        assert (again.status_code, again.json()["error"]["code"]) == (404, "unknown_code")
    state, _ = await door.services.registry.read(consult)
    assert [seat.name for seat in state.seats.values()] == ["Gus"]


async def test_a_code_is_typed_as_people_type_it(door: Door, codes: SpokenCodes) -> None:
    for how in (lambda c: c.replace(" ", ""), lambda c: c.replace(" ", "-"), lambda c: f" {c[:2]} {c[2:]}  "):
        _, made = await spoken_code(door)
        async with door.client() as client:
            assert (await say(door, client, how(made["code"]))).status_code == 200


@pytest.mark.parametrize("code", ["", "41820", "4182055", "41820a", "٤١٨٢٠٥", "one"])
async def test_what_is_no_code_is_said_and_not_counted(door: Door, codes: SpokenCodes, code: str) -> None:
    async with door.client() as client:
        for _ in range(2 * OF_ADDRESS):
            answer = await say(door, client, code)
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_code")
        assert (await say(door, client, "418 205", "  ")).json()["error"]["code"] == "no_name"


async def test_the_sixth_wrong_code_of_an_address_is_refused_and_the_right_one_with_it(
    door: Door, codes: SpokenCodes
) -> None:
    _, made = await spoken_code(door)
    elsewhere = f"{(int(made['code'][:3]) + 1) % 1000:03} 000"
    async with door.client() as client:
        for _ in range(OF_ADDRESS):
            assert (await say(door, client, elsewhere)).json()["error"]["code"] == "unknown_code"
        for code in (elsewhere, made["code"]):
            refused = await say(door, client, code)
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_often")
            assert 0 < refused.json()["error"]["retry_after_s"] <= 60
        with door.using(codes=codes, guesses=Guesses()):
            assert (await say(door, client, made["code"])).status_code == 200


async def test_the_sixth_wrong_guess_of_one_code_is_refused_wherever_it_comes_from(
    door: Door, codes: SpokenCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, made = await spoken_code(door)
    statuses = []
    async with door.client() as client:
        for _ in range(6):
            with door.using(codes=codes, guesses=Guesses()):  # another address each
                statuses.append((await say(door, client, wrong(made["code"]))).status_code)
        assert statuses == [404] * 5 + [429]
        began = clock.steady()
        for minute in range(1, WRONG_AT_ALL - 4):
            monkeypatch.setattr(spoken, "steady", lambda minute=minute: began + 61 * minute)
            with door.using(codes=codes, guesses=Guesses()):
                assert (await say(door, client, wrong(made["code"]))).status_code == 404
        with door.using(codes=codes, guesses=Guesses()):
            ended = await say(door, client, made["code"])
        assert (ended.status_code, ended.json()["error"]["code"]) == (404, "unknown_code"), "ten wrong ones end it"


async def test_no_guess_is_made_by_another_sites_page(door: Door, codes: SpokenCodes) -> None:
    _, made = await spoken_code(door)
    async with door.client() as client:
        for headers in ({"Origin": "http://elsewhere.example"}, {}):
            answer = await client.post("/join", json={"code": made["code"], "name": "Gus"}, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_origin")


async def test_it_is_in_no_log_and_in_no_list(door: Door, codes: SpokenCodes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    consult, made = await spoken_code(door, label="Ward 4")
    plain = made["code"].replace(" ", "")
    async with door.client(door.services.keys.host_token()) as host, door.client() as client:
        await say(door, client, wrong(made["code"]))
        assert (await say(door, client, made["code"])).status_code == 200
        listed = await host.get(f"/api/consults/{consult}/invitations")
        (closed,) = listed.json()["closed"]
        assert (closed["spoken"], closed["state"], closed["used"], closed["label"]) == (True, "used", 1, "Ward 4")
        assert "url" not in closed
        for text in (listed.text, caplog.text, str(await door.services.registry.entries(consult))):
            assert plain not in text
            assert made["code"] not in text


async def test_its_invitation_has_no_link(door: Door, codes: SpokenCodes) -> None:
    consult, made = await spoken_code(door)
    secret = door.services.keys.invitation_secret(consult, made["invitation"])
    path = f"/join/{consult}/{made['invitation']}"
    async with door.client(door.services.keys.host_token()) as client:
        assert (await client.post(path, json={"secret": secret})).json()["error"]["code"] == "unknown_link"
        qr = await client.get(f"/api/consults/{consult}/invitations/{made['invitation']}/qr.svg")
        assert qr.json()["error"]["code"] == "unknown_link"


async def test_a_code_that_is_revoked_and_one_of_an_ended_consult_open_nothing(door: Door, codes: SpokenCodes) -> None:
    consult, made = await spoken_code(door)
    async with door.client(door.services.keys.host_token()) as host, door.client() as client:
        body = {"invitation": made["invitation"]}
        await host.request("DELETE", f"/api/consults/{consult}/invitations", json=body)
        assert (await say(door, client, made["code"])).json()["error"]["code"] == "unknown_code"
        consult, made = await spoken_code(door)
        await host.delete(f"/api/consults/{consult}")
        assert (await say(door, client, made["code"])).json()["error"]["code"] == "over"
        assert (await host.post(f"/api/consults/{consult}/codes", json={})).json()["error"]["code"] == "over"


async def test_a_code_whose_invitation_is_not_stored_or_is_revoked_takes_no_place(
    door: Door, codes: SpokenCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail: after five failures, or five revoked codes, a consult had as many codes as it may have."""
    consult, _ = await door.open()
    host_token, path = door.services.keys.host_token(), f"/api/consults/{consult}"

    async def fails(*asked: object, **more: object) -> None:
        raise StoreFailed("store_failed", "The disk is full.")

    async with door.client(host_token) as host:
        with monkeypatch.context() as patched:
            patched.setattr(door.services.registry, "invite_by_code", fails)
            for _ in range(MAX_OF_CONSULT):
                assert (await host.post(f"{path}/codes", json={})).status_code == 503
        for _ in range(MAX_OF_CONSULT + 1):
            made = await host.post(f"{path}/codes", json={})
            assert made.status_code == 201
            body = {"invitation": made.json()["invitation"]}
            await host.request("DELETE", f"{path}/invitations", json=body)


async def test_guests_make_no_codes(door: Door, codes: SpokenCodes) -> None:
    consult, _ = await door.open()
    async with door.client() as client:
        assert (await client.post(f"/api/consults/{consult}/codes", json={})).status_code == 401


async def test_the_page_is_there_with_and_without_a_slash(door: Door) -> None:
    async with door.client() as client:
        assert 'data-root="./"' in (await client.get("/join")).text
        assert (await client.get("/join/", follow_redirects=True)).url.path == "/join"
