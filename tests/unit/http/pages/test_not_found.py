"""Addresses that lead nowhere."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from tests.unit.http.conftest import Door

pytestmark = pytest.mark.asyncio(loop_scope="module")
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nowhere", "/a/b/c/d", "/a/", "/joined"])
async def test_a_person_gets_a_page_whose_links_hold(door: Door, path: str) -> None:
    async with door.client() as client:
        answer = await client.get(path, headers=BROWSER)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "There is nothing at this address" in answer.text
        names = re.findall(r'href="([^"]+)"', answer.text)
        assert len(names) == 5, names
        for name in names:
            assert (await client.get(urljoin(path, name))).status_code == 200, name


async def test_a_program_gets_the_usual_error(door: Door) -> None:
    async with door.client() as client:
        answer = await client.get("/api/nowhere")
        assert answer.status_code == 404
        assert answer.json() == {"error": {"code": "not_found", "message": "There is nothing at this address."}}
        answer = await client.put("/api/uploads")
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
        assert "GET" in answer.headers["allow"]
