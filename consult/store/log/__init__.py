"""What every log can do. tests/contract/test_log.py is its meaning."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from time import sleep
from typing import Protocol

from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.sessions.features.critical.deadlines import Deadline
from consult.sessions.stored_state import StoredState
from consult.sessions.upcast import read_entry

PAGE = 500
"""Entries that are read at once where all of a long log is."""
TURN = 16
"""Entries that are decoded or folded before the server's own thread has its turn: else it waits 5 ms for Python's
lock."""
GONE = "This consult is being deleted."


class Log(Protocol):
    """The entries of every consult, durable and without gaps."""

    async def append(self, consult: ConsultId, after: int, entries: Sequence[Entry]) -> None:
        """Store entries `after + 1`, `after + 2`, ...: all or none. Stored for good once this returns.

        Raises:
            Conflict: the head is not `after`. This is the fence: a stale owner cannot append.
            StoreFailed: not stored (full disk, unreachable), or not known to be ("unknown_outcome").
            ValueError: the entries are not numbered so.
        """

    async def read(self, consult: ConsultId, after: int = 0) -> list[Entry]:
        """The entries behind `after`, in order. Raises StoreFailed."""

    def parts(self, consult: ConsultId, after: int = 0) -> AsyncIterator[Sequence[Entry]]:
        """The same as of when it begins, in parts, between which others append.

        Raises:
            StoreFailed: as `read`; "gone": its deletion has begun meanwhile.
        """

    async def head(self, consult: ConsultId) -> int:
        """The last sequence number; 0 where there is no such consult. Raises StoreFailed."""

    async def consults(self) -> list[ConsultId]:
        """All consults, in the order of their first entry. Raises StoreFailed."""

    async def deadlines(self) -> list[Deadline]:
        """The open critical results of all consults, as their newest entries have them, the most urgent first; those
        that wait for people last. Stored with the entries, all or none. Raises StoreFailed."""

    async def keep_state(self, consult: ConsultId, state: StoredState) -> None:
        """Keep a folded state of a consult in place of an older one. The entries stay as they are.

        A state of entries that are not stored here is not kept.

        Raises:
            StoreFailed: not kept; the one before is there still.
        """

    async def state(self, consult: ConsultId) -> StoredState | None:
        """The newest state that was kept of a consult, whichever version wrote it. Raises StoreFailed."""

    async def lines(self, consult: ConsultId, after: int = 0, limit: int = PAGE) -> list[bytes]:
        """Entries behind `after` as they are stored (JSON, no line break), so many at most and no more than a part
        (`here.PART_BYTES`); none where there are none. Raises StoreFailed."""

    async def restore(self, consult: ConsultId, lines: Sequence[bytes], deadlines: Sequence[Deadline] = ()) -> None:
        """Store the whole log of a consult that is not here, all or none: its entries as `write_entry` makes them, in
        their order from 1. Until all are stored there is no such consult. Others append meanwhile. Of its critical
        results those clocks run here that are given; where it goes on elsewhere none is.

        Raises:
            Conflict: there is such a consult; where `found` is 0, it is being deleted, or another restore of it has
                begun, or `clear_restores` was called meanwhile.
            StoreFailed: as `append`.
        """

    async def clear_restores(self) -> None:
        """Remove what restores have left that did not end: their process has died. One that is under way in another
        process ends with it. Raises StoreFailed."""

    async def begin_deletion(self, consult: ConsultId, head: int, about: bytes) -> None:
        """From now on, for good, there is no such consult; its entries go with `delete_entries`. Raises as `append`.

        Args:
            head: its last entry.
            about: what whoever goes on with it must know; no patient data.
        """

    async def deletions(self) -> list[tuple[ConsultId, bytes]]:
        """The deletions that have begun and are not finished, with what is known about them. Raises StoreFailed."""

    async def delete_entries(self, consult: ConsultId) -> None:
        """Delete all of a consult whose deletion has begun; nothing of it is left in any file. Done again it does no
        harm. Raises StoreFailed."""

    async def end_deletion(self, consult: ConsultId) -> None:
        """Nothing is left to be done about it. Raises StoreFailed."""

    async def check(self) -> None:
        """Whether it can be asked at all, whatever is in it. Raises StoreFailed."""

    async def close(self) -> None:
        """Finish what is under way; nothing is taken any more (StoreFailed). May be called twice."""


def check_numbers(after: int, entries: Sequence[Entry]) -> None:
    """Raises ValueError where entries are not numbered from `after + 1` without a gap, or there are none."""
    if not entries or any(entry.seq != after + 1 + i for i, entry in enumerate(entries)):
        raise ValueError(f"entries must be numbered from {after + 1} without a gap")


def decoded(lines: Sequence[bytes]) -> list[Entry]:
    """Entries from what is stored of them; blocks, and others of this process have their turn. Raises StoreFailed."""
    entries = list[Entry]()
    for line in lines:
        entries.append(read_entry(line))
        if len(entries) % TURN == 0:
            sleep(0)
    return entries


def by_urgency(deadline: Deadline) -> tuple[bool, float, ConsultId, str]:
    """The most urgent first, those that wait for people last."""
    return deadline.at is None, deadline.at or 0.0, deadline.consult, deadline.critical
