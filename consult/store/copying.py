"""All that is in one store, put into another that is empty: from Redis into files for a backup, and back.

Rules of this file:
- Who writes meanwhile is not kept from it. Of each consult a beginning of its log is copied, with the clocks of its
  critical results as that beginning has them; then the index: what a log names was in the index before.
- Where a deletion is under way nothing is copied: half of one would be stored for good.
- The audit trail is copied row by row as it is, so that whatever is wrong with it is found in the copy too.
- Sign-ins are not copied: everybody signs in once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.features.critical.deadlines import Deadline, deadlines_of
from consult.store.accounts import AccountStore
from consult.store.audit import AuditLog
from consult.store.backend import Backend
from consult.store.index import Index
from consult.store.log import Log, decoded

ROWS = 500
"""Of index and audit trail at a time."""
OnConsult = Callable[[int, int], None]


@dataclass(frozen=True)
class Opened:
    """The stores of one backend."""

    log: Log
    index: Index
    audit: AuditLog
    accounts: AccountStore


@asynccontextmanager
async def opened(backend: Backend) -> AsyncIterator[Opened]:
    """All of them, until the block ends. Raises StoreFailed."""
    async with AsyncExitStack() as stack:
        stores = Opened(backend.log(), backend.index(), backend.audit(), backend.accounts())
        for store in (stores.log, stores.index, stores.audit, stores.accounts):
            stack.push_async_callback(store.close)
        yield stores


async def copy_stores(source: Backend, target: Backend, on_consult: OnConsult = lambda done, total: None) -> None:
    """Copy everything.

    Args:
        source: may be in use.
        target: empty, and nobody else's.
        on_consult: called with consults done and consults in all.

    Raises:
        StoreFailed: "deleting": a deletion is under way in the source; else what either says.
    """
    async with opened(source) as of, opened(target) as into:
        await _check_deletions(of.log)
        await _copy_log(of.log, into.log, on_consult)
        await _copy_index(of.index, into.index)
        await _copy_audit(of.audit, into.audit)
        await _copy_accounts(of.accounts, into.accounts)
        await _check_deletions(of.log)


async def _check_deletions(log: Log) -> None:
    if await log.deletions():
        raise StoreFailed("deleting", "A consult is being deleted. Try again when that is over.")


async def _copy_log(source: Log, target: Log, on_consult: OnConsult) -> None:
    consults = await source.consults()
    for number, consult in enumerate(consults, start=1):
        head, lines = await source.head(consult), list[bytes]()
        while len(lines) < head:
            part = await source.lines(consult, len(lines), head - len(lines))
            if not part:
                raise StoreFailed("deleting", "A consult was deleted meanwhile. Try again.")
            lines += part
        await target.restore(consult, lines, await _clocks(source, consult, lines))
        on_consult(number, len(consults))


async def _clocks(source: Log, consult: ConsultId, lines: Sequence[bytes]) -> list[Deadline]:
    """The open critical results of that beginning of a log; of one that cannot be read those that the source has."""
    try:
        entries = await asyncio.to_thread(decoded, lines)
    except StoreFailed:
        return [deadline for deadline in await source.deadlines() if deadline.consult == consult]
    return [deadline for deadline in deadlines_of(consult, (e.event for e in entries)) if deadline.is_open]


async def _copy_index(source: Index, target: Index) -> None:
    after, name = 0, ""
    while part := await source.files(after, ROWS):
        await target.put_files([file for _, file in part])
        after = part[-1][0]
    while names := await source.derived_names(name, ROWS):
        things = {each: data for each in names if (data := await source.derived(each)) is not None}
        await target.put_derived(things)
        name = names[-1]


async def _copy_audit(source: AuditLog, target: AuditLog) -> None:
    """Rows before the head: what is written between both is left for the next copy."""
    head, after = await source.head(), 0
    while rows := [row for row in await source.rows(after, ROWS) if row.n <= head.count]:
        await target.take_over(rows, head)
        after = rows[-1].n
    await target.take_over([], head)


async def _copy_accounts(source: AccountStore, target: AccountStore) -> None:
    for user in await source.users():
        await target.add(user, await source.password_of(user.name))
