"""The mailbox of one connection: a bounded queue of texts that a task may wait for, and that no sender waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from consult.runtime.message_queue import MAX_BYTES, MAX_MESSAGES, MessageQueue


class Outbox(MessageQueue[str]):
    """The messages for one peer, as text."""

    def __init__(self, *, max_messages: int = MAX_MESSAGES, max_bytes: int = MAX_BYTES) -> None:
        super().__init__(len, max_messages=max_messages, max_bytes=max_bytes)
        self._wake = asyncio.Event()

    def put(self, message: str, key: str = "") -> None:
        """As `MessageQueue.put`; it wakes whoever waits."""
        super().put(message, key)
        self._wake.set()

    def put_run(self, messages: Iterable[str]) -> None:
        """As `MessageQueue.put_run`; it wakes whoever waits."""
        super().put_run(messages)
        self._wake.set()

    def end(self) -> None:
        """As `MessageQueue.end`; it wakes whoever waits."""
        super().end()
        self._wake.set()

    async def take(self) -> list[str]:
        """As `take_all`, once there is something; none once the box is empty and ended, or has overflowed."""
        while not (messages := self.take_all()):
            if self.ended or self.overflowed:
                return []
            self._wake.clear()
            await self._wake.wait()
        return messages
