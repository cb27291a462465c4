"""The shell around one SessionCore: it does what the effects say, in their order.

Rules:
- Effects wait in one queue with one task. While an append is being stored everything behind it waits; so nothing is
  acknowledged, sent or shown before what it stands on is stored.
- Where an append fails, everything behind it is dropped, the core goes back to what is stored, and those whose
  commands are lost are told so.
- Nobody waits for a peer: messages go to outboxes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Protocol

import msgspec

from consult.model.errors import Conflict, ConsultError, StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, SeatId, SeriesKey
from consult.runtime.clock import Alarm, now
from consult.runtime.outbox import Outbox
from consult.runtime.pictures import Pictures
from consult.runtime.stills import Still
from consult.sessions.commands import ServerCommand
from consult.sessions.core import SessionCore
from consult.sessions.effects import Append, Close, Effect, Send, Show, WakeAt
from consult.sessions.messages import ClientMessage, Closing, Hello, Loading, ServerMessage, SetScreen, ShownStamp
from consult.sessions.state import State
from consult.signaling.codec import encode
from consult.store.log import Log

logger = logging.getLogger(__name__)


class Stored(Protocol):
    """Called when everything before it was carried out; `error` is what went wrong, if something did."""

    def __call__(self, error: ConsultError | None) -> None: ...


class Line(msgspec.Struct):
    """One connection: its outbox, and how it ends."""

    outbox: Outbox
    code: int = 1012
    reason: str = ""


class RunningConsult:
    """One consult that this process owns."""

    def __init__(self, core: SessionCore, log: Log, make_pictures: Callable[[RunningConsult], Pictures]) -> None:
        self.core, self._log = core, log
        self._lines: dict[ConnectionId, Line] = {}
        self._queue: deque[Effect | Callable[[ConsultError | None], None]] = deque()
        self._wake = asyncio.Event()
        self._alarm = Alarm(self._ring)
        self.lost = False
        """Another process owns the consult now; this one is of no use any more."""
        self.pictures = make_pictures(self)
        self._task = asyncio.create_task(self._run(), name=f"consult {core.state.consult_id}")
