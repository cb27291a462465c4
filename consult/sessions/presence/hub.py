"""All presence of one consult: who is here, points where, looks at what, speaks; hands, health."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from consult.model.identifiers import ConnectionId
from consult.model.rates import RateLimit, Turns
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send
from consult.sessions.presence.cursors import CursorBoard
from consult.sessions.presence.independent_views import IndependentViews
from consult.sessions.presence.lobby import LobbyBoard
from consult.sessions.presence.messages import (
    Cursor,
    Explore,
    LowerHand,
    Mute,
    PresenceMessage,
    RaiseHand,
    ReportHealth,
    RequestFollow,
    SetMicrophone,
)
from consult.sessions.presence.microphones import mute, set_microphone
from consult.sessions.presence.people import note, presence_of
from consult.sessions.state import State

PRESENCE_RATE = RateLimit(10, 30)
"""How often all are sent what pages say of themselves: a list of fifty goes to fifty each time."""


class PresenceHub:
    """Takes down what pages send of themselves, and sends the others what follows.

    Args:
        connections: all of them, as the core has them.
        independent_views: how many pages may have a view of their own at a time.
        number: the next revision of a view.
        wall: the wall clock's time at a time.
    """

    def __init__(
        self,
        connections: Mapping[ConnectionId, ConnectionState],
        independent_views: int,
        number: Callable[[], int],
        wall: Callable[[float], float],
    ) -> None:
        self._connections, self._number, self._wall = connections, number, wall
        self._cursors, self._views = CursorBoard(), IndependentViews(independent_views)
        self._turns = Turns(PRESENCE_RATE)
        self.lobby = LobbyBoard()

    def receive(self, connection: ConnectionState, message: PresenceMessage, state: State, now: float) -> list[Effect]:
        """A message of a page that may send it.

        Raises:
            Refused: as `CursorBoard.put`, `IndependentViews.put`, `set_microphone`.
        """
        match message:
            case Cursor():
                self._cursors.put(connection, message, state, now)
                return []
            case Explore():
                return self._views.put(connection, message, state, self._number(), self._wall(now))
            case RequestFollow():
                return self._views.request_follow(connection, message, self._connections.values(), state)
            case SetMicrophone(microphone=microphone):
                role = state.seats[connection.seat].role
                return [*set_microphone(connection, role, microphone), *self._changed(now)]
            case Mute(seat=seat):
                muted = mute(self._connections.values(), connection.seat, seat)
                return [*muted, *self._changed(now)] if muted else []
            case RaiseHand() | LowerHand() | ReportHealth():
                return self._changed(now) if note(self._connections.values(), connection, message) else []
            case _ as never:
                assert_never(never)

    def sweep(self, state: State, now: float) -> list[Effect]:
        """What must end ends; what is new is sent, where it is due."""
        views = self._views.sweep(self._connections, state)
        views += self._views.play(self._connections, state, self._wall(now), self._number)
        is_new = self._views.changed() or self._turns.is_pending
        changed = self._changed(now) if is_new else []
        waiting = self.lobby.sweep(self._connections.values(), state, now)
        return [*views, *changed, *waiting, *self._cursors.send(self._connections.values(), state.case, now)]

    def _changed(self, now: float) -> list[Effect]:
        """Who is here, since that has changed; later where it was sent too often lately."""
        return self.presence() if self._turns.take(now) else []

    def presence(self) -> list[Effect]:
        """Who is here, to all who are."""
        to = tuple(connection.id for connection in self._connections.values() if connection.joined)
        return [Send(to, presence_of(self._connections.values()))] if to else []

    def resend(self) -> None:
        """What was sent last may not have arrived: it is sent again."""
        self._cursors.resend()
        self._views.resend()
        self.lobby.resend()

    def due_at(self, state: State, wall_offset: float, now: float) -> float | None:
        """When `sweep` will have something to send, whatever comes before; None: nothing is known of."""
        plays = self._views.plays_at(self._connections, state)
        times = [self._cursors.due_at, self._turns.due_at(now), self.lobby.due_at]
        times.append(None if plays is None else plays - wall_offset)
        return min((at for at in times if at is not None), default=None)
