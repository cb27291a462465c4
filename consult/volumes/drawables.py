"""What is drawn over images, read when it is first drawn, and kept within a budget.

Rules:
- One reading each, whoever asks. What is over the budget goes, the least recently drawn first; the newest stays.
- What cannot be read is told each time by the same sentence; it is tried again when it is asked for anew.
- A study that is deleted is gone from here too.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from consult.dicom.stacks import series_of
from consult.model.identifiers import SeriesKey
from consult.once import Once


class Wanted(Protocol):
    """One object of the catalogue."""

    @property
    def key(self) -> str:
        """Begins as the key of a series does."""

    @property
    def drawn_on(self) -> tuple[SeriesKey, ...]:
        """The series over which it is drawn."""


class Sized(Protocol):
    """What can be drawn of it."""

    @property
    def own_bytes(self) -> int:
        """Of memory that it takes, about."""


W = TypeVar("W", bound=Wanted)
D = TypeVar("D", bound=Sized)


class Drawables(Generic[W, D]):
    """All of one sort that are drawn.

    Args:
        name: of the sort, in the names of tasks.
        loading: the sentence while one is being read.
        read: reads one; raises ConsultError.
        max_bytes: of all of them together.
    """

    def __init__(self, name: str, loading: str, read: Callable[[W], Coroutine[Any, Any, D]], *, max_bytes: int) -> None:
        self._read, self._max_bytes = read, max_bytes
        self._once: Once[str, D] = Once(name, loading, lambda key: series_of(SeriesKey(key)), on_kept=self._let_go)

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back for each series over which one lies that can be drawn now, or never will."""
        self._once.on_ready(callback)

    def now(self, wanted: W) -> D:
        """It, if it is there; else its reading is begun. Raises NotReady, and ConsultError: why it cannot be read."""
        return self._once.now(wanted.key, partial(self._read, wanted), wanted.drawn_on)

    async def get(self, wanted: W) -> D:
        """It, once it is there. Raises ConsultError: why it cannot be read."""
        return await self._once.get(wanted.key, partial(self._read, wanted), wanted.drawn_on)

    def discard(self, series: str) -> None:
        """Those of a series are let go: its study is deleted."""
        self._once.discard(series)

    async def close(self) -> None:
        """Stop reading, and let all go."""
        await self._once.close()

    def _let_go(self) -> None:
        kept = self._once.kept
        while len(kept) > 1 and sum(drawable.own_bytes for drawable in kept.values()) > self._max_bytes:
            kept.popitem(last=False)
