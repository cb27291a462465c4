"""Where the viewports of a layout lie on a screen, in whole device pixels."""

from __future__ import annotations

from consult.model.view import LAYOUT_SIZE, Screen, View, Viewport

Rect = tuple[int, int, int, int]
"""(x, y, width, height) in device pixels."""


def place(view: View, screen: Screen) -> list[tuple[Viewport, Rect]]:
    """The viewports that a screen shows, and where.

    Cells of a layout are equally large to the pixel, so that linked viewports have one mm scale; pixels that do not
    divide stay empty at the right and at the bottom. A layout keeps its columns in portrait too: there a page asks for
    the active viewport alone.

    Args:
        view: its layout; a viewport beyond the layout's cells is not shown.
        screen: device pixels of the picture area; `only_active` gives all of it to the active viewport.

    Returns:
        In reading order; every rectangle is at least one pixel wide and high.
    """
    if screen.only_active:
        shown = next((v for v in view.viewports if v.id == view.active), view.viewports[0])
        return [(shown, (0, 0, screen.width, screen.height))]
    rows, columns = LAYOUT_SIZE[view.layout]
    width = _cell(screen.width, columns, screen.gap)
    height = _cell(screen.height, rows, screen.gap)
    cells = [
        (column * (width + screen.gap), row * (height + screen.gap), width, height)
        for row in range(rows)
        for column in range(columns)
    ]
    return list(zip(view.viewports, cells, strict=False))


def _cell(length: int, count: int, gap: int) -> int:
    """Length of one of `count` equal cells."""
    return max(1, (length - gap * (count - 1)) // count)
