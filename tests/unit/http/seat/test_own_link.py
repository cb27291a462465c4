"""The link of somebody's own, for a phone that points beside their screen: never more than they were given."""

from __future__ import annotations

import pytest

from tests.unit.http.conftest import Door, Join

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_guest_has_the_link_by_which_they_came_and_a_host_has_not(door: Door, join: Join) -> None:
    # Seen to fail: a host's own link, which makes hosts, came out of it; a link for one person let in the phone too.
    registry = door.services.registry
    consult, links = await door.open()
    async with door.client() as guest, door.client() as host, door.client() as stranger:
        seat = await join(guest, links["participant"], "Room 2")
        assert (await guest.get(f"{seat}link")).json() == {"url": door.address + links["participant"].path}
        drawn = await guest.get(f"{seat}link/qr.svg")
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert (await stranger.get(f"{seat}link")).json()["error"]["code"] == "no_seat"
        leads = await join(host, links["host"], "")
        assert (await host.get(f"{leads}link")).json()["error"]["code"] == "no_link"
        one = await registry.invite(consult, "participant", max_seats=1)
        alone = await join(stranger, one, "Alone")
        assert (await stranger.get(f"{alone}link/qr.svg")).json()["error"]["code"] == "used_up"
