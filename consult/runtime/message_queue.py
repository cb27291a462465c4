"""What waits for one slow reader, as pure code: the product's outbox and the links of the simulation have one.

Rules:
- A message with a key is absolute: a newer one replaces an older one that still waits (`sessions.replaceable`), and
  goes to the end.
- Beyond the bound presence is dropped first (keys that begin with PRESENCE). If that is not enough the queue
  overflows as a whole: its connection is cut, so that the page comes back and resumes. Nothing else is ever dropped.
- A run of messages is drawn one by one as the reader takes them; it is not counted, since nothing of it waits here.
- Who is closed in the middle of a run is sent the last message, which says why, and nothing else: a run may take
  minutes, and what is behind it was to be used with all of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Generic, TypeVar

from consult.sessions.replaceable import PRESENCE

M = TypeVar("M")
MAX_MESSAGES = 256
MAX_BYTES = 1 << 20


@dataclass(eq=False)
class _Run(Generic[M]):
    """Messages that are made as they are taken."""

    messages: Iterator[M]

    def draw(self) -> M | None:
        """The next one; None behind the last."""
        return next(self.messages, None)


class MessageQueue(Generic[M]):
    """Anybody puts, one reader takes.

    Args:
        size: bytes of a message.
        max_messages, max_bytes: so much may wait.
    """

    def __init__(
        self, size: Callable[[M], int], *, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES
    ) -> None:
        self.overflowed = False
        """More than fits has come: what waited is gone, and the connection must be cut."""
        self.ended = False
        """Nothing more is put; what waits may still be taken."""
        self._size, self._max_messages, self._max_bytes = size, max_messages, max_bytes
        self._waiting: OrderedDict[str, M | _Run[M]] = OrderedDict()
        self._bytes = 0
        self._numbers = count()

    def put(self, message: M, key: str = "") -> None:
        """Leave a message; with a key it replaces the waiting one of the same key. Ignored once it is over."""
        if self.ended or self.overflowed:
            return
        if key in self._waiting:
            self._drop(key)
        self._waiting[key or f"#{next(self._numbers)}"] = message
        self._bytes += self._size(message)
        if self._is_over():
            for old in [k for k in self._waiting if k.startswith(PRESENCE)]:
                self._drop(old)
        if self._is_over():
            self.overflowed = True
            self._waiting.clear()

    def put_run(self, messages: Iterable[M]) -> None:
        """Leave messages that are drawn one by one, each when the reader comes for it. Ignored once it is over."""
        if not self.ended and not self.overflowed:
            self._waiting[f"#{next(self._numbers)}"] = _Run(iter(messages))

    def end(self) -> None:
        """No more messages; of those from a run on the last one alone."""
        self.ended = True
        keys = list(self._waiting)
        runs = [i for i, key in enumerate(keys) if isinstance(self._waiting[key], _Run)]
        for key in keys[runs[0] : -1] if runs else ():
            self._drop(key)

    def take_all(self) -> list[M]:
        """All that wait, in their order; of a run one message, and what is behind it stays."""
        messages: list[M] = []
        while self._waiting:
            key, first = self._waiting.popitem(last=False)
            if not isinstance(first, _Run):
                self._bytes -= self._size(first)
                messages.append(first)
            elif (drawn := first.draw()) is not None:
                self._waiting[key] = first
                self._waiting.move_to_end(key, last=False)
                return [*messages, drawn]
        return messages

    def _is_over(self) -> bool:
        return len(self._waiting) > self._max_messages or self._bytes > self._max_bytes

    def _drop(self, key: str) -> None:
        message = self._waiting.pop(key)
        if not isinstance(message, _Run):
            self._bytes -= self._size(message)
