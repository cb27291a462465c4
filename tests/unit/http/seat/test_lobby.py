"""Before the door: who waits is told who invites, and nothing of the consult; a reload and a restart change nothing."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from consult.http.seat import lobby
from consult.model.identifiers import ConsultId, SeatId
from consult.runtime.registry import Link
from consult.runtime.runner import ConsultRunner
from consult.sessions.decide import decide
from consult.sessions.effects import Effect
from consult.sessions.features.kinds import Command
from consult.sessions.features.seats.commands import AdmitSeats, DenySeat, RevokeInvitation
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRETS = ("Second opinion", "TEST", "series", "patient", "Referring")


async def waits(door: Door, join: Join, client: httpx.AsyncClient) -> tuple[ConsultRunner, Link, str]:
    """A consult with somebody inside, and this client before its door: the consult, the link, the path of the seat."""
    consult, links = await door.open()
    async with door.client() as host, door.client() as other:
        await join(host, links["host"], "Dr. Host")
        await join(other, links["participant"], "Referring physician")
    link = await door.services.registry.invite(consult, "participant", lobby=True)
    runner = await door.services.registry.find(consult)
    return runner, link, await join(client, link, "Gus")


def seat_of(path: str) -> SeatId:
    """The seat of a path."""
    return SeatId(path.rstrip("/").rpartition("/")[2])


async def by_host(runner: ConsultRunner, command: Command) -> None:
    """What a page of the host would have stored."""
    core = runner.core
    host = core.state.host()
    assert host is not None
    await runner._do_and_wait(core._append(decide(core.state, host, command, 0.0), runner._now(), by=host))


async def test_who_waits_is_told_who_invites_and_nothing_of_the_consult(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "HELD_S", 0.01)
    with door.using(site_name="University Hospital"):
        async with door.client() as client:
            _, link, seat = await waits(door, join, client)
            path, _, secret = link.path.partition("#")
            preview = (await client.post(path, json={"secret": secret})).json()
            assert (preview["lobby"], preview["title"], preview["people"]) == (True, "", 0)
            assert (preview["host_name"], preview["hospital"]) == ("Dr. Host", "University Hospital")
            answer = await client.post(f"{seat}lobby")
            said = answer.json()
            assert (said["state"], said["host_name"], said["hospital"]) == ("lobby", "Dr. Host", "University Hospital")
            assert (said["name"], said["role"]) == ("Gus", "participant")
            assert said["now"] >= said["asked_at"] > 0
            page = (await client.get(seat)).text
            assert page.count('<template id="viewer">') == 1, "the viewer's elements, empty, the same for everybody"
            shown = re.sub(r"<template.*?</template>", "", page, flags=re.S)
            for text in (answer.text, shown):
                assert not [secret for secret in SECRETS if secret in text]


async def test_nothing_below_the_seat_is_open_before(door: Door, join: Join) -> None:
    async with door.client() as client:
        _, _, seat = await waits(door, join, client)
        page = await client.get(seat)
        assert (page.status_code, 'data-state="joining"' in page.text) == (200, True)
        for path in ("hangings", "invitations", "note.json", f"stills/{'0' * 64}", "thumbnails/x", "series/x"):
            answer = await client.get(f"{seat}{path}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "lobby"), path
        assert (await client.post(f"{seat}state")).json()["error"]["code"] == "lobby"


async def test_who_is_let_in_is_answered_at_once(door: Door, join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    async with door.client() as client:
        runner, _, seat = await waits(door, join, client)
        held, ask = asyncio.Event(), runner.core.asks_to_come_in

        def asked_once(seat: SeatId, at: float) -> list[Effect]:
            held.set()
            return ask(seat, at)

        monkeypatch.setattr(runner.core, "asks_to_come_in", asked_once)
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(client.post(f"{seat}lobby"))
            await held.wait()
            group.create_task(by_host(runner, AdmitSeats(id="tab-9f3a51.1", case=1, seats=(seat_of(seat),))))
        assert asked.result().json()["state"] == "in"
        assert "consult-page" in (await client.get(seat)).text


async def test_who_is_denied_is_told_so_and_asks_once_more(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "HELD_S", 0.01)
    async with door.client() as client:
        runner, link, seat = await waits(door, join, client)
        await by_host(runner, DenySeat(id="tab-9f3a51.1", case=1, seat=seat_of(seat)))
        denied = await client.post(f"{seat}lobby")
        assert (denied.status_code, denied.json()["error"]["code"]) == (403, "denied")
        assert denied.json()["error"]["may_ask"] is True
        assert await join(client, link, "Another name") == seat, "this browser has that seat, whatever it is called"
        asked = await client.post(f"{seat}lobby/ask", headers={"Origin": door.address})
        assert asked.json()["state"] == "lobby"
        await by_host(runner, DenySeat(id="tab-9f3a51.1", case=1, seat=seat_of(seat)))
        denied = await client.post(f"{seat}lobby")
        assert denied.json()["error"]["may_ask"] is False
        again = await client.post(f"{seat}lobby/ask", headers={"Origin": door.address})
        assert again.json()["error"]["code"] == "denied"


async def test_another_site_asks_for_nobody(door: Door, join: Join) -> None:
    async with door.client() as client:
        _, _, seat = await waits(door, join, client)
        asked = await client.post(f"{seat}lobby/ask", headers={"Origin": "http://elsewhere.example"})
        assert asked.json()["error"]["code"] == "cross_origin"


async def test_a_link_that_is_revoked_ends_waiting(door: Door, join: Join) -> None:
    async with door.client() as client:
        runner, link, seat = await waits(door, join, client)
        await runner.command(RevokeInvitation(invitation=link.invitation))
        assert (await client.post(f"{seat}lobby")).json()["error"]["code"] == "revoked"


async def test_nobody_asks_for_a_seat_that_is_not_theirs(door: Door, join: Join) -> None:
    async with door.client() as client, door.client() as stranger:
        _, _, seat = await waits(door, join, client)
        assert (await stranger.post(f"{seat}lobby")).json()["error"]["code"] == "no_seat"


async def test_waiting_survives_a_restart(door: Door, join: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lobby, "HELD_S", 0.01)
    async with door.client() as client:
        runner, _, seat = await waits(door, join, client)
        consult: ConsultId = runner.id
        door.services.registry._running.pop(consult)
        await runner.close()
        said = (await client.post(f"{seat}lobby")).json()
        assert (said["state"], said["name"]) == ("lobby", "Gus")
