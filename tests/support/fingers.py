"""Real touches on a page, by the browser's own input; and where to put them."""

from __future__ import annotations

from playwright.async_api import CDPSession

from tests.support.person import Person

Place = tuple[float, float]
"""In the window, in CSS pixels."""


async def middle(person: Person) -> Place:
    """Of the picture, in CSS pixels."""
    box = await person.page.locator("canvas[data-layer=picture]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


class Fingers:
    """Real touches, by the browser's own input."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp

    async def touch(self, kind: str, *points: Place) -> None:
        """Of all fingers that are down."""
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        await self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    async def go(self, *path: tuple[Place, ...]) -> None:
        """Down at the first, through the others, up."""
        await self.touch("touchStart", *path[0])
        for points in path[1:]:
            await self.touch("touchMove", *points)
        await self.touch("touchEnd")
