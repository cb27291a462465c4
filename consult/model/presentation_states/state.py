"""The presentation states of a case: what they are called, which images they are for, and how these are then shown.

It travels to guests: no UID, no file name. What is drawn over the images is not here but in `drawn.py`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.identifiers import PresentationStateKey, SeriesKey, StudyKey
from consult.model.view import NamedWindow, Part, Window

STATE_LUT = 16
"""`Window.lut` of the VOI LUT that a state brings; those of images are counted from 1, and there are fewer."""
Sizing = Literal["fit", "true", "magnify"]
Drawn = Literal["shutter", "graphics"]
Box = tuple[float, float, float, float]
"""(left, top, right, bottom) in pixels of an image, whose centres are at whole numbers from 0."""


class Look(Struct, frozen=True, omit_defaults=True):
    """How a state asks that some images of a series are shown, in the words of a view.

    Attributes:
        images: (first, last) of each run.
        right, down: where the screen's axes lead to in the image: (along its rows, along its columns).
        window: in the series' modality units; None: it asks for none.
        windows: where it offers several, all of them with its words for each; the first is `window`.
        invert: as in model.view.Viewport.
        area: what of the image is to be seen; None: all of it.
        sizing: the area as large as the screen has room, as large as life, or magnified.
        magnification: device pixels for a pixel of the image, of "magnify".
    """

    series: SeriesKey
    images: tuple[tuple[int, int], ...]
    right: tuple[int, int] = (1, 0)
    down: tuple[int, int] = (0, 1)
    window: Window | None = None
    windows: tuple[NamedWindow, ...] = ()
    invert: bool = False
    area: Box | None = None
    sizing: Sizing = "fit"
    magnification: float = 1.0

    def shows(self, image: int) -> bool:
        """Whether it is for an image of its series."""
        return any(first <= image <= last for first, last in self.images)


class PresentationState(Struct, frozen=True):
    """One Grayscale Softcopy Presentation State.

    Attributes:
        name: ContentLabel.
        description: ContentDescription; "" mostly.
        creator: ContentCreatorName; "" where it says none.
        created: ISO 8601 date and time of PresentationCreationDate; "" where it says none.
        number: of its series; 0 where that has none.
        looks: of the images that it is for, in the order of the case.
        draws: what is drawn over these images where it is applied.
        without: parts of these files' own presentation that it replaces.
        notes: sentences of what it asks for and is not done.
        why: the sentence why it is for no image here; "" where it is for some.
    """

    key: PresentationStateKey
    study: StudyKey
    name: str
    description: str = ""
    creator: str = ""
    created: str = ""
    number: int = 0
    looks: tuple[Look, ...] = ()
    draws: tuple[Drawn, ...] = ()
    without: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    why: str = ""

    @property
    def drawn_on(self) -> tuple[SeriesKey, ...]:
        """The series of which it is for some images."""
        return tuple(dict.fromkeys(look.series for look in self.looks))

    def look(self, series: SeriesKey, image: int) -> Look | None:
        """How it asks for an image; None where it is not for that one."""
        return next((look for look in self.looks if look.series == series and look.shows(image)), None)
