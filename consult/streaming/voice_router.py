"""The voices of one consult: whose Opus packets go to whom.

Rules:
- A page's voice is forwarded while the core allows it (`set_voice`), whatever it sends; "on the phone" it neither sends
  nor gets any.
- Of a talker 100 packets and 128 kbit a second are forwarded at most, in any second; what is above is dropped before it
  counts for anything. (Browsers send 50, and 32 kbit/s.)
- A seat never gets its own voice, not even in another tab.
- The active speakers are broadcast when they change, all of them; the newest message replaces one that still waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from consult.clock import steady
from consult.media.rtp.active_speakers import SLOTS, ActiveSpeakers
from consult.media.rtp.ration import Ration
from consult.media.rtp.voice_packet import VoicePacket
from consult.model.identifiers import ConnectionId, SeatId
from consult.sessions.presence.messages import Speaking

PACKETS_PER_S = 100
BYTES_PER_S = 128_000 // 8


class SlotSender(Protocol):
    """One slot of one listener: an RTP stream that never ends, whoever speaks in it."""

    def forward(self, source: Hashable, packet: VoicePacket) -> None:
        """Send a packet now, or drop it; `source` is another value at each activation (`RtpMunger`)."""


@dataclass(frozen=True, eq=False)
class Member:
    """One connected WebRTC peer.

    Attributes:
        senders: its slots, `SLOTS` of them.
        ration: of what it says.
    """

    seat: SeatId
    senders: Sequence[SlotSender]
    ration: Ration = field(default_factory=lambda: Ration(PACKETS_PER_S, BYTES_PER_S))


class VoiceRouter:
    """Forwards Opus packets between the peers of one consult.

    Args:
        broadcast: leaves a message for all pages.
        now: seconds, never falling.
    """

    def __init__(self, broadcast: Callable[[Speaking], None], now: Callable[[], float] = steady) -> None:
        self._broadcast, self._now = broadcast, now
        self._members: dict[ConnectionId, Member] = {}
        self._unmuted: set[ConnectionId] = set()
        """Their voices are forwarded. A page that connects its media anew stays unmuted."""
        self._not_listening: set[ConnectionId] = set()
        self._speakers = ActiveSpeakers()
        self._broadcast_last = self.active_speakers
        self._timer: asyncio.TimerHandle | None = None

    @property
    def active_speakers(self) -> Speaking:
        """The seat in each slot, "" in a free one."""
        members = self._members
        return Speaking(tuple(SeatId("") if who is None else members[who].seat for who in self._speakers.slots))

    def join(self, connection: ConnectionId, seat: SeatId, senders: Sequence[SlotSender]) -> Member:
        """A page's peer is connected; it replaces the one before it."""
        if len(senders) != SLOTS:
            raise ValueError(f"{len(senders)} senders for {SLOTS} slots")
        self.leave(connection)
        member = self._members[connection] = Member(seat, senders)
        return member

    def leave(self, connection: ConnectionId, member: Member | None = None) -> None:
        """A page's peer is gone; with a member, only where it is still that one."""
        present = self._members.get(connection)
        if present is None or (member is not None and member is not present):
            return
        self._free_slot(connection)
        del self._members[connection]

    def set_voice(self, connection: ConnectionId, *, on: bool, listens: bool) -> None:
        """Whether a page's voice is forwarded to others, and whether other voices are forwarded to it."""
        (self._unmuted.add if on else self._unmuted.discard)(connection)
        (self._not_listening.discard if listens else self._not_listening.add)(connection)
        if not on:
            self._free_slot(connection)

    def forget(self, connection: ConnectionId) -> None:
        """A page has gone."""
        self.leave(connection)
        self._unmuted.discard(connection)
        self._not_listening.discard(connection)

    def packet(self, connection: ConnectionId, packet: VoicePacket) -> None:
        """Forward a packet of a page's peer; nothing is awaited."""
        speaker = self._members.get(connection)
        if speaker is None or connection not in self._unmuted:
            return
        if not speaker.ration.take(len(packet.payload), self._now()):
            return
        turn = self._speakers.packet(connection, packet.level, self._now())
        self._changed()
        if turn is None:
            return
        for other, member in self._members.items():
            if member.seat != speaker.seat and other not in self._not_listening:
                member.senders[turn.slot].forward(turn.activation, packet)

    def close(self) -> None:
        """Forward nothing any more."""
        self._members.clear()
        self._speakers = ActiveSpeakers()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _free_slot(self, connection: ConnectionId) -> None:
        self._speakers.leave(connection)
        self._changed()

    def _changed(self) -> None:
        """Broadcast the active speakers where they have changed, and come back when a slot will fall free."""
        speakers = self.active_speakers
        if speakers != self._broadcast_last:
            self._broadcast_last = speakers
            self._broadcast(speakers)
        due = self._speakers.due()
        if due is not None and self._timer is None:
            wait_s = max(0.0, due - self._now())
            self._timer = asyncio.get_running_loop().call_later(wait_s, self._expire)

    def _expire(self) -> None:
        self._timer = None
        self._speakers.expire(self._now())
        self._changed()
