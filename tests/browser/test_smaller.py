"""Stills in fewer bytes where the browser proves that it decodes them to the very pixels, on a link that wants it."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import People
from tests.support.person import check_exact
from tests.support.server import Server
from tests.support.slow_line import Slow, SlowLine

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_slow_link_gets_its_stills_as_lossless_jpeg_xl_to_the_same_hash(
    people: People, server: Server, links: dict[str, str]
) -> None:
    host = await people.come(1024, 768)
    kinds: list[str] = []
    exact = re.compile(r"/stills/[0-9a-f]+$")  # and no preview, which comes before the first one on such a line
    host.page.on("response", lambda a: kinds.append(a.headers["content-type"]) if exact.search(a.url) else None)
    async with SlowLine(server.address, Slow(5e6, 0.02)) as line:
        await host.join(line.leads(links["host"]))
        assert kinds == ["image/png"], "nothing is known of the link yet"
        for _ in range(2):
            await host.after(host.page.keyboard.press("ArrowDown"))
            await check_exact(host)
        assert set(kinds[1:]) == {"image/jxl"}
        assert await host.data("refused") == ""
        assert await host.data("motion") == "stream"
