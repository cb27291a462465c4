"""Nothing covers a letter, PRIOR, CURRENT or the identity line: at four sizes, with one person, three and twelve.

Bounding boxes of one page, in English and in German, whose other people speak the protocol without a browser.
"""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from tests.browser.conftest import People, Studies
from tests.browser.test_compare import compare
from tests.support.live_client import LiveClient
from tests.support.person import Person
from tests.support.server import Server
from tests.support.waiting import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SIZES = ((1440, 900), (1280, 720), (390, 844), (3840, 2160))
NUMBERS = count(1)
"""Of cursors: each is newer than all before it."""
LEAST_TEXT = 0.011
"""Of the height of a large screen."""
BOXES = """() => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const boxes = (selector) => [...document.querySelectorAll(selector)].filter(seen)
    .map((e) => [e.getBoundingClientRect(), e.textContent.trim()]).filter(([b]) => b.width && b.height)
    .map(([b, text]) => ({box: [b.left, b.top, b.right, b.bottom], text}));
  const kept = '.edge, .corner.top-left .line, .corner.top-right .line.strong, .badge';
  const over = ['.notice', '.talker', '.cursor .name', '.off-pill', '.position .dot', '.position .n', '.time-control',
    '#compact-bar .leave, #compact-bar .two-lines', '.scale-bar', '.scrubber'];
  return {kept: boxes(kept), over: Object.fromEntries(over.map((s) => [s, boxes('#app :is(' + s + ')')])),
    pointing: document.querySelectorAll('[data-cursor], [data-off]').length,
    text: Math.min(...[...document.querySelectorAll('.edge, .corner.top-left .line')].filter(seen)
      .map((e) => parseFloat(getComputedStyle(e).fontSize)))};
}"""
FLOAT = """() => {
  for (const [kind, text] of [['notice', 'You follow Dr. Host. '.repeat(4)], ['talker', 'Somebody is speaking']]) {
    const chip = document.createElement('div');
    chip.className = kind + ' of-test';
    chip.textContent = text;
    document.querySelector('#stage').append(chip);
  }
}"""
FILLED = """(() => {
  const box = (e) => e.getBoundingClientRect();
  const stage = box(document.querySelector('#stage'));
  const viewports = [...document.querySelectorAll('[data-viewport]')].map(box);
  const far = (side) => Math.abs(Math.max(...viewports.map((b) => b[side])) - stage[side]);
  return viewports.length > 0 && far('right') < 2 && far('bottom') < 2;
})()"""
"""The picture is that of the screen's size of now."""
PLACES = ((0.02, 0.5), (0.05, 0.03), (0.45, 0.04), (0.96, 0.5), (0.5, 0.02), (0.5, 0.98), (0.05, 0.97), (0.9, 0.5))
"""Of a viewport, where somebody may well point: at its letters, its identity line, its badges."""


def covering(found: dict[str, Any]) -> list[str]:
    """What lies over what is kept clear, and what of that lies over each other."""
    kept = found["kept"]
    pairs = [(a, b, "itself") for i, a in enumerate(kept) for b in kept[:i]]
    pairs += [(a, b, kind) for a in kept for kind, boxes in found["over"].items() for b in boxes]
    return [f"{kind} {b['text']!r} {b['box']} over {a['text']!r} {a['box']}" for a, b, kind in pairs if meet(a, b)]


def meet(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether two boxes share more than half a pixel."""
    (ax, ay, ar, ab), (bx, by, br, bb) = a["box"], b["box"]
    return bool(min(ar, br) - max(ax, bx) > 0.5 and min(ab, bb) - max(ay, by) > 0.5)


async def point(host: Person, guests: list[LiveClient]) -> None:
    """Each of them at another place of what the host sees; every fourth on an image that nobody sees."""
    shown = list((await host.shown()).values())
    for n, guest in enumerate(guests):
        viewport = shown[n % len(shown)]
        _, _, width, height = viewport["rect_px"]
        camera, (across, down) = viewport["camera"], PLACES[n % len(PLACES)]
        step = 2 * camera["radius"] / min(width, height)
        offsets = (across - 0.5) * width * step, (down - 0.5) * height * step
        point = [
            c + offsets[0] * r + offsets[1] * d
            for c, r, d in zip(camera["center"], camera["right"], camera["down"], strict=True)
        ]
        image = viewport["shows"]["place"] + (3 if n % 4 == 3 else 0)
        at = {"viewport": viewport["id"], "series": viewport["shows"]["series"], "image": image, "point": point}
        await guest.send("cursor", case=guest.view["case"], n=next(NUMBERS), at=at, laser=False)


async def boxes(host: Person, guests: list[LiveClient]) -> dict[str, Any]:
    """What is seen while all of them point: who has not pointed for 4 s fades, so it is done until all are seen."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await point(host, guests)
            await host.page.evaluate(FLOAT)
            found: dict[str, Any] = await host.page.evaluate(BOXES)
            await host.page.evaluate("document.querySelectorAll('.of-test').forEach((e) => e.remove())")
            some = len(guests) <= 4 or (found["over"][".cursor .name"] and found["over"][".off-pill"])
            if some and found["pointing"] >= len(guests):
                return found


async def check(host: Person, guests: list[LiveClient], size: tuple[int, int]) -> None:
    """Everything at once on a screen of that size."""
    await host.page.set_viewport_size({"width": size[0], "height": size[1]})
    await host.wait_for(f"innerWidth === {size[0]} && document.querySelector('#app').offsetWidth === {size[0]}")
    await host.wait_for(FILLED)
    await host.settled()
    found = await boxes(host, guests)
    if size[1] > 2000:
        assert found["text"] >= LEAST_TEXT * size[1]
    assert len(found["kept"]) >= 5
    assert found["over"][".notice"]
    assert covering(found) == [], f"{size}, {len(guests) + 1} people"


async def in_german(host: Person, server: Server) -> None:
    """The same seat, whose page is loaded again after the language was chosen: its words are longer."""
    await host.context.add_cookies([{"name": "language", "value": "de", "url": server.address}])
    await host.page.reload()
    await host.state("live")
    await host.settled()
    assert "VORAUFNAHME" in await host.evaluate("document.querySelector('#stage').textContent")


async def test_nothing_covers_letters_identity_prior_or_current(
    people: People, server: Server, studies: Studies
) -> None:
    links = server.open(studies.prior, studies.current, title="Growth", more_cases=[[studies.other]])
    host = await people.come(*SIZES[0])
    await host.join(links["host"])
    await compare(host)
    guests: list[LiveClient] = []
    try:
        for everybody in (1, 3, 12):
            for n in range(len(guests) + 1, everybody):
                guests.append(LiveClient())
                await guests[-1].join(links["guest"], f"Referring physician {n}")
            for size in SIZES:
                await check(host, guests, size)
        await in_german(host, server)
        for size in SIZES:
            await check(host, guests, size)
    finally:
        await asyncio.gather(*(guest.close() for guest in guests))


async def test_a_zoomed_page_keeps_its_height_for_the_picture(people: People, links: dict[str, str]) -> None:
    """1280x720 with the browser's zoom at 150 % is 853x480 in CSS pixels."""
    host = await people.come(853, 480, 1.5)
    await host.join(links["host"])
    assert await host.evaluate("document.querySelector('#picture-area').getBoundingClientRect().height") >= 0.6 * 480
