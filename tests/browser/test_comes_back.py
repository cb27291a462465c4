"""After kill -9 the pages come back by themselves, by the same links, to the last settled view."""

from __future__ import annotations

import pytest

from tests.browser.conftest import People
from tests.support.person import check_exact
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_pages_come_back_after_kill_9(people: People, links: dict[str, str], server: Server) -> None:
    host = await people.come(1024, 768)
    guest = await people.come(390, 844, 3, touch=True)
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    image = await host.image_number() + 4
    for _ in range(4):
        await host.page.keyboard.press("ArrowDown")
    await host.sees(image)
    await guest.sees(image)
    revision = await host.revision()
    server.kill()
    await host.state("reconnecting")
    await guest.state("reconnecting")
    await host.page.get_by_text("NOT LIVE").first.wait_for()
    server.start()
    for person in (host, guest):
        await person.state("live")
        await person.settled(revision + 1)
        assert await person.image_number() == image
        await check_exact(person)
    late = await people.come(1280, 720)
    await late.join(links["guest"], "Second opinion")
    assert await late.image_number() == image


async def test_sigterm_sends_pages_away_to_come_back(people: People, links: dict[str, str], server: Server) -> None:
    guest = await people.come(800, 600)
    await guest.join(links["guest"], "Referring physician")
    assert server.terminate() == 0
    await guest.state("reconnecting")
    server.start()
    await guest.state("live")
    await guest.settled()
