"""What a consult's runner needs for its record: numbers of marks, the clock of critical results, the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from consult.model.catalogue import Case
from consult.model.identifiers import ConsultId
from consult.model.mark import Mark
from consult.runtime.audit_trail import AuditTrail, role_of
from consult.sessions.events import Entry
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.state import State
from consult.streaming.numbers import MarkNumbersMaker


class RecordService(Protocol):
    """The record of a consult, as its runner needs it (`ConsultRecord`)."""

    def compute(self, marks: Sequence[Mark], cases: Sequence[Case]) -> None:
        """Compute the numbers of these marks."""

    def stored(self, state: State, entries: Sequence[Entry]) -> None:
        """Entries are stored."""

    def joined(self, state: State, seat: str) -> None:
        """A page of that seat was welcomed."""

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

    def compute(self, marks: Sequence[Mark], cases: Sequence[Case]) -> None:
        """See `RecordService.compute`."""
        self._numbers.compute(marks, cases)

    def stored(self, state: State, entries: Sequence[Entry]) -> None:
        """See `RecordService.stored`."""
        self._audit.stored(self._consult, state, entries)
        if any(isinstance(entry.event, CriticalPut) for entry in entries):
            self._on_critical()

    def joined(self, state: State, seat: str) -> None:
        """See `RecordService.joined`: who comes in sees the case on the stage."""
        role = role_of(state, seat)
        self._audit.note("join", consult=self._consult, who=seat, role=role)
        self._audit.note("view_case", consult=self._consult, who=seat, role=role, what=state.current)

    def refused(self, state: State, seat: str, code: str) -> None:
        """See `RecordService.refused`."""
        role = role_of(state, seat)
        self._audit.note("refusal", consult=self._consult, who=seat, role=role, what=code, outcome="refused")

    async def close(self) -> None:
        """See `RecordService.close`."""
        await self._numbers.close()
