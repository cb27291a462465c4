"""A board in the page, with three at it: walked through case by case, decided on all screens, all of it there after
kill -9; and whose picture it is, whatever name comes next.

What each test was seen to fail on stands in it. The people are shared: each test goes on from whatever case is there.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Chromiums, People
from tests.browser.test_cases import sees_case
from tests.support.ct import write_series
from tests.support.person import Person
from tests.support.server import Server, serving
from tests.support.together import resize

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PATIENTS = {"ANNA-7": "DEMO^ANNA", "BERT-8": "DEMO^BERT", "SAME-1": "SAME^NAME", "SAME-2": "SAME^NAME"}
"""Names by ID: the last two are two patients."""
BORN = {"SAME-1": "19610314", "SAME-2": "19700101"}
ORDER = ("ANNA-7", "BERT-8", "SAME-1", "SAME-2", "ANNA-7", "BERT-8", "SAME-1", "SAME-2", "ANNA-7", "BERT-8")
"""Whose each case is: ten cases."""
NAMESAKES = {"c3": "SAME-1", "c4": "SAME-2"}
KILLED_IN, SWITCHES, IMAGES = 6, 6, 4
OTHER_DESKS = ((1920, 1080), (820, 1180), (1366, 768))
"""Sizes of a window, in CSS pixels."""
WATCH_PAINTED = """() => {
  window.painted = [];
  document.querySelector('#stage').addEventListener('painted', ({detail}) => window.painted.push({
    epoch: detail.case, series: detail.viewports[0].shows.series,
    who: document.querySelector('.viewport .corner.top-left')?.textContent ?? '',
  }));
}"""
"""Every painted picture's stamp, with the identity line that stood over it."""
OVERLAP = """(([one, other]) => {
  const [a, b] = [one, other].map((s) => document.querySelector(s).getBoundingClientRect());
  return Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
})"""
"""Pixels that two elements share."""

LISTED = "JSON.stringify([...document.querySelectorAll('#cases [data-case]')].map((row) => row.dataset.case))"
"""Ids of the cases in the order of the list."""


@dataclass
class Board:
    """Three at one board: the host, somebody at a desk, somebody on a phone."""

    server: Server
    consult: str
    three: tuple[Person, Person, Person]

    @property
    def host(self) -> Person:
        """Who leads."""
        return self.three[0]

    async def see(self, epoch: int, who: str) -> None:
        """Wait until all see that case exactly, below its patient's ID."""
        for person in self.three:
            await sees_case(person, epoch, who)

    def decided(self) -> list[list[str]]:
        """Of each case, what was decided, as the minutes have it."""
        headers = {"Authorization": f"Bearer {self.server.token}"}
        url = f"{self.server.address}/api/consults/{self.consult}/minutes.json"
        cases = httpx.get(url, headers=headers, timeout=30).json()["cases"]
        return [[one["decision"]["words"]["text"] for one in case["decided"]] for case in cases]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def board(chromiums: Chromiums, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Board]:
    """A board of ten cases."""
    data = tmp_path_factory.mktemp("board")
    uids = {
        who: write_series(
            data / "files" / who,
            patient=name,
            patient_id=who,
            PatientBirthDate=BORN.get(who, ""),
            images=IMAGES,
            size=64,
        )
        for who, name in PATIENTS.items()
    }
    people = People(chromiums)
    with serving(data, files=data / "files") as server:
        links = server.open_board(*([uids[who]] for who in ORDER), title="Ten")
        yield Board(server, links["consult"], await people.three(links))
        await people.leave()


async def propose(host: Person, text: str) -> None:
    """The host writes it and shows it on all screens."""
    await host.page.get_by_role("textbox", name="Decision").fill(text)
    await host.page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
    await expect(host.page.locator("#shown-decision")).to_contain_text(text)


async def save(host: Person, button: str) -> None:
    """What stands there is decided."""
    await host.page.locator("#shown-decision").get_by_role("button", name=button, exact=True).click()
    await expect(host.page.locator("#shown-decision")).to_be_hidden()


async def progress(person: Person) -> list[str]:
    """Of each case, as the list says it."""
    rows = person.page.locator("#cases [data-case]")
    return [str(await row.get_attribute("data-progress")) for row in await rows.all()]


async def covers_nothing(person: Person) -> None:
    """What is about to be decided lies over no badge, no identity line and no picture."""
    await person.settled()
    for part in (".badges", ".viewport .corner.top-left", "#stage"):
        await person.wait_for(f"{OVERLAP}({json.dumps(['#shown-decision', part])}) === 0")


async def test_ten_cases_are_decided_on_all_screens_and_a_kill_in_the_sixth_loses_nothing(board: Board) -> None:
    # Seen to fail: on a phone the decision lay over EXACT; a draft that was kept in memory alone; a decision under the
    # next case; words that were typed and not left, gone with a reload.
    (host, desk, phone), page = board.three, board.host.page
    await page.get_by_role("button", name="Begin the board").click()
    for n, who in enumerate(ORDER, start=1):
        await board.see(n, who)
        await expect(page.locator("#top-bar")).to_contain_text(f"case {n} of {len(ORDER)}")
        if n == KILLED_IN:
            await lose_everything(board, n, who)
        await propose(host, f"Decision {n}.")
        for guest in board.three[1:]:
            await expect(guest.page.locator("#shown-decision")).to_contain_text(f"Decision {n}.")
        if n == 1:
            for person in board.three:
                await covers_nothing(person)
            for size in OTHER_DESKS:
                await resize(desk, *size)
                await covers_nothing(desk)
            shown = phone.page.locator("#shown-decision")
            await shown.get_by_label("Your reason, if you do not agree").fill("Chemotherapy first.")
            await shown.get_by_role("button", name="Dissent").click()
            await expect(page.locator("#shown-decision")).to_contain_text("Chemotherapy first.")
        await save(host, f"Save and go to case {n + 1}" if n < len(ORDER) else "Save")
    assert await progress(host) == [*["decided"] * (len(ORDER) - 1), "now"]
    assert board.decided() == [[f"Decision {n}."] for n in range(1, len(ORDER) + 1)]
    assert not [problem for person in board.three for problem in person.problems]


async def lose_everything(board: Board, n: int, who: str) -> None:
    """kill -9 while something is typed: all come back, what was decided is decided, what was typed is a draft."""
    host, page = board.host, board.host.page
    await page.get_by_role("textbox", name="Decision").fill(f"Decision {n}, begun.")
    await page.get_by_role("textbox", name="Stage").fill("cT2")
    await expect(page.locator(".decision-state")).to_have_text("Draft")
    board.server.kill()
    board.server.start()
    for person in board.three:
        await person.state("live")
        await person.settled()
        await person.wait_for(f"document.body.dataset.case === '{n}'")
    await page.reload()
    await sees_case(host, n, who)
    assert (await progress(host))[: n + 1] == [*["decided"] * (n - 1), "now", "next"]
    assert board.decided()[:n] == [*([f"Decision {i}."] for i in range(1, n)), []]
    await expect(page.get_by_role("textbox", name="Decision")).to_have_value(f"Decision {n}, begun.")
    await expect(page.get_by_role("textbox", name="Stage")).to_have_value("cT2")


async def test_of_two_namesakes_every_painted_picture_is_the_one_whose_id_stands_over_it(board: Board) -> None:
    # Seen to fail: the identity line was written before the picture of its case was painted.
    host, page = board.host, board.host.page
    series: dict[str, str] = {}
    whose: dict[int, str] = {}
    for turn in range(SWITCHES + 2):  # the first comes from elsewhere
        case, who = list(NAMESAKES.items())[turn % 2]
        if await page.locator(f"#cases [data-case={case}]").get_attribute("data-progress") != "now":
            epoch = int(await host.data("case")) + 1
            await page.locator(f"#cases [data-case={case}] button").click()
        else:
            epoch = int(await host.data("case"))
        if turn:
            await expect(page.locator(".identity-card")).to_contain_text("Same name as the last case")
        whose[epoch] = who
        await board.see(epoch, who)
        for person in board.three:
            shown: str = (await person.shown())["a"]["shows"]["series"]
            assert series.setdefault(who, shown) == shown
            if not turn:
                await person.page.evaluate(WATCH_PAINTED)
    assert len(set(series.values())) == 2
    for person in board.three:
        painted: list[dict[str, Any]] = await person.page.evaluate("window.painted")
        assert {frame["epoch"] for frame in painted} >= set(whose) - {min(whose)}
        for frame in painted:
            who = whose[frame["epoch"]]
            other = next(one for one in NAMESAKES.values() if one != who)
            assert frame["series"] == series[who], frame
            assert who in frame["who"], frame
            assert other not in frame["who"], frame
        assert not person.problems


async def test_a_case_is_dragged_to_another_place_and_a_prepared_view_is_one_key_away(board: Board) -> None:
    host, page = board.host, board.host.page
    before = [f"c{n}" for n in range(1, len(ORDER) + 1)]
    await page.locator("#cases [data-case=c10]").drag_to(page.locator("#cases [data-case=c2]"))
    after = [before[0], "c10", *before[1:-1]]
    wanted = json.dumps(json.dumps(after, separators=(",", ":")))
    for person in (host, board.three[1]):
        await person.wait_for(f"{LISTED} === {wanted}")
    await page.locator("#stage").focus()
    for key, image in (("Home", 1), ("End", IMAGES)):
        await page.keyboard.press(key)
        await host.sees(image)
        await page.get_by_role("button", name="Add this view").click()
        await page.locator("#stage").focus()
    await expect(page.locator("#prepared [data-prepared]")).to_have_count(2)
    for key, image in (("]", 1), ("]", IMAGES), ("[", 1)):
        await page.keyboard.press(key)
        for person in (host, board.three[1]):
            await person.sees(image)
