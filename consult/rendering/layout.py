"""Where the viewports of a layout lie on a screen, in whole device pixels."""

from __future__ import annotations

from consult.model.view import Layout, Screen, View, Viewport

Rect = tuple[int, int, int, int]
"""(x, y, width, height) in device pixels."""


def place(view: View, screen: Screen) -> list[tuple[Viewport, Rect]]:
    """The viewports that a screen shows, and where.

    Cells of a layout are equally large to the pixel, so that linked viewports have one mm scale; pixels that do not
    divide stay empty at the right and at the bottom. The primary viewport is as high as the grid. A layout keeps its
    columns in portrait too: there a page asks for the active viewport alone.

    Args:
        view: its viewports fill the grid in their order, the primary apart; one beyond the layout's cells is not shown.
        screen: device pixels of the picture area; `only_active` gives all of it to the active viewport.

    Returns:
        In the view's order; every rectangle is at least one pixel wide and high.
    """
    if screen.only_active:
        shown = next((v for v in view.viewports if v.id == view.active), view.viewports[0])
        return [(shown, (0, 0, screen.width, screen.height))]
    cells = _cells(view.layout, screen)
    beside = cells.pop() if view.layout.primary else None
    free = iter(cells)
    placed = [(v, beside if v.id == view.layout.primary else next(free, None)) for v in view.viewports]
    return [(viewport, rect) for viewport, rect in placed if rect is not None]


def _cells(layout: Layout, screen: Screen) -> list[Rect]:
    """Of the grid in reading order; the primary's is the last."""
    beside = 1 if layout.primary else 0
    width = _cell(screen.width, layout.columns + beside, screen.gap)
    height = _cell(screen.height, layout.rows, screen.gap)
    across, down = width + screen.gap, height + screen.gap
    grid = [
        (column * across, row * down, width, height) for row in range(layout.rows) for column in range(layout.columns)
    ]
    return [*grid, (layout.columns * across, 0, width, layout.rows * down - screen.gap)] if beside else grid


def _cell(length: int, count: int, gap: int) -> int:
    """Length of one of `count` equal cells."""
    return max(1, (length - gap * (count - 1)) // count)
