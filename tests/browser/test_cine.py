"""A clip plays on three screens by the server's clock: the same image on each, told by stamps, exact when it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.async_api import expect

from tests.support.clips import FRAMES, RUN, write_angiography, write_ultrasound
from tests.support.person import Painted, Person, check_exact
from tests.support.server import Server, serving
from tests.support.together import HOST, LAPTOP, PHONE, Comes, Persons, together

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
three = together(HOST, LAPTOP, PHONE)
two = together(HOST, Comes(1280, 720, name="Dr. Guest"), consult="angiography")

WATCH = """(() => {
  window.seen = [];
  document.querySelector('#stage').addEventListener('painted', ({detail}) =>
    seen.push([detail.rev, detail.viewports[0].shows.place, detail.stream]));
})()"""
ENOUGH = 25
STOP = """(() => {
  const before = window.seen.at(-1)[1];
  [...document.querySelectorAll('#bottom-bar button')].find((b) => b.textContent.includes('Stop')).click();
  return before;
})()"""
PLACE = "Number(document.querySelector('[data-viewport=a]').dataset.place)"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str, str]]:
    """A server with one ultrasound clip, 25 images a second, and one angiography."""
    data = tmp_path_factory.mktemp("clips")
    ultrasound, run = write_ultrasound(data / "files" / "us"), write_angiography(data / "files" / "xa")
    with serving(data, files=data / "files") as server:
        yield server, ultrasound, run


@pytest.fixture
def links(clips: tuple[Server, str, str]) -> dict[str, str]:
    server, ultrasound, _ = clips
    return server.open(ultrasound)


@pytest.fixture
def angiography(clips: tuple[Server, str, str]) -> dict[str, str]:
    server, _, run = clips
    return server.open(run)


async def seen(person: Person) -> dict[int, int]:
    """Place by revision of all pictures that were painted."""
    painted: list[tuple[int, int, str]] = await person.evaluate("window.seen")
    found: dict[int, int] = {}
    for revision, place, _ in painted:
        assert found.setdefault(revision, place) == place, "one revision, one image"
    return found


async def watching(three: Persons) -> Persons:
    """Each takes down from now on what is painted."""
    for person in three:
        await person.evaluate(WATCH)
    return three


async def test_three_see_the_same_image_and_it_is_exact_when_it_stops(three: Persons) -> None:
    all_three = await watching(three)
    host = all_three[0]
    play = host.page.get_by_role("button", name="Play", exact=False).first
    await expect(play).to_have_attribute("title", "25 images a second")
    await play.click()
    for person in all_three:
        await person.wait_for(f"new Set(window.seen.map(([rev]) => rev)).size > {ENOUGH}")
        await expect(person.page.locator("#stage")).to_contain_text("CINE 25/s")
    meant = await host.evaluate(STOP)
    revision = await host.settled()
    places = []
    for person in all_three:
        await person.wait_for(f"document.body.dataset.fidelity !== 'lossy' && {PLACE} === {meant}")
        await check_exact(person)
        places.append((await person.shown())["a"]["shows"]["place"])
        await expect(person.page.locator("#stage")).to_contain_text(f"({meant + 1}/{FRAMES})")
    assert places == [meant] * 3, "all stand at the image that the host had before their eyes"
    assert await host.revision() >= revision
    by_revision = await asyncio.gather(*map(seen, all_three))
    common = set.intersection(*map(set, by_revision))
    assert len(common) >= ENOUGH // 5
    for shown in common:
        assert len({found[shown] for found in by_revision}) == 1, f"revision {shown} is two images"


async def test_who_is_late_is_in_step_and_speed_and_part_are_everybodys(three: Persons) -> None:
    host, laptop, phone = await watching(three)
    await host.page.keyboard.press("c")
    await host.page.get_by_role("button", name="Speed and part, 1×").click()
    await host.page.get_by_role("menuitemradio", name="0.5×").click()
    for person in (laptop, phone):
        await expect(person.page.locator("#stage")).to_contain_text("CINE 12.5/s 0.5×")
    await phone.page.reload()
    await phone.state("live")
    await phone.wait_for("document.querySelector('[data-viewport=a]')")
    await phone.evaluate(WATCH)
    await phone.wait_for("new Set(window.seen.map(([, place]) => place)).size > 5")
    await host.page.keyboard.press("End")  # who scrolls along it stops it there
    for person in (host, laptop, phone):
        await person.wait_for(f"document.body.dataset.fidelity !== 'lossy' && {PLACE} === {FRAMES - 1}")
        await check_exact(person)


async def test_who_looks_around_plays_alone(three: Persons) -> None:
    host, laptop, _ = await watching(three)
    before = await host.evaluate(PLACE)
    await laptop.page.keyboard.press("c")
    await laptop.wait_for("document.body.dataset.independent === 'true'")
    await laptop.wait_for("new Set(window.seen.map(([, place]) => place)).size > 5")
    await laptop.page.keyboard.press("c")
    await laptop.wait_for("document.body.dataset.fidelity !== 'lossy'")
    assert await host.evaluate(PLACE) == before
    assert len(set((await seen(host)).values())) <= 1


async def test_the_mask_of_an_angiography_is_moved_for_all(two: Persons) -> None:
    host, guest = two
    await expect(host.page.get_by_role("button", name="Mask to the right")).to_have_count(0)
    await host.after(host.page.keyboard.press("End"))
    await expect(guest.page.locator("#stage")).to_contain_text("SUBTRACTED")
    before = await host.painted()
    right = host.page.get_by_role("button", name="Mask to the right")
    for _ in range(3):
        await host.after(right.click())
    await host.after(right.press("ArrowRight"))
    await expect(guest.page.locator("#stage")).to_contain_text("MASK MOVED →\u00a02.0\u00a0px")
    after, _ = [await check_exact(person) for person in (host, guest)]
    assert after.digests != before.digests

    def edges(rest: Painted) -> int:
        """Columns in which the bone stands beside itself, above the vessel."""
        x, y, width, height = rest.viewports["a"]["rect"]
        row = rest.canvas[y + height * 2 // 5, x : x + width, 0].astype(int)
        return int((np.abs(row - np.median(row)) > 20).sum())

    assert edges(before) > edges(after)
    await host.after(host.page.get_by_role("button", name="As in the file").click())
    assert (await host.at_rest()).digests == before.digests


async def test_another_frame_or_the_mean_of_several_is_the_mask_for_all(two: Persons) -> None:
    """With a frame of after the movement as the mask the bone is gone, as it is nowhere with the file's."""
    host, guest = two
    await host.after(host.page.keyboard.press("ArrowDown"))
    mask = host.page.locator("[data-name=mask-frames]")
    await mask.click()
    await host.after(host.page.get_by_role("menuitem", name="This frame (2) alone is the mask").click())
    await host.after(host.page.keyboard.press("End"))
    await expect(guest.page.locator("#stage")).to_contain_text("MASK: FRAME 2")
    one, _ = [await check_exact(person) for person in (host, guest)]
    x, y, width, height = one.viewports["a"]["rect"]
    beside = (width - height) // 2 + 2  # the run is square
    row = one.canvas[y + height * 2 // 5, x + beside : x + width - beside, 0].astype(int)
    assert int((np.abs(row - np.median(row)) > 20).sum()) == 0, "the bone is gone"
    await host.after(host.page.keyboard.press("ArrowUp"))
    await mask.click()
    await host.after(host.page.get_by_role("menuitem", name=f"Add this frame ({RUN - 1}) to the mask").click())
    await host.after(host.page.keyboard.press("End"))
    await expect(guest.page.locator("#stage")).to_contain_text(f"MASK: MEAN OF FRAMES 2, {RUN - 1}")
    both = await host.at_rest()
    assert both.digests != one.digests
    await mask.click()
    await host.after(host.page.get_by_role("menuitem", name="Mask of the file").click())
    await expect(guest.page.locator("#stage")).not_to_contain_text("MASK:")
    for person in (host, guest):
        assert person.problems == []
