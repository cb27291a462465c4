"""A board in the page: walked through case by case, decided on all screens, all of it there after kill -9; and whose
picture it is, whatever name comes next.

What each test was seen to fail on stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.browser.test_cases import sees_case
from tests.support.ct import write_series
from tests.support.person import Person
from tests.support.server import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CASES = 10
KILLED_IN = 6
NAMESAKES = {"SAME-1": "19610314", "SAME-2": "19700101"}
"""Birth dates of two patients of one name, by ID."""
WATCH_PAINTED = """() => {
  window.painted = [];
  document.querySelector('#stage').addEventListener('painted', ({detail}) => window.painted.push({
    epoch: detail.case, series: detail.viewports[0].shows.series,
    who: document.querySelector('.viewport .corner.top-left')?.textContent ?? '',
  }));
}"""
"""Every painted picture's stamp, with the identity line that stood over it."""
OVERLAP = """([one, other]) => {
  const [a, b] = [one, other].map((s) => document.querySelector(s).getBoundingClientRect());
  return Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left))
    * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
}"""
"""Pixels that two elements share."""


async def decide(host: Person, text: str, *, save: str) -> None:
    """The host writes, shows and saves."""
    await host.page.get_by_role("textbox", name="Decision").fill(text)
    await host.page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
    await expect(host.page.locator("#shown-decision")).to_contain_text(text)
    await host.page.locator("#shown-decision").get_by_role("button", name=save, exact=True).click()
    await expect(host.page.locator("#shown-decision")).to_be_hidden()


async def progress(person: Person) -> list[str]:
    """Of each case, as the list says it."""
    rows = person.page.locator("#cases [data-case]")
    return [str(await row.get_attribute("data-progress")) for row in await rows.all()]


def minutes_of(server: Server, consult: str) -> dict[str, Any]:
    """As JSON."""
    headers = {"Authorization": f"Bearer {server.token}"}
    found: dict[str, Any] = httpx.get(
        f"{server.address}/api/consults/{consult}/minutes.json", headers=headers, timeout=30
    ).json()
    return found


async def test_a_case_is_decided_on_all_screens_and_covers_nothing(
    people: People, server: Server, studies: Studies
) -> None:
    # Seen to fail: on a phone what was about to be decided lay over EXACT.
    links = server.open_board([studies.current], [studies.other])
    host, guest = await people.come(1440, 900), await people.come(390, 844, touch=True)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    page = host.page
    await page.get_by_role("button", name="Begin the board").click()
    await page.get_by_role("button", name="Add this view").click()
    await expect(page.locator("#prepared [data-prepared]")).to_have_count(1)
    await page.get_by_role("textbox", name="Decision").fill("Surgery first.")
    await page.locator("#board-page").get_by_role("button", name="Show on all screens").click()
    shown = guest.page.locator("#shown-decision")
    await expect(shown).to_contain_text("Surgery first.")
    for person in (host, guest):
        await person.settled()
        for part in (".badges", ".viewport .corner.top-left", "#stage"):
            assert await person.page.evaluate(OVERLAP, ["#shown-decision", part]) == 0, part
    await shown.get_by_label("Your reason, if you do not agree").fill("Chemotherapy first.")
    await shown.get_by_role("button", name="Dissent").click()
    await expect(page.locator("#shown-decision")).to_contain_text("Chemotherapy first.")
    await page.locator("#shown-decision").get_by_role("button", name="Save and go to case 2").click()
    for person in (host, guest):
        await sees_case(person, 2, "OTHER")
    assert await progress(host) == ["decided", "now"]
    await expect(shown).to_be_hidden()


async def test_ten_cases_are_walked_through_and_a_kill_in_the_sixth_loses_nothing(
    people: People, server: Server, studies: Studies
) -> None:
    # Seen to fail: a draft that was kept in memory alone; a decision under the next case.
    patients = [(studies.current, "TEST"), (studies.other, "OTHER")] * (CASES // 2)
    links = server.open_board(*([uid] for uid, _ in patients), title="Ten")
    host, guest = await people.come(1440, 900), await people.come(1280, 720)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    await host.page.get_by_role("button", name="Begin the board").click()
    for n, (_, patient) in enumerate(patients, start=1):
        for person in (host, guest):
            await sees_case(person, n, patient)
            await expect(person.page.locator("#top-bar")).to_contain_text(f"case {n} of {CASES}")
        if n == KILLED_IN:
            await host.page.get_by_role("textbox", name="Decision").fill(f"Decision {n}, begun.")
            await host.page.get_by_role("textbox", name="Stage").fill("cT2")
            await expect(host.page.locator(".decision-state")).to_have_text("Draft")
            await host.page.get_by_role("textbox", name="Owner").focus()
            await expect(guest.page.locator("body")).to_have_attribute("data-state", "live")
            server.kill()
            server.start()
            for person in (host, guest):
                await person.state("live")
                await person.settled()
                await person.wait_for(f"document.body.dataset.case === '{n}'")
            await host.page.reload()
            await sees_case(host, n, patient)
            assert (await progress(host))[: n + 1] == [*["decided"] * (n - 1), "now", "next"]
            await expect(host.page.get_by_role("textbox", name="Decision")).to_have_value(f"Decision {n}, begun.")
        save = f"Save and go to case {n + 1}" if n < CASES else "Save"
        await decide(host, f"Decision {n}.", save=save)
    assert await progress(host) == [*["decided"] * (CASES - 1), "now"]
    decided = [case["decided"] for case in minutes_of(server, links["consult"])["cases"]]
    assert [[one["decision"]["words"]["text"] for one in case] for case in decided] == [
        [f"Decision {n}."] for n in range(1, CASES + 1)
    ]
    assert not host.problems


@pytest.fixture
def namesakes(tmp_path: Path) -> Iterator[tuple[Server, dict[str, str]]]:
    """A board of two patients of one name, one behind the other."""
    data = tmp_path / "data"
    uids = [
        write_series(data / "files" / who, patient="SAME^NAME", patient_id=who, PatientBirthDate=born, images=6)
        for who, born in NAMESAKES.items()
    ]
    with serving(data, files=data / "files") as server:
        yield server, server.open_board(*([uid] for uid in uids))


async def test_of_two_namesakes_every_painted_picture_is_the_one_whose_id_stands_over_it(
    people: People, namesakes: tuple[Server, dict[str, str]]
) -> None:
    # Seen to fail: the identity line was written before the picture of its case was painted.
    _, links = namesakes
    host, guest = await people.come(1440, 900), await people.come(1366, 700)
    await host.join(links["host"])
    await guest.join(links["guest"], "Dr. Guest")
    series: dict[int, str] = {}
    first, second = NAMESAKES
    for person in (host, guest):
        await person.page.evaluate(WATCH_PAINTED)
    for epoch in range(1, CASES + 2):
        who = first if epoch % 2 else second
        for person in (host, guest):
            await sees_case(person, epoch, who)
            shown: str = (await person.shown())["a"]["shows"]["series"]
            assert series.setdefault(epoch % 2, shown) == shown
        if epoch == CASES + 1:
            break
        await host.page.keyboard.press("n")
        await expect(host.page.locator(".identity-card")).to_contain_text("Same name as the last case")
    assert series[0] != series[1]
    for person in (host, guest):
        painted: list[dict[str, Any]] = await person.page.evaluate("window.painted")
        assert {frame["epoch"] for frame in painted} >= set(range(2, CASES + 2))
        for frame in painted:
            who, other = (first, second) if frame["epoch"] % 2 else (second, first)
            assert frame["series"] == series[frame["epoch"] % 2], frame
            assert who in frame["who"], frame
            assert other not in frame["who"], frame
        assert not person.problems
