"""A volume seen as a whole from all around: a MIP that turns about the body's axis, from one step to the next.

The camera says how far it is turned; nothing else does. At turn 0 it looks from the front, as a coronal plane does.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from consult.model.geometry import Vec, add, dot, scale, subtract
from consult.model.view import Camera

TURNS = 72
"""Steps of one round: 5 degrees each (web/js/core/planes/turning.js has the same)."""
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
    off = subtract(camera.center, middle)
    across, along = dot(off, camera.right), dot(off, camera.down)
    return replace(camera, center=add(middle, add(scale(right, across), scale(DOWN, along))), right=right, down=DOWN)
