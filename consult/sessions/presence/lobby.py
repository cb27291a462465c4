"""Whose page is open before the door: for hosts alone, never stored. That somebody waits is in the log.

A page that waits has no connection to the consult: it asks by HTTP whether it may come in, is answered after a few
seconds at most, and asks again. It is here as long as it asks.
"""

from __future__ import annotations

from collections.abc import Iterable

from consult.model.identifiers import SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send
from consult.sessions.features.seats.lobby import waits
from consult.sessions.presence.messages import Lobby
from consult.sessions.state import State

GONE_S = 8.0
"""So long after a page has last asked it is gone: a question is open for half of it at most (http/seat/lobby.py)."""


class LobbyBoard:
    """When each page before the door has last asked, in seconds of the core's clock."""

    def __init__(self) -> None:
        self._asked: dict[SeatId, float] = {}
        self._sent: tuple[SeatId, ...] | None = ()

    def ask(self, seat: SeatId, now: float) -> None:
        """The page of that seat asks whether it may come in."""
        self._asked[seat] = now

    def sweep(self, connections: Iterable[ConnectionState], state: State, now: float) -> list[Effect]:
        """To the hosts, whose page is here, where that has changed."""
        self._asked = {
            seat: at
            for seat, at in self._asked.items()
            if now - at < GONE_S and seat in state.seats and waits(state.seats[seat])
        }
        here = tuple(sorted(self._asked))
        if here == self._sent:
            return []
        self._sent = here
        return self.message(connections, state)

    def welcome(self, connection: ConnectionState, state: State) -> list[Effect]:
        """To a host who has just come, where there is anybody: a page begins with nobody."""
        return self.message([connection], state) if self._sent else []

    def message(self, connections: Iterable[ConnectionState], state: State) -> list[Effect]:
        """To those of these who host."""
        to = tuple(one.id for one in connections if one.joined and state.seats[one.seat].role == "host")
        return [Send(to, Lobby(self._sent or ()))] if to else []

    def resend(self) -> None:
        """What was sent last may not have arrived: it is sent again."""
        self._sent = self._sent and None

    @property
    def due_at(self) -> float | None:
        """When the first of them is gone, if it asks no more."""
        return min(self._asked.values()) + GONE_S if self._asked else None
