"""What is written into the audit trail, from what happens: stored events, welcomes, refusals.

Records are queued, and one task writes them together; what is queued is written before the server closes. The pages of
a consult do not wait for it: what of its log is not in the trail, since its process died, is put there by whoever opens
the consult next (`recover`). What is in no log, an export or an act of the host's, is written before it is answered
(`written`).

Whoever takes a consult over writes what is missing. So what has waited here for LATE_S, as behind a pause or while
Redis was gone, may be there already, and is looked for first.

Nobody fills the disk by knocking: who is refused the same is noted once in REPEATED_S, and whatever anybody is refused
REFUSALS times, with a row AND_MORE in place of the rest. Stays are kept apart in `attendance.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import UNSET

from consult.clock import now, steady
from consult.documents.collecting import Made
from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId, SeatId
from consult.model.rates import RateLimit, TokenBucket
from consult.runtime.attendance import stays_of
from consult.sessions.events import Entry
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.consult.events import ConsultEnded
from consult.sessions.features.critical.events import CriticalPut
from consult.sessions.features.note.events import NoteSigned
from consult.sessions.features.seats.events import SeatPut
from consult.sessions.features.seen.events import SeenPut
from consult.sessions.state import State
from consult.store.audit import AuditLog, AuditRecord, Kind, Outcome, missing_from

logger = logging.getLogger(__name__)
MAX_QUEUED = 10_000
"""Records that wait while the disk does not take them; of more the newest are lost, and the log says so."""
AGAIN_S = 1.0
LATE_S = 1.0
"""Less than it takes until another node takes a consult over (`cluster/peers.py`)."""
WRITTEN_S = 8.0
"""How long an answer waits for its row."""
RECOVERED_S = 3600.0
"""Of the newest entries of a log so much is looked for in the trail: a process dies with the last second in its hands,
or with as long as the store of the trail was full."""
REPEATED_S = 10.0
MAX_REFUSED = 1024
"""Different refusals, and people who were refused anything, that are remembered for that."""
REFUSALS = RateLimit(1 / 30, 20)
"""Rows of one seat, or of all who have none in a consult: with 50 people who do their worst 2 a second."""
AND_MORE = "and_more"
AND_MORE_S = 600.0
K = TypeVar("K")
V = TypeVar("V")


class AuditTrail:
    """Writes records, one task for all.

    Args:
        log: takes them.
        clock: seconds since 1970.
        steady_clock: what is rationed goes by it.
    """

    def __init__(
        self, log: AuditLog, clock: Callable[[], float] = now, steady_clock: Callable[[], float] = steady
    ) -> None:
        self._log, self._clock, self._steady = log, clock, steady_clock
        self._queue: deque[AuditRecord] = deque()
        self._since: deque[float] = deque()
        """Of each that is queued, when it came, by the steady clock."""
        self._batch: list[AuditRecord] = []
        """The first of them, which are being written."""
        self._perhaps_missing: deque[list[AuditRecord]] = deque()
        self._refused: OrderedDict[tuple[str, ...], float] = OrderedDict()
        self._refusals: OrderedDict[tuple[str, str], tuple[TokenBucket, TokenBucket]] = OrderedDict()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._put_all, self._written_all = 0, 0
        self._progress = asyncio.Condition()
        self._writing: asyncio.Task[None] | None = None
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
        at: float | None = None,
        user: str = "",
    ) -> None:
        """Something happened: now, or at that time by the wall clock. Refusals are rationed. `user`: of the host's who
        did it; "": none is known."""
        if outcome == "refused" and (what := self._rationed(kind, consult, who, what)) == "":
            return
        moment = self._clock() if at is None else at
        self._put([AuditRecord(moment, kind, consult, who, role, what, outcome, user or UNSET)])

    def exported(self, consult: ConsultId, what: str, *, who: str = "", role: str = "host") -> None:
        """Something of a consult was handed out as a file.

        Args:
            consult: its id.
            what: id of what it was: of a case, a signed version, or "consult"; no name, no path.
            who: the seat that asked for it; "" is the host, by the host API or the command line.
            role: of that seat.
        """
        self.note("export", consult=consult, who=who, role=role, what=what)

    def stored(self, consult: ConsultId, state: State, entries: Iterable[Entry]) -> None:
        """Entries of a log are stored."""
        self._put(records_of(consult, state, entries))

    def recover(self, consult: ConsultId, state: State, tail: Sequence[Entry]) -> None:
        """The consult is opened here: what of the newest entries of its log is not in the trail is put there. What came
        with a file (`import`) was another server's."""
        newest = tail[-1].at - RECOVERED_S if tail else 0.0
        records = list(records_of(consult, state, (entry for entry in tail if entry.at >= newest)))
        if records:
            self._perhaps_missing.append(records)
            self._idle.clear()
            self._wake.set()

    async def written(self, within_s: float = WRITTEN_S) -> None:
        """Wait until all that was noted so far is in the trail. Raises StoreFailed: it is not, by then; it stays
        queued."""
        wanted = self._put_all
        try:
            async with asyncio.timeout(within_s), self._progress:
                await self._progress.wait_for(lambda: self._written_all >= wanted)
        except TimeoutError:
            sentence = "The audit trail takes nothing now, and this must be in it. Try again in a moment."
            raise StoreFailed("not_audited", sentence) from None

    async def flushed(self) -> None:
        """Wait until all that was noted so far is written."""
        await self._idle.wait()

    async def made(self, consult: ConsultId) -> Made:
        """What a document of a consult says of its making; without what the trail says, where it cannot be read now: a
        document is made all the same."""
        try:
            head, records = await self._log.head(), await self._log.of_consult(consult)
        except StoreFailed:
            return Made(self._clock())
        return Made(self._clock(), head.hash, stays_of(records))

    async def close(self) -> None:
        """Write what is queued, once more, and stop. What is being written is waited for: begun again it would be there
        twice."""
        self._task.cancel()
        under_way = [self._task] if self._writing is None else [self._task, self._writing]
        await asyncio.gather(*under_way, return_exceptions=True)
        try:
            await self._write()
        except StoreFailed as failure:
            logger.error("%d records are not in the audit trail: %s", len(self._queue), failure.code)

    def _rationed(self, kind: Kind, consult: str, who: str, what: str) -> str:
        """What is noted of a refusal: itself, AND_MORE, or "": nothing."""
        at, same = self._steady(), (kind, consult, who, what)
        if at - self._refused.get(same, float("-inf")) < REPEATED_S:
            return ""
        _remember(self._refused, same, at)
        rows, more = self._refusals.get(
            (consult, who), (TokenBucket(REFUSALS, at), TokenBucket(RateLimit(1 / AND_MORE_S, 1), at))
        )
        _remember(self._refusals, (consult, who), (rows, more))
        if rows.take(at):
            return what
        return AND_MORE if more.take(at) else ""

    def _put(self, records: Iterable[AuditRecord]) -> None:
        for record in records:
            if len(self._queue) >= MAX_QUEUED:
                logger.error("a record is lost to the audit trail: the disk does not take any")
            else:
                self._queue.append(record)
                self._since.append(self._steady())
                self._put_all += 1
        if self._queue:
            self._idle.clear()
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            self._writing = asyncio.create_task(self._write(), name="audit rows")
            try:
                await asyncio.shield(self._writing)
            except StoreFailed as failure:
                self._writing = None
                logger.error("the audit trail is not written: %s", failure.code)
                self._wake.set()
                await asyncio.sleep(AGAIN_S)

    async def _write(self) -> None:
        await self._write_queued()
        while self._perhaps_missing:  # behind the row of an import
            await self._recover(self._perhaps_missing[0])
            self._perhaps_missing.popleft()
            await self._write_queued()
        self._idle.set()

    async def _write_queued(self) -> None:
        while self._queue:
            together = self._batch = self._batch or list(self._queue)  # what has failed again as it was: see `append`
            is_late = self._steady() - self._since[0] >= LATE_S
            await (self._log.append_missing if is_late else self._log.append)(together)
            for _ in together:
                self._queue.popleft()
                self._since.popleft()
            self._batch = []
            async with self._progress:
                self._written_all += len(together)
                self._progress.notify_all()

    async def _recover(self, records: Sequence[AuditRecord]) -> None:
        there = await self._log.of_consult(records[0].consult)
        imported = max((record.at for record in there if record.kind == "import"), default=float("-inf"))
        missing = missing_from(there, (record for record in records if record.at > imported))
        if missing:  # most often all are there, and the trail need not be looked through once more
            await self._log.append_missing(missing)


def _remember(kept: OrderedDict[K, V], key: K, value: V) -> None:
    """The newest MAX_REFUSED."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MAX_REFUSED:
        kept.popitem(last=False)


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
            case SeatPut(seat=seat) if seat.removed and seat.lobby == "":
                yield AuditRecord(entry.at, "leave", consult, seat.id, seat.role, "removed")
            case SeatPut(seat=seat) if entry.by and seat.asked_at and entry.by != seat.id and seat.lobby != "waiting":
                found = ("admit" if seat.lobby == "" else "deny"), seat.id
        if found is not None:
            yield AuditRecord(entry.at, found[0], consult, who, role_of(state, who), found[1])


def role_of(state: State, seat: str) -> str:
    """Of a seat; "" for the server, or nobody known."""
    known = state.seats.get(SeatId(seat))
    return "" if known is None else known.role
