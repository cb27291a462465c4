"""Marks by hand: tools, places by pixel of the small CT of tests/support/ct.py, and what the list of marks says."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.async_api import expect

from tests.support.ct import FIRST_Z_MM, SIZE, SLICE_MM, SPACING_MM
from tests.support.on_screen import Point
from tests.support.person import Person

RARE = ("Cobb angle", "Polyline", "Circle", "Rectangle", "Freehand")
"""Tools of the menu behind the others."""


async def at_pixel(person: Person, column: float, row: float) -> Point:
    """A point of the patient, by column and row of the image that is shown."""
    z = FIRST_Z_MM + SLICE_MM * await stored_image(person)
    return (-SIZE + column * SPACING_MM, -SIZE + row * SPACING_MM, z)


async def stored_image(person: Person) -> int:
    """Which of the written images is shown, counted from the feet."""
    viewport = (await person.shown())["a"]
    shows = viewport["shows"]
    z = float(person.series(shows["series"])["grid"]["positions"][shows["place"]][2])
    return round((z - FIRST_Z_MM) / SLICE_MM)


async def choose(person: Person, tool: str) -> None:
    """Take a tool, in the bar or in the menu."""
    if await person.data("form") in {"wide", "middle"}:
        if tool in RARE:
            await person.page.locator(".tools .with-more").click()
            await person.page.get_by_role("menuitemradio", name=tool).click()
            return
        await person.page.get_by_role("radio", name=f"{tool} tool").click()
        return
    if await person.data("form") == "tablet":
        await person.page.locator("#dock").get_by_role("button", name="Draw", exact=True).click()
    else:
        await person.page.locator("#dock").get_by_role("button", name="More", exact=True).click()
        await person.page.get_by_role("menuitem", name="Draw", exact=True).click()
    await person.page.get_by_role("menuitemradio", name=tool).click()


async def rows(person: Person, count: int) -> list[dict[str, Any]]:
    """The rows of the marks list, once there are so many."""
    await expect(person.page.locator("[data-mark]")).to_have_count(count)
    found: list[list[str]] = await person.page.evaluate(
        "[...document.querySelectorAll('[data-mark]')].map(e => [e.dataset.mark, e.dataset.points, e.textContent])"
    )
    return [{"id": i, "points": json.loads(p), "text": t.replace("\u00a0", " ")} for i, p, t in found]


def length_in(text: str) -> float:
    """The number before "mm"."""
    return float(text.split(" mm")[0].rpartition(" ")[2].replace("\u2212", "-"))


def polygon_inside(points: list[list[float]]) -> NDArray[np.bool_]:
    """Which pixels, (row, column), have their middle in a contour, by the even-odd rule; none of it on its sides."""
    grid_rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    x, y = -SIZE + columns * SPACING_MM, -SIZE + grid_rows * SPACING_MM
    inside = np.zeros((SIZE, SIZE), np.bool_)
    for (x0, y0, _), (x1, y1, _) in zip(points, [*points[1:], points[0]], strict=True):
        if y0 != y1:
            inside ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside


def mean_in(text: str) -> float:
    """The number before "±"."""
    return float(text.split(" ±")[0].rpartition(" ")[2].replace("\u2212", "-"))


def pixels_inside(points: list[list[float]]) -> NDArray[np.bool_]:
    """Which pixels, (row, column), have their middle in an ellipse: its centre and the ends of its semi-axes."""
    centre, across, down = (np.array(p) for p in points)
    grid_rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    x, y = -SIZE + columns * SPACING_MM - centre[0], -SIZE + grid_rows * SPACING_MM - centre[1]
    a, b = np.linalg.norm(across - centre), np.linalg.norm(down - centre)
    inside: NDArray[np.bool_] = (x / a) ** 2 + (y / b) ** 2 <= 1
    return inside
