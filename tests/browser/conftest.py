"""One server a module, one Chromium for each device pixel ratio and run, a context for each person."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from tests.support.ct import write_series
from tests.support.person import CHROMIUM_FLAGS, Person
from tests.support.server import Server, consult


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data directory with one small CT, and its StudyInstanceUID."""
    data = tmp_path_factory.mktemp("data")
    uid = write_series(data / "files" / "current")
    consult("import", str(data / "files"), data=data)
    return data, uid


@pytest.fixture(scope="module")
def server(study: tuple[Path, str]) -> Iterator[Server]:
    """A running server with that study."""
    server = Server(study[0])
    server.start()
    yield server
    server.kill()


@pytest.fixture
def links(server: Server, study: tuple[Path, str]) -> dict[str, str]:
    """A new consult of that study: the host's and the guest's link."""
    return server.open(study[1], title="Second opinion")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """The driver, once a run."""
    async with async_playwright() as driver:
        yield driver


class Chromiums:
    """Debian's Chromium, one for each device pixel ratio, started when first asked for."""

    def __init__(self, driver: Playwright) -> None:
        self._driver = driver
        self._running: dict[float, Browser] = {}

    async def at(self, ratio: float) -> Browser:
        """The browser of that ratio. The flag, not the context's factor alone, makes canvas pixels device pixels."""
        if ratio not in self._running:
            self._running[ratio] = await self._driver.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[*CHROMIUM_FLAGS, f"--force-device-scale-factor={ratio}"],
            )
        return self._running[ratio]

    async def close(self) -> None:
        """End them."""
        for browser in self._running.values():
            await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromiums(playwright: Playwright) -> AsyncIterator[Chromiums]:
    """All Chromiums of a run."""
    browsers = Chromiums(playwright)
    yield browsers
    await browsers.close()


class People:
    """Opens links in contexts of their own."""

    def __init__(self, chromiums: Chromiums) -> None:
        self._chromiums = chromiums
        self._persons: list[Person] = []

    async def come(
        self, width: int = 1440, height: int = 900, ratio: float = 1, *, touch: bool = False
    ) -> Person:
        """Somebody with a screen of that size, in CSS pixels, at an empty page."""
        browser = await self._chromiums.at(ratio)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            has_touch=touch,
            is_mobile=False,
            reduced_motion="reduce",
        )
        person = Person(context, await context.new_page())
        self._persons.append(person)
        return person

    async def leave(self) -> None:
        """Close all contexts."""
        for person in self._persons:
            await person.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def people(chromiums: Chromiums) -> AsyncIterator[People]:
    """The people of one test."""
    everybody = People(chromiums)
    yield everybody
    await everybody.leave()
