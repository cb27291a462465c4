"""Marks while they are drawn, and the values read below them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeatId, SeriesKey, TabId
from consult.model.mark import Shape
from consult.sessions.features.kinds import ClientMessage, Epoch, ServerMessage


class Draft(ClientMessage, frozen=True, tag="draft"):
    """What this page draws just now; null: nothing any more. May be dropped; sent anew while it is held."""

    case: Epoch
    shape: Shape | None = None


class Drafted(Struct, frozen=True):
    """What somebody draws just now, in which of their pages."""

    seat: SeatId
    tab: TabId
    shape: Shape


class Drafts(ServerMessage, frozen=True, tag="drafts"):
    """All that is drawn just now, by everybody, on the case of that epoch."""

    case: int
    drafts: tuple[Drafted, ...]


class OverReading(Struct, frozen=True):
    """The values of what lay over the image, of its own voxels, in the unit of its series (Bq/ml, not SUV).

    Attributes:
        series: which.
        pixels: how many voxels were read; 0: none, and `sentence` says why.
        mean, sd, low, high: as in `Reading`.
        peak: of a PET: the largest mean of a sphere of 1 ml around one of them; else 0.
    """

    series: SeriesKey
    pixels: int
    mean: float = 0.0
    sd: float = 0.0
    low: float = 0.0
    high: float = 0.0
    peak: float = 0.0
    sentence: str = ""


class Reading(Struct, frozen=True):
    """The values of the pixels below a shape, in the unit of its series.

    Attributes:
        mark: id of the mark or draft.
        points: which it was read at; a value of other points is not shown.
        pixels: how many were read; 0 where there are none, or none that can be measured.
        mean, sd, low, high: of their values; a probe reads one pixel. The deviation is the population's.
        sentence: why there is no value, or what was left out of it (padding); else empty.
        side: of the patient, where the image shows the midline and all of the shape lies beside it; else empty.
        peak: as in `OverReading`, of a shape that was drawn on a plane.
        over: of the series that lay over it; None where there was none.
    """

    mark: str
    points: tuple[Vec, ...]
    pixels: int
    mean: float = 0.0
    sd: float = 0.0
    low: float = 0.0
    high: float = 0.0
    sentence: str = ""
    side: Literal["", "L", "R"] = ""
    peak: float = 0.0
    over: OverReading | None = None


class Measured(ServerMessage, frozen=True, tag="measured"):
    """Values of shapes, read by the server from the pixels themselves."""

    readings: tuple[Reading, ...]
