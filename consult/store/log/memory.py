"""A log that is gone with its process: for tests and trials."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from consult.model.errors import Conflict, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.critical.deadlines import Deadline, deadlines_of
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import read_entry, write_entry
from consult.store.log import PAGE, by_urgency, check_numbers


class MemoryLog:
    """Implements `Log` with a list for each consult."""

    def __init__(self) -> None:
        self._logs: dict[ConsultId, list[Entry]] = {}
        self._deadlines: dict[tuple[ConsultId, str], Deadline] = {}
        self._states: dict[ConsultId, StoredState] = {}
        self._deletions: dict[ConsultId, bytes] = {}
        self._closed = False

    async def append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        """See `Log.append`."""
        self._append(consult, after, entries)

    async def read(self, consult: ConsultId, after: int = 0) -> list[Entry]:
        """See `Log.read`."""
        return self._open().get(consult, [])[after:]

    async def parts(self, consult: ConsultId, after: int = 0) -> AsyncIterator[Sequence[Entry]]:
        """See `Log.parts`."""
        whole = await self.read(consult, after)
        for first in range(0, len(whole), PAGE):
            yield whole[first : first + PAGE]

    async def head(self, consult: ConsultId) -> int:
        """See `Log.head`."""
        return len(self._open().get(consult, []))

    async def consults(self) -> list[ConsultId]:
        """See `Log.consults`."""
        return list(self._open())

    async def deadlines(self) -> list[Deadline]:
        """See `Log.deadlines`."""
        self._open()
        return sorted(self._deadlines.values(), key=by_urgency)

    async def keep_state(self, consult: ConsultId, state: StoredState) -> None:
        """See `Log.keep_state`."""
        self._keep_state(consult, state)

    async def state(self, consult: ConsultId) -> StoredState | None:
        """See `Log.state`."""
        self._open()
        return self._states.get(consult)

    async def lines(self, consult: ConsultId, after: int = 0, limit: int = PAGE) -> list[bytes]:
        """See `Log.lines`."""
        return [write_entry(entry) for entry in self._open().get(consult, [])[after : after + limit]]

    async def restore(self, consult: ConsultId, lines: Sequence[bytes], deadlines: Sequence[Deadline] = ()) -> None:
        """See `Log.restore`."""
        entries = [read_entry(line) for line in lines]
        check_numbers(0, entries)
        if consult in self._open() or consult in self._deletions:
            raise Conflict(0, len(self._logs.get(consult, [])))
        self._logs[consult] = entries
        self._deadlines |= {(consult, deadline.critical): deadline for deadline in deadlines}

    async def clear_restores(self) -> None:
        """See `Log.clear_restores`."""
        self._open()

    async def begin_deletion(self, consult: ConsultId, head: int, about: bytes) -> None:
        """See `Log.begin_deletion`."""
        known = len(self._open().get(consult, []))
        if known != head or not head:
            raise Conflict(head, known)
        del self._logs[consult]
        self._states.pop(consult, None)
        self._deadlines = {key: at for key, at in self._deadlines.items() if key[0] != consult}
        self._deletions[consult] = about

    async def deletions(self) -> list[tuple[ConsultId, bytes]]:
        """See `Log.deletions`."""
        self._open()
        return list(self._deletions.items())

    async def delete_entries(self, consult: ConsultId) -> None:
        """See `Log.delete_entries`."""
        self._open()

    async def end_deletion(self, consult: ConsultId) -> None:
        """See `Log.end_deletion`."""
        self._open()
        self._deletions.pop(consult, None)

    async def check(self) -> None:
        """See `Log.check`."""
        self._open()

    async def close(self) -> None:
        """See `Log.close`."""
        self._closed = True

    def _open(self) -> dict[ConsultId, list[Entry]]:
        if self._closed:
            raise StoreFailed("closed", "The log is closed.")
        return self._logs

    def _keep_state(self, consult: ConsultId, state: StoredState) -> None:
        before = self._states.get(consult)
        if state.seq <= len(self._open().get(consult, [])) and (before is None or before.seq <= state.seq):
            self._states[consult] = state

    def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        check_numbers(after, entries)
        head = len(self._open().get(consult, []))
        if head != after or consult in self._deletions:
            raise Conflict(after, head)
        self._logs.setdefault(consult, []).extend(entries)
        self._note_deadlines(consult, entries)

    def _note_deadlines(self, consult: ConsultId, entries: Sequence[Entry]) -> None:
        for deadline in deadlines_of(consult, [entry.event for entry in entries]):
            self._deadlines.pop((consult, deadline.critical), None)
            if deadline.is_open:
                self._deadlines[consult, deadline.critical] = deadline
