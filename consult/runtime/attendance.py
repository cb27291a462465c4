"""Who the audit trail has as present in a consult, so that a stay is one row at each end. Pure: the time comes in.

Rules:
- A stay begins with the first page of a seat that is welcomed. Pages come and go within it, over networks that come and
  go: that is no row.
- It ends AWAY_S after the last page went, and is noted as of then; at once for who was removed.
- Within a stay each case that a seat comes to see is noted once.
So however often somebody connects, the trail has a row at each end in AWAY_S, and one for each case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consult.documents.contents import Stay
from consult.store.audit import AuditRecord

AWAY_S = 300.0
"""A sleeping phone, a lift, another network: whoever is away for longer has left."""


@dataclass
class _Stay:
    """Of one seat.

    Attributes:
        role: of the seat.
        cases: that were noted.
        gone: when its last page went, by the steady and by the wall clock; None while one is here.
    """

    role: str
    cases: set[str] = field(default_factory=set)
    gone: tuple[float, float] | None = None


class Attendance:
    """The stays of one consult."""

    def __init__(self) -> None:
        self._stays: dict[str, _Stay] = {}

    def came(self, seat: str, role: str) -> bool:
        """A page of that seat was welcomed; whether a stay begins."""
        is_new = seat not in self._stays
        self._stays.setdefault(seat, _Stay(role)).gone = None
        return is_new

    def sees(self, seat: str, case: str) -> bool:
        """A seat that is here sees a case; whether that is new in its stay."""
        cases = self._stays[seat].cases
        is_new = case not in cases
        cases.add(case)
        return is_new

    def all_see(self, case: str, *, but: str) -> Iterator[tuple[str, str]]:
        """Who is here sees a case now: seat and role of those, but that one, to whom it is new in their stay."""
        for seat, stay in self._stays.items():
            if stay.gone is None and self.sees(seat, case) and seat != but:
                yield seat, stay.role

    def went(self, seat: str, now: float, wall: float) -> None:
        """The last page of that seat is gone."""
        if (stay := self._stays.get(seat)) is not None and stay.gone is None:
            stay.gone = now, wall

    def end(self, seat: str) -> None:
        """That seat may not be here any more."""
        self._stays.pop(seat, None)

    def end_all(self) -> None:
        """The consult is over."""
        self._stays.clear()

    def left(self, now: float) -> Iterator[tuple[str, str, float]]:
        """Whose stay is over by now, with their role, and when they went by the wall clock; each once."""
        for seat, stay in list(self._stays.items()):
            if stay.gone is not None and now - stay.gone[0] >= AWAY_S:
                del self._stays[seat]
                yield seat, stay.role, stay.gone[1]

    @property
    def next_left(self) -> float | None:
        """When to ask `left` again; None where everybody is here."""
        return min((stay.gone[0] + AWAY_S for stay in self._stays.values() if stay.gone is not None), default=None)


def stays_of(records: Iterable[AuditRecord]) -> dict[str, tuple[Stay, ...]]:
    """The stays of each seat, from the records of a consult. Who came twice without having left was there meanwhile:
    the server was started anew."""
    found: dict[str, list[Stay]] = {}
    for record in records:
        stays = found.setdefault(record.who, [])
        is_here = bool(stays) and stays[-1].went is None
        if record.kind == "join" and not is_here:
            stays.append(Stay(record.at))
        elif record.kind == "leave" and is_here:
            stays[-1] = Stay(stays[-1].came, record.at)
    return {seat: tuple(stays) for seat, stays in found.items() if stays}
