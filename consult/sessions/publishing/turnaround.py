"""How long a consult took: when each of its cases was asked about, viewed, noted, signed and seen, and how fast a
critical result was acknowledged. From the entries of its log alone."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultOpened
from consult.sessions.features.critical.events import Critical, CriticalPut
from consult.sessions.features.findings.events import FindingPut
from consult.sessions.features.note.events import NotePut, NoteSigned
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.seen.events import SeenPut


class Turnaround(Struct, frozen=True):
    """Of one case. Times are seconds since 1970; None: it has not happened.

    Attributes:
        case: its number in the consult, from 1.
        asked: the consult was opened.
        first_view: it was on the stage with somebody who had come in by a guest's link, not before the door or to read.
        noted: the first finding, or the first word of the note.
        signed: the first signed version.
        seen: somebody said for the first time that they have read a version.
        criticals: how many critical results it has.
        critical_raised, critical_acknowledged: of the one that took the longest; of one that nobody has acknowledged
            the second is None. `critical_acknowledged` is when it was told.
    """

    consult: str
    title: str
    host_name: str
    case: int
    cases: int
    asked: float
    first_view: float | None = None
    noted: float | None = None
    signed: float | None = None
    seen: float | None = None
    criticals: int = 0
    critical_raised: float | None = None
    critical_acknowledged: float | None = None


class _Reading:
    """Reads one log, entry by entry."""

    def __init__(self) -> None:
        self.rows: dict[str, Turnaround] = {}
        self.criticals: dict[str, Critical] = {}
        self._current, self._is_visited = "", False

    def take(self, entry: Entry) -> None:
        """The next entry."""
        match entry.event:
            case ConsultOpened() as opened:
                self._open(opened, entry.at)
            case SeatPut(seat=seat):
                self._is_visited = self._is_visited or (seat.is_in and seat.role not in {"host", "reader"})
                self._view(entry.at)
            case CaseSwitched(case=case):
                self._current = case
                self._view(entry.at)
            case FindingPut(finding=finding):
                self._first("noted", finding.case, entry.at)
            case NotePut(note=note):
                self._first("noted", note.case, entry.at)
            case NoteSigned(version=version):
                self._first("signed", version.case, entry.at)
            case SeenPut(seen=seen) if seen.seen_at is not None:
                self._first("seen", seen.case, seen.seen_at)
            case CriticalPut(critical=critical):
                self.criticals[critical.id] = critical

    def _open(self, opened: ConsultOpened, at: float) -> None:
        consult, number = opened.consult, len(opened.cases)
        for n, case in enumerate(opened.cases, start=1):
            self.rows[case.id] = Turnaround(consult.id, consult.title, consult.host_name, n, number, at)
        self._current = opened.cases[0].id if opened.cases else ""

    def _view(self, at: float) -> None:
        if self._is_visited:
            self._first("first_view", self._current, at)

    def _first(self, what: str, case: str, at: float) -> None:
        row = self.rows.get(case)
        if row is not None and getattr(row, what) is None:
            self.rows[case] = replace(row, **{what: at})


def turnaround(entries: Iterable[Entry]) -> list[Turnaround]:
    """A row for each case of a consult, in their order, from all entries of its log."""
    reading = _Reading()
    for entry in entries:
        reading.take(entry)
    return [_with_criticals(row, case, reading.criticals.values()) for case, row in reading.rows.items()]


def _with_criticals(row: Turnaround, case: str, criticals: Iterable[Critical]) -> Turnaround:
    found = [critical for critical in criticals if critical.case == case]
    if not found:
        return row
    longest = max(found, key=_took)
    acknowledged = longest.acknowledged.told_at if longest.acknowledged is not None else None
    return replace(row, criticals=len(found), critical_raised=longest.found_at, critical_acknowledged=acknowledged)


def _took(critical: Critical) -> tuple[bool, float]:
    """One that nobody has acknowledged takes longest, and of several the one that has waited longest."""
    if critical.acknowledged is None:
        return True, -critical.found_at
    return False, critical.acknowledged.told_at - critical.found_at
