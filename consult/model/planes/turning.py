"""A volume seen as a whole from all around: a MIP that turns about the body's axis, from one step to the next.

The camera says how far it is turned; nothing else does. At turn 0 it looks from the front, as a coronal plane does.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from consult.model.geometry import Vec, add, cross, dot, scale, subtract
from consult.model.view import Camera

TURNS = 72
"""Steps of one round: 5 degrees each (web/js/core/planes/whole/turning.js has the same)."""
DOWN: Vec = (0.0, 0.0, -1.0)


def turn_of(camera: Camera) -> int:
    """Which step a camera stands at."""
    degrees = math.degrees(math.atan2(camera.right[1], camera.right[0]))
    return round(degrees * TURNS / 360) % TURNS


def turned_to(camera: Camera, middle: Vec, turn: int) -> Camera:
    """The camera at another step: what it shows of the volume stays where it is on the screen.

    Args:
        camera: before.
        middle: of the volume; it turns about the axis through that.
        turn: the step.
    """
    angle = 2 * math.pi * turn / TURNS
    right = (math.cos(angle), math.sin(angle), 0.0)
    down = _leaning(right, camera)
    off = subtract(camera.center, middle)
    across, along = dot(off, camera.right), dot(off, camera.down)
    return replace(camera, center=add(middle, add(scale(right, across), scale(down, along))), right=right, down=down)


def _leaning(right: Vec, camera: Camera) -> Vec:
    """Which way is down on the screen of a camera that stands elsewhere and looks from as far above or below."""
    if camera.down == DOWN:
        return DOWN
    upright, aside = dot(camera.down, DOWN), dot(camera.down, cross(camera.right, DOWN))
    long = math.hypot(upright, aside)
    if long == 0.0:
        return DOWN
    return add(scale(DOWN, upright / long), scale(cross(right, DOWN), aside / long))
