"""Where points of the patient lie on a screen, and what is drawn there; computed apart from the page's code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.support.person import Person

AREA = "(() => { const r = document.querySelector('#picture-area').getBoundingClientRect(); return [r.x, r.y] })()"
Point = tuple[float, ...]
"""Three numbers: LPS mm."""


def device_pixel(viewport: dict[str, Any], point: Point) -> tuple[float, float]:
    """Where a point of the patient lies on the canvas, by the stamped circle: centre on centre, the smaller half of
    the viewport spans the radius."""
    camera, (left, top, wide, high) = viewport["camera"], viewport["rect_px"]
    away = np.array(point) - np.array(camera["center"])
    per_mm = min(wide, high) / (2 * camera["radius"])
    x = left + wide / 2 + float(away @ np.array(camera["right"])) * per_mm
    y = top + high / 2 + float(away @ np.array(camera["down"])) * per_mm
    return x, y


async def on_page(person: Person, point: Point, viewport: str = "a") -> tuple[float, float]:
    """Where a point of the patient lies on the page, in CSS pixels, by the picture that is shown exactly."""
    x, y = device_pixel((await person.shown())[viewport], point)
    left, top = await person.page.evaluate(AREA)
    ratio = float(await person.page.evaluate("devicePixelRatio"))
    return left + x / ratio, top + y / ratio


async def drag(person: Person, *points: Point, viewport: str = "a") -> None:
    """Press at the first point, move over the others, let go at the last."""
    places = [await on_page(person, point, viewport) for point in points]
    await person.page.mouse.move(*places[0])
    await person.page.mouse.down()
    for place in places[1:]:
        await person.page.mouse.move(*place, steps=3)
    await person.page.mouse.up()


async def marks_canvas(person: Person, rect: tuple[int, int, int, int] | None = None) -> NDArray[np.uint8]:
    """What the canvas of marks holds, or x, y, width, height of it: (height, width, 4) uint8 RGBA."""
    return await person.layer("marks", rect)


async def is_drawn_at(person: Person, point: Point) -> bool:
    """Whether a line lies on that point of the patient, as this page shows it; within 2 device pixels."""
    x, y = device_pixel((await person.shown())["a"], point)
    near = await marks_canvas(person, (round(x) - 2, round(y) - 2, 5, 5))
    return bool((near[..., 3] > 200).any())
