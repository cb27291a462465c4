"""Pages and assets: there, typed rightly, revalidated at each load, nothing outside of web/."""

from __future__ import annotations

import re

import pytest

from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_the_join_page_and_all_it_names_are_there_for_ever(door: Door, encoding: str) -> None:
    async with door.client() as client:
        page = await client.get("/join/a/b")
        assert page.headers["content-type"].startswith("text/html")
        assert "no-cache" in page.headers["cache-control"]
        names = re.findall(r'(?:src|href)="../../(static/[^"]+)"', page.text)
        assert len(names) > 4
        for name in (f"/{name}" for name in names):
            answer = await client.get(name, headers={"Accept-Encoding": encoding})
            assert answer.status_code == 200, name
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers.get("content-encoding", "identity") == encoding


@pytest.mark.parametrize("path", ["/static/{}/%2e%2e/pyproject.toml", "/static/{}/js/%2e%2e/%2e%2e/pyproject.toml"])
async def test_nothing_outside_of_web_is_served(door: Door, path: str) -> None:
    async with door.client() as client:
        version = re.findall(r"static/([0-9a-f]{16})/", (await client.get("/join/a/b")).text)[0]
        assert (await client.get(path.format(version))).status_code == 404


async def test_a_file_of_another_version_is_not_there(door: Door) -> None:
    async with door.client() as client:
        await client.get("/join/a/b")
        assert (await client.get("/static/0123456789abcdef/js/join/join-page.js")).status_code == 404
