"""The log in Redis Streams: one stream a consult, appended to by one Function.

Rules of this file:
- An append is one call: head, epoch of the lease and store are looked at, entries, deadlines and the list of consults
  written, all or none.
- Whether an append that was not answered is stored is asked for, and by the same call it is made void: should it come
  later still, it is not stored. So an outcome is told only when it can change no more.
- Who goes away does not end what was sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any

from consult.model.errors import Conflict, OurFault, StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.critical.deadlines import Deadline, deadlines_of
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import write_entry
from consult.store.log import PAGE, by_urgency, check_numbers, here
from consult.store.log.reading import parts_of
from consult.store.redis import BASE
from consult.store.redis.client import PATIENCE_S, RedisClient, Unanswered, Unreachable, Word
from consult.store.redis.rewriting import rewrite

SETTLE_S = 20.0
"""How long it is tried to learn the outcome of an append."""
MAX_WAITING = 4096


class RedisLog:
    """Implements `Log`.

    Args:
        client: of that Redis.
        store: its id.
    """

    def __init__(self, client: RedisClient, store: str) -> None:
        self._client, self._store = client, store
        self.epochs: dict[ConsultId, int] = {}
        """Of the leases that this process has: with which it may append."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._closed = False

    async def append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        """See `Log.append`."""
        check_numbers(after, entries)
        await self._finish(self._append(consult, after, entries))

    async def read(self, consult: ConsultId, after: int = 0) -> list[Entry]:
        """See `Log.read`."""
        return [entry async for part in self.parts(consult, after) for entry in part]

    def parts(self, consult: ConsultId, after: int = 0) -> AsyncIterator[Sequence[Entry]]:
        """See `Log.parts`."""
        return parts_of(self, consult, after)

    async def head(self, consult: ConsultId) -> int:
        """See `Log.head`."""
        return int(await self._read("head", consult))

    async def consults(self) -> list[ConsultId]:
        """See `Log.consults`."""
        return [ConsultId(name.decode()) for name in await self._read("consults")]

    async def deadlines(self) -> list[Deadline]:
        """See `Log.deadlines`."""
        rows = await self._read("deadlines")
        found = [Deadline(ConsultId(c.decode()), one.decode(), float(at) if at else None) for c, one, at in rows]
        return sorted(found, key=by_urgency)

    async def keep_state(self, consult: ConsultId, state: StoredState) -> None:
        """See `Log.keep_state`."""
        await self._write("keep_state", consult, state.seq, state.version, state.data)

    async def state(self, consult: ConsultId) -> StoredState | None:
        """See `Log.state`."""
        seq, version, data = await self._read("state", consult)
        return None if seq is None else StoredState(int(seq), version.decode(), data)

    async def lines(self, consult: ConsultId, after: int = 0, limit: int = PAGE) -> list[bytes]:
        """See `Log.lines`."""
        lines: list[bytes] = await self._read("lines", consult, after, min(limit, here.PART_ROWS), here.PART_BYTES)
        return lines

    async def restore(self, consult: ConsultId, lines: Sequence[bytes], deadlines: Sequence[Deadline] = ()) -> None:
        """See `Log.restore`."""
        token, after = secrets.token_hex(16), 0
        _check(await self._write("begin_restore", consult, token), 0)
        try:
            for part in here.parts(lines):
                await self._put_part(consult, token, after, part)
                after += len(part)
            await self._end_restore(consult, token, deadlines)
        except BaseException:
            with contextlib.suppress(OurFault):  # else the next one removes it, or the next start
                await self._write("abandon_restore", consult, token)
            raise

    async def clear_restores(self) -> None:
        """See `Log.clear_restores`."""
        await self._read("clear_restores")

    async def begin_deletion(self, consult: ConsultId, head: int, about: bytes) -> None:
        """See `Log.begin_deletion`."""
        try:
            _check(await self._write("begin_deletion", consult, head, about), head)
        except Conflict:
            if (consult, about) not in await self.deletions():  # else it was done, and its answer was lost
                raise

    async def deletions(self) -> list[tuple[ConsultId, bytes]]:
        """See `Log.deletions`."""
        return [(ConsultId(consult.decode()), about) for consult, about in await self._read("deletions")]

    async def delete_entries(self, consult: ConsultId) -> None:
        """See `Log.delete_entries`: the files of Redis are written anew."""
        if await self._read("delete_entries", consult):
            await rewrite(self._client)

    async def end_deletion(self, consult: ConsultId) -> None:
        """See `Log.end_deletion`."""
        await self._read("end_deletion", consult)

    async def check(self) -> None:
        """See `Log.check`: the settings of Redis are looked at again, for they may be changed while it runs; and
        whether it takes anything."""
        self._check_open()
        if len(self._under_way) >= MAX_WAITING:
            raise StoreFailed("store_busy", "The log has too much to write. Try again.")
        if self._client.check is not None:
            await self._client.check(self._client.ask)
        await self._client.ask("SET", f"{BASE}:trial", "", "EX", 60)

    async def close(self) -> None:
        """See `Log.close`."""
        self._closed = True
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        lines, operation = [write_entry(entry) for entry in entries], secrets.token_hex(8)
        due = deadlines_of(consult, [entry.event for entry in entries])
        words: list[Word] = [self._store, consult, after, operation, self.epochs.get(consult, 0), len(due)]
        for one in due:
            words += [one.critical, int(one.is_open), "" if one.at is None else repr(one.at)]
        try:
            outcome = await self._client.call("append", *words, *lines, patience_s=PATIENCE_S)
        except Unanswered:
            await self._settle(consult, after, lines, operation)
        else:
            _check(outcome, after)

    async def _settle(self, consult: ConsultId, after: int, lines: list[bytes], operation: str) -> None:
        """Learn what has become of an append, and that it becomes nothing else. Raises as `append`."""
        words = self._store, consult, after, len(lines), operation
        try:
            found = await self._client.call("settle", *words, patience_s=SETTLE_S, again=True)
        except Unreachable as failed:
            raise Unanswered("unknown_outcome", "It is not known whether this was stored.") from failed
        if found == lines:
            return
        if found:
            raise Conflict(after, after + len(found))
        raise StoreFailed("not_stored", f"Redis at {self._client.name} was gone for a moment: this is not stored.")

    async def _put_part(self, consult: ConsultId, token: str, after: int, part: Sequence[bytes]) -> None:
        try:
            answer = await self._client.call("put_restored", self._store, consult, token, after, *part)
        except Unanswered:
            if await self._client.call("head_stored", consult, patience_s=PATIENCE_S) != after + len(part):
                raise
        else:
            _check(answer, after)

    async def _end_restore(self, consult: ConsultId, token: str, deadlines: Sequence[Deadline]) -> None:
        words: list[Word] = [consult, token]
        for one in deadlines:
            words += [one.critical, "" if one.at is None else repr(one.at)]
        try:
            outcome = await self._client.call("end_restore", self._store, *words, patience_s=PATIENCE_S)
        except Unanswered:
            outcome = await self._write("end_restore", *words)
            if outcome[0] == b"ended":  # by the call whose answer was lost
                return
        _check(outcome, 0)

    async def _read(self, function: str, *words: Word) -> Any:
        self._check_open()
        return await self._client.call(function, *words, patience_s=PATIENCE_S, again=True)

    async def _write(self, function: str, *words: Word) -> Any:
        """What may be done twice."""
        self._check_open()
        return await self._client.call(function, self._store, *words, patience_s=PATIENCE_S, again=True)

    async def _finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it to its end, whoever waits for it."""
        if self._closed or len(self._under_way) >= MAX_WAITING:
            work.close()
            self._check_open()
            raise StoreFailed("store_busy", "The log has too much to write. Try again.")
        task = asyncio.create_task(work, name="append")
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited may have gone

    def _check_open(self) -> None:
        if self._closed:
            raise StoreFailed("closed", "The log is closed.")


def _check(outcome: Sequence[Any], after: int) -> None:
    """Raises Conflict, StoreFailed where a write was not done."""
    kind, found = outcome
    if kind == b"void":
        raise StoreFailed("not_stored", "This came too late, and is not stored.")
    if kind != b"stored":
        raise Conflict(after, int(found))
