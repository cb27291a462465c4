"""What a page shows, asked of the page itself in any browser; where points lie is computed apart from it."""

from __future__ import annotations

import json
from typing import Any, Protocol

from tests.support.on_screen import Point, device_pixel
from tests.support.pointing import in_patient, seen

REMEMBER = "(addEventListener('painted', ({detail: stamp}) => { window.painted = stamp; }), 0)"
"""From now on `window.painted` is the stamp of what was painted last."""
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
"""SHA-256 of the pixels of each viewport's canvas, and of its still as the server gives it."""
PEOPLE = """[...document.querySelectorAll('#rail .person')].map((e) =>
  [e.querySelector('.first').textContent, e.querySelector('.second').textContent])"""
MARKS = "[...document.querySelectorAll('[data-mark]')].map((e) => e.textContent.replaceAll('\\u00a0', ' '))"
DRAWN = "document.querySelector('[data-viewport]').dataset.marks"
INK = """(() => {
  const canvas = document.querySelector('canvas[data-layer=marks]');
  const [x, y, w, h] = AREA ?? [0, 0, canvas.width, canvas.height];
  const data = canvas.getContext('2d').getImageData(x, y, w, h).data;
  let most = 0;
  for (let i = 3; i < data.length; i += 4) most = Math.max(most, data[i]);
  return most;
})()"""
CURSOR = """(() => {
  const box = document.querySelector("SELECTOR")?.getBoundingClientRect();
  const area = document.querySelector('#picture-area').getBoundingClientRect();
  return box ? [(box.x - area.x) * devicePixelRatio, (box.y - area.y) * devicePixelRatio] : null;
})()"""
OPAQUE = 200
NEAR_PX = 2


class AnyPage(Protocol):
    """A page in some browser."""

    async def evaluate(self, expression: str) -> Any:
        """Its value, as JSON."""

    async def wait_for(self, expression: str) -> None:
        """Until it holds."""


async def painted(page: AnyPage) -> dict[str, Any]:
    """The first viewport of what was painted last, as its stamp says."""
    found: dict[str, Any] = await page.evaluate("window.painted.viewports[0]")
    return found


async def cursor_of(page: AnyPage, seat: str) -> Point | None:
    """Which point of the patient somebody's cursor stands on here."""
    place = await page.evaluate(CURSOR.replace("SELECTOR", seen(seat)))
    return None if place is None else in_patient(await painted(page), place)


async def has_ink(page: AnyPage) -> bool:
    """Whether any mark is drawn here."""
    return bool(await page.evaluate(INK.replace("AREA", "null")))


async def has_line_on(page: AnyPage, point: Point) -> bool:
    """Whether a line lies on that point of the patient here; within 2 device pixels."""
    x, y = device_pixel(await painted(page), point)
    area = [round(x) - NEAR_PX, round(y) - NEAR_PX, 2 * NEAR_PX + 1, 2 * NEAR_PX + 1]
    opaque: int = await page.evaluate(INK.replace("AREA", json.dumps(area)))
    return opaque > OPAQUE
