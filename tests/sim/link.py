"""One WebSocket between a page and a server, as the simulated network carries it.

Rules:
- What is reliable keeps its order; a link is cut at any moment, and what was under way is lost, or still arrives while
  its page has long come back by another link.
- Shows, explored views, cursors and hands are dropped, doubled, delayed and arrive in another order.
- What waits for a slow page is replaced, dropped, and cut off by the product's own rule (`MessageQueue`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from consult.model.identifiers import ConnectionId
from consult.runtime.message_queue import MessageQueue
from consult.sessions.features.kinds import ClientMessage, ServerMessage
from consult.sessions.features.view.messages import Show
from consult.sessions.presence.messages import Cursor, Explore, RaiseHand
from consult.sessions.replaceable import replacement_key
from tests.sim.client import Client

if TYPE_CHECKING:
    from tests.sim.node import Node
    from tests.sim.world import Simulation


def _outbox() -> MessageQueue[ServerMessage]:
    return MessageQueue(lambda message: 1)


@dataclass(eq=False)
class Link:
    """One connection, both ways. `last_up`: when the last reliable message of the page arrives."""

    sim: Simulation
    client: Client
    node: Node
    id: ConnectionId
    last_up: float
    up_dead: bool = False
    down_dead: bool = False
    outbox: MessageQueue[ServerMessage] = field(default_factory=_outbox)
    _sending: deque[ServerMessage] = field(default_factory=deque)
    _is_busy: bool = False

    def up(self, message: ClientMessage) -> None:
        """From the page to the server."""
        sim = self.sim
        if isinstance(message, Show | Explore | Cursor | RaiseHand):
            if sim.chance(0.15):
                return
            if sim.chance(0.1):
                sim.after(sim.latency() + 0.1, self._arrive, message)
            if sim.chance(0.1):
                sim.after(sim.latency(), self._arrive, message)
                return
        self.last_up = max(self.last_up, sim.now + sim.latency())
        sim.after(self.last_up - sim.now, self._arrive, message)

    def down(self, message: ServerMessage) -> None:
        """From the server to the page."""
        self.outbox.put(message, replacement_key(message))
        self._next()

    def down_parts(self, parts: Iterable[ServerMessage]) -> None:
        """From the server to the page, one behind the other as they are taken."""
        self.outbox.put_run(parts)
        self._next()

    def close(self) -> None:
        """The server closes it, behind what waits."""
        self.outbox.end()
        self._next()

    def cut(self, *, half: bool) -> None:
        """The page is cut off. `half`: what it sent still arrives, and the server learns of it late."""
        self.down_dead, self.up_dead = True, not half
        self.client.link = None
        self.sim.after(self.sim.latency() * (5 if half else 1), self.node.gone, self.id)

    def _next(self) -> None:
        """Send the next message of those that were taken; if there is none, take all that wait."""
        if self._is_busy or self.down_dead:
            return
        if not self._sending:
            self._sending.extend(self.outbox.take_all())
        if self._sending or self.outbox.ended or self.outbox.overflowed:
            self._is_busy = True
            self.sim.after(self.sim.latency(), self._deliver)

    def _deliver(self) -> None:
        self._is_busy = False
        if self.down_dead:
            return
        if self._sending:
            self.client.receive(self, self._sending.popleft())
            self._next()
            return
        self.cut(half=False)

    def _arrive(self, message: ClientMessage) -> None:
        if not self.up_dead:
            self.node.receive(self, message)
