"""The picture moves: every painted frame is identified, revisions never fall, all end exact and equal."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.browser.conftest import People
from tests.support.ct import SIZE
from tests.support.firefox import Firefox
from tests.support.person import EXACT, Person, check_exact

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
CHANGES, PER_S, SLICES = 200, 30, 24
LIVE_MS = 500
"""From the first message on the control connection to the first frame that is painted, in mid-scroll."""
LEAST = 25
"""Frames that even a machine paints which four browsers keep busy: the others are passed over, newest wins."""
WIDTH, HEIGHT = 1024, 768
WATCH = """(() => {
  // Reads from the canvas itself, in the task of the painting, where the ball is that wanders with the slice.
  window.seen = [];
  addEventListener('painted', ({detail: stamp}) => {
    const canvas = document.querySelector('canvas[data-layer=picture]');
    const [v] = stamp.viewports, [x, y, w, h] = v.rect_px;
    const row = Math.round(y + h / 2 - 0.05 * SIZE * v.scale);
    const line = canvas.getContext('2d').getImageData(x, row, w, 1).data;
    let sum = 0, n = 0;
    for (let i = 0; i < w; i++) if (line[4 * i] > 240) { sum += i + 0.5; n++; }
    const column = (sum / n - w / 2) / v.scale + SIZE / 2 - 0.5;
    window.seen.push({rev: stamp.rev, rtp: stamp.rtp ?? null, output: stamp.output, image: v.image,
      ball: n ? (column / SIZE - 0.3) / 0.4 * SLICES : null, fidelity: document.body.dataset.fidelity});
  });
})()""".replace("SIZE", str(SIZE)).replace("SLICES", str(SLICES))
SCROLL = """async ([changes, pause]) => {
  const stage = document.querySelector('#stage');
  const box = document.querySelector('canvas[data-layer=picture]').getBoundingClientRect();
  const at = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true};
  const start = performance.now();
  for (let i = 0; i < changes || window.goOn; i++) {
    const down = Math.floor((i + 10) / 20) % 2 === 0;
    stage.dispatchEvent(new WheelEvent('wheel', {...at, deltaY: down ? 120 : -120}));
    await new Promise((done) => setTimeout(done, Math.max(0, start + (i + 1) * pause - performance.now())));
  }
}"""
TIMES = """(() => {
  window.times = {};
  const first = (name) => window.times[name] ??= performance.now();
  addEventListener('painted', ({detail: stamp}) => typeof stamp.rtp === 'number' && first('frame'));
  window.WebSocket = class extends WebSocket {
    constructor(...how) { super(...how); this.addEventListener('message', () => first('message')); }
  };
})()"""
LIVE = "document.body?.dataset.state === 'live' && document.body.dataset.transport === 'websocket'"


async def watch(person: Person) -> None:
    """Remember all that is painted, once frames come by WebSocket."""
    await person.wait_for(LIVE)
    await person.page.evaluate(WATCH)


async def scroll(host: Person, changes: int = CHANGES) -> int:
    """Change the view many times; the revision that is exact in the end."""
    before = await host.revision()
    await host.page.evaluate(SCROLL, [changes, 1000 / PER_S])
    return await host.settled(before + 1)


def check_painted(seen: list[dict[str, Any]], least: int) -> None:
    """Each painting shows the image that its stamp says; revisions never fall; frames are lossy, stills are not."""
    moving = [one for one in seen if one["rtp"] is not None]
    print("MOVING", len(moving), len({o["rev"] for o in moving}))
    assert len(moving) >= least, len(moving)
    revisions = [one["rev"] for one in seen]
    assert revisions == sorted(revisions)
    for one in seen:
        assert one["ball"] is not None
        wrong = min(abs(one["ball"] - one["image"]), abs(one["ball"] - (SLICES - 1 - one["image"])))
        assert wrong < 0.6, one
        assert (one["output"] == "still") == (one["rtp"] is None)
    assert all(one["fidelity"] == "lossy" for one in moving)
    assert len({one["image"] for one in moving}) > 3


async def test_chromium_and_firefox_move_together_and_a_page_joins_in_mid_scroll(
    people: People, links: dict[str, str]
) -> None:
    host, guest, late = [await people.come(WIDTH, HEIGHT) for _ in range(3)]
    await host.join(links["host"])
    await guest.join(links["guest"], "Referring physician")
    async with Firefox(WIDTH, HEIGHT) as firefox:
        await firefox.goto(links["guest"])
        await firefox.wait_for("document.querySelector('input')")
        await firefox.type_into("input", "In Firefox")
        await firefox.wait_for(f"document.body && {LIVE} && {EXACT}")
        await firefox.evaluate(f"{WATCH}, 0")
        await asyncio.gather(watch(host), watch(guest))
        await host.page.evaluate("window.goOn = true")
        scrolling = asyncio.create_task(scroll(host))
        await host.wait_for("window.seen.length > 20")
        await late.page.add_init_script(TIMES)
        await late.page.goto(links["guest"])
        await late.page.get_by_label("Your name").fill("Late")
        await late.page.get_by_role("button", name="only listen").click()
        await late.page.wait_for_url("**/seat/**")
        await watch(late)
        await late.wait_for(f"window.seen.filter((one) => one.rtp !== null).length >= {LEAST}")
        assert not scrolling.done()
        times = await late.page.evaluate("window.times")
        print("TIMES", times)
        assert times["frame"] - times["message"] < LIVE_MS, times
        await host.page.evaluate("window.goOn = false")
        revision = await scrolling
        for person in (guest, late):
            assert await person.settled(revision) == revision
        await firefox.wait_for(f"Number(document.body.dataset.revision) >= {revision} && {EXACT}")
        check_painted(await firefox.evaluate("window.seen"), LEAST)
    for person, least in ((host, LEAST), (guest, LEAST), (late, LEAST)):
        check_painted(await person.page.evaluate("window.seen"), least)
        await check_exact(person)
        assert await person.data("refused") == ""
        assert not person.problems
    digests = {json.dumps({v: w["digest"] for v, w in (await p.viewports()).items()}) for p in (host, guest, late)}
    assert len(digests) == 1


async def test_no_still_is_fetched_while_the_picture_moves(people: People, links: dict[str, str]) -> None:
    host = await people.come(WIDTH, HEIGHT)
    await host.join(links["host"])
    await watch(host)
    await scroll(host, 60)
    seen = await host.page.evaluate("window.seen")
    check_painted(seen, LEAST // 2)
    first, last = (next(i for i, one in order if one["rtp"] is not None) for order in (
        enumerate(seen), reversed(list(enumerate(seen)))))
    moved = [one for one in seen[first:last] if one["output"] == "still"]
    assert len(moved) <= 2  # a machine that is busy may pause for longer than rest takes
    assert seen[-1]["output"] == "still"


async def test_the_frame_lies_where_the_still_will_lie(people: People, links: dict[str, str]) -> None:
    """Zoomed in, on a screen of another shape than any raster: no jump, and nothing is missing at the rim."""
    host = await people.come(1300, 620)
    await host.join(links["host"])
    await host.wait_for(LIVE)
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
        if (!taken || taken.viewports[0].image !== stamp.viewports[0].image) return;
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
    host, old = await people.come(WIDTH, HEIGHT), await people.come(WIDTH, HEIGHT)
    await old.page.add_init_script("delete window.VideoDecoder")
    await host.join(links["host"])
    await old.join(links["guest"], "With an old browser")
    await old.page.evaluate(WATCH)
    await host.wait_for(LIVE)
    revision = await scroll(host, 20)
    assert await old.settled(revision) == revision
    assert await old.data("transport") == "stills"
    assert all(one["output"] == "still" for one in await old.page.evaluate("window.seen"))
    await check_exact(old)
