"""The bounded queue of one subscriber of a stream: what is sent next, chosen when it has capacity.

Rules:
- A delta is of use only behind what it was made from. After any drop, deltas wait at the gate until the next IDR.
- At most `MAX_WAITING` frames wait; one more, and all are dropped. An IDR makes those before it unneeded.
- A keyframe is asked for once a gate is closed and the link has capacity: a link that is full asks for nothing.
- All subscribers pay for a keyframe. A peer whose decoder is lost again and again has `KEYS` at once, then one
  each `KEY_EACH_S`: who asks without end waits alone.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from consult.media.pacing.backlog_gate import BacklogGate
from consult.media.rtp.h264_payload import payloads
from consult.model.stamp import Stamp
from consult.sessions.messages import ShownStamp

MAX_WAITING = 4
KEYS = 8
KEY_EACH_S = 2.0


@dataclass(frozen=True)
class AccessUnit:
    """One encoded frame, the same object for all subscribers. `stamp.rtp` is its timestamp."""

    data: bytes
    key: bool
    stamp: Stamp

    @cached_property
    def as_message(self) -> ShownStamp:
        """Its stamp as its subscribers are sent it; one object, so that it is encoded once."""
        return ShownStamp(self.stamp)

    @cached_property
    def payloads(self) -> tuple[bytes, ...]:
        """As RTP carries it: cut once, by the first peer that sends it."""
        return payloads(self.data)


class Gate(Protocol):
    """Whether a peer has capacity for another frame (`BacklogGate`, `congestion.PacingGate`)."""

    def sent(self, number: int, now: float) -> None:
        """A frame goes out; numbers count up."""

    def acknowledged(self, number: int) -> None:
        """The peer has this frame and all before it."""

    def has_capacity(self, now: float) -> bool:
        """Whether a frame may be sent."""

    def capacity_at(self, now: float) -> float | None:
        """When there will be capacity though nothing comes from the peer; None: not known."""

    def dead_at(self) -> float | None:
        """When the peer will count as dead."""


@dataclass(frozen=True)
class Numbered:
    """An access unit on its way to one peer."""

    number: int
    access_unit: AccessUnit


class KeyframeRation:
    """When a peer whose decoder is lost once more may have another keyframe."""

    def __init__(self) -> None:
        self._spent_until = float("-inf")

    @property
    def due_at(self) -> float:
        """From then on."""
        return self._spent_until - (KEYS - 1) * KEY_EACH_S

    def asked(self, now: float) -> None:
        """It has one."""
        self._spent_until = max(self._spent_until, now) + KEY_EACH_S


class SubscriberQueue:
    """One subscriber's frames that wait, its gate, its keyframe requests. `now`: seconds, never falling."""

    def __init__(self, now: Callable[[], float], gate: Gate | None = None) -> None:
        self.gate = BacklogGate() if gate is None else gate
        self.stalled = False
        """The peer took nothing for too long."""
        self.ended = False
        self._now = now
        self._want_key: Callable[[], None] | None = None
        self._queue: deque[AccessUnit] = deque()
        self._number = 0
        self._gated, self._asked = True, False
        self._ration, self._is_rationed = KeyframeRation(), False
        self._wake = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Frames that wait."""
        return len(self._queue)

    def join(self, want_key: Callable[[], None]) -> None:
        """Take another stream's frames from now on; none before its next IDR."""
        self._want_key = want_key
        self._close_gate()

    def offer(self, access_unit: AccessUnit) -> None:
        """A frame of the stream, as it is made."""
        if access_unit.key:
            self._queue.clear()
            self._gated = False
        elif self._gated:
            return
        elif len(self._queue) >= MAX_WAITING:
            self._close_gate()
            return
        self._queue.append(access_unit)
        self._wake.set()

    def acknowledged(self, number: int) -> None:
        """The peer has that frame and all before it."""
        self.gate.acknowledged(number)
        self._wake.set()

    def lost(self) -> None:
        """The peer's decoder needs an IDR; nothing that is on its way will be acknowledged."""
        self.gate.acknowledged(self._number)
        self._close_gate()
        self._is_rationed = True

    def end(self) -> None:
        """No more frames."""
        self.ended = True
        self._wake.set()

    async def take(self) -> Numbered | None:
        """The next frame, once there is one and room for it; None at the end, or when the peer counts as dead."""
        while not self.ended:
            now = self._now()
            if self.gate.has_capacity(now):
                if self._queue:
                    self._number += 1
                    self.gate.sent(self._number, now)
                    return Numbered(self._number, self._queue.popleft())
                if self._gated and not self._asked and self._key_at <= now:
                    self._ask(now)
            if not await self._something(now):
                self.stalled = True
                return None
        return None

    async def _something(self, now: float) -> bool:
        """Wait for a frame, an answer, capacity, the next keyframe or the end; False once the peer counts as dead."""
        dead_at, capacity_at = self.gate.dead_at(), self.gate.capacity_at(now)
        key_at = self._key_at if self._gated and not self._asked and self._key_at > now else None
        until = min((at for at in (dead_at, capacity_at, key_at) if at is not None), default=None)
        if until is None:
            await self._wake.wait()
        else:
            try:
                async with asyncio.timeout(max(0.0, until - now)):
                    await self._wake.wait()
            except TimeoutError:
                return until != dead_at
        self._wake.clear()
        return True

    @property
    def _key_at(self) -> float:
        """From when on a keyframe may be asked for."""
        return self._ration.due_at if self._is_rationed else float("-inf")

    def _ask(self, now: float) -> None:
        if self._want_key is None:
            return
        self._asked = True
        if self._is_rationed:
            self._ration.asked(now)
        self._want_key()

    def _close_gate(self) -> None:
        self._queue.clear()
        self._gated, self._asked, self._is_rationed = True, False, False
        self._wake.set()
