"""The next picture is there before it is asked for: exact stills by the picture socket, also while it moves."""

from __future__ import annotations

import asyncio
import struct
from contextlib import suppress
from functools import partial
from itertools import cycle

import pytest
from playwright.async_api import WebSocket

from tests.browser.conftest import People
from tests.support.motion import WATCH, scroll
from tests.support.person import Person, check_exact
from tests.support.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
EXACT_MOTION = "document.body?.dataset.motion === 'exact'"
WIDTH, HEIGHT = 1024, 768
CHANGES, PER_S = 60, 15


class PictureSocket:
    """What comes by the picture sockets of a page: digests, due or ahead of time, as they come."""

    def __init__(self, person: Person) -> None:
        self.due: list[str] = []
        self.ahead: list[str] = []
        person.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if "/pictures?" in socket.url:
            socket.on("framereceived", self._came)

    def _came(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        if message[0] == 1:
            flags = struct.unpack_from("!BB", message)[1]
            (self.due if flags & 1 else self.ahead).append(message[10:42].hex())


def has_ahead(least: int, *sockets: PictureSocket) -> bool:
    """All have so many stills ahead of time."""
    return all(len(socket.ahead) >= least for socket in sockets)


async def come(people: People, link: str, name: str = "") -> tuple[Person, PictureSocket]:
    """Somebody whose picture moves as exact stills."""
    person = await people.come(WIDTH, HEIGHT, metered=False)
    socket = PictureSocket(person)
    await person.join(link, name)
    await until_measured(person, EXACT_MOTION)
    return person, socket


async def until_measured(person: Person, expression: str) -> None:
    """Wait for a state that follows the transfer of a still which was fast enough: each that is fetched is measured,
    and a busy machine may be slow at one."""
    for key in cycle(("End", "Home")):
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await person.wait_for(expression)
                return
        if await person.data("role") == "host":
            await person.after(person.page.keyboard.press(key))


async def test_what_comes_next_is_in_the_pages_of_all_before_it_is_asked_for(
    people: People, links: dict[str, str]
) -> None:
    host, of_host = await come(people, links["host"])
    guest, of_guest = await come(people, links["guest"], "Referring physician")
    for presses, key in enumerate(("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp")):
        await until(partial(has_ahead, 2 + presses, of_host, of_guest))
        known = [{*socket.due, *socket.ahead} for socket in (of_host, of_guest)]
        revision = await host.after(host.page.keyboard.press(key))
        for person, had in zip((host, guest), known, strict=True):
            await person.settled(revision)
            (digest,) = (await person.at_rest()).digests.values()
            assert digest in had, "it was sent before the key was pressed"
            await check_exact(person)
    for socket in (of_host, of_guest):
        assert len(socket.due) <= 2, "nothing was sent that the page had"


async def test_while_it_moves_nothing_lossy_is_shown_and_all_end_exact_and_equal(
    people: People, links: dict[str, str]
) -> None:
    """While stills keep up: a machine that is too busy for that has the stream again, and says so."""
    host, _ = await come(people, links["host"])
    guest, _ = await come(people, links["guest"], "Referring physician")
    for person in (host, guest):
        await person.page.evaluate(WATCH)
    revision = await scroll(host, CHANGES, PER_S)
    for person in (host, guest):
        await person.settled(revision)
        seen = await person.page.evaluate("window.seen")
        assert {one["stream"] for one in seen if one["motion"] == "exact"} == {"still"}
        revisions = [one["rev"] for one in seen]
        assert revisions == sorted(revisions)
        assert len({one["image"] for one in seen if one["motion"] == "exact"}) > 3
        assert await person.data("refused") == ""
        await check_exact(person)
        assert not person.problems
    ends = [(await person.at_rest()).digests for person in (host, guest)]
    assert ends[0] == ends[1]
