"""What reading a presentation state leaves behind, as the index keeps it."""

from __future__ import annotations

from msgspec import Struct

from consult.dicom.presenting.records import VoiLut
from consult.model.image import VoiFunction
from consult.model.presentation_states.drawn import Annotation, Shutter
from consult.model.presentation_states.state import Box, Sizing

MAX_REFERENCES = 20_000
"""Images that a state names, in all of its parts together."""


class Reference(Struct, frozen=True, omit_defaults=True):
    """An image that is named.

    Attributes:
        instance: its SOPInstanceUID.
        frames: of it, from 1; none: all.
    """

    instance: str
    frames: tuple[int, ...] = ()


References = tuple[Reference, ...]
"""Of a part of a state; none: it is for all images that the state names."""


class Voi(Struct, frozen=True, omit_defaults=True):
    """A window or a VOI LUT (PS3.3 C.11.8).

    Attributes:
        center, width: of the window; a width of 0: the LUT is what it has.
        explanation: of that window.
        others: further windows, as (center, width, explanation).
    """

    references: References = ()
    center: float = 0.0
    width: float = 0.0
    function: VoiFunction = "LINEAR"
    lut: VoiLut | None = None
    explanation: str = ""
    others: tuple[tuple[float, float, str], ...] = ()


class Area(Struct, frozen=True, omit_defaults=True):
    """A displayed area (PS3.3 C.10.4); `box`, `sizing` and `magnification` as in a `Look`."""

    box: Box
    references: References = ()
    sizing: Sizing = "fit"
    magnification: float = 1.0


class Annotated(Struct, frozen=True, omit_defaults=True):
    """Graphics and words, the lowest layer first."""

    annotation: Annotation
    references: References = ()


class PresentationStateRecord(Struct, frozen=True, omit_defaults=True):
    """All that is read of one.

    Attributes:
        label, description, creator, created: as in model.presentation_states.state.PresentationState.
        images: that it is for.
        slope, intercept: of its own rescale; a slope of 0: it has a table instead.
        rotation: clockwise, in degrees, before `flipped`.
        flipped: left and right change places.
        inverse: PresentationLUTShape is INVERSE.
        overlays: overlays of the images stay.
        notes: sentences of what it asks for and is not done.
    """

    images: References
    label: str = ""
    description: str = ""
    creator: str = ""
    created: str = ""
    slope: float = 1.0
    intercept: float = 0.0
    vois: tuple[Voi, ...] = ()
    areas: tuple[Area, ...] = ()
    rotation: int = 0
    flipped: bool = False
    inverse: bool = False
    shutter: Shutter | None = None
    annotations: tuple[Annotated, ...] = ()
    overlays: bool = False
    notes: tuple[str, ...] = ()
