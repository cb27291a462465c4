"""What is made once, whoever asks for it, and kept until it is let go.

Rules:
- One making each, however many wait; who goes away leaves it to the others.
- Why something could not be made is told each time it is asked for at once; who waits for it has it tried again.
- What is being made while its study is deleted is not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Hashable, Iterable
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

from consult.model.errors import ConsultError, NotReady
from consult.model.identifiers import SeriesKey

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")
Make = Callable[[], Coroutine[Any, Any, Made]]
"""Raises ConsultError; NotReady where the next one who asks may try again."""


class Once(Generic[Key, Made]):
    """All of one sort.

    Args:
        name: of the sort, in the names of tasks.
        loading: the sentence while one is being made.
        series_of: the series that one is of, without that of its stack.
        on_kept: called when another one is kept.
    """

    def __init__(
        self, name: str, loading: str, series_of: Callable[[Key], str], *, on_kept: Callable[[], None] = lambda: None
    ) -> None:
        self._name, self._loading, self._series_of, self._on_kept = name, loading, series_of, on_kept
        self.kept: OrderedDict[Key, Made] = OrderedDict()
        """The least recently asked for first; the owner lets go of what is too much."""
        self._failed: dict[Key, ConsultError] = {}
        self._making: dict[Key, asyncio.Task[Made]] = {}
        self._gone: set[Key] = set()
        """Those that are being made although their study is deleted."""
        self._callbacks: list[Callable[[SeriesKey], None]] = []

    def on_ready(self, callback: Callable[[SeriesKey], None]) -> None:
        """Call back for each series that was waiting for one, when that is there or never will be."""
        self._callbacks.append(callback)

    def now(self, key: Key, make: Make[Made], waiting: Iterable[SeriesKey]) -> Made:
        """It, if it is there; else its making is begun.

        Args:
            key: names it.
            make: makes it.
            waiting: series that wait for it.

        Raises:
            NotReady: not yet.
            ConsultError: why it could not be made.
        """
        if (kept := self._kept(key)) is not None:
            return kept
        if (failed := self._failed.get(key)) is not None:
            raise failed
        self._start(key, make, waiting)
        raise NotReady("not_loaded", self._loading)

    async def get(self, key: Key, make: Make[Made], waiting: Iterable[SeriesKey]) -> Made:
        """It, once it is there. Raises ConsultError: why it could not be made."""
        if (kept := self._kept(key)) is not None:
            return kept
        return await asyncio.shield(self._start(key, make, waiting))

    def discard(self, series: str) -> None:
        """Those of a series are let go: its study is deleted."""
        for key in [key for key in self.kept if self._series_of(key) == series]:
            del self.kept[key]
        self._gone.update(key for key in self._making if self._series_of(key) == series)

    async def close(self) -> None:
        """Stop making, and let all go."""
        tasks = list(self._making.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.kept.clear()

    def _kept(self, key: Key) -> Made | None:
        if (kept := self.kept.get(key)) is not None:
            self.kept.move_to_end(key)
        return kept

    def _start(self, key: Key, make: Make[Made], waiting: Iterable[SeriesKey]) -> asyncio.Task[Made]:
        if (making := self._making.get(key)) is not None:
            return making
        self._failed.pop(key, None)
        task = self._making[key] = asyncio.create_task(make(), name=f"{self._name} {key}")
        task.add_done_callback(lambda done: self._ended(key, done, waiting))
        return task

    def _ended(self, key: Key, task: asyncio.Task[Made], waiting: Iterable[SeriesKey]) -> None:
        self._making.pop(key, None)
        gone = key in self._gone
        self._gone.discard(key)
        if task.cancelled():
            return
        error = task.exception()
        if error is None and not gone:
            self.kept[key] = task.result()
            self._on_kept()
        elif isinstance(error, ConsultError) and not isinstance(error, NotReady):
            self._failed[key] = error
        for series in waiting:
            for callback in self._callbacks:
                callback(series)


class OneAtATime:
    """A lock for each key; those that nobody holds or waits for are forgotten."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, key: Hashable) -> AsyncIterator[None]:
        """While something is done about that one."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            yield
