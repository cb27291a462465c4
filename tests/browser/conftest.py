"""One server a run, one Chromium for each device pixel ratio, a context for each person."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright, expect
from pydicom.uid import generate_uid

from tests.support.ct import SIZE, write_series
from tests.support.person import CHROMIUM_FLAGS, METERED, SILENT, Person
from tests.support.server import Server, consult, serving
from tests.support.waiting import PATIENCE_S

expect.set_options(timeout=PATIENCE_S * 1000)  # as `Person.wait_for`: a state is waited for, not a time


@dataclass(frozen=True)
class Studies:
    """What there is to consult about: StudyInstanceUIDs and their files; `other` is of another patient."""

    data: Path
    current: str
    prior: str
    other: str

    def kept(self, folder: str, image: int) -> Path:
        """Where the server keeps the file of an image, counted from the feet; `folder` of those written."""
        content = (self.data / "files" / folder / f"{image:04}.dcm").read_bytes()
        name = hashlib.sha256(content).hexdigest()
        return self.data / "objects" / name[:2] / name


PRIOR_Z_MM = 300.0
PRIOR_IMAGES = 20


@pytest.fixture(scope="session")
def studies(tmp_path_factory: pytest.TempPathFactory) -> Studies:
    """A data directory with one small CT and its prior: fewer images, another table position, another frame.

    The other patient's CT lies in the same place, and says the very frame of reference of the first: nothing but the
    case keeps them apart.
    """
    data = tmp_path_factory.mktemp("data")
    frame = generate_uid()
    current = write_series(data / "files" / "current", FrameOfReferenceUID=frame)
    origin = (-SIZE - 30.0, -SIZE + 18.0, PRIOR_Z_MM)
    prior = write_series(data / "files" / "prior", images=PRIOR_IMAGES, origin_mm=origin, StudyDate="20260520")
    folder = data / "files" / "other"
    other = write_series(folder, patient="OTHER^BERTA", patient_id="0815", FrameOfReferenceUID=frame)
    consult("import", str(data / "files"), data=data)
    return Studies(data, current, prior, other)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server without a study."""
    data = tmp_path / "data"
    data.mkdir()
    with serving(data) as server:
        yield server


@pytest.fixture(scope="session")
def the_server(studies: Studies) -> Iterator[Server]:
    """The one server of a run; `server` gives it to a test."""
    with serving(studies.data) as server:
        yield server


@pytest.fixture
def server(the_server: Server) -> Server:
    """The running server with those studies; started again where a test has left it dead."""
    if not the_server.runs:
        the_server.kill()
        the_server.start()
    return the_server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What failed beside its server says whether that still runs, and what it has logged last."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        log = (server.data / "server.log").read_text()[-3000:]
        report.sections.append(("server", f"{'runs' if server.runs else 'HAS ENDED'}\n{log}"))
    return report


@pytest.fixture
def links(server: Server, studies: Studies) -> dict[str, str]:
    """A new consult of the current study: the host's and the guest's link."""
    return server.open(studies.current, title="Second opinion")


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
        self,
        width: int = 1440,
        height: int = 900,
        ratio: float = 1,
        *,
        touch: bool = False,
        locale: str | None = None,
        metered: bool = True,
    ) -> Person:
        """Somebody with a screen of that size, in CSS pixels, at an empty page. Metered: the picture moves as a stream;
        else as exact stills, which keep up here (test_instant.py)."""
        browser = await self._chromiums.at(ratio)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=ratio,
            has_touch=touch,
            is_mobile=False,
            reduced_motion="reduce",
            locale=locale,
        )
        await context.add_init_script(SILENT)
        if metered:
            await context.add_init_script(METERED)
        person = Person(context, await context.new_page())
        self._persons.append(person)
        return person

    async def three(
        self, links: dict[str, str], laptop: tuple[int, int] = (1280, 720)
    ) -> tuple[Person, Person, Person]:
        """In a consult, with an exact picture: the host, a guest at a laptop of that size, and one on a phone."""
        host, guest = await self.come(1440, 900), await self.come(*laptop)
        phone = await self.come(390, 844, touch=True)
        await host.join(links["host"])
        await guest.join(links["guest"], "Referring physician")
        await phone.join(links["guest"], "On a phone")
        return host, guest, phone

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
