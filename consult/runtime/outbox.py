"""The mailbox of one connection: bounded, never awaited by who fills it.

Rules:
- Messages with a key are absolute: a newer one replaces an older one that still waits (Latest).
- At 256 messages or 1 MiB, presence is dropped first (keys that begin with PRESENCE); if that is not enough the box
  overflows: it is closed, and the transport is aborted, so that the client comes back and resumes.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from itertools import count

from consult.sessions.replaceable import PRESENCE

MAX_MESSAGES = 256
MAX_BYTES = 1 << 20


class Outbox:
    """One writer takes, anybody puts."""

    def __init__(self, *, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        self._waiting: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0
        self._numbers = count()
        self._wake = asyncio.Event()
        self._max_messages, self._max_bytes = max_messages, max_bytes
        self.overflowed = False
        self.ended = False

    def put(self, text: str, key: str = "") -> None:
        """Leave a message; with a key it replaces the waiting one of the same key. Nothing is taken once it is over."""
        if self.ended or self.overflowed:
            return
        if key and key in self._waiting:
            self._bytes -= len(self._waiting.pop(key))
        self._waiting[key or f"#{next(self._numbers)}"] = text
        self._bytes += len(text)
        if self._is_over():
            self._drop_presence()
        if self._is_over():
            self.overflowed = True
            self._waiting.clear()
        self._wake.set()

    def end(self) -> None:
        """No more messages; what waits is still taken."""
        self.ended = True
        self._wake.set()

    async def take(self) -> list[str]:
        """All that wait, in their order, once there is one; none once the box is empty and ended, or has overflowed."""
        while not self._waiting:
            if self.ended or self.overflowed:
                return []
            self._wake.clear()
            await self._wake.wait()
        texts = list(self._waiting.values())
        self._waiting.clear()
        self._bytes = 0
        return texts

    def _is_over(self) -> bool:
        return len(self._waiting) > self._max_messages or self._bytes > self._max_bytes

    def _drop_presence(self) -> None:
        for key in [k for k in self._waiting if k.startswith(PRESENCE)]:
            self._bytes -= len(self._waiting.pop(key))
