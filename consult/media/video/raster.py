"""The closed ladder of rasters that moving pictures are rendered on, so that one encode serves many screens.

Rules:
- Four shapes, two sizes. A screen takes the smallest raster that shows its viewports nearly as finely as the best of
  its size would; who shows the active viewport alone takes streams of their own.
- A layer below "full", for slow links, has the small rasters alone, at less bits. So has, at full bits, a view that
  changes faster than anybody reads (media/pacing/motion.py): less than half the pixels to draw, encode and decode.
- Every screen of a stream must be filled: where a viewport is more oblong than its place on the raster, the circle is
  drawn smaller (`fit`), and the page cuts out what it needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from consult.media.pacing.congestion import BITS_PER_S, QualityLayer
from consult.model.view import Screen, View
from consult.rendering.layout import place

SHORT_SIDES = (720, 1080)
"""Pixels."""
BETWEEN = 882
"""Geometric mean of the short sides: a screen whose short side is longer takes the larger raster."""
SHAPES = ((16, 9), (4, 3), (3, 4), (9, 16))
NEARLY = 0.9
"""A smaller raster is taken where it shows at least this part of the best one's resolution."""
GAP = 2
"""Pixels between viewports on a raster: what the page cuts out does not bleed into its neighbour."""
SMALLEST_FIT = 0.5
"""However oblong a screen is, the others lose no more than this."""

Part = Literal["all", "active"]


@dataclass(frozen=True, order=True)
class Raster:
    """Size of a moving picture, in pixels; both sides are even."""

    width: int
    height: int


def _raster(shape: tuple[int, int], short_side: int) -> Raster:
    unit = short_side // min(shape)
    return Raster(shape[0] * unit, shape[1] * unit)


LADDER = tuple(_raster(shape, side) for side in SHORT_SIDES for shape in SHAPES)


@dataclass(frozen=True)
class StreamKey:
    """What makes two people share one encoder: the part of the view, the raster, what their links take, whose view it
    is ("": the one that all are shown), and what of it is hidden from them ("": nothing)."""

    part: Part
    raster: Raster
    layer: QualityLayer = "full"
    stage: str = ""
    hidden: str = ""

    @property
    def name(self) -> str:
        """As stamps name it."""
        layer = "" if self.layer == "full" else self.layer
        parts = f"{self.part}-{self.raster.width}x{self.raster.height}", layer, self.stage, self.hidden
        return "-".join(part for part in parts if part)

    @property
    def max_bits_per_s(self) -> int:
        """What the encoder may make."""
        return BITS_PER_S[self.layer]

    @property
    def screen(self) -> Screen:
        """The raster as a screen, for layouts."""
        return Screen(self.raster.width, self.raster.height, self.part == "active", GAP)


def choose(view: View, screen: Screen, layer: QualityLayer = "full", *, fast: bool = False) -> StreamKey:
    """The stream that a screen takes for a view, on a link of that layer; `fast`: nobody reads it now."""
    part: Part = "active" if screen.only_active else "all"
    side = SHORT_SIDES[layer == "full" and not fast and min(screen.width, screen.height) > BETWEEN]
    keys = [StreamKey(part, raster, layer) for raster in LADDER if min(raster.width, raster.height) == side]
    fineness = {key: _fit(view, key, screen) * _smaller_side(view, key.screen) for key in keys}
    enough = NEARLY * max(fineness.values())
    return min(
        (key for key in keys if fineness[key] >= enough),
        key=lambda key: (key.raster.width * key.raster.height, -fineness[key]),
    )


def fit(view: View, key: StreamKey, screens: Iterable[Screen]) -> float:
    """How much of the smaller half of a place on the raster the camera's radius spans, so that all screens are filled.

    Returns:
        1 where no screen is more oblong than the raster; at least `SMALLEST_FIT`.
    """
    return max(SMALLEST_FIT, min((_fit(view, key, screen) for screen in screens), default=1.0))


def _fit(view: View, key: StreamKey, screen: Screen) -> float:
    ours, theirs = _shape(view, key.screen), _shape(view, screen)
    return min(1.0, ours[0] / theirs[0], ours[1] / theirs[1])


def _shape(view: View, screen: Screen) -> tuple[float, float]:
    """(width, height) of a viewport's place on a screen, the smaller of them 1."""
    width, height = place(view, screen)[0][1][2:]
    smaller = min(width, height)
    return width / smaller, height / smaller


def _smaller_side(view: View, screen: Screen) -> int:
    return min(place(view, screen)[0][1][2:])
