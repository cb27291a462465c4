"""What is asked of the second computation, and what it says."""

from __future__ import annotations

from msgspec import Struct

from consult.model.geometry import SpacingUnit, Vec
from consult.model.mark import MarkKind


class Asked(Struct, frozen=True):
    """A mark on one frame.

    Attributes:
        points: in space, as the mark has them.
        pixels: the same as (column, row) of the frame, by the grid that they were drawn on.
        unit: what a length there is said in.
        in_patient: its series has a place in the patient.
    """

    kind: MarkKind
    points: tuple[Vec, ...]
    pixels: tuple[tuple[float, float], ...]
    unit: SpacingUnit
    in_patient: bool


class Checked(Struct, frozen=True):
    """What the file itself says.

    Attributes:
        values: by quantity; absent where it says nothing.
        pixels: how many were read.
        spacing_tag: keyword of the attribute that the spacing is of.
        off_mm: how far its own points lie from those of the mark, at most; in the unit of the spacing.
        sentence: why something could not be computed.
        sop_instance_uid, frame: of the file, and which of its frames, from 1.
    """

    values: dict[str, float]
    pixels: int = 0
    spacing_tag: str = ""
    off_mm: float = 0.0
    sentence: str = ""
    sop_instance_uid: str = ""
    frame: int = 1
