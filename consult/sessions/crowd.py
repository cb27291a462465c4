"""All presence of one consult but microphones: who points where, who looks around alone, hands, health."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from consult.model.identifiers import ConnectionId
from consult.sessions.cursors import CursorBoard
from consult.sessions.effects import Effect, Send
from consult.sessions.lookers import IndependentViews
from consult.sessions.messages import Look
from consult.sessions.pages import Page, presence_of
from consult.sessions.people import note
from consult.sessions.presence import Cursor, LookHere, PresenceMessage
from consult.sessions.state import State


class PresenceHub:
    """Takes down what pages say of themselves, and what the others are told of it.

    Args:
        pages: all connections, as the core keeps them.
        lookers: how many pages may look around alone at a time.
        number: the next revision of a view.
    """

    def __init__(self, pages: Mapping[ConnectionId, Page], lookers: int, number: Callable[[], int]) -> None:
        self._pages, self._number = pages, number
        self._cursors, self._lookers = CursorBoard(), IndependentViews(lookers)

    def receive(
        self, connection: ConnectionId, message: Look | PresenceMessage, state: State, now: float
    ) -> list[Effect]:
        """A message of a page that may send it. Raises Refused: as `CursorBoard.put`, `IndependentViews.put`."""
        page = self._pages[connection]
        match message:
            case Cursor():
                self._cursors.put(connection, page.seat, message, state, now)
                return []
            case Look():
                return self._lookers.put(connection, message, self._pages, state, self._number())
            case LookHere():
                return self._lookers.ask(page, message, self._pages, state)
            case _:
                return self.presence() if note(self._pages.values(), page, message) else []

    def sweep(self, state: State, now: float) -> list[Effect]:
        """What must end ends; what is new is told, where it is due."""
        looks = self._lookers.sweep(self._pages, state)
        changed = self.presence() if self._lookers.changed() else []
        return [*looks, *changed, *self._cursors.send(self._pages, state.case, now)]

    def presence(self) -> list[Effect]:
        """Who is here, to all who are."""
        to = tuple(connection for connection, page in self._pages.items() if page.joined)
        return [Send(to, presence_of(self._pages.values()), droppable=True)] if to else []

    def say_again(self) -> None:
        """What was told last may not have arrived."""
        self._cursors.say_again()
        self._lookers.say_again()

    @property
    def due_at(self) -> float | None:
        """When `sweep` will have something to tell, whatever comes before; None: nothing is known of."""
        return self._cursors.due_at
