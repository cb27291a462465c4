"""The moving picture by WebSocket: every painted frame is identified, revisions never fall, all end exact and equal.

The browsers here have no WebRTC, as on a network that lets none through; by WebRTC and beside Firefox: test_live.py.
"""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.browser.conftest import People
from tests.support.browser_memory import browser_mb
from tests.support.motion import WATCH, check_painted, comes_by, scroll, watch
from tests.support.person import EXACT, Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CHANGES, PER_S = 60, 30
LEAST = 30
"""So many frames each page paints before the wheel stands still; the others are passed over, newest wins."""
MANY, FRAME_MB = 100, 3.7
"""Frames whose memory would be seen, and that of one at 1280x720 in RGBA."""
WIDTH, HEIGHT = 1024, 768
NO_WEBRTC = "delete window.RTCPeerConnection;"


async def come(people: People, width: int = WIDTH, height: int = HEIGHT) -> Person:
    """Somebody without WebRTC."""
    person = await people.come(width, height)
    await person.page.add_init_script(NO_WEBRTC)
    return person


async def test_all_move_together_and_a_page_joins_in_mid_scroll(people: People, links: dict[str, str]) -> None:
    host, guest, late = [await come(people) for _ in range(3)]
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    await asyncio.gather(watch(host, "websocket"), watch(guest, "websocket"))
    await host.page.evaluate("window.goOn = true")
    scrolling = asyncio.create_task(scroll(host, CHANGES, PER_S))
    await host.wait_for("window.seen.length > 20")
    await late.page.goto(links["guest"])
    await late.page.get_by_label("Your name").fill("Late")
    await late.page.get_by_role("button", name="use the telephone").click()
    await late.page.wait_for_url("**/seat/**")
    await watch(late, "websocket")
    await late.wait_for(f"window.seen.filter((one) => one.rtp !== null).length >= {LEAST}")
    assert not scrolling.done()  # how long it took: test_live.py and `consult bench --only moving`
    await host.page.evaluate("window.goOn = false")
    revision = await scrolling
    for person in (host, guest, late):
        assert await person.settled(revision) == revision
        check_painted(await person.page.evaluate("window.seen"), LEAST)
        await check_exact(person)
        assert await person.data("refused") == ""
        assert not person.problems
    digests = {json.dumps((await p.at_rest()).digests) for p in (host, guest, late)}
    assert len(digests) == 1


async def test_no_still_is_fetched_while_the_picture_moves(people: People, links: dict[str, str]) -> None:
    host = await come(people)
    await host.join(links["host"])
    await watch(host, "websocket")
    await scroll(host, 60, PER_S)
    seen = await host.page.evaluate("window.seen")
    check_painted(seen, 15)
    first, last = (
        next(i for i, one in order if one["rtp"] is not None)
        for order in (enumerate(seen), reversed(list(enumerate(seen))))
    )
    moved = [one for one in seen[first:last] if one["stream"] == "still"]
    assert 4 * len(moved) < last - first  # a busy machine may pause for as long as rest takes; still-pictures.test.mjs
    assert seen[-1]["stream"] == "still"


async def test_frames_leave_no_memory_behind(people: People, links: dict[str, str]) -> None:
    """Fails where a VideoFrame is drawn by itself: Chromium without a GPU keeps 3.7 MB of each."""
    host = await come(people, 1280, 720)
    await host.join(links["host"])
    await watch(host, "websocket")
    await host.page.evaluate("window.goOn = true")
    scrolling = asyncio.create_task(scroll(host, CHANGES, PER_S))
    await host.wait_for("window.seen.length > 10")
    before = browser_mb()
    await host.wait_for(f"window.seen.filter((one) => one.rtp !== null).length > {MANY}")
    grown = browser_mb() - before
    await host.page.evaluate("window.goOn = false")
    await scrolling
    assert grown < MANY * FRAME_MB / 2, grown


async def test_the_frame_lies_where_the_still_will_lie(people: People, links: dict[str, str]) -> None:
    """Zoomed in, on a screen of another shape than any raster: no jump, and nothing is missing at the rim."""
    host = await come(people, 1300, 620)
    await host.join(links["host"])
    await host.wait_for(comes_by("websocket"))
    stage = host.page.locator("#stage")
    await stage.hover()
    before = await host.revision()
    await host.page.keyboard.down("Control")
    await host.page.mouse.wheel(0, -120)  # zooms: the image is larger than the stage
    await host.page.keyboard.up("Control")
    await host.settled(before + 1)
    assert (await host.canvas())[:, -2, 0].max() > 30
    await host.page.evaluate("""() => new Promise((done) => {
      let frame = null, taken = null;
      addEventListener('painted', ({detail: stamp}) => {
        const canvas = document.querySelector('canvas[data-layer=picture]');
        const pixels = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        if (typeof stamp.rtp === 'number') { frame = pixels(); taken = stamp; return; }
        if (!taken || taken.viewports[0].shows.place !== stamp.viewports[0].shows.place) return;
        const still = pixels();
        let sum = 0, rim = 0;
        for (let i = 0; i < still.length; i += 4) sum += Math.abs(still[i] - frame[i]);
        for (let y = 0; y < canvas.height; y++) for (const x of [1, canvas.width - 2]) {
          rim += Math.abs(still[4 * (y * canvas.width + x)] - frame[4 * (y * canvas.width + x)]);
        }
        window.difference = {mean: sum / (still.length / 4), rim: rim / 2 / canvas.height};
      });
      done();
    })""")
    await host.page.mouse.wheel(0, 120)
    await host.wait_for(f"window.difference && {EXACT}")
    difference = await host.page.evaluate("window.difference")
    assert difference["mean"] < 4, difference
    assert difference["rim"] < 8, difference


async def test_a_browser_that_cannot_decode_has_stills_as_before(people: People, links: dict[str, str]) -> None:
    host, old = await come(people), await come(people)
    await old.page.add_init_script("delete window.VideoDecoder")
    await host.join(links["host"])
    await old.join(links["guest"], "With an old browser")
    await old.page.evaluate(WATCH)
    await host.wait_for(comes_by("websocket"))
    revision = await scroll(host, 20, PER_S)
    assert await old.settled(revision) == revision
    assert await old.data("transport") == "stills"
    assert all(one["stream"] == "still" for one in await old.page.evaluate("window.seen"))
    await check_exact(old)
