"""A presentation state as its file says it, with the instances that it is about. Without pydicom."""

from __future__ import annotations

from msgspec import Struct

from consult.model.states.state import Drawing, Shutter
from consult.model.view import Window

Box = tuple[float, float, float, float]


class Instance(Struct, frozen=True, omit_defaults=True):
    """A referenced image: SOPInstanceUID, and numbers of its frames from 1; none: all."""

    uid: str
    frames: tuple[int, ...] = ()


class Annotated(Struct, frozen=True, omit_defaults=True):
    """A drawing as the file has it. `relative`: 0 to 1 over the displayed area, else the image's own pixels."""

    drawing: Drawing
    relative: bool = False


class Part(Struct, frozen=True, omit_defaults=True):
    """What a state says of some of its images; without `of`, of all.

    Attributes:
        window: to which window they are shown. area: as in model.states.state.Look.
    """

    of: tuple[Instance, ...] = ()
    window: Window | None = None
    area: Box | None = None
    annotations: tuple[Annotated, ...] = ()


class StateRecord(Struct, frozen=True, omit_defaults=True):
    """One presentation state; else as in model.states.state.

    Attributes:
        about: all images that it is about.
        inverse: PresentationLUTShape is INVERSE.
    """

    name: str
    about: tuple[Instance, ...]
    parts: tuple[Part, ...] = ()
    quarters: int = 0
    flipped: bool = False
    inverse: bool = False
    shutters: tuple[Shutter, ...] = ()
    creator: str = ""
    date: str = ""
    lacks: tuple[str, ...] = ()
