"""Segmentations on a drawn picture, the lowest first. The result is RGB, also where nothing lies on the image: whether
a still has colours does not change from slice to slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from consult.model.segmentations.segmentation import Segment
from consult.model.view import Camera, ShownSegmentation
from consult.rendering.affine import Size
from consult.rendering.segmentations.where import Where


class Drawable(Protocol):
    """What of a segmentation can be drawn."""

    @property
    def own_bytes(self) -> int:
        """Of memory that it takes, about."""

    def draw(  # noqa: PLR0917 - what a picture is made of, each once
        self,
        picture: NDArray[np.uint8],
        where: Where,
        camera: Camera,
        size: Size,
        segments: Sequence[Segment],
        shown: ShownSegmentation,
    ) -> None:
        """Lay it over an RGB picture, which changes."""


@dataclass(frozen=True)
class Layer:
    """One segmentation that is switched on, and where the picture lies for it, seen by which camera."""

    drawable: Drawable
    segments: tuple[Segment, ...]
    shown: ShownSegmentation
    where: Where
    camera: Camera


def with_segmentations(drawn: NDArray[np.uint8], layers: Sequence[Layer], size: Size) -> NDArray[np.uint8]:
    """The picture with what marks its regions. Thread-safe.

    Args:
        drawn: (height, width) grey or (height, width, 3) RGB.
        layers: the lowest first.
        size: (width, height) in device pixels.

    Returns:
        (height, width, 3) RGB.
    """
    picture = np.repeat(drawn[..., None], 3, axis=2) if drawn.ndim == 2 else np.array(drawn)
    for layer in layers:
        layer.drawable.draw(picture, layer.where, layer.camera, size, layer.segments, layer.shown)
    return picture
