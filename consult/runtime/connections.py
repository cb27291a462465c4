"""The connections of one consult, and what is left in their outboxes. Nobody waits for a peer here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from consult.media.pacing.subscriber_queue import SubscriberQueue
from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId, SeatId
from consult.runtime.context import PictureService
from consult.runtime.outbox import Outbox
from consult.sessions.features.kinds import ServerMessage
from consult.sessions.features.seats.closing import Ending
from consult.sessions.messages import Closing
from consult.sessions.replaceable import replacement_key
from consult.signaling.codec import encode
from consult.streaming.feeds.feed import Feed
from consult.streaming.subscription import Subscription

COME_BACK = 1012
"""Close code of RFC 6455's registry, "Service Restart": the page comes back by itself."""


@dataclass
class ClientConnection:
    """One control connection: its outbox, and the frame that will close it.

    Attributes:
        seat: whose it is.
        close_frame: WebSocket close code and reason, sent when the outbox has ended and is empty.
        tab: of the page, once it is welcomed.
    """

    seat: SeatId
    outbox: Outbox = field(default_factory=Outbox)
    close_frame: tuple[int, str] = (COME_BACK, "")
    tab: str = ""


class ConnectionEvents(Protocol):
    """Who wants to know what happens to a connection (`runner.ConsultRunner`)."""

    def receive(self, connection: ConnectionId, text: str) -> None:
        """A frame has come."""

    def detach(self, connection: ConnectionId) -> None:
        """The peer has gone."""


@dataclass(frozen=True)
class ConnectionHandle:
    """A control connection, as the pump of its WebSocket holds it."""

    events: ConnectionEvents
    connection: ConnectionId
    client: ClientConnection

    @property
    def outbox(self) -> Outbox:
        """Messages for the peer, as text."""
        return self.client.outbox

    @property
    def close_frame(self) -> tuple[int, str]:
        """Close code and reason, once the outbox has ended."""
        return self.client.close_frame

    def receive(self, text: str) -> None:
        """A frame has come."""
        self.events.receive(self.connection, text)

    def detach(self) -> None:
        """The peer has gone."""
        self.events.detach(self.connection)


@dataclass(frozen=True)
class SubscriptionHandle:
    """A page's subscription to the video, as the pump of its media WebSocket holds it."""

    pictures: PictureService
    subscription: Subscription

    @property
    def subscriber(self) -> SubscriberQueue:
        """The queue of its frames; what the page acknowledges is noted there."""
        return self.subscription.subscriber

    def end(self) -> None:
        """Unsubscribe."""
        self.pictures.unsubscribe(self.subscription)


@dataclass(frozen=True)
class FeedHandle:
    """The stills that a page is sent, as the pump of its picture socket holds them."""

    pictures: PictureService
    connection: ConnectionId
    feed: Feed

    def end(self) -> None:
        """Send no more."""
        self.pictures.end_feed(self.connection, self.feed)


class Connections:
    """All connections of one consult. A connection's id is SEAT/NUMBER."""

    def __init__(self) -> None:
        self._clients: dict[ConnectionId, ClientConnection] = {}
        self._numbers = count(1)
        self._last_message: ServerMessage | None = None
        self._last_text = ""

    def __contains__(self, connection: ConnectionId) -> bool:
        return connection in self._clients

    def add(self, seat: SeatId) -> tuple[ConnectionId, ClientConnection]:
        """A page of that seat has connected."""
        connection = ConnectionId(f"{seat}/{next(self._numbers)}")
        client = self._clients[connection] = ClientConnection(seat)
        return connection, client

    def get(self, connection: ConnectionId) -> ClientConnection | None:
        """That connection, while it is there."""
        return self._clients.get(connection)

    def remove(self, connection: ConnectionId) -> ClientConnection | None:
        """It is gone: what it was; None where it was not there."""
        return self._clients.pop(connection, None)

    def page(self, seat: SeatId, tab: str) -> ConnectionId:
        """The open connection of a seat's tab, once it is welcomed. Raises Refused ("no_page")."""
        for connection, client in self._clients.items():
            if tab and client.tab == tab and _seat_of(connection) == seat and not client.outbox.ended:
                return connection
        raise Refused("no_page", "The page is not connected.")

    def is_online(self, seat: SeatId) -> bool:
        """Whether a page of that seat is connected."""
        return seat in self._seats_online()

    def count_online(self) -> int:
        """Seats with a page that is connected."""
        return len(self._seats_online())

    def send(self, to: Iterable[ConnectionId], message: ServerMessage) -> None:
        """Leave a message in the outboxes of these connections."""
        text, key = self._encoded(message), replacement_key(message)
        for connection in to:
            if (client := self._clients.get(connection)) is not None:
                client.outbox.put(text, key)

    def send_parts(self, to: Iterable[ConnectionId], parts: Iterable[ServerMessage]) -> None:
        """Leave messages that are encoded one by one, as each of these connections takes them."""
        for connection in to:
            if (client := self._clients.get(connection)) is not None:
                client.outbox.put_run(encode(part) for part in parts)

    def broadcast(self, message: ServerMessage) -> None:
        """Leave a message for every page that has been welcomed."""
        self.send([connection for connection, client in self._clients.items() if client.tab], message)

    def dismiss(self, connection: ConnectionId, ending: Ending) -> None:
        """Close a connection now, before whatever the consult has still to do."""
        self.send((connection,), ending.closing)
        self.close(connection, ending.code, ending.closing.reason)

    def close(self, connection: ConnectionId, code: int, reason: str) -> None:
        """Close a connection behind what waits in its outbox."""
        if (client := self._clients.get(connection)) is not None:
            client.close_frame = (code, reason)
            client.outbox.end()

    def dismiss_all(self, ending: Ending) -> None:
        """Close every connection; nobody comes back."""
        for connection in list(self._clients):
            self.dismiss(connection, ending)

    def close_all(self, closing: Closing, reason: str = "") -> None:
        """Send every page away to come back."""
        self.send(self._clients, closing)
        for client in self._clients.values():
            client.close_frame = (COME_BACK, reason)
            client.outbox.end()

    def _seats_online(self) -> set[str]:
        """Of those who are not being sent away: a close to a network that is dead takes its time."""
        return {_seat_of(connection) for connection, client in self._clients.items() if not client.outbox.ended}

    def _encoded(self, message: ServerMessage) -> str:
        """As it travels. The same object for many pages, one after the other, is encoded once."""
        if message is not self._last_message:
            self._last_message, self._last_text = message, encode(message)
        return self._last_text


def _seat_of(connection: ConnectionId) -> str:
    return connection.rpartition("/")[0]
