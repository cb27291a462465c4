"""What lies below a seat's path is for that seat alone, and stills for that consult alone."""

from __future__ import annotations

import pytest

from consult.clock import now
from consult.http.security import seat_access
from consult.sessions.features.seats.commands import RevokeInvitation
from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_without_the_cookie_there_is_no_seat(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client, door.client() as stranger:
        seat = await join(client, links["participant"], "Anna")
        for path in ("", f"stills/{'0' * 64}", "thumbnails/abc"):
            answer = await stranger.get(seat + path)
            assert answer.status_code == 403, path
        assert (await client.get(seat)).status_code == 200
        assert (await client.get(seat.rstrip("/"))).status_code == 307


async def test_a_cookie_does_not_open_another_seat(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as one, door.client() as two:
        mine, theirs = await join(one, links["participant"], "A"), await join(two, links["participant"], "B")
        cookie = next(c for c in one.cookies.jar if c.path == mine)
        forged = {"Cookie": f"consult-{theirs.split('/')[2]}={cookie.value}"}
        async with door.client() as forger:
            assert (await forger.get(theirs + "stills/" + "0" * 64, headers=forged)).status_code == 403


async def test_a_still_that_was_not_offered_is_unknown(door: Door, join: Join) -> None:
    _, links = await door.open()
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        for digest in ("0" * 64, "..%2f..%2fkey", "xyz"):
            assert (await client.get(f"{seat}stills/{digest}")).status_code == 404


async def test_thumbnails_are_of_this_consults_series(door: Door, join: Join) -> None:
    consult, links = await door.open()
    series = (await door.services.registry.find(consult)).core.state.cases[0].series[0]
    async with door.client() as client:
        seat = await join(client, links["participant"], "A")
        answer = await client.get(f"{seat}thumbnails/{series.key}")
        assert answer.status_code == 200
        assert answer.content.startswith(b"\x89PNG")
        assert "no-store" in answer.headers["cache-control"], "no patient's image on a guest's disk"
        assert (await client.get(f"{seat}thumbnails/0123456789abcdef")).status_code == 404


async def test_an_expired_revoked_or_ended_seat_sees_no_more_pictures(
    door: Door, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    consult, _ = await door.open()
    registry = door.services.registry
    running = await registry.find(consult)
    for how in ("expired", "revoked", "over"):
        link = await registry.invite(consult, "participant", expires_at=now() + 60)
        async with door.client() as client:
            seat = await join(client, link, how)
            series = running.core.state.cases[0].series[0].key
            if how == "revoked":
                await running.command(RevokeInvitation(invitation=link.invitation))
            elif how == "over":
                await running.end()
            else:
                monkeypatch.setattr(seat_access, "now", lambda: now() + 61)
            for path in (f"stills/{'0' * 64}", f"thumbnails/{series}"):
                answer = await client.get(seat + path)
                assert (answer.status_code, answer.json()["error"]["code"]) == (410, how)
            monkeypatch.undo()


async def test_lists_of_a_series_are_for_its_seat_and_may_be_kept_while_they_are_right(door: Door, join: Join) -> None:
    consult, links = await door.open()
    series = (await door.services.registry.find(consult)).core.state.cases[0].series[0]
    async with door.client() as client, door.client() as stranger:
        seat = await join(client, links["participant"], "A")
        answer = await client.get(f"{seat}series/{series.key}")
        assert answer.json()["positions"] == [list(position) for position in series.grid.positions]
        assert "no-cache" in answer.headers["cache-control"], "asked for each time"
        again = await client.get(f"{seat}series/{series.key}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await client.get(f"{seat}series/{series.key}", headers={"If-None-Match": '"another"'})
        assert (other.status_code, other.json()) == (200, answer.json())
        assert (await stranger.get(f"{seat}series/{series.key}")).status_code == 403
        unknown = await client.get(f"{seat}series/0123456789abcdef")
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_series")


async def test_the_greatest_voxel_on_a_line_is_for_a_seat_that_is_told_of_its_series(door: Door, join: Join) -> None:
    consult, links = await door.open()
    series = (await door.services.registry.find(consult)).core.state.cases[0].series[0]
    grid = series.grid
    inside = grid.point(series.places // 2, grid.columns / 2, grid.rows / 2)
    line = f"point={','.join(map(str, inside))}&towards={','.join(map(str, grid.normal))}"
    async with door.client() as client, door.client() as stranger:
        path = f"{await join(client, links['participant'], 'A')}series/{series.key}/greatest"
        found = await client.get(f"{path}?time=0&{line}")
        assert found.status_code == 200, found.json()
        highest, lowest = found.json(), (await client.get(f"{path}?{line}&least=1")).json()
        assert highest["value"] >= lowest["value"]
        assert grid.pixel(0, tuple(highest["point"])) == pytest.approx((grid.columns / 2, grid.rows / 2), abs=0.51)
        assert (await stranger.get(f"{path}?{line}")).status_code == 403
        for query, status, code in (
            ("point=1,2&towards=0,0,1", 400, "bad_line"),
            ("point=1,2,nan&towards=0,0,1", 400, "bad_line"),
            ("point=1,2,3&towards=0,0,0", 400, "bad_line"),
            ("point=90000,2,3&towards=0,0,1", 404, "nothing_there"),
            (f"{line}&time=7", 403, "image_out_of_range"),
            (f"{line}&time=x", 403, "image_out_of_range"),
        ):
            answer = await client.get(f"{path}?{query}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), query


async def test_the_ways_to_hang_the_case_on_the_stage_are_for_who_is_in_the_consult(door: Door, join: Join) -> None:
    consult, links = await door.open()
    state = (await door.services.registry.find(consult)).core.state
    async with door.client() as client, door.client() as stranger:
        seat = await join(client, links["participant"], "A")
        answer = await client.get(f"{seat}hangings")
        assert (answer.status_code, answer.json()["case"]) == (200, state.current)
        assert "no-store" in answer.headers["cache-control"]
        assert (await stranger.get(f"{seat}hangings")).status_code == 403
