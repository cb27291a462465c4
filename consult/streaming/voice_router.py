"""The voices of one consult: whose Opus packets go to whom.

Rules:
- A page is heard while the core says so (`hear`), whatever it sends; "on the phone" it neither sends nor gets.
- Nobody hears their own seat, not even from another tab.
- Who speaks is told to all pages when it changes, whole; the newest replaces what still waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from consult.media.rtp.active_speakers import SLOTS, ActiveSpeakers
from consult.media.rtp.voice_packet import VoicePacket
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.messages import Speaking


class SlotSender(Protocol):
    """One slot of one listener: a stream that never ends, whoever speaks in it."""

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        """Send a packet now, or drop it; `source` is another value at each activation (`RtpMunger`)."""


@dataclass(frozen=True, eq=False)
class Member:
    """One connected peer. `senders`: its slots, `SLOTS` of them."""

    seat: SeatId
    senders: Sequence[SlotSender]


class VoiceRouter:
    """One consult's. `tell` leaves a message for all pages."""

    def __init__(self, tell: Callable[[Speaking], None], now: Callable[[], float] = monotonic) -> None:
        self._tell, self._now = tell, now
        self._members: dict[ConnectionId, Member] = {}
        self._heard: set[ConnectionId] = set()
        self._deaf: set[ConnectionId] = set()
        self._speakers = ActiveSpeakers()
        self._told = self.speaking
        self._timer: asyncio.TimerHandle | None = None

    @property
    def speaking(self) -> Speaking:
        """Who speaks and is heard now."""
        members = self._members
        return Speaking(tuple(SeatId("") if who is None else members[who].seat for who in self._speakers.slots))

    def join(self, connection: ConnectionId, seat: SeatId, senders: Sequence[SlotSender]) -> Member:
        """A page's peer is connected; the one before it gets nothing more."""
        if len(senders) != SLOTS:
            raise ValueError(f"{len(senders)} senders for {SLOTS} slots")
        self.leave(connection)
        member = self._members[connection] = Member(seat, senders)
        return member

    def leave(self, connection: ConnectionId, member: Member | None = None) -> None:
        """A page's peer is gone; with a member, only where it is still that one."""
        mine = self._members.get(connection)
        if mine is None or (member is not None and member is not mine):
            return
        self._silence(connection)
        del self._members[connection]

    def hear(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether what a page's microphone sends is forwarded, and whether it gets what others send."""
        (self._heard.add if on else self._heard.discard)(connection)
        (self._deaf.discard if listens else self._deaf.add)(connection)
        if not on:
            self._silence(connection)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.leave(connection)
        self._heard.discard(connection)
        self._deaf.discard(connection)

    def packet(self, connection: ConnectionId, packet: VoicePacket) -> None:
        """A page's peer has received this; nothing is awaited."""
        talker = self._members.get(connection)
        if talker is None or connection not in self._heard:
            return
        heard = self._speakers.packet(connection, packet.level, self._now())
        self._changed()
        if heard is None:
            return
        for other, member in self._members.items():
            if member.seat != talker.seat and other not in self._deaf:
                member.senders[heard.slot].forward(heard.activation, packet)

    def close(self) -> None:
        """Nobody is heard any more."""
        self._members.clear()
        self._speakers = ActiveSpeakers()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _silence(self, connection: ConnectionId) -> None:
        self._speakers.leave(connection)
        self._changed()

    def _changed(self) -> None:
        """SendMessage who speaks where that is new, and look again when a slot falls free."""
        speaking = self.speaking
        if speaking != self._told:
            self._told = speaking
            self._tell(speaking)
        due = self._speakers.due()
        if due is not None and self._timer is None:
            wait_s = max(0.0, due - self._now())
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._look)

    def _look(self) -> None:
        self._timer = None
        self._speakers.expire(self._now())
        self._changed()
