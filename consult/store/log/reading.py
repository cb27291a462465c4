"""Reads logs whose entries are stored as lines: part by part, decoded beside the loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from consult.model.errors import StoreFailed
from consult.model.identifiers import ConsultId
from consult.sessions.events import Entry
from consult.store.log import GONE, Log, decoded, here


async def parts_of(log: Log, consult: ConsultId, after: int) -> AsyncIterator[Sequence[Entry]]:
    """See `Log.parts`."""
    head = await log.head(consult)
    while after < head:
        lines = await log.lines(consult, after, min(here.PART_ROWS, head - after))
        if not lines:
            raise StoreFailed("gone", GONE)
        after += len(lines)
        yield await asyncio.to_thread(decoded, lines)
