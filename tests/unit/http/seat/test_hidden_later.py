"""What a reader was offered before a part of it was hidden is not fetched afterwards."""

from __future__ import annotations

import httpx
import pytest

from consult.sessions.features.blackouts.commands import BlackOut
from consult.sessions.features.cases.commands import HidePatients
from tests.unit.http.conftest import Door, Join
from tests.unit.http.seat.test_lobby import by_host
from tests.unit.http.seat.test_reading import reader_link, signed

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_reader_fetches_no_still_that_was_named_before_a_part_of_it_was_hidden(door: Door, join: Join) -> None:
    runner, _ = await signed(door, "host-later")
    link = await reader_link(door, runner)
    series = runner.core.state.cases[0].series[0]
    async with door.client() as reader:
        reader.timeout = httpx.Timeout(600)
        seat = await join(reader, link, "Dr. Reader")
        view = f"{seat}views/1?version=1&width=320&height=240"
        before = (await reader.get(view)).json()["digest"]
        assert (await reader.get(f"{seat}stills/{before}")).status_code == 200
        await by_host(runner, BlackOut(id="tab-9f3a51.1", case=1, series=series.key, rectangle=(0, 0, 32, 32)))
        assert (await reader.get(f"{seat}stills/{before}")).status_code == 200, "nobody is hidden yet"
        await by_host(runner, HidePatients(id="tab-9f3a51.2", case=1, hidden=True))
        refused = await reader.get(f"{seat}stills/{before}")
        assert refused.json()["error"]["code"] == "unknown_still"
        after = (await reader.get(view)).json()["digest"]
        assert (await reader.get(f"{seat}stills/{after}")).status_code == 200
