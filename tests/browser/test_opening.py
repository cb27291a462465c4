"""From a link to its picture: one document, nothing asked for twice, nothing of an image before a seat is granted."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
from playwright.async_api import Request

from tests.browser.conftest import People, Studies
from tests.browser.test_lobby import new_link, waits
from tests.support.person import LISTENS, Person, check_exact
from tests.support.server import Server
from tests.support.slow_line import Slow, SlowLine

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PAINTED = """() => {
  window.painted = [];
  addEventListener('painted', (event) => painted.push(event.detail.stream), true);
}"""
OF_AN_IMAGE = re.compile(r"/(stills|thumbnails|series|hangings|reports)\b")


class Asked:
    """What a page asks for, in its order, and its sockets."""

    def __init__(self, person: Person) -> None:
        self.requests: list[Request] = []
        self.sockets: list[str] = []
        person.page.on("request", lambda request: self.requests.append(request))
        person.page.on("websocket", lambda socket: self.sockets.append(socket.url.partition("?")[0].rpartition("/")[2]))

    def paths(self, after: int = 0) -> list[str]:
        """Of the requests behind the first so many."""
        return [f"{r.method} {r.url.partition('#')[0]}" for r in self.requests[after:]]

    def of(self, what: str, after: int = 0) -> list[str]:
        """Those of that kind, as the browser calls it."""
        return [r.url for r in self.requests[after:] if r.resource_type == what]


async def at_the_button(person: Person, link: str, name: str) -> None:
    """As far as the button, with the viewer's script at hand, as for who reads what stands there."""
    await person.page.goto(link)
    await person.page.get_by_label("Your name").fill(name)
    await person.wait_for(
        "performance.getEntriesByType('resource').filter((e) => /consult-page.js|consult.css/.test(e.name)"
        " && e.responseEnd > 0).length >= 2"
    )


async def press(person: Person) -> None:
    """Join."""
    await person.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await person.state("live")
    await person.settled()


@pytest.mark.parametrize(("width", "height", "ratio"), [(1440, 900, 1), (1100, 700, 1.25), (1920, 1080, 2)])
async def test_between_the_button_and_the_picture_nothing_is_loaded_or_asked_for_twice(
    people: People, links: dict[str, str], width: int, height: int, ratio: float
) -> None:
    guest = await people.come(width, height, ratio)
    asked = Asked(guest)
    await at_the_button(guest, links["guest"], "Referring physician")
    before = len(asked.requests)
    assert not [url for url in asked.paths() if OF_AN_IMAGE.search(url)]
    await guest.evaluate("window.document_ = document")
    await press(guest)
    await check_exact(guest)
    assert await guest.evaluate("window.document_ === document")
    assert "/seat/" in guest.page.url
    ours = (p for p in asked.paths() if "icon.svg" not in p)  # which the browser has at hand for another address too
    twice = [path for path, n in Counter(ours).items() if n > 1]
    assert twice == []
    scripts = [url.rpartition("/")[2] for url in asked.of("script") if "worker" not in url]
    assert sorted(scripts) == ["consult-page.js", "join-page.js"]
    assert not asked.of("document", before)
    assert not asked.of("stylesheet", before)
    assert [p for p in asked.paths(before) if "/join/" in p or "/state" in p] == [
        f"POST {links['guest'].partition('#')[0]}/seat"
    ]
    stills = [url for url in asked.of("fetch", before) if re.search(r"/stills/\w+$", url)]
    assert len(stills) == 1, "the first that was named is the one that its stamp names"
    assert asked.sockets[0] == "ws"
    assert asked.sockets.count("ws") == 1


async def test_the_moving_pictures_transports_begin_behind_the_first_picture(
    people: People, links: dict[str, str]
) -> None:
    guest = await people.come()
    order: list[str] = []

    def sent(payload: str | bytes) -> None:
        if '"want_media"' in str(payload):
            order.append("media")

    await guest.page.expose_function("note", lambda what: order.append(what))
    await guest.page.add_init_script("addEventListener('painted', () => note('painted'), true)")
    guest.page.on("websocket", lambda socket: socket.on("framesent", sent))
    await guest.join(links["guest"], "Referring physician")
    await guest.wait_for("document.body.dataset.transport !== 'stills'")
    assert order[0] == "painted"
    assert "media" in order


async def test_who_waits_before_the_door_asks_for_no_image_and_comes_in_in_the_same_document(
    people: People, links: dict[str, str]
) -> None:
    host, guest = await people.come(), await people.come(1280, 720)
    await host.join(links["host"])
    link, _ = await new_link(host, "They wait until you let them in")
    await host.page.keyboard.press("Escape")
    asked = Asked(guest)
    await at_the_button(guest, link, "Referring physician")
    await guest.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await waits(guest)
    assert not [path for path in asked.paths() if OF_AN_IMAGE.search(path)]
    assert asked.sockets == []
    await guest.evaluate("window.document_ = document")
    await host.page.get_by_role("button", name=re.compile("^Let in")).first.click()
    await guest.state("live")
    await guest.settled()
    assert await guest.evaluate("window.document_ === document")
    await check_exact(guest)


async def test_on_a_slow_and_distant_line_a_coarse_picture_comes_first_and_the_exact_one_behind_it(
    people: People, server: Server, studies: Studies
) -> None:
    links: dict[str, Any] = server.open(studies.current)
    async with SlowLine(server.address, Slow(5e6, 0.08)) as line:
        guest = await people.come()
        await guest.page.add_init_script(f"({PAINTED})()")
        await at_the_button(guest, line.leads(links["guest"]), "Referring physician")
        await press(guest)
        await check_exact(guest)
        painted = await guest.evaluate("painted")
    assert painted[0] == "preview"
    assert "still" in painted


async def test_where_the_viewers_script_does_not_come_the_seats_own_page_is_loaded(
    people: People, links: dict[str, str]
) -> None:
    guest = await people.come()
    await guest.page.route("**/consult-page.js", lambda route: route.abort())
    await guest.page.goto(links["guest"])
    await guest.page.get_by_label("Your name").fill("Referring physician")
    await guest.page.get_by_role("button", name=re.compile(LISTENS)).click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.page.unroute_all(behavior="ignoreErrors")
    await guest.page.reload()
    await guest.state("live")
    await check_exact(guest)
