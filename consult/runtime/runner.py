"""The shell around one SessionCore: it does what the effects say, in their order.

Rules:
- Effects wait in one queue with one task. While an append is being stored everything behind it waits; so nothing is
  acknowledged, sent or shown before what it stands on is stored.
- Where an append fails, everything behind it is dropped, the core goes back to what is stored, and those whose
  commands are lost are told so. Where somebody else owns the log, every page is sent away to come back.
- Nobody waits for a peer: messages go to outboxes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from consult.clock import Alarm, now
from consult.media.pacing.subscriber_queue import Gate, SubscriberQueue
from consult.model.errors import Conflict, ConsultError, Malformed, OurFault, Refused, StoreFailed
from consult.model.identifiers import ConnectionId, ConsultId, SeatId
from consult.model.view import Screen
from consult.runtime.context import ConsultContext, PictureService
from consult.runtime.outbox import Outbox
from consult.sessions.core import SessionCore
from consult.sessions.effects import (
    Append,
    Close,
    Effect,
    ForwardVoice,
    Measure,
    Negotiate,
    Send,
    ShowIndependentView,
    ShowView,
    WakeAt,
)
from consult.sessions.features.consult.commands import EndConsult
from consult.sessions.features.kinds import Command, ServerMessage
from consult.sessions.features.view.messages import ShownView
from consult.sessions.messages import Closing, Hello, Nack, SetScreen
from consult.sessions.replaceable import replacement_key
from consult.signaling.codec import decode, encode
from consult.store.log import Log
from consult.streaming.video_router import Subscription

logger = logging.getLogger(__name__)
MAX_WAITING = 16_384
"""Effects that wait while the log is slow; with more the consult starts anew from what is stored."""
COME_BACK = 1012
"""Close code: the service restarts; the page comes back by itself."""


@dataclass
class ClientConnection:
    """One connection: its outbox, and how it ends."""

    outbox: Outbox = field(default_factory=Outbox)
    close_frame: tuple[int, str] = (COME_BACK, "")
    tab: str = ""
    """Known once the page is welcomed."""


@dataclass(frozen=True)
class ConnectionHandle:
    """What the pump holds of a connection."""

    consult: ConsultRunner
    connection: ConnectionId
    line: ClientConnection

    @property
    def outbox(self) -> Outbox:
        """Messages for the peer, as text."""
        return self.line.outbox

    @property
    def close_frame(self) -> tuple[int, str]:
        """Close code and reason, once the outbox has ended."""
        return self.line.close_frame

    def receive(self, text: str) -> None:
        """A frame has come."""
        self.consult.receive(self.connection, text)

    def detach(self) -> None:
        """The peer has gone."""
        self.consult.detach(self.connection)


@dataclass(frozen=True)
class SubscriptionHandle:
    """What the media pump holds of a page."""

    pictures: PictureService
    subscription: Subscription

    @property
    def subscriber(self) -> SubscriberQueue:
        """Whom the page's answers are told."""
        return self.subscription.subscriber

    def end(self) -> None:
        """The page takes it no longer."""
        self.pictures.unsubscribe(self.subscription)


@dataclass(frozen=True)
class Waiting:
    """In the queue of effects: somebody wants to know when all before it was done."""

    done: asyncio.Future[None]


@dataclass(frozen=True)
class Seen:
    """In the queue of effects: a page has said what it shows pictures on. Behind its welcome, which may wait."""

    connection: ConnectionId
    screen: Screen
    tab: str = ""
    """Of a page that says hello."""


class ConsultRunner:
    """One consult that this process owns."""

    def __init__(
        self, identifier: ConsultId, core: SessionCore, log: Log, make_rooms: Callable[[ConsultRunner], ConsultContext]
    ) -> None:
        self.id, self.core = identifier, core
        self.lost = False
        """Somebody else owns the log now, or it cannot be read: find the consult anew."""
        self._log = log
        self._lines: dict[ConnectionId, ClientConnection] = {}
        self._numbers = count(1)
        self._queue: deque[Effect | Waiting | Seen] = deque()
        self._wake = asyncio.Event()
        self._last_message: ServerMessage | None = None
        self._last_text = ""
        self._alarm = Alarm(self._ring)
        rooms = make_rooms(self)
        self.pictures, self._calls = rooms.pictures, rooms.calls
        self._task = asyncio.create_task(self._run(), name=f"consult {identifier}")

    async def start(self) -> None:
        """Take the log over. Raises Conflict, StoreFailed."""
        await self._all_done(self.core.start(now()))

    async def command(self, command: Command) -> None:
        """A command of the server's own, stored when this returns. Raises Refused, StoreFailed."""
        await self._all_done(self.core.command(command, now()))

    async def end(self) -> None:
        """End the consult for everybody, on behalf of the host API."""
        await self.command(EndConsult(id="", case=self.core.state.case))

    def attach(self, seat: SeatId) -> ConnectionHandle:
        """A page of that seat has connected; it says hello next."""
        connection = ConnectionId(f"{seat}/{next(self._numbers)}")
        line = self._lines[connection] = ClientConnection()
        self._do(self.core.connect(connection, seat, now()))
        return ConnectionHandle(self, connection, line)

    def receive(self, connection: ConnectionId, text: str) -> None:
        """A frame of a peer."""
        line = self._lines.get(connection)
        if line is None or self.lost:
            return
        try:
            message = decode(text)
        except Malformed as malformed:
            line.outbox.put(encode(Nack("", malformed.code, malformed.sentence)))
            return
        self._do(self.core.receive(connection, message, now()))
        hello = self.core.accepted(connection)
        if message is hello or (isinstance(message, SetScreen) and hello is not None):
            self._queue.append(Seen(connection, message.screen, message.tab if isinstance(message, Hello) else ""))

    def detach(self, connection: ConnectionId) -> None:
        """A peer has gone."""
        if self._lines.pop(connection, None) is not None:
            self._calls.forget(connection)
            self.pictures.forget(connection)
            self._do(self.core.disconnect(connection, now()))

    def subscribe(self, seat: SeatId, tab: str, gate: Gate) -> SubscriptionHandle:
        """The page of that seat and tab takes the moving picture by WebSocket.

        Raises:
            Refused: "no_page": it is not connected (yet).
        """
        for connection, line in self._lines.items():
            if tab and line.tab == tab and connection.startswith(f"{seat}/") and not line.outbox.ended:
                return SubscriptionHandle(self.pictures, self.pictures.subscribe(connection, "websocket", gate))
        raise Refused("no_page", "The page is not connected.")

    def say(self, connection: ConnectionId, message: ServerMessage) -> None:
        """Leave a message for a peer; one that may be dropped replaces the one before it."""
        self._send((connection,), message)

    def tell(self, message: ServerMessage) -> None:
        """Leave a message for every page that has been welcomed."""
        self._send([connection for connection, line in self._lines.items() if line.tab], message)

    def is_online(self, seat: SeatId) -> bool:
        """Somebody sits in that seat now."""
        return any(connection.startswith(f"{seat}/") for connection in self._lines)

    def people_here(self) -> int:
        """How many seats have a page open."""
        return len({connection.rpartition("/")[0] for connection in self._lines})

    async def close(self) -> None:
        """Send every page away to come back, and stop."""
        self._send_away(Closing("", "The server restarts. The page comes back by itself."))
        self.lost = True
        self._alarm.cancel()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._fail_waiting(StoreFailed("closed", "The server restarts."))
        await self._calls.close()
        await self.pictures.close()

    def _ring(self) -> None:
        self._do(self.core.wake(now()))

    def _do(self, effects: Sequence[Effect]) -> None:
        if self.lost:
            return
        self._queue.extend(effects)
        self._wake.set()
        if len(self._queue) > MAX_WAITING:
            logger.error("consult %s: the log is too slow", self.id)
            self._lose(StoreFailed("store_busy", "The server is too slow to store what is done. Try again."))

    async def _all_done(self, effects: Sequence[Effect]) -> None:
        if self.lost:
            raise StoreFailed("lost", "The consult has moved. Try again.")
        waiting = Waiting(asyncio.get_running_loop().create_future())
        self._queue.extend(effects)
        self._queue.append(waiting)
        self._wake.set()
        await waiting.done

    async def _run(self) -> None:
        try:
            await self._work()
        except Exception:  # a fault of ours: without this the consult would stand still, and nobody would know
            logger.exception("consult %s: ended by a fault of ours", self.id)
            self._lose(StoreFailed("lost", "The server lost track for a moment. Try again."))

    async def _work(self) -> None:
        while not self.lost:
            await self._wake.wait()
            self._wake.clear()
            while self._queue and not self.lost:
                effect = self._queue.popleft()
                if isinstance(effect, Append):
                    await self._store(effect)
                else:
                    self._carry_out(effect)

    def _carry_out(
        self,
        effect: Send
        | ShowView
        | ShowIndependentView
        | Close
        | Negotiate
        | ForwardVoice
        | Measure
        | WakeAt
        | Waiting
        | Seen,
    ) -> None:
        match effect:
            case Negotiate() | ForwardVoice():
                self._agree(effect)
            case Send(to, message):
                self._send(to, message)
            case ShowView() | ShowIndependentView() | Measure():
                self._picture(effect)
            case Close(connection, code, reason) if (line := self._lines.get(connection)) is not None:
                line.close_frame = (code, reason)
                line.outbox.end()
            case WakeAt(at):
                self._alarm.set(at)
            case Seen() if effect.connection in self._lines:
                self._see(effect)
            case Waiting(done):
                if not done.done():
                    done.set_result(None)

    def _picture(self, effect: ShowView | ShowIndependentView | Measure) -> None:
        case, epoch = self.core.state.current_case, self.core.state.case
        match effect:
            case Measure(to, shapes) if case is not None:
                self.pictures.measure(to, shapes, case)
            case ShowView(shown) if case is not None and shown.case == epoch:
                self.pictures.show(shown, case)
            case ShowIndependentView(connection, stage, ShownView() as view) if case is not None and view.case == epoch:
                self.pictures.look(connection, stage, view, case)
            case ShowIndependentView(connection):
                self.pictures.follow(connection)

    def _see(self, seen: Seen) -> None:
        line = self._lines[seen.connection]
        line.tab = seen.tab or line.tab
        self.pictures.set_screen(seen.connection, seen.screen)
        if seen.tab and any((speaking := self._calls.speaking).slots):
            self._send((seen.connection,), speaking)

    def _agree(self, effect: Negotiate | ForwardVoice) -> None:
        if effect.connection not in self._lines:
            return
        match effect:
            case Negotiate(connection, message):
                self._calls.negotiate(connection, message)
            case ForwardVoice(connection, on, listens):
                self._calls.hear(connection, on=on, listens=listens)

    def _send(self, to: Iterable[ConnectionId], message: ServerMessage) -> None:
        text, key = self._written(message), replacement_key(message)
        for connection in to:
            if (line := self._lines.get(connection)) is not None:
                line.outbox.put(text, key)

    def _written(self, message: ServerMessage) -> str:
        """As it travels. The same object for many pages, one after the other, is written once."""
        if message is not self._last_message:
            self._last_message, self._last_text = message, encode(message)
        return self._last_text

    async def _store(self, append: Append) -> None:
        try:
            await self._log.append(self.id, append.after, append.entries)
            self.core.stored(append.entries[-1].seq)
        except Conflict as conflict:
            logger.warning("consult %s: owned by another process now", self.id)
            self._lose(conflict)
        except StoreFailed as failed:
            logger.error("consult %s: not stored: %s", self.id, failed.code)
            self._fail_waiting(failed)
            seen = [item for item in self._queue if isinstance(item, Seen)]
            self._queue.clear()
            try:
                self._do(self.core.roll_back(append.after, failed, now()))
                self._queue.extend(seen)
            except OurFault as too_late:
                self._lose(too_late)

    def _lose(self, why: OurFault) -> None:
        self.lost = True
        self._fail_waiting(why)
        self._queue.clear()
        self._send_away(Closing("", "The consult has moved to another server. The page comes back by itself."))

    def _send_away(self, closing: Closing) -> None:
        for line in self._lines.values():
            line.outbox.put(encode(closing))
            line.outbox.end()

    def _fail_waiting(self, why: ConsultError) -> None:
        for waiting in self._queue:
            if isinstance(waiting, Waiting) and not waiting.done.done():
                waiting.done.set_exception(why)
