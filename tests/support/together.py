"""People who stay in one consult for all tests of a file: to come in takes more than most of what a test does there.

A file says who in one line, with the constants below or its own, and a test takes them by that name:

    three = together(HOST, LAPTOP, PHONE)

    async def test_something(three: Persons) -> None:
        host, laptop, phone = three

They are in the consult that the fixture `links` opens, which a file may have of its own. Before each further test it is
brought back to how it opened, by what the pages and the host themselves can do: the first case is on the stage, without
marks, key images and findings, in the view that it opened with; the host has control, hands are down; on each page
nothing is open, the first tool is taken, everybody follows. Then every page must say of itself what it said at first
(`LOOKS`).

Where they cannot be brought back, after any test of the file has failed, and where a page had an error, they go, and
others come for the next one: nothing that is left behind makes another test fail. Why is told at the end of a run.

What stays, so that no test may begin with it: who has seen which images, what was said and written, all of other cases,
the number of the case epoch, what each seat can redo, what a page remembers of series that it has shown. A test that is
about coming in, or that changes a page before it connects (taps, routes), has people of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Error

from tests.support.consult_client import ConsultClient
from tests.support.journeys import Journeys
from tests.support.person import LOOK_MS, Person
from tests.support.pointing import seat
from tests.support.waiting import until

FAILURES = pytest.StashKey[int]()
"""Of a file: how often something of its tests has failed."""
ANEW: list[str] = []
"""Why others came for a test in place of those who were there: told at the end of a run."""
BACK_S = 20.0
"""So long it is waited for that a page looks as at first; to let others come takes less."""
Looks = dict[str, Any]
LOOKS = """(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const names = (selector) => all(selector).filter((e) => e.checkVisibility())
    .map((e) => e.dataset.name || e.ariaLabel || e.textContent.trim()).sort();
  const {state, independent = ''} = document.body.dataset;
  return {
    state, independent,
    open: names('dialog[open], .menu, .popover, #rail.open, #series.open, #panel.open, body[data-room]'),
    tab: names('[role=tab][aria-selected=true]'),
    held: names('[role=radio][aria-checked=true]'),
    pressed: names('[aria-pressed=true]'),
    kept: all('[data-mark], [data-key-image], [data-finding]').length,
    viewports: all('[data-viewport]').length,
  };
})()"""
"""What a page says of itself: must be at the beginning of each test as it was at first."""
DRAWN = "[...document.querySelectorAll('.tools button, #dock button')].some((e) => e.checkVisibility())"
"""The bars are there: they come behind the first picture."""
FILLS = """(() => {
  const {width, height} = document.querySelector('#picture-area').getBoundingClientRect();
  const canvas = document.querySelector('canvas[data-layer=picture]');
  const near = (pixels, size) => Math.abs(pixels - size * devicePixelRatio) < 1;
  return near(canvas.width, width) && near(canvas.height, height);
})()"""
"""Whether the picture has the size of its place, which a page learns a moment after its window has changed."""
NOTICE = "document.querySelector('.notice') !== null"
STEPS_BACK = 8
"""Presses of Escape at most: out of a field, out of all that is open."""
LET_GO = 3
"""Presses of Escape at least: a drawing, a mark, a tool; not every form of the page says that one is held."""
ESCAPE = """(() => {
  const key = {key: 'Escape', code: 'Escape', bubbles: true, cancelable: true};
  for (let i = 0; i < LET_GO; i++) document.activeElement.dispatchEvent(new KeyboardEvent('keydown', key));
  const now = LOOKS;
  if (!now.open.length) document.querySelector('#stage').focus();
  return now;
})()""".replace("LET_GO", str(LET_GO)).replace("LOOKS", LOOKS)
"""Presses it so often, in the page itself, which takes a tenth of the keyboard's time; how the page looks then. What
the browser closes by that key is open still."""
AS_AT_FIRST = """async ([first, seconds]) => {
  document.querySelector('#stage').focus();
  const until = performance.now() + 1000 * seconds;
  for (;;) {
    const now = LOOKS;
    if (JSON.stringify(now) === JSON.stringify(first) || performance.now() > until) return now;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}""".replace("LOOKS", LOOKS).replace("LOOK_MS", str(LOOK_MS))
"""How the page looks once it does as at first."""
KEPT = (
    ("delete_mark", "marks", "mark"),
    ("drop_image", "key_images", "key_image"),
    ("delete_finding", "findings", "finding"),
)
"""What takes it away, its list in what a page is told, and how it is named."""
SCREEN = 64
"""Of who brings a consult back, in device pixels: the least that there is, nobody looks at it."""


@dataclass(frozen=True)
class Comes:
    """Somebody with a screen of that size, in CSS pixels. Without a name: the host."""

    width: int
    height: int
    ratio: float = 1
    name: str = ""
    touch: bool = False


HOST = Comes(1440, 900)
LAPTOP = Comes(1280, 720, name="Referring physician")
PHONE = Comes(390, 844, name="On a phone", touch=True)


class Persons(tuple[Person, ...]):
    """They, and the links to their consult, by which a test may let others come too."""

    links: dict[str, str]


class Arrivals(Protocol):
    """Who opens browsers for people (`People` in tests/browser/conftest.py)."""

    async def come(self, width: int, height: int, ratio: float, *, touch: bool) -> Person:
        """Somebody, at an empty page."""

    async def leave(self) -> None:
        """All of them."""


class Back(ConsultClient):
    """One more page of the host's seat, which brings a consult back to how it opened."""

    def __init__(self) -> None:
        super().__init__((SCREEN, SCREEN), Journeys(), Journeys())
        self._here: dict[str, bool] = {}
        """Who is here, and whether with a raised hand."""

    async def sit_by(self, host: Person) -> None:
        """In the host's seat, with the cookie of that browser."""
        where = urlsplit(host.page.url)
        self._address, self.seat = f"{where.scheme}://{where.netloc}", await seat(host)
        self._path = f"/seat/{self.seat}/"
        cookies = await host.context.cookies()
        self._cookie = "; ".join(f"{c['name']}={c['value']}" for c in cookies if self.seat in c["name"])
        await self.connect()

    async def bring_back(self, case: str, opened: dict[str, Any]) -> int:
        """That case is on the stage in that view, and nothing is kept of it; the revision."""
        told = self.welcome["snapshot"]
        if told["control"]["seat"] != self.seat:
            await self.command("take_control")
        if told["current"] != case:
            epoch = self.view["case"]
            await self.command("switch_case", to=case)
            await until(lambda: bool(self.view["case"] > epoch))
        for kind, list_of, name in KEPT:
            for one in told.get(list_of, ()):
                if one["case"] == case:
                    await self.command(kind, **{name: one["id"]})
        await until(lambda: self.seat in self._here)
        for raised in [who for who, up in self._here.items() if up]:
            await self.send("lower_hand", seat=raised)
        if self.view["view"] != opened:
            self._n += 1
            epochs = {"control": self._control, "case": self.view["case"]}
            await self.send("show", **epochs, n=self._n, view=opened, rest=True)
            await until(lambda: bool(self.refused) or (self.view["tab"], self.view["n"]) == (self.tab, self._n))
        assert not self.refused, self.refused
        revision: int = self.view["rev"]
        return revision

    def on_message(self, message: dict[str, Any]) -> None:
        """Takes down who is here."""
        super().on_message(message)
        if message["type"] == "presence":
            self._here = {person["seat"]: bool(person.get("hand")) for person in message["people"]}

    async def _fetch_lists(self) -> None:
        """It looks at nothing."""


class Gathering:
    """The people of a file in one consult. `who`: the host first."""

    def __init__(self, who: tuple[Comes, ...]) -> None:
        self.who = who
        self.persons = Persons()
        self._arrivals: Arrivals | None = None
        self._looks: list[Looks] = []
        self._opened: tuple[str, dict[str, Any]] = ("", {})
        self._failures = 0
        self._last = ""

    async def begin(
        self, test: str, failures: int, arrivals: Callable[[], Arrivals], links: Callable[[], dict[str, str]]
    ) -> Persons:
        """They are in the consult as it opened: they come, or are brought back. `failures`: `FAILURES` so far."""
        if failures != self._failures or not await self._are_fit():
            await self.go()
        last, self._last, self._failures = self._last, test, failures
        if self._arrivals is not None:
            try:
                await self._back()
            except (AssertionError, TimeoutError, RuntimeError, Error) as error:
                ANEW.append(f"{test}: after {last} they could not be brought back: {error}")
            else:
                if await self._are_fit():
                    return self.persons
                ANEW.append(f"{test}: after {last} a late picture of the case before was refused")
            await self.go()
        self._arrivals = arrivals()
        await self._come(self._arrivals, links())
        return self.persons

    async def _are_fit(self) -> bool:
        """Whether they may stay: no page had an error, or refused a picture."""
        try:
            refused = [await person.data("refused") for person in self.persons]
        except Error:  # somebody has left
            return False
        return not any(refused) and not any(person.problems for person in self.persons)

    async def go(self) -> None:
        """They leave."""
        arrivals, self._arrivals, self.persons = self._arrivals, None, Persons()
        if arrivals is not None:
            await arrivals.leave()

    async def _come(self, arrivals: Arrivals, links: dict[str, str]) -> None:
        come = [await arrivals.come(one.width, one.height, one.ratio, touch=one.touch) for one in self.who]
        for one, person in zip(self.who, come, strict=True):
            await person.join(links["guest" if one.name else "host"], one.name)
        self.persons = Persons(come)
        self.persons.links = links
        beside = Back()
        await beside.sit_by(come[0])
        self._opened = beside.current, beside.view["view"]
        await beside.close()
        self._looks = []
        for person in come:
            await person.wait_for(DRAWN)
            self._looks.append(await person.evaluate(LOOKS))

    async def _back(self) -> None:
        for one, person in zip(self.who, self.persons, strict=True):
            await person.state("live")
            await _put_away(person, touch=one.touch)
            await resize(person, one.width, one.height)
        beside = Back()
        await beside.sit_by(self.persons[0])
        try:
            revision = await beside.bring_back(*self._opened)
        finally:
            await beside.close()
        for person, looks in zip(self.persons, self._looks, strict=True):
            await person.settled(revision)
            await _come_back(person, looks)


async def resize(person: Person, width: int, height: int) -> None:
    """Their window has another size, in CSS pixels, and the picture fills it exactly."""
    if person.page.viewport_size == {"width": width, "height": height}:
        return
    await person.page.set_viewport_size({"width": width, "height": height})
    await person.wait_for(FILLS)
    await person.settled()


async def _put_away(person: Person, *, touch: bool) -> None:
    """Nothing is pressed, nothing is open, the hand is empty, nobody looks around alone."""
    mouse, keyboard = person.page.mouse, person.page.keyboard
    if not touch:
        await mouse.up()
        await mouse.move(1, 1)
    now = await person.evaluate(ESCAPE)
    for _ in range(STEPS_BACK):
        if not now["open"]:
            break
        await keyboard.press("Escape")
        now = await person.evaluate(ESCAPE)
    if now["independent"]:
        await keyboard.press("f")
        await person.wait_for("document.body.dataset.independent !== 'true'")


async def _come_back(person: Person, looks: Looks) -> None:
    """The first tab and tool again, no notice, and the page says what it said at first."""
    page = person.page
    now, notice = await person.evaluate(f"[{LOOKS}, {NOTICE}]")
    for _ in range(LET_GO):  # one that stands until it is answered stays
        if notice:
            await page.keyboard.press("Escape")
            now, notice = await person.evaluate(f"[{LOOKS}, {NOTICE}]")
    if now["tab"] != looks["tab"]:
        await page.locator(f"[role=tab][data-name='{looks['tab'][0]}']").click()
    if now["held"] != looks["held"]:
        await page.get_by_role("radio", name=looks["held"][0], exact=True).click()
    now = await page.evaluate(AS_AT_FIRST, [looks, BACK_S])
    assert now == looks, f"{now} is not {looks}"


@dataclass(frozen=True)
class Gatherings:
    """Those of a file."""

    arrivals: Callable[[], Arrivals]
    met: list[Gathering]

    async def leave(self) -> None:
        """All of them."""
        for gathering in self.met:
            await gathering.go()


def together(*who: Comes, consult: str = "links") -> Any:
    """A fixture: these people in one consult, for all tests of a file that ask for it.

    Args:
        who: the host first.
        consult: the fixture that opens it.
    """
    gathering = Gathering(who)

    @pytest_asyncio.fixture(loop_scope="session")
    async def persons(request: pytest.FixtureRequest, gatherings: Gatherings) -> Persons:
        if gathering not in gatherings.met:
            gatherings.met.append(gathering)
        failures = request.node.getparent(pytest.Module).stash.get(FAILURES, 0)
        return await gathering.begin(
            request.node.name, failures, gatherings.arrivals, lambda: request.getfixturevalue(consult)
        )

    return persons
