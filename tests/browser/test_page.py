"""What one page does by itself: asks anew, shows what can be shown, keeps to the pixels, keeps its link, stays away."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Route, expect
from pydicom import dcmread

from consult.media.video.png import encode_png
from tests.browser.conftest import People, Studies
from tests.browser.test_compare import compare
from tests.browser.test_refusals import REFUSED
from tests.support.person import Person, check_exact, read_png
from tests.support.server import Server, consult
from tests.support.tap import Tap

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SENTENCE = "This image cannot be shown: its pixels are incomplete."


async def test_a_page_whose_still_was_spoiled_comes_to_the_exact_picture_by_itself(
    people: People, links: dict[str, str]
) -> None:
    host = await people.come(640, 480)
    await host.join(links["host"])
    revision = await host.revision()

    async def spoil(route: Route) -> None:
        answer = await route.fetch()
        pixels = np.array(read_png(await answer.body()))
        pixels[0, 0] ^= 1
        await route.fulfill(response=answer, body=encode_png(pixels))

    await host.page.route("**/stills/*", spoil)
    await host.page.keyboard.press("ArrowDown")
    await host.wait_for(f"{REFUSED} >= 2")
    await host.page.unroute_all(behavior="ignoreErrors")
    await host.settled(revision + 1)
    await check_exact(host)


async def test_a_page_that_has_refused_a_stamp_asks_for_another(people: People, links: dict[str, str]) -> None:
    guest = await people.come(640, 480)
    host = await people.come(800, 600)
    spoiled: list[int] = []

    def spoil(message: dict[str, Any]) -> dict[str, Any]:
        """The second revision's first stamp says another image than its view."""
        if message["type"] == "stamp" and message["stamp"]["rev"] not in spoiled and len(spoiled) < 2:
            spoiled.append(message["stamp"]["rev"])
            if len(spoiled) == 2:
                message["stamp"]["viewports"][0]["shows"]["place"] += 1
        return message

    await Tap(spoil).tap(guest)
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    revision = await host.after(host.page.keyboard.press("ArrowDown"))
    await guest.settled(revision)
    assert json.loads(await guest.data("refused")) == {"content": 1}
    await check_exact(guest)


async def test_the_good_viewport_is_shown_beside_one_that_cannot_be(
    people: People, server: Server, studies: Studies
) -> None:
    host = await people.come(1280, 720)
    links = server.open(studies.prior, studies.current, title="Growth")
    await host.join(links["host"])
    await compare(host)
    bad: set[str] = set()

    async def refuse(route: Route) -> None:
        digest = route.request.url.rpartition("/")[2]
        if any(v["id"] == "b" and v["digest"] == digest for s in host.stamps for v in s["viewports"]):
            bad.add(digest)
            error = {"error": {"code": "pixels", "message": SENTENCE}}
            await route.fulfill(status=422, json=error)
        else:
            await route.continue_()

    await host.page.route("**/stills/*", refuse)
    revision = await host.revision()
    await host.page.keyboard.press("ArrowDown")
    moved_and_rested = revision + 2
    await host.page.get_by_text(SENTENCE).wait_for()
    await host.wait_for(f"Number(document.body.dataset.revision) >= {moved_and_rested}")
    await host.wait_for("document.querySelector('[data-viewport=a]').dataset.digest !== ''")
    viewports = await host.viewports()
    assert bad
    assert viewports["b"]["digest"] == ""
    assert await host.data("fidelity") == "lossy"
    still, _ = await host.still(viewports["a"]["digest"])
    assert np.array_equal((await host.canvas(viewports["a"]["rect"]))[..., 0], still)
    assert not (await host.canvas(viewports["b"]["rect"]))[..., :3].any()
    await host.page.unroute_all(behavior="ignoreErrors")
    await host.after(host.page.keyboard.press("ArrowUp"))
    await check_exact(host)


@pytest.mark.parametrize(("width", "height"), [(640, 480), (641, 481)])
async def test_one_to_one_shows_the_files_own_pixels(
    people: People, links: dict[str, str], studies: Studies, width: int, height: int
) -> None:
    host = await people.come(width, height)
    await host.join(links["host"])
    await host.after(host.page.keyboard.press("o"))
    await check_file_pixels(host, studies)
    assert await host.data("fidelity") == "exact"

    await host.page.keyboard.press("p")
    box = await host.page.locator("#picture-area").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = await host.revision()
    await host.page.mouse.move(x, y)
    await host.page.mouse.down()
    await host.page.mouse.move(x + 7.4, y - 5.3)
    await host.page.mouse.up()
    await host.settled(before + 1)
    await check_file_pixels(host, studies)


async def check_file_pixels(host: Person, studies: Studies) -> None:
    """Somewhere on the canvas lies the whole image, as `consult render` draws it pixel for pixel."""
    shown = (await host.shown())["a"]
    assert shown["scale"] == 1
    position = host.series(shown["shows"]["series"])["grid"]["positions"][shown["shows"]["place"]]
    files = sorted((studies.data / "files/current").iterdir())
    file = next(f for f in files if dcmread(f).ImagePositionPatient == position)
    out = studies.data / "rendered.png"
    window = [str(shown["window"]["center"]), str(shown["window"]["width"])]
    consult("render", str(file), "--window", *window, "-o", str(out), data=studies.data)
    expected = read_png(out.read_bytes())
    canvas = (await host.canvas(shown["rect_px"]))[..., 0]
    rows, columns = np.nonzero(canvas)
    image_rows, image_columns = np.nonzero(expected)
    top, left = rows.min() - image_rows.min(), columns.min() - image_columns.min()
    height, width = expected.shape
    assert np.array_equal(canvas[top : top + height, left : left + width], expected)


async def test_on_paper_stands_what_is_said_of_the_picture_and_nothing_on_a_letter(
    people: People, links: dict[str, str]
) -> None:
    # Seen to fail: no badge at all was printed, and "Printed, scaled" stood on the letter below the picture.
    host = await people.come(1440, 900)
    await host.join(links["host"])
    await host.after(host.page.keyboard.press("h"))
    badges = host.page.locator("#stage .badge")
    await expect(badges.filter(has_text="FLIPPED")).to_be_visible()
    await host.page.emulate_media(media="print")
    await expect(badges.filter(has_text="FLIPPED")).to_be_visible()
    await expect(badges.filter(has_text=re.compile("EXACT|SCALED"))).to_be_hidden()
    below = "parseFloat(getComputedStyle(document.querySelector('#stage'), '::after').top)"
    assert await host.evaluate(f"{below} >= document.querySelector('#stage').clientHeight")


async def test_the_link_can_be_loaded_again_until_the_seat_is_taken(people: People, links: dict[str, str]) -> None:
    guest = await people.come(800, 600)
    await guest.page.goto(links["guest"])
    await guest.page.get_by_label("Your name").wait_for()
    await guest.page.reload()
    await guest.page.get_by_label("Your name").fill("Referring physician")
    await guest.page.get_by_role("button", name="only listen").click()
    await guest.page.wait_for_url("**/seat/**")
    await guest.settled()
    assert "#" not in guest.page.url
    secret = links["guest"].rpartition("#")[2]
    others = "performance.getEntries().filter((e) => e.entryType !== 'navigation').map((e) => e.name)"
    assert secret not in await guest.page.evaluate(f"JSON.stringify([{others}, history.state, document.referrer])")
    await guest.page.reload()
    await guest.settled()


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (4007, "replaced", "another window"),
        (4008, "version", "Reload the page"),
        (4009, "flood", "sent too much"),
        (4010, "pages", "too many windows"),
    ],
)
async def test_a_page_that_is_replaced_or_too_old_stays_away(
    people: People, links: dict[str, str], code: int, reason: str, words: str
) -> None:
    guest = await people.come(800, 600)
    tap = Tap()
    await tap.tap(guest)
    await guest.join(links["guest"], "Referring physician")
    tap.put({"type": "closing", "reason": "", "sentence": "Because."})
    await tap.close(code)
    await guest.state("ended")
    assert await guest.data("reason") == reason
    await guest.page.get_by_text(words).wait_for()


async def test_after_a_switch_the_identity_covers_the_stage_until_the_new_case_is_exact(
    people: People, links: dict[str, str]
) -> None:
    guest = await people.come(1024, 768)

    def add_case(message: dict[str, Any]) -> dict[str, Any]:
        if message["type"] == "welcome" and message["snapshot"]:
            blank = {"title": "", "patient": {"name": "", "id": ""}, "studies": [], "series": [], "unshown": []}
            message["snapshot"]["cases"].append({"id": "c-other", **blank, "withheld": True})
        return message

    tap = Tap(add_case)
    await tap.tap(guest)
    await guest.join(links["guest"], "Referring physician")
    snapshot, view, stamp = tap.welcomes[-1]["snapshot"], tap.welcomes[-1]["view"], tap.stamps[-1]["stamp"]
    case = json.loads(json.dumps(snapshot["cases"][0]))
    case["id"], case["patient"]["name"], case["patient"]["id"] = "c-other", "OTHER^BERTA", "0815"
    seq = tap.welcomes[-1]["seq"]
    switched = {"type": "case_switched", "epoch": snapshot["case"] + 1, "case": "c-other"}
    tap.put({"type": "part", "name": "next", "n": 1, "cases": [case]})
    tap.put({"type": "event", "seq": seq + 10, "at": 0, "event": switched, "by": "", "command": ""})
    card = guest.page.locator(".identity-card")
    await card.get_by_text("0815").wait_for()
    assert not (await guest.canvas())[..., :3].any(), "nothing of the former patient stays"
    covered = await guest.page.evaluate(
        "(() => { const box = (s) => document.querySelector(s).getBoundingClientRect();"
        " const [a, b] = [box('.identity-card'), box('#stage')];"
        " return [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height] })()"
    )
    assert covered == [0, 0, 0, 0]
    count = await guest.page.evaluate(REFUSED)
    tap.put({"type": "stamp", "stamp": stamp})
    await guest.wait_for(f"{REFUSED} > {count}")
    assert await card.is_visible()
    revision = view["rev"] + 5
    tap.put({**view, "type": "view", "rev": revision, "case": snapshot["case"] + 1})
    assert await card.is_visible()
    tap.put({"type": "stamp", "stamp": {**stamp, "rev": revision, "case": snapshot["case"] + 1}})
    await guest.settled(revision)
    assert not await card.is_visible()
    assert await guest.data("case") == str(snapshot["case"] + 1)
