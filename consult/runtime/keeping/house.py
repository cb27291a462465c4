"""What one of several nodes does for all: it takes files in, and deletes what is due.

Rules of this file:
- Who has the lease of the house has it open. Who loses it closes it at once.
- Nobody asks for long: a node that is asked for it opens it, if no other lives that has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Protocol

from consult.cluster.cluster import Cluster, Elsewhere
from consult.library.library import Library
from consult.library.uploading.uploads import Uploads
from consult.store.leases import HOUSE


class DecodedVolumes(Protocol):
    """What this machine has decoded."""

    def decoded(self) -> set[str]:
        """The series of which something is."""

    def discard(self, series: str) -> None:
        """Remove it."""


async def discard_deleted(volumes: DecodedVolumes, library: Library) -> None:
    """Nothing is left on this machine of series that another node has deleted. Raises StoreFailed."""
    for series in volumes.decoded():
        if not await library.has_series(series):
            volumes.discard(series)


class House:
    """The house, on this node or not.

    Args:
        cluster: says whose it is.
        uploads: opened while it is this node's.
    """

    def __init__(self, cluster: Cluster, uploads: Uploads) -> None:
        self._cluster, self._uploads = cluster, uploads
        self._lock, self._is_open = asyncio.Lock(), False
        self._closing: asyncio.Task[None] | None = None
        cluster.on_lost(self._lost)

    async def enter(self) -> None:
        """It is this node's, and open. Raises Elsewhere, StoreFailed."""
        async with self._lock:
            await self._cluster.own(HOUSE)
            if not self._is_open:
                await self._uploads.open()
                self._is_open = True

    async def is_here(self) -> bool:
        """It is this node's, or was nobody's. Raises StoreFailed."""
        try:
            await self.enter()
        except Elsewhere:
            return False
        return True

    async def close(self) -> None:
        """Let it go."""
        if self._closing is not None:
            await asyncio.gather(self._closing, return_exceptions=True)
        async with self._lock:
            await self._shut()
            await self._cluster.release(HOUSE)

    def _lost(self, consults: Collection[str]) -> None:
        if HOUSE in consults:
            self._closing = asyncio.create_task(self._leave(), name="house")

    async def _leave(self) -> None:
        async with self._lock:
            await self._shut()

    async def _shut(self) -> None:
        if self._is_open:
            self._is_open = False
            await self._uploads.close()
