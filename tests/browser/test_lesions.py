"""The table of lesions after RECIST 1.1: measured on two dates by a host, read by a guest at a laptop, and as CSV.

The sums were seen to fail, in the tests without a browser, on the long axis of a lymph node, a nadir that has the sum
itself, and a lesion that is gone taken for one that is missing.
"""

from __future__ import annotations

import csv
import io
import math

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People, Studies
from tests.browser.test_compare import compare
from tests.support.finding import find
from tests.support.marking import choose, rows
from tests.support.person import Person
from tests.support.server import Server
from tests.support.waiting import until_notified

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CSV = "fetch('note.csv?version=draft').then((answer) => answer.text())"


async def measure(person: Person, viewport: str, reach: float, title: str) -> tuple[float, float]:
    """A bidirectional about the middle of a viewport, of half as short a short axis; a target lymph node is made of
    it. Both axes."""
    box = await person.page.locator(f"[data-viewport={viewport}]").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = {row["id"] for row in await rows(person, await person.page.locator("[data-mark]").count())}
    mouse = person.page.mouse
    await mouse.move(x - reach, y)
    await mouse.down()
    await mouse.move(x + reach, y, steps=4)
    await mouse.up()
    await mouse.move(x, y + reach / 2, steps=4)
    await mouse.down()
    await mouse.up()
    drawn = next(row for row in await rows(person, len(before) + 1) if row["id"] not in before)
    form = await find(person, title)
    await form.get_by_label("Label").fill("Node 1")
    await form.get_by_label("Lesion (RECIST 1.1)").select_option("target_node")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)
    await person.page.get_by_role("tab", name="Marks").click()
    a, b, c, d = drawn["points"]
    return math.dist(a, b), math.dist(c, d)


async def table(person: Person, response: str) -> list[list[str]]:
    """The table as CSV, once it has that response."""
    found: list[list[str]] = []

    async def has_it() -> bool:
        text = (await person.page.evaluate(CSV)).removeprefix("\ufeff")
        found[:] = list(csv.reader(io.StringIO(text)))
        return found[-1][-1] == response

    await until_notified(has_it)
    return found


async def test_a_lymph_node_on_two_dates_has_its_sums_change_and_the_readers_response(
    people: People, server: Server, studies: Studies
) -> None:
    links = server.open(studies.prior, studies.current, title="Response")
    host, laptop = await people.come(1440, 900), await people.come(1280, 720)
    await host.join(links["host"])
    await laptop.join(links["guest"], "Oncologist")
    await compare(host)
    await choose(host, "Bidirectional")
    _, now = await measure(host, "a", 40, "Node in November")
    _, before = await measure(host, "b", 60, "Node in May")
    await host.page.get_by_role("tab", name="Findings").click()
    line = host.page.locator(".lesions-line")
    await expect(line).to_contain_text(f"Sum {now:.1f}")
    await line.get_by_role("button", name="Table").click()
    dialog = host.page.get_by_role("dialog")
    await expect(dialog.locator("thead")).to_contain_text("20 May 2026")
    share = 100 * (now - before) / before
    text = (await dialog.locator("tbody").inner_text()).replace("\u00a0", " ").replace("\u2212", "-")
    for words in (f"{before:.1f} mm", f"{now:.1f} mm", f"{now - before:.1f} mm ({share:.1f} %)"):
        assert words in text, (words, text)
    await dialog.get_by_label("Response, chosen by the reader").select_option("PR")
    found = await table(laptop, "PR")
    assert found[0][-2:] == ["2026-05-20", "2026-11-24"]
    assert found[1] == ["Node 1", "target lymph node", "mm", f"{before:.1f}", f"{now:.1f}"]
    await laptop.page.get_by_role("button", name="Findings").first.click()
    await expect(laptop.page.locator(".lesions-line")).to_contain_text(f"Sum {now:.1f}")
