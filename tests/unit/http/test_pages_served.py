"""Pages and assets: there, typed rightly, revalidated at each load, nothing outside of web/."""

from __future__ import annotations

import re

import pytest

from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_join_page_and_all_it_names_are_there(door: Door) -> None:
    async with door.client() as client:
        page = await client.get("/join/a/b")
        assert page.headers["content-type"].startswith("text/html")
        assert "no-cache" in page.headers["cache-control"]
        names = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
        assert names
        for name in names:
            answer = await client.get(name)
            assert answer.status_code == 200, name
            assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/js/../../pyproject.toml", "/static/js/%2e%2e/%2e%2e/pyproject.toml"])
async def test_nothing_outside_of_web_is_served(door: Door, path: str) -> None:
    async with door.client() as client:
        assert (await client.get(path)).status_code == 404
