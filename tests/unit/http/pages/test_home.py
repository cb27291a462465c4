"""The host's home: the page is the same for everybody."""

from __future__ import annotations

import pytest

from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_page_holds_nothing_of_anybody(door: Door) -> None:
    async with door.client() as client:
        answer = await client.get("/")
        assert answer.status_code == 200
        assert "text/html" in answer.headers["content-type"]
        assert "TEST" not in answer.text
        assert door.services.keys.host_token() not in answer.text
