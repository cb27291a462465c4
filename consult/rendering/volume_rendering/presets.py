"""What values look like: colours and opacities over a window. Drawing the window moves and stretches them.

A preset is a table of points over the window: 0 its lower end, 1 its upper. Below the window nothing is seen; above it
what its last point says. Opacity is that of 1 mm.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from consult.model.view import VolumePreset, Window

LEVELS = 1024
"""Of a table; a step of one in opacity is not seen."""
UNIT_MM = 1.0
"""Of which opacities are given."""
Stop = tuple[float, float, float, float, float]
"""Where in the window, then red, green, blue (0 to 1), and the opacity of 1 mm."""


@dataclass(frozen=True)
class Look:
    """A preset.

    Attributes:
        stops: ascending, from 0 to 1.
        window: what it opens with, in HU; other modalities keep their series' own.
        shine: how much surfaces shine.
    """

    stops: tuple[Stop, ...]
    window: Window
    shine: float = 0.25


LOOKS: dict[VolumePreset, Look] = {
    "bone": Look(
        (
            (0.0, 0.45, 0.22, 0.14, 0.0),
            (0.12, 0.62, 0.36, 0.22, 0.05),
            (0.35, 0.87, 0.75, 0.58, 0.45),
            (0.7, 0.97, 0.93, 0.84, 0.85),
            (1.0, 1.0, 0.99, 0.95, 0.95),
        ),
        Window(425.0, 650.0),
    ),
    "vessels": Look(
        (
            (0.0, 0.4, 0.05, 0.03, 0.0),
            (0.15, 0.66, 0.12, 0.08, 0.08),
            (0.5, 0.88, 0.33, 0.22, 0.55),
            (0.75, 0.96, 0.79, 0.62, 0.75),
            (1.0, 1.0, 0.96, 0.89, 0.9),
        ),
        Window(300.0, 360.0),
        0.35,
    ),
    "skin": Look(
        (
            (0.0, 0.62, 0.4, 0.3, 0.0),
            (0.3, 0.76, 0.52, 0.41, 0.25),
            (0.6, 0.91, 0.7, 0.58, 0.8),
            (1.0, 0.96, 0.82, 0.72, 1.0),
        ),
        Window(-250.0, 500.0),
        0.15,
    ),
    "lungs": Look(
        (
            (0.0, 0.1, 0.25, 0.45, 0.0),
            (0.15, 0.25, 0.5, 0.72, 0.015),
            (0.5, 0.6, 0.78, 0.88, 0.05),
            (0.8, 0.95, 0.78, 0.68, 0.2),
            (0.95, 0.9, 0.5, 0.42, 0.1),
            (1.0, 0.8, 0.4, 0.35, 0.0),
        ),
        Window(-650.0, 600.0),
        0.1,
    ),
    "surface": Look(
        (
            (0.0, 0.25, 0.25, 0.25, 0.0),
            (0.2, 0.45, 0.45, 0.45, 0.02),
            (0.45, 0.7, 0.7, 0.7, 0.3),
            (1.0, 1.0, 1.0, 1.0, 0.9),
        ),
        Window(40.0, 400.0),
    ),
    "glow": Look(
        (
            (0.0, 0.1, 0.0, 0.0, 0.0),
            (0.1, 0.35, 0.02, 0.0, 0.005),
            (0.4, 0.85, 0.2, 0.02, 0.03),
            (0.7, 1.0, 0.62, 0.12, 0.12),
            (1.0, 1.0, 0.98, 0.8, 0.4),
        ),
        Window(40.0, 400.0),
        0.0,
    ),
}


@lru_cache(64)
def table_of(preset: VolumePreset, step_mm: float) -> NDArray[np.float32]:
    """(LEVELS, 4) red, green, blue, and the opacity of a sample that stands for so many mm."""
    points = np.array(LOOKS[preset].stops)
    at = np.linspace(0.0, 1.0, LEVELS)
    table = np.stack([np.interp(at, points[:, 0], points[:, i]) for i in range(1, 5)], axis=1)
    table[:, 3] = 1.0 - (1.0 - np.minimum(table[:, 3], 0.999)) ** (step_mm / UNIT_MM)
    found = table.astype(np.float32)
    found.setflags(write=False)
    return found
