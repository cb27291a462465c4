"""What is written into the audit trail, from what happens: stored events, welcomes, refusals.

Nobody waits for it: records are queued, and one task writes them together. What is queued is written before the server
closes. Events of a log are there in any case; the trail says who came, who was refused, who read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from consult.clock import now
from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId, SeatId
from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.features.note.events import NoteSigned
from consult.sessions.features.seen.events import SeenPut
from consult.sessions.state import State
from consult.store.audit import AuditLog, AuditRecord, Kind, Outcome

logger = logging.getLogger(__name__)
MAX_QUEUED = 10_000
"""Records that wait while the disk does not take them; of more the newest are lost, and the log says so."""
AGAIN_S = 1.0
REPEATED_S = 10.0
MAX_REFUSED = 1024
"""Different refusals that are remembered for that."""


class AuditTrail:
    """Writes records, one task for all.

    Args:
        log: takes them.
        clock: seconds since 1970.
    """

    def __init__(self, log: AuditLog, clock: Callable[[], float] = now) -> None:
        self._log, self._clock = log, clock
        self._queue: deque[AuditRecord] = deque()
        self._refused: dict[tuple[str, ...], float] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task = asyncio.create_task(self._run(), name="audit")

    def note(
        self,
        kind: Kind,
        *,
        consult: str = "",
        who: str = "",
        role: str = "",
        what: str = "",
        outcome: Outcome = "success",
    ) -> None:
        """Something happened now. Who is refused the same again and again is noted once in REPEATED_S: nobody fills the
        disk by knocking."""
        at, same = self._clock(), (kind, consult, who, what)
        if outcome == "refused":
            if abs(at - self._refused.get(same, float("-inf"))) < REPEATED_S:
                return
            self._refused[same] = at
            if len(self._refused) > MAX_REFUSED:
                del self._refused[next(iter(self._refused))]
        self._put([AuditRecord(at, kind, consult, who, role, what, outcome)])

    def stored(self, consult: ConsultId, state: State, entries: Iterable[Entry]) -> None:
        """Entries of a log are stored."""
        self._put(records_of(consult, state, entries))

    async def flushed(self) -> None:
        """Wait until all that was noted so far is written."""
        await self._idle.wait()

    async def head(self) -> str:
        """The hash that the trail ends with on the disk. Raises StoreFailed."""
        return (await self._log.head()).hash

    async def close(self) -> None:
        """Write what is queued, once more, and stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        try:
            await self._write()
        except StoreFailed as failure:
            logger.error("%d records are not in the audit trail: %s", len(self._queue), failure.code)

    def _put(self, records: Iterable[AuditRecord]) -> None:
        for record in records:
            if len(self._queue) >= MAX_QUEUED:
                logger.error("a record is lost to the audit trail: the disk does not take any")
            else:
                self._queue.append(record)
        if self._queue:
            self._idle.clear()
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._write()
            except StoreFailed as failure:
                logger.error("the audit trail is not written: %s", failure.code)
                self._wake.set()
                await asyncio.sleep(AGAIN_S)

    async def _write(self) -> None:
        while self._queue:
            together = list(self._queue)
            await self._log.append(together)
            for _ in together:
                self._queue.popleft()
        self._idle.set()


def records_of(consult: ConsultId, state: State, entries: Iterable[Entry]) -> Iterator[AuditRecord]:
    """What of stored entries belongs into the trail: who viewed, signed, opened, read, and what became of a critical
    result. Ids alone."""
    for entry in entries:
        found: tuple[Kind, str] | None = None
        who: str = entry.by
        match entry.event:
            case CaseSwitched(case=case):
                found = "view_case", case
            case NoteSigned(version=version):
                found = "sign", version.id
            case SeenPut(seen=seen):
                found, who = (("open" if seen.seen_at is None else "read"), seen.version), seen.seat
            case CriticalPut(critical=critical):
                found = "critical", critical.id
            case ConsultEnded():
                found = "end", ""
        if found is not None:
            yield AuditRecord(entry.at, found[0], consult, who, role_of(state, who), found[1])


def role_of(state: State, seat: str) -> str:
    """Of a seat; "" for the server, or nobody known."""
    known = state.seats.get(SeatId(seat))
    return "" if known is None else known.role
