"""Screens of a board and of its doors, at every size, with one person and with twelve, to be looked at:
`python -m tools.pictures.board FOLDER`. FOLDER gets the pictures, and keeps the demo's data for the next time.

They are of made patients, as `consult demo --board` has them.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from tests.support.board_process import BoardPeople
from tests.support.person import CHROMIUM_FLAGS, Person

SIZES = ((1440, 900), (1280, 720), (3840, 2160), (390, 844))
OTHERS = 11
REST_S = 0.5
"""What fades in has come by then."""
LIST = "Patient ID;Name;Date of birth;Question;Minutes\n10042;Anna Demo;14.03.1961;Surgery first?;8\n4711;Nobody;;;5\n"
DECISION = "Neoadjuvant chemo-immunotherapy after EBUS of 4R; restage in nine weeks."


@dataclass(frozen=True)
class Links:
    """Of the demo's board, and of the host's home."""

    host: str
    guest: str
    home: str


@contextmanager
def demo(data: Path) -> Iterator[Links]:
    """`consult demo --board`, ended afterwards."""
    words = ["demo", "--board", "--no-browser", "--port", "0", "--data", str(data)]
    with subprocess.Popen([sys.executable, "-m", "consult", *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        found = dict(line.strip().split(": ", 1) for line in [process.stdout.readline() for _ in range(3)])
        try:
            yield Links(found["Host"], found["Guest"], found["Home"])
        finally:
            process.terminate()


class Camera:
    """Takes pictures at one size."""

    def __init__(self, browser: Browser, folder: Path, size: tuple[int, int], people: int) -> None:
        self._browser, self._folder, self.size, self._people = browser, folder, size, people

    @property
    def phone(self) -> bool:
        """It is one."""
        return self.size[0] < 768

    @asynccontextmanager
    async def person(self) -> AsyncIterator[Person]:
        """Somebody at a screen of that size."""
        width, height = self.size
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, has_touch=self.phone, reduced_motion="reduce"
        )
        yield Person(context, await context.new_page())
        await context.close()

    async def take(self, person: Person, name: str) -> None:
        """One picture."""
        await asyncio.sleep(REST_S)
        width, height = self.size
        path = self._folder / f"{name}-{self._people}-{width}x{height}.png"
        await person.page.screenshot(path=path)
        print(f"wrote {path}")

    async def take_tab(self, person: Person, name: str) -> None:
        """Of a phone also what stands in its sheet."""
        await self.take(person, name)
        if not self.phone:
            return
        await person.page.get_by_role("button", name="More", exact=True).first.click()
        await person.page.get_by_role("menuitem", name="Board").click()
        await self.take(person, f"{name}-sheet")
        await person.page.keyboard.press("Escape")


async def meeting(camera: Camera, links: Links) -> None:
    """The board as it is prepared, led, decided, and seen in a room."""
    async with camera.person() as host:
        await host.join(links.host)
        begin = host.page.get_by_role("button", name="Begin the board")
        await camera.take_tab(host, "board-prepared" if await begin.count() else "board")
        await invite(camera, host)
        if camera.phone:
            return
        if await begin.count():
            await begin.click()
        first = host.page.locator("#cases [data-case=c1]")
        if await first.get_attribute("data-progress") != "now":  # as the scenes before have left it
            await first.locator("button").click()
            await host.wait_for("document.querySelector('[data-case=c1]').dataset.progress === 'now'")
        await host.page.locator("[data-prepared] button").first.click()
        await host.settled()
        await host.page.get_by_role("textbox", name="Decision").fill(DECISION)
        await host.page.get_by_role("textbox", name="Stage").fill("cT1c N1 M0")
        await host.page.get_by_role("textbox", name="Owner").fill("Oncology")
        await camera.take(host, "board-draft")
        await host.page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
        await expect(host.page.locator("#shown-decision")).to_contain_text("Neoadjuvant")
        await host.settled()
        await camera.take(host, "board-shown")
        async with camera.person() as guest:
            await guest.join(links.guest, "Dr. Guest")
            await camera.take(guest, "board-shown-guest")
        await room(camera, host)
        take_back = host.page.locator("#shown-decision").get_by_role("button", name="Take it back")
        await take_back.click()
        await host.page.keyboard.press("n")
        await host.settled()
        await camera.take(host, "board-second")


async def invite(camera: Camera, host: Person) -> None:
    """The dialog of links and codes."""
    button = host.page.get_by_role("button", name="Invite", exact=True)
    if not await button.first.is_visible():
        await host.page.get_by_role("button", name="More", exact=True).first.click()
        button = host.page.get_by_role("menuitem", name="Invite")
    await button.first.click()
    await host.page.get_by_role("button", name="Make a code to say").click()
    await host.page.locator(".spoken-code").wait_for()
    await camera.take(host, "invite")
    await host.page.keyboard.press("Escape")


async def room(camera: Camera, host: Person) -> None:
    """The room's display."""
    await host.page.get_by_role("button", name="More", exact=True).first.click()
    await host.page.get_by_role("menuitem", name="Room display").click()
    await host.page.locator("#room-bar").wait_for()
    await host.settled()
    await camera.take(host, "board-room")
    await host.page.keyboard.press("Escape")


async def shown_on_phone(camera: Camera, links: Links) -> None:
    """What is about to be decided, on a phone."""
    async with camera.person() as guest, camera.person() as host:
        await host.page.set_viewport_size({"width": 1440, "height": 900})
        await host.join(links.host)
        await guest.join(links.guest, "On a phone")
        await host.page.get_by_role("textbox", name="Decision").fill(DECISION)
        await host.page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
        await expect(guest.page.locator("#shown-decision")).to_contain_text("Neoadjuvant")
        await guest.settled()
        await camera.take(guest, "board-shown-guest")
        await host.page.locator("#shown-decision").get_by_role("button", name="Take it back").click()


async def lobby(camera: Camera, links: Links) -> None:
    """Before the door, and how the host is asked."""
    async with camera.person() as host, camera.person() as guest:
        if camera.phone:
            await host.page.set_viewport_size({"width": 1440, "height": 900})
        await host.join(links.host)
        await host.page.get_by_role("button", name="Invite", exact=True).first.click()
        dialog = host.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Make a code to say").click()
        said = dialog.locator(".spoken-code")
        await said.wait_for()  # it is hidden until the server has made one
        code = await said.text_content()
        await host.page.keyboard.press("Escape")
        await guest.page.goto(links.host.partition("/join")[0] + "/join")
        await camera.take(guest, "code")
        await guest.page.get_by_label("Code").fill(code or "")
        await guest.page.get_by_label("Your name").fill("Referring physician")
        await guest.page.get_by_role("button", name="Ask to be let in").click()
        await guest.state("lobby")
        await camera.take(guest, "lobby")
        if not camera.phone:
            await host.page.locator("#rail [data-waiting]").first.wait_for()
            await camera.take(host, "lobby-host")
        await host.page.locator("#rail").get_by_role("button", name="Do not let in").first.click()


async def home(camera: Camera, links: Links) -> None:
    """A board from a list."""
    async with camera.person() as person:
        await person.page.goto(links.home)
        await person.state("live")
        await person.page.locator("[data-study]").first.wait_for()
        await person.page.get_by_role("button", name="Open a board", exact=True).click()
        await person.page.locator("[data-choose=board-list]").set_input_files(
            {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        )
        await person.page.locator("[data-line]").first.wait_for()
        await camera.take(person, "list")


@dataclass(frozen=True)
class Wanted:
    """What of all pictures is taken."""

    scenes: set[str]
    sizes: list[tuple[int, int]]
    people: list[int]


async def take_all(links: Links, folder: Path, wanted: Wanted) -> None:
    """With one person, then with twelve."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for people in wanted.people:
            async with BoardPeople() as others:
                if people > 1:
                    await others.ask("come", link=links.guest, count=people - 1)
                for size in wanted.sizes:
                    camera = Camera(browser, folder, size, people)
                    for name, scene in SCENES.items():
                        if name in wanted.scenes and (camera.phone or name != "phone"):
                            await scene(camera, links)
        await browser.close()


SCENES = {"meeting": meeting, "phone": shown_on_phone, "lobby": lobby, "home": home}


def size(text: str) -> tuple[int, int]:
    """Of a screen, as it is named: 1440x900."""
    width, _, height = text.partition("x")
    return int(width), int(height)


def main() -> None:
    """Serve the demo's board, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenes", nargs="*", help=f"of {', '.join(SCENES)}; all without")
    parser.add_argument("--size", type=size, action="append", help="WIDTHxHEIGHT, may be given again; all without")
    parser.add_argument("--people", type=int, action="append", help="may be given again; 1 and 12 without")
    given = parser.parse_args()
    wanted = Wanted(set(given.scenes or SCENES), given.size or list(SIZES), given.people or [1, OTHERS + 1])
    given.folder.mkdir(parents=True, exist_ok=True)
    with demo(given.folder / "data") as links:
        asyncio.run(take_all(links, given.folder, wanted))


if __name__ == "__main__":
    main()
