"""What of a presentation state is drawn, image by image. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from consult.model.identifiers import SeriesKey
from consult.model.image import Image, VoiFunction
from consult.model.presentation_states.drawn import Annotation, Shutter
from consult.model.presentation_states.state import STATE_LUT
from consult.model.view import Window

ImageKey = tuple[SeriesKey, int]
"""An image: its series and its index."""


@dataclass(frozen=True, eq=False)
class DrawnImage:
    """What is drawn of one image.

    Attributes:
        function: VOI LUT Function of its window; None: the image's own.
        lut: greys of its VOI LUT's entries; None: it has none.
        annotations: in pixels of the image, the lowest layer first.
    """

    function: VoiFunction | None = None
    lut: NDArray[np.uint8] | None = None
    shutter: Shutter | None = None
    annotations: tuple[Annotation, ...] = ()

    def greys(self, image: Image, window: Window | None) -> tuple[Image, Window | None]:
        """The image and the window that are drawn in place of these, so that the state's function or LUT bends them."""
        if self.function is not None:
            image = replace(image, voi_function=self.function)
        if window is None or window.lut != STATE_LUT or self.lut is None:
            return image, window
        return replace(image, voi_luts=(self.lut,)), structs.replace(window, lut=1)


@dataclass(frozen=True, eq=False)
class DrawnState:
    """All that is drawn of a state.

    Attributes:
        own_bytes: of memory that it takes, about.
    """

    images: Mapping[ImageKey, DrawnImage] = field(default_factory=dict)
    own_bytes: int = 0

    def of(self, series: SeriesKey, image: int) -> DrawnImage:
        """What is drawn of an image; nothing of one that it is not for."""
        return self.images.get((series, image), NOTHING)


NOTHING = DrawnImage()
