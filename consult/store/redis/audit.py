"""The audit trail in Redis: one chain for all nodes, as each of them would write it alone.

Rows stand on the head that they are chained to, so they can be stored on it once at most. Where an answer is lost the
very same rows are sent again, never others: they are stored now, or were, or never will be, since others have gone on
from that head. What is not known in the end is remembered until the same records are given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from consult.model.errors import StoreFailed
from consult.store.audit import NO_ROW, AuditHead, AuditRecord, AuditRow, chained, missing_from, read_record
from consult.store.redis import BASE
from consult.store.redis.client import PATIENCE_S, RedisClient, Word

PART = 1000
MAX_UNSETTLED = 8
"""Appends of which it is not known whether they are stored; whoever made them may never ask again."""


class RedisAudit:
    """Implements `AuditLog`.

    Args:
        client: of that Redis.
        store: its id.
    """

    def __init__(self, client: RedisClient, store: str) -> None:
        self._client, self._store, self._closed = client, store, False
        self._unsettled: list[list[AuditRow]] = []

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """See `AuditLog.append`. Of two nodes one is first; the other chains anew."""
        if await self._settled(records):
            return
        while records:
            if await self._put(chained(records, await self.head())):
                return

    async def append_missing(self, records: Sequence[AuditRecord]) -> None:
        """See `AuditLog.append_missing`. What is missing is looked for behind the head, so that nobody adds it between
        that and its being stored."""
        if await self._settled(records):
            return
        while True:
            head = await self.head()
            missing = await self._missing(records)
            if not missing or await self._put(chained(missing, head)):
                return

    async def rows(self, after: int = 0, limit: int = 10_000) -> list[AuditRow]:
        """See `AuditLog.rows`."""
        self._check_open()
        words = f"{after + 1}-1", "+", "COUNT", limit
        found = await self._client.ask("XRANGE", f"{BASE}:audit", *words, patience_s=PATIENCE_S)
        return [_row(number, fields) for number, fields in found]

    async def of_consult(self, consult: str) -> list[AuditRecord]:
        """See `AuditLog.of_consult`."""
        self._check_open()
        found, words = list[AuditRecord](), {"patience_s": PATIENCE_S}
        while part := await self._client.call("audit_records", consult, len(found), PART, again=True, **words):
            found += [read_record(data) for data in part]
        return found

    async def head(self) -> AuditHead:
        """See `AuditLog.head`."""
        self._check_open()
        name = f"{BASE}:audit_head"
        count, last = await self._client.ask("HMGET", name, "count", "hash", patience_s=PATIENCE_S)
        return AuditHead(int(count or 0), NO_ROW if last is None else last.decode())

    async def take_over(self, rows: Sequence[AuditRow], head: AuditHead) -> None:
        """See `AuditLog.take_over`."""
        self._check_open()
        words: list[Word] = [self._store, head.count, head.hash]
        for row in rows:
            words += [row.n, row.record.consult, msgspec.json.encode(row.record), row.former, row.hash]
        await self._client.call("audit_take_over", *words, patience_s=PATIENCE_S)

    async def close(self) -> None:
        """See `AuditLog.close`."""
        self._closed = True

    async def _settled(self, records: Sequence[AuditRecord]) -> bool:
        """Whether these are stored by an append of them that has failed; where not, they never will be. Raises
        StoreFailed: that is not known yet."""
        for rows in self._unsettled:
            if len(rows) == len(records) and all(row.record is one for row, one in zip(rows, records, strict=True)):
                self._unsettled.remove(rows)
                return await self._put(rows)
        return False

    async def _put(self, rows: list[AuditRow]) -> bool:
        """Whether these are stored; where not, they never will be. Raises StoreFailed: that is not known."""
        self._check_open()
        words: list[Word] = [self._store, rows[0].n - 1, rows[0].former]
        for row in rows:
            words += [row.record.consult, msgspec.json.encode(row.record), row.former, row.hash]
        try:
            outcome = await self._client.call("audit_append", *words, patience_s=PATIENCE_S, again=True)
            return outcome[0] == b"stored" or await self._has(rows[-1])
        except BaseException:  # also where whoever waits is cancelled: it was sent
            self._unsettled = [*self._unsettled, rows][-MAX_UNSETTLED:]
            raise

    async def _missing(self, records: Sequence[AuditRecord]) -> list[AuditRecord]:
        consults = {record.consult for record in records} - {""}
        return missing_from([record for consult in consults for record in await self.of_consult(consult)], records)

    async def _has(self, row: AuditRow) -> bool:
        found = await self.rows(row.n - 1, 1)
        return bool(found) and found[0].hash == row.hash

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("closed", "The audit trail is closed.")


async def newest_in(client: RedisClient) -> float | None:
    """When the newest row was written, in seconds since 1970; None where there is none that can be read. Raises
    StoreFailed."""
    found = await client.ask("XREVRANGE", f"{BASE}:audit", "+", "-", "COUNT", 1)
    return _row(*found[0]).record.at or None if found else None


def _row(number: bytes, flat: Sequence[Any]) -> AuditRow:
    fields = dict(zip(flat[::2], flat[1::2], strict=True))
    former, last = fields[b"former"].decode(), fields[b"hash"].decode()
    return AuditRow(int(number.partition(b"-")[0]), read_record(fields[b"record"]), former, last)
