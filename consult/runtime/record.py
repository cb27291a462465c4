"""What a consult's runner needs for its record: numbers of marks, the clock of critical results, the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from consult.clock import Alarm, now, steady
from consult.model.identifiers import ConsultId
from consult.model.mark import Mark
from consult.runtime.attendance import Attendance
from consult.runtime.audit_trail import AuditTrail, role_of
from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.state import State
from consult.streaming.values.numbers import MarkNumbersMaker


class RecordService(Protocol):
    """The record of a consult, as its runner needs it (`ConsultRecord`)."""

    def compute(self, marks: Sequence[Mark], state: State) -> None:
        """Compute the numbers of these marks."""

    def stored(self, state: State, entries: Sequence[Entry]) -> None:
        """Entries are stored."""

    def joined(self, state: State, seat: str) -> None:
        """A page of that seat was welcomed."""

    def went(self, seat: str) -> None:
        """The last page of that seat is gone."""

    def refused(self, state: State, seat: str, code: str) -> None:
        """What somebody asked for was refused."""

    async def close(self) -> None:
        """Stop."""


class ConsultRecord:
    """Implements `RecordService`.

    Args:
        consult: its id.
        numbers: computes what marks measure.
        audit: the trail of the server.
        on_critical: called when something about a critical result is stored.
    """

    def __init__(
        self, consult: ConsultId, numbers: MarkNumbersMaker, audit: AuditTrail, on_critical: Callable[[], None]
    ) -> None:
        self._consult, self._numbers, self._audit, self._on_critical = consult, numbers, audit, on_critical
        self._attendance, self._alarm = Attendance(), Alarm(self._note_left)

    def compute(self, marks: Sequence[Mark], state: State) -> None:
        """See `RecordService.compute`."""
        self._numbers.compute(marks, state.cases, state.calibrations)

    def stored(self, state: State, entries: Sequence[Entry]) -> None:
        """See `RecordService.stored`."""
        self._audit.stored(self._consult, state, entries)
        if any(isinstance(entry.event, CriticalPut) for entry in entries):
            self._on_critical()
        for entry in entries:
            match entry.event:
                case SeatPut(seat=seat) if seat.removed:
                    self._attendance.end(seat.id)
                case ConsultEnded():
                    self._attendance.end_all()
                case CaseSwitched(case=shown):
                    for seen_by, role in self._attendance.all_see(shown, but=entry.by):
                        self._audit.note("view_case", consult=self._consult, who=seen_by, role=role, what=shown)

    def joined(self, state: State, seat: str) -> None:
        """See `RecordService.joined`: who comes in sees the case on the stage."""
        role = role_of(state, seat)
        if self._attendance.came(seat, role):
            self._audit.note("join", consult=self._consult, who=seat, role=role)
        if self._attendance.sees(seat, state.current):
            self._audit.note("view_case", consult=self._consult, who=seat, role=role, what=state.current)

    def went(self, seat: str) -> None:
        """See `RecordService.went`."""
        self._attendance.went(seat, steady(), now())
        self._note_left()

    def refused(self, state: State, seat: str, code: str) -> None:
        """See `RecordService.refused`."""
        role = role_of(state, seat)
        self._audit.note("refusal", consult=self._consult, who=seat, role=role, what=code, outcome="refused")

    async def close(self) -> None:
        """See `RecordService.close`. Who is away by now has left; who is here comes back."""
        self._alarm.cancel()
        self._note(self._attendance.left(float("inf")))
        self._attendance.end_all()
        await self._numbers.close()

    def _note_left(self) -> None:
        """Who has been away for long has left."""
        self._note(self._attendance.left(steady()))
        if (due := self._attendance.next_left) is not None:
            self._alarm.set(due)

    def _note(self, left: Iterable[tuple[str, str, float]]) -> None:
        for seat, role, at in left:
            self._audit.note("leave", consult=self._consult, who=seat, role=role, at=at)
