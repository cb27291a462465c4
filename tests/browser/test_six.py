"""Six pages in one consult: host, laptop, tablet, phone, Firefox, and one whose network lets no datagram through.

At the beginning of each test the host has control and all others follow. What each was seen to fail on, in
their order: a page that says WebRTC whatever its way; a cursor placed by the screen, and own navigation that does not
leave; a mark drawn on its neighbours too; the pixels of an ellipse taken two columns aside; shows of who lost control
let pass; a message that forgets its view; a still drawn one pixel aside.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Chromiums, People
from tests.support.ct import FIRST_Z_MM, SIZE, SLICE_MM, SPACING_MM, pixels, write_series
from tests.support.fingers import Fingers, middle
from tests.support.firefox import Firefox
from tests.support.impair import Relay, free_udp_port
from tests.support.marking import at_pixel, choose, length_in, mean_in, pixels_inside, rows, stored_image
from tests.support.motion import comes_by, scroll
from tests.support.on_screen import Point, drag, on_page
from tests.support.page_state import (
    DRAWN,
    HASHES,
    MARKS,
    PEOPLE,
    REMEMBER,
    AnyPage,
    cursor_of,
    has_ink,
    has_line_on,
    painted,
)
from tests.support.person import EXACT, Person, check_exact
from tests.support.pointing import NEAR_MM, nodule, point_at, seat, under
from tests.support.server import Server, behind, consult
from tests.support.tunnel import SlowLine
from tests.support.waiting import PATIENCE_S, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
IMAGES = 24
BALL_MM = 2 * 0.08 * SIZE * SPACING_MM
"""Diameter of the ball in the phantom."""
PX_PER_IMAGE = 14
"""Of a finger that scrolls, in CSS pixels."""
FOLLOWS = "document.body.dataset.independent !== 'true'"


@dataclass(frozen=True)
class Six:
    """Everybody, by name. `line`: the laptop's control connection."""

    host: Person
    laptop: Person
    tablet: Person
    phone: Person
    firefox: Firefox
    walled: Person
    line: SlowLine

    @property
    def persons(self) -> tuple[Person, ...]:
        """Those in Chromium."""
        return self.host, self.laptop, self.tablet, self.phone, self.walled

    @property
    def all(self) -> dict[str, AnyPage]:
        """By the names under which they are in the consult."""
        names = ("Dr. Host", "Laptop", "Tablet", "Phone", "Behind a wall")
        return {**dict(zip(names, self.persons, strict=True)), "In Firefox": self.firefox}

    async def everywhere(self, expression: str) -> None:
        """Wait until it holds on all six pages."""
        await asyncio.gather(*(page.wait_for(expression) for page in self.all.values()))

    async def begin(self) -> None:
        """The host has control, all others follow, whatever a test before has left."""
        take_back = self.host.page.get_by_role("button", name="Take back")
        if await take_back.count():
            await take_back.click()
        for person in self.persons:
            if await person.data("alone"):
                await person.page.locator("#stage").focus()
                await person.page.keyboard.press("f")
        await self.together()

    async def together(self, revision: int = 0) -> None:
        """Wait until all follow and show the host's view exactly."""
        revision = revision or await self.host.settled()
        await self.everywhere(f"{FOLLOWS} && {EXACT} && Number(document.body.dataset.revision) >= {revision}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def relay() -> AsyncIterator[Relay]:
    """The network between browsers and server."""
    async with Relay(free_udp_port(), seed=6) as relay:
        yield relay


@pytest.fixture(scope="module")
def links(relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One consult on one small CT, on a server that is reached through the relay."""
    data: Path = tmp_path_factory.mktemp("six")
    uid = write_series(data / "files", images=IMAGES)
    consult("import", str(data / "files"), data=data)
    server: Server = behind(relay, data)
    server.start()
    yield server.open(uid, title="Six")
    server.kill()


async def in_firefox(firefox: Firefox, link: str) -> None:
    """Join there."""
    await firefox.goto(link)
    await firefox.wait_for("document.querySelector('input')")
    await firefox.type_into("input", "In Firefox")
    await firefox.wait_for(f"document.body && {comes_by('websocket')} && {EXACT}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def six(chromiums: Chromiums, relay: Relay, links: dict[str, str]) -> AsyncIterator[Six]:
    """All six, live and exact, each by the way that its network and browser have."""
    people = People(chromiums)
    async with AsyncExitStack() as ends:
        ends.push_async_callback(people.leave)
        firefox = await ends.enter_async_context(Firefox(1000, 700))
        host, laptop = await people.come(1024, 768), await people.come(1280, 720)
        tablet = await people.come(820, 1180, touch=True)
        phone = await people.come(390, 844, touch=True)
        line = SlowLine(laptop)
        await line.lay()
        await host.join(links["host"])
        await laptop.join(links["guest"], "Laptop")
        await tablet.join(links["guest"], "Tablet")
        await phone.join(links["guest"], "Phone")
        await in_firefox(firefox, links["guest"])
        for person in (host, laptop, tablet, phone):
            await person.wait_for(comes_by("webrtc"))
        relay.shut_out()
        walled = await people.come(1280, 720)
        await walled.join(links["guest"], "Behind a wall")
        await walled.wait_for(comes_by("websocket"))
        everybody = Six(host, laptop, tablet, phone, firefox, walled, line)
        for page in everybody.all.values():
            await page.evaluate(REMEMBER)
        await everybody.together(await host.after(host.page.keyboard.press("ArrowDown")))
        yield everybody


async def soon(holds: Callable[[], Awaitable[bool]], what: Callable[[], object]) -> None:
    """Ask again and again."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not await holds():  # noqa: ASYNC110 - a page's state has no event here
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(what()) from None


async def test_all_are_there_each_with_role_and_way(six: Six) -> None:
    for name, page in six.all.items():
        others = {(f"{who} you" if who == name else who): "Following" for who in six.all}
        others["Phone you" if name == "Phone" else "Phone"] += ", on a phone"
        others["Dr. Host you" if name == "Dr. Host" else "Dr. Host"] = "Host, presenting"
        listed = {who: what.replace(", slow network", "") for who, what in await page.evaluate(PEOPLE)}
        assert listed == others, name  # a busy machine is a slow network
        role = await page.evaluate("document.body.dataset.role")
        assert role == ("host" if name == "Dr. Host" else "participant")
        transport = await page.evaluate("document.body.dataset.transport")
        assert transport == ("websocket" if page in (six.firefox, six.walled) else "webrtc"), name
    await six.walled.page.get_by_role("button", name="Connection: Indirect").click()
    panel = six.walled.page.get_by_role("dialog", name="Connection")
    await expect(panel).to_contain_text("This network blocks the direct way")
    await six.walled.page.keyboard.press("Escape")
    seen_by_host = six.host.page.locator("#rail .person", has_text="Behind a wall")
    assert "over WebSocket" in (await seen_by_host.get_attribute("title") or "")


async def everybody_sees(six: Six, who: Person, point: Point) -> None:
    """Their cursor stands on that point of the patient, within 1 mm, on the five other pages."""
    identifier = await seat(who)
    for name, page in six.all.items():
        if page is who:
            continue
        found: list[Point | None] = []

        async def near(page: AnyPage = page, found: list[Point | None] = found) -> bool:
            found.append(await cursor_of(page, identifier))
            return found[-1] is not None and math.dist(found[-1], point) < NEAR_MM

        await soon(near, lambda name=name, found=found: (name, found[-1], point))  # type: ignore[misc]  # of this turn


async def look_differently(six: Six) -> None:
    """The host zooms and moves the picture for all; laptop and phone zoom and move it for themselves."""
    await six.together(await six.host.after(six.host.page.keyboard.press("+")))
    await six.laptop.page.keyboard.press("+")
    await six.laptop.page.keyboard.press("p")
    x, y = await middle(six.laptop)
    await six.laptop.page.mouse.move(x, y)
    await six.laptop.page.mouse.down()
    await six.laptop.page.mouse.move(x - 47, y + 22, steps=3)
    await six.laptop.page.mouse.up()
    fingers = Fingers(await six.phone.context.new_cdp_session(six.phone.page))
    x, y = await middle(six.phone)
    await fingers.go(((x - 60, y), (x + 60, y)), ((x - 40, y), (x + 40, y)), ((x - 45, y + 9), (x + 45, y + 9)))
    for person in (six.laptop, six.phone):
        await person.wait_for(f"document.body.dataset.independent === 'true' && {EXACT}")


async def test_a_cursor_is_on_one_point_of_the_patient_on_all_pages(six: Six) -> None:
    await six.begin()
    await look_differently(six)
    cameras = [(await painted(page))["camera"] for page in six.all.values()]
    assert len({camera["radius"] for camera in cameras}) == 3
    assert len({str((await painted(page))["rect_px"]) for page in six.all.values()}) == 5, "five shapes"
    for step in (0.0, 13.0):
        x, y, z = await nodule(six.host)
        point = (x + step, y - step, z)
        await point_at(six.host, point)
        await everybody_sees(six, six.host, point)
    await point_at(six.walled, (x, y, z))
    await everybody_sees(six, six.walled, await under(six.walled, *await on_page(six.walled, (x, y, z))))

    number = await six.laptop.image_number()
    await six.laptop.page.keyboard.press("ArrowDown")
    await six.laptop.sees(number + 1)
    await point_at(six.host, point)
    pill = six.laptop.page.locator(f"[data-off='{await seat(six.host)}']")
    await expect(pill).to_contain_text(f"Dr. Host, image {number}")
    assert await cursor_of(six.laptop, await seat(six.host)) is None
    assert await six.host.image_number() == number, "nothing changes for the others"
    await six.laptop.page.keyboard.press("f")
    await six.phone.page.locator("#dock").get_by_role("button", name="Back to host").click()
    await six.together(await six.host.after(six.host.page.keyboard.press("=")))


async def ball(person: Person) -> tuple[Point, Point]:
    """The ends of the ball's diameter on the image that is shown, as the phantom has it."""
    image = await stored_image(person)
    column, row, radius = SIZE * (0.3 + 0.4 * image / IMAGES), SIZE * 0.45, 0.08 * SIZE
    z = FIRST_Z_MM + SLICE_MM * image
    left, right = (-SIZE + (column + side * radius) * SPACING_MM for side in (-1, 1))
    return (left, -SIZE + row * SPACING_MM, z), (right, -SIZE + row * SPACING_MM, z)


async def test_marks_are_true_and_on_the_pages_that_cut_them_alone(six: Six) -> None:
    await six.begin()
    one, other = await ball(six.walled)
    number = await six.laptop.image_number()
    await six.laptop.page.locator("#stage").focus()
    await six.laptop.page.keyboard.press("ArrowDown")
    await six.laptop.sees(number + 1)
    await choose(six.walled, "Length")
    await drag(six.walled, one, other)
    await six.everywhere("document.querySelectorAll('[data-mark]').length === 1")
    between = tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
    for name, page in six.all.items():
        [text] = await page.evaluate(MARKS)
        assert abs(length_in(text) - BALL_MM) <= 0.5, name
        if page is six.laptop:
            assert await page.evaluate(DRAWN) == ""
            assert not await has_ink(page)
        else:
            assert await has_line_on(page, between), name
    await six.laptop.page.keyboard.press("f")
    await six.together()
    await six.laptop.wait_for(f"{DRAWN} !== ''")
    assert await has_line_on(six.laptop, between)
    await six.together(await six.host.after(six.host.page.keyboard.press("ArrowUp")))
    for name, page in six.all.items():
        assert not await has_ink(page), name


async def test_an_ellipse_by_finger_has_the_mean_of_the_file_everywhere(six: Six) -> None:
    await six.begin()
    hu = pixels(await stored_image(six.tablet), IMAGES).astype(float) - 1024
    before = await six.tablet.page.locator("[data-mark]").count()
    await choose(six.tablet, "Ellipse")
    start, end = [await on_page(six.tablet, await at_pixel(six.tablet, *pixel)) for pixel in ((60, 46), (74, 60))]
    fingers = Fingers(await six.tablet.context.new_cdp_session(six.tablet.page))
    await fingers.go((start,), ((start[0] + 20, start[1] + 20),), (end,))
    await six.everywhere("document.querySelector('[data-kind=ellipse]')?.textContent.includes('HU')")
    row = (await rows(six.tablet, before + 1))[-1]
    inside = pixels_inside(row["points"])
    assert inside.sum() > 100
    for name, page in six.all.items():
        assert abs(mean_in((await page.evaluate(MARKS))[-1]) - hu[inside].mean()) <= 1, name
    for _ in ("the mark", "the tool"):
        await six.tablet.page.keyboard.press("Escape")


async def test_control_goes_round_and_who_lost_it_changes_nothing(six: Six) -> None:
    await six.begin()
    host, laptop, tablet = six.host, six.laptop, six.tablet
    number = await host.image_number()
    await tablet.page.get_by_role("button", name="Ask for control").click()
    await host.page.get_by_role("button", name="Give control").click()
    await expect(tablet.page.locator("#compact-bar")).to_contain_text("You have control")
    fingers = Fingers(await tablet.context.new_cdp_session(tablet.page))
    x, y = await middle(tablet)
    await fingers.go(((x, y),), ((x, y + 20),), ((x, y + 2 * PX_PER_IMAGE),))
    await tablet.sees(number + 2)
    await six.together(await tablet.revision())
    await tablet.page.get_by_role("button", name="Hand over").click()
    await tablet.page.get_by_role("menuitem", name="Laptop").click()
    await expect(laptop.page.locator("#presence-bar")).to_contain_text("You have control")

    await laptop.page.locator("#stage").focus()
    await laptop.page.keyboard.press("w")
    x, y = await middle(laptop)
    await laptop.page.mouse.move(x, y)
    await laptop.page.mouse.down()
    await six.together(await laptop.after(laptop.page.mouse.move(x + 60, y)))
    windows = [(await painted(page))["window"] for page in six.all.values()]
    six.line.hold()
    await host.page.get_by_role("button", name="Take back").click()
    await expect(host.page.locator("#presence-bar")).to_contain_text("You present")
    revision = await host.revision()
    await laptop.page.mouse.move(x + 160, y + 40, steps=4)  # it has not heard of it yet
    await until(lambda: any(message["type"] in ("refused", "view") for message in six.line.held))
    assert "view" not in [message["type"] for message in six.line.held], "nobody's view has changed"
    six.line.let_go()
    await expect(laptop.page.locator("#presence-bar")).to_contain_text("Following Dr. Host")
    await laptop.page.mouse.up()
    assert await host.revision() == revision
    await six.together()
    assert [(await painted(page))["window"] for page in six.all.values()] == windows
    await six.together(await host.after(host.page.keyboard.press("ArrowDown")))


async def test_a_message_carries_a_view_and_a_key_image_is_kept_for_all(six: Six) -> None:
    await six.begin()
    number = await six.host.image_number()
    await six.walled.page.get_by_role("button", name="Chat", exact=True).click()
    await six.walled.page.get_by_role("button", name="Link to this view").click()
    await six.walled.page.get_by_label("Message to all").fill("This one?")
    await six.walled.page.keyboard.press("Enter")
    await six.everywhere("document.querySelector('.chat-text')?.textContent === 'This one?'")
    await six.together(await six.host.after(six.host.page.keyboard.press("End")))
    await six.host.page.get_by_role("button", name="Chat, 1 unread").click()
    await six.host.page.get_by_role("button", name=f"Show CT lung, image {number}").click()
    await six.host.sees(number)
    await six.together()
    for person in six.persons:
        assert await person.image_number() == number
    await six.host.page.locator("#stage").focus()
    await six.host.page.keyboard.press("k")
    await six.everywhere("document.querySelectorAll('[data-key-image]').length === 1")


async def test_in_the_end_all_are_exact_and_equal(six: Six) -> None:
    await six.begin()
    await six.together(await scroll(six.host, 15, 30))
    shapes: dict[str, set[str]] = {}
    for person in six.persons:
        rest = await check_exact(person)
        shape = json.dumps({v: w["rect"] for v, w in rest.viewports.items()})
        shapes.setdefault(shape, set()).add(json.dumps(rest.digests))
        assert not person.problems
        assert await person.data("refused") == ""
    assert len(shapes) == 4, "laptop and who is behind a wall have one shape"
    assert {len(digests) for digests in shapes.values()} == {1}
    hashes = await six.firefox.evaluate(HASHES)
    assert hashes
    for canvas, still in hashes.values():
        assert canvas == still
    assert await six.firefox.evaluate("document.body.dataset.refused ?? ''") == ""
