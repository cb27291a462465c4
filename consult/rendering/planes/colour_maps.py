"""Colours of what lies over an image, or of the image itself: well-known palettes (PS3.6 Annex B), and what of them
covers the image below.

Palettes are written as runs of equal differences from one level to the next, as the standard's tables have them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from consult.model.view import ColourMap

Runs = Sequence[tuple[int, int]]
"""(how many levels, difference to the next one); all palettes begin at 0."""

HOT_IRON: tuple[Runs, Runs, Runs] = (
    [(127, 2), (1, 1), (127, 0)],
    [(128, 0), (126, 2), (1, 3)],
    [(191, 0), (63, 4), (1, 3)],
)
"""PS3.6 B.1.1, UID 1.2.840.10008.1.5.1."""
PET: tuple[Runs, Runs, Runs] = (
    [(63, 0), (1, 1), (42, 2), (1, 1), (42, 2), (1, 1), (42, 2), (63, 0)],
    [(31, 2), (1, 3), (30, 2), (1, 3), (32, -2), (1, -1), (31, -2), (1, -1), (126, 2), (1, 3)],
    [(1, 1), (127, 2), (1, -3), (63, -4), (20, 4), (1, 5), (20, 4), (1, 5), (20, 4), (1, 5)],
)
"""PS3.6 B.1.2, UID 1.2.840.10008.1.5.2."""
HOT_METAL_BLUE: tuple[Runs, Runs, Runs] = (
    [
        (85, 0), (8, 3), (1, 2), (8, 3), (1, 2), (1, 3), (2, 2), (1, 3), (2, 2), (1, 3), (1, 2), (1, 3),
        (2, 2), (1, 3), (2, 2), (1, 3), (1, 2), (8, 3), (1, 2), (16, 3), (1, 2), (8, 3), (2, 4), (1, 3),
        (5, 4), (1, 3), (5, 4), (1, 3), (2, 4), (85, 0),
    ],
    [
        (119, 0), (4, 2), (1, 1), (7, 2), (1, 1), (8, 2), (1, 1), (7, 2), (1, 1), (8, 2), (1, 1), (7, 2),
        (1, 1), (8, 2), (1, 1), (7, 2), (1, 1), (8, 2), (1, 1), (7, 2), (1, 1), (8, 2), (1, 1), (7, 2),
        (1, 1), (8, 2), (1, 1), (7, 2), (1, 1), (6, 2), (1, 1), (5, 2), (1, 1), (5, 2), (1, 1), (2, 2),
    ],
    [
        (8, 2), (1, 1), (33, 2), (1, 1), (16, 2), (1, 1), (33, 2), (1, 1), (8, 2), (8, -3), (1, -2), (8, -3),
        (4, -6), (1, -5), (7, -6), (1, -5), (4, -6), (8, -3), (1, -2), (8, -3), (17, 0), (8, 3), (1, 2),
        (16, 3), (1, 2), (16, 3), (1, 2), (16, 3), (1, 2), (10, 3), (1, 4), (3, 3), (1, 4), (3, 3), (1, 4),
        (3, 3), (1, 4), (2, 3),
    ],
)  # fmt: skip
"""PS3.6 B.1.3, UID 1.2.840.10008.1.5.3."""
PET_20_STEP: tuple[Runs, Runs, Runs] = (
    [
        (12, 0), (1, 96), (12, 0), (1, -48), (24, 0), (1, 32), (12, 0), (1, 16), (12, 0), (1, 16), (12, 0),
        (1, 16), (11, 0), (1, -80), (25, 0), (1, 32), (12, 0), (1, -16), (11, 0), (1, 160), (12, 0), (1, -16),
        (37, 0), (1, -16), (12, 0), (1, -16), (12, 0), (1, 79), (25, 0),
    ],
    [
        (25, 0), (1, 48), (24, 0), (1, 32), (12, 0), (1, 16), (12, 0), (1, 16), (12, 0), (1, 16), (11, 0),
        (1, -32), (12, 0), (1, 48), (12, 0), (1, 48), (12, 0), (1, 32), (24, 0), (1, -16), (12, 0), (1, -32),
        (12, 0), (1, -32), (11, 0), (1, -48), (12, 0), (1, -48), (12, 0), (1, -48), (12, 0), (1, 255), (12, 0),
    ],
    [
        (12, 0), (1, 80), (25, 0), (1, 32), (11, 0), (1, 16), (12, 0), (1, 48), (12, 0), (1, 16), (12, 0),
        (1, 32), (11, 0), (1, -176), (25, 0), (1, 32), (12, 0), (1, -16), (11, 0), (1, 16), (12, 0), (1, 16),
        (12, 0), (1, -32), (12, 0), (1, -64), (50, 0), (1, 255), (12, 0),
    ],
)  # fmt: skip
"""PS3.6 B.1.4, UID 1.2.840.10008.1.5.4."""
FADE = 0.1
"""Share of the window over which what lies over an image fades in: where there is nothing, the image is seen."""


def palette(colour_map: ColourMap) -> NDArray[np.uint8]:
    """(256, 3) RGB of each level."""
    match colour_map:
        case "hot_iron":
            return _table(HOT_IRON)
        case "pet":
            return _table(PET)
        case "hot_metal_blue":
            return _table(HOT_METAL_BLUE)
        case "pet_20_step":
            return _table(PET_20_STEP)
        case "grey_inverse":
            return np.repeat(np.arange(255, -1, -1, dtype=np.uint8)[:, None], 3, axis=1)


@lru_cache(8)
def _kept_palette(colour_map: ColourMap) -> NDArray[np.uint8]:
    table = palette(colour_map)
    table.setflags(write=False)
    return table


def in_colours(greys: NDArray[np.uint8], colour_map: ColourMap) -> NDArray[np.uint8]:
    """A grey picture, (height, width), in the colours of a palette, (height, width, 3) RGB: each grey is its level."""
    return np.asarray(_kept_palette(colour_map)[greys], np.uint8)


def _table(channels: tuple[Runs, Runs, Runs]) -> NDArray[np.uint8]:
    counts = [([count for count, _ in runs], [step for _, step in runs]) for runs in channels]
    columns = [np.concatenate(([0], np.cumsum(np.repeat(steps, times)))) for times, steps in counts]
    return np.stack(columns, axis=1).astype(np.uint8)


@lru_cache(64)
def blending_table(colour_map: ColourMap, opacity: float) -> NDArray[np.uint32]:
    """(4, 256) uint32 of each level: red, green, blue times the opacity there, and that opacity, 0 to 255."""
    share = np.minimum(np.arange(256) / (255 * FADE), 1.0) * opacity
    alpha = np.floor(share * 255 + 0.5).astype(np.uint32)
    table = np.concatenate((palette(colour_map).T.astype(np.uint32) * alpha, alpha[None]))
    table.setflags(write=False)
    return table
