"""A series whose images repeat: its time is stepped by key, button and wheel, shown exactly, and covers nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.support.mr import PLACES, write_study
from tests.support.person import Person, check_exact
from tests.support.server import Server, serving
from tests.support.together import HOST, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SIZES = {"middle": (1280, 720), "phone": (390, 844)}
two = together(HOST, Comes(1280, 720, name="Dr. Guest"))
COVERED = """(() => {
  const box = (e) => e.getBoundingClientRect();
  const hits = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5
    && b.top < a.bottom - 0.5;
  const all = [];
  for (const viewport of document.querySelectorAll('[data-viewport]')) {
    const control = viewport.querySelector('.time-control');
    if (control.hidden) continue;
    const mine = box(control), whole = box(viewport);
    if (mine.left < whole.left || mine.right > whole.right || mine.top < whole.top || mine.bottom > whole.bottom)
      all.push('it reaches out of its viewport');
    const others = '.line, .edge, .badge, .scale-bar, .scrubber';
    for (const other of viewport.querySelectorAll(others))
      if (!other.hidden && box(other).width > 0 && (other.matches('.scrubber') || other.textContent.trim())
        && hits(mine, box(other))) all.push(other.className + ' ' + other.textContent);
  }
  return all;
})()"""


@pytest.fixture(scope="module")
def mr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with one MR study of a diffusion series and a plain one."""
    data = tmp_path_factory.mktemp("mr")
    study = write_study(data / "files")
    with serving(data, files=data / "files") as server:
        yield server, study


@pytest.fixture
def links(mr: tuple[Server, str]) -> dict[str, str]:
    server, study = mr
    return server.open(study)


async def at(person: Person, viewport: str = "a") -> tuple[str, int, int]:
    """Kind, place and time of what a viewport says that it shows."""
    found: dict[str, str] = await person.evaluate(
        f"({{...document.querySelector('[data-viewport={viewport}]').dataset}})"
    )
    return found["shows"], int(found["place"]), int(found["time"])


async def picture(person: Person) -> dict[str, Any]:
    """The stamped viewport that is painted, once canvas, still and screen were found to be the same pixels."""
    await check_exact(person)
    return (await person.shown())["a"]


async def test_the_time_is_stepped_by_key_and_seen_exactly_by_all(two: Persons) -> None:
    host, guest = two
    before = await picture(host)
    assert await at(host) == ("stack", PLACES // 2, 0)
    stage, control = host.page.locator("#stage"), host.page.get_by_role("group", name="b value: b 0, 1 of 2")
    await expect(control).to_be_visible()
    await expect(stage).to_contain_text("b 0")
    revision = await host.after(host.page.keyboard.press("."))
    later = await picture(host)
    assert await at(host) == ("stack", PLACES // 2, 1)
    assert (later["camera"], later["window"]) == (before["camera"], before["window"])
    assert later["digest"] != before["digest"]
    _, sha256 = await host.still(later["digest"])
    assert sha256 != (await host.still(before["digest"]))[1]
    await guest.settled(revision)
    await check_exact(guest)
    assert await at(guest) == ("stack", PLACES // 2, 1)
    seen = (await guest.shown())["a"]
    assert seen["shows"] == later["shows"]
    await expect(guest.page.locator("#stage")).to_contain_text("b 1000")
    await host.after(host.page.keyboard.press(","))
    assert (await picture(host))["digest"] == before["digest"]


async def test_wheel_and_buttons_step_it_too_and_no_image_is_none(two: Persons) -> None:
    host, _ = two
    await host.page.locator("#stage").hover()
    await host.page.keyboard.down("Alt")
    await host.after(host.page.mouse.wheel(0, 120))
    await host.page.keyboard.up("Alt")
    assert await at(host) == ("stack", PLACES // 2, 1)
    await host.after(host.page.keyboard.press("End"))
    assert await at(host) == ("stack", PLACES - 2, 1), "the last place has no image of this time"
    await host.after(host.page.get_by_role("button", name="Previous b value").click())
    await host.after(host.page.mouse.wheel(0, 120))
    assert await at(host) == ("stack", PLACES - 1, 0)
    position = host.page.get_by_role("slider", name="Image position")
    await expect(position).to_have_attribute("aria-valuemax", str(PLACES))
    await host.page.get_by_role("button", name="Next b value").click()
    await host.after(host.page.keyboard.press("ArrowUp"))
    assert await at(host) == ("stack", PLACES - 2, 0), "there was no later image to go to"


async def test_a_cine_plays_for_all_and_rests_where_it_is_stopped(two: Persons) -> None:
    host, guest = two
    await expect(host.page.get_by_role("button", name="Play")).to_have_count(0)
    await host.after(host.page.keyboard.press("PageDown"))
    assert await at(host) == ("stack", 0, 0)
    play = host.page.get_by_role("button", name="Play")
    await expect(play).to_have_attribute("title", "6.7 images a second")
    await play.click()
    for time in (1, 3, 0):
        await guest.wait_for(f"document.querySelector('[data-viewport=a]').dataset.time === '{time}'")
    await host.page.keyboard.press("c")
    await expect(play).to_be_visible()
    revision = await host.settled()
    await guest.settled(revision)
    for person in (host, guest):
        await check_exact(person)
    assert (await picture(host))["shows"] == (await picture(guest))["shows"]


async def test_the_control_covers_nothing_and_works(two: Persons) -> None:
    await covers_nothing(two[0], "wide")


@pytest.mark.parametrize("form", SIZES)
async def test_it_covers_nothing_on_smaller_screens(people: People, links: dict[str, str], form: str) -> None:
    host = await people.come(*SIZES[form], touch=form == "phone")
    await host.join(links["host"])
    await covers_nothing(host, form)


async def covers_nothing(host: Person, form: str) -> None:
    """Not in one viewport, and not in four."""
    assert await host.evaluate(COVERED) == []
    await host.after(host.page.get_by_role("button", name="Next b value").click())
    assert await at(host) == ("stack", PLACES // 2, 1)
    assert await host.evaluate(COVERED) == []
    if form == "phone":
        return
    await host.page.get_by_role("button", name="Layout 1×1").click()
    await host.after(host.page.get_by_role("menuitemradio", name="2×2", exact=True).click())
    await check_exact(host)
    shown = await host.shown()
    assert list(shown) == ["a", "b", "c", "d"]
    assert {viewport["shows"]["series"] for viewport in shown.values()} == {s["key"] for s in host.case["series"]}
    assert await host.evaluate(COVERED) == []
    await expect(host.page.get_by_role("button", name="Linked by position")).to_have_count(0)
    await host.page.get_by_role("button", name="Layout 2×2").click()
    await host.after(host.page.get_by_role("menuitemradio", name="1×1").click())
    assert list(await host.shown()) == ["a"]
