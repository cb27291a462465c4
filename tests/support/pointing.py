"""Who points where: cursors on somebody's page, as points of the patient."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from tests.support.on_screen import Point, on_page
from tests.support.person import Person
from tests.support.waiting import PATIENCE_S

WHERE = """(selector) => {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  const area = document.querySelector('#picture-area').getBoundingClientRect();
  return box ? [(box.x - area.x) * devicePixelRatio, (box.y - area.y) * devicePixelRatio] : null;
}"""
ANEW_S = 2.0
NEAR_MM = 1.0
"""A cursor may be so far from the point that it is set on."""


async def seat(person: Person) -> str:
    """The seat that somebody sits in."""
    return person.page.url.split("/seat/")[1].split("/")[0]


def seen(identifier: str) -> str:
    """Where a cursor is an element."""
    return f"[data-cursor='{identifier}']"


def in_patient(viewport: dict[str, Any], place: Point) -> Point:
    """The point of the patient below a device pixel of somebody's picture, as their own stamp says: LPS mm."""
    camera, (x, y, width, height) = viewport["camera"], viewport["rect_px"]
    mm = 2 * camera["radius"] / min(width, height)
    right, down = (place[0] - x - width / 2) * mm, (place[1] - y - height / 2) * mm
    return tuple(
        c + right * r + down * d for c, r, d in zip(camera["center"], camera["right"], camera["down"], strict=True)
    )


async def point_seen(person: Person, selector: str) -> Point:
    """Which point of the patient a cursor stands on at somebody's page."""
    place = await person.page.evaluate(WHERE, selector)
    assert place, selector
    return in_patient((await person.shown())["a"], place)


async def under(person: Person, x: float, y: float) -> Point:
    """Which point of the patient lies there in the window."""
    ratio = float(await person.page.evaluate("devicePixelRatio"))
    box = await person.page.locator("#picture-area").bounding_box()
    assert box
    return in_patient((await person.shown())["a"], ((x - box["x"]) * ratio, (y - box["y"]) * ratio))


async def stands_on(person: Person, who: str, point: Point, *, by: Person | None = None) -> None:
    """Wait until somebody's cursor is on that point, within 1 mm.

    Args:
        by: who points there by mouse: a cursor is gone 6 s after it moved last, which a busy machine may need for less,
            so they point anew until it is seen.
    """
    loop = asyncio.get_running_loop()
    deadline, anew = loop.time() + PATIENCE_S, loop.time() + ANEW_S
    found: Point | None
    while True:
        if await person.page.locator(seen(who)).count():
            found = await point_seen(person, seen(who))
            if math.dist(found, point) < NEAR_MM:
                return
        else:
            found = None
        assert loop.time() < deadline, (found, point)
        if by is not None and loop.time() >= anew:
            x, y = await on_page(by, point)
            await by.page.mouse.move(x + 1, y)
            await by.page.mouse.move(x, y)
            anew = loop.time() + ANEW_S
        await asyncio.sleep(0.05)


async def nodule(person: Person) -> Point:
    """A point of the patient on the image that is shown: beside the middle of the picture."""
    camera = (await person.shown())["a"]["camera"]
    return tuple(
        c + 21.5 * r - 13.25 * d for c, r, d in zip(camera["center"], camera["right"], camera["down"], strict=True)
    )


async def point_at(person: Person, point: Point) -> None:
    """Move the mouse there."""
    await person.page.mouse.move(*(await on_page(person, point)))
