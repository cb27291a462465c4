"""Who has had what on the screen."""

from __future__ import annotations

from msgspec import Struct

from consult.model.identifiers import SeatId, SeriesKey
from consult.sessions.features.kinds import Event


class Coverage(Struct, frozen=True):
    """The images of a series that one seat has had on the screen.

    Attributes:
        id: made from case, seat and series: two cases may have a study in common.
        case: whose series it is.
        runs: (first, last) of each run of images, ascending, none next to another.
    """

    id: str
    case: str
    series: SeriesKey
    seat: SeatId
    runs: tuple[tuple[int, int], ...]


class CoveragePut(Event, frozen=True, tag="coverage_put"):
    """A seat has had more images of a series on the screen; all of them."""

    coverage: Coverage
