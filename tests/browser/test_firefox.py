"""Firefox shows the same exact picture."""

from __future__ import annotations

import pytest

from tests.browser.conftest import People
from tests.support.firefox import Firefox
from tests.support.person import EXACT

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
HASHES = """(async () => {
  const canvas = document.querySelector('canvas[data-layer=picture]');
  const found = {};
  for (const e of document.querySelectorAll('[data-viewport]')) {
    const [x, y, w, h] = e.dataset.rect.split(',').map(Number);
    const probe = new OffscreenCanvas(w, h).getContext('2d', {willReadFrequently: true});
    probe.drawImage(canvas, x, y, w, h, 0, 0, w, h);
    const rgba = probe.getImageData(0, 0, w, h).data;
    const grey = new Uint8Array(w * h);
    for (let i = 0; i < grey.length; i++) {
      if (rgba[4 * i] !== rgba[4 * i + 1] || rgba[4 * i] !== rgba[4 * i + 2]) throw new Error('not grey');
      grey[i] = rgba[4 * i];
    }
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', grey));
    const answer = await fetch(`stills/${e.dataset.digest}`);
    found[e.dataset.viewport] = [[...hash].map((b) => b.toString(16).padStart(2, '0')).join(''),
      answer.headers.get('X-Pixels-SHA256')];
  }
  return found;
})()"""


async def test_firefox_shows_the_same_exact_picture(people: People, links: dict[str, str]) -> None:
    host = await people.come(1024, 768)
    await host.join(links["host"])
    async with Firefox(1024, 768) as firefox:
        await firefox.goto(links["guest"])
        await firefox.wait_for("document.querySelector('input')")
        await firefox.type_into("input", "In Firefox")
        await firefox.wait_for(f"document.body && document.body.dataset.state === 'live' && {EXACT}")
        revision = await host.after(host.page.keyboard.press("ArrowDown"))
        await firefox.wait_for(f"Number(document.body.dataset.revision) >= {revision} && {EXACT}")
        hashes = await firefox.evaluate(HASHES)
        assert hashes
        for painted, sent in hashes.values():
            assert painted == sent
        theirs = {v: w["rect"][2:] for v, w in (await host.viewports()).items()}
        rects = await firefox.evaluate("[...document.querySelectorAll('[data-viewport]')].map(e => e.dataset.rect)")
        if {tuple(int(n) for n in r.split(",")[2:]) for r in rects} == set(theirs.values()):
            mine = {v: (await host.still(w["digest"]))[1] for v, w in (await host.viewports()).items()}
            assert {v: painted for v, (painted, _) in hashes.items()} == mine
