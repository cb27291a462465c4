"""Independent views: what a page shows that explores on its own instead of following. Presence: never stored.

Rules:
- A view is absolute; an older one that arrives late is not used, nor one of another case.
- Every view has a revision of its own, of the same count as the shared view's; its stage names its pictures.
- It ends when its page follows again, with the case, with its connection, and when its seat presents: who presents is
  seen.
- So many pages at a time; one more is answered that it follows, with a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send, ShowIndependentView
from consult.sessions.features.view.messages import ShownView
from consult.sessions.presence.messages import Explore, Exploring, FollowRequested, Place, RequestFollow
from consult.sessions.state import State
from consult.sessions.views import check_view

INDEPENDENT_VIEWS = 8
"""Pages of one consult that may have a view of their own at a time, unless it is set."""

NO_CONTROL = 0
"""Control epoch of every independent view: who has control does not concern it."""


class IndependentViews:
    """All of one consult.

    Args:
        most: how many at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._stages: dict[ConnectionId, str] = {}
        self._numbers = count(1)
        self._again = self._changed = False

    def put(self, connection: ConnectionState, explore: Explore, state: State, rev: int) -> list[Effect]:
        """A page shows something of its own, or follows again. `rev`: for this view.

        Raises:
            Refused: "you_present", and those of `check_view`.
        """
        case = state.current_case
        if case is None or explore.case != state.case or explore.n <= connection.last_explore:
            return []
        connection.last_explore = explore.n
        if explore.view is None:
            return self._end(connection)
        if state.control.seat == connection.seat:
            raise Refused("you_present", "You present: everybody sees what you do.")
        check_view(explore.view, case)
        if connection.id not in self._stages:
            if len(self._stages) >= self._most:
                return self._end(connection, "Too many people look around alone just now.")
            self._stages[connection.id] = f"independent-{next(self._numbers)}"
        tab = connection.hello.tab if connection.hello is not None else ""
        connection.own_view = ShownView(rev, NO_CONTROL, state.case, explore.view, tab, explore.n)
        if explore.rest or connection.exploring is None:
            series, image = case.shown_image(explore.view.viewport(explore.view.active).shows)
            place = Place(state.case, series.key, image)
            self._changed |= connection.exploring != place
            connection.exploring = place
        return self._send(connection)

    def request_follow(
        self, connection: ConnectionState, request: RequestFollow, connections: Iterable[ConnectionState], state: State
    ) -> list[Effect]:
        """Whoever presents asks all who explore on their own to follow again."""
        to = tuple(other.id for other in connections if other.own_view is not None and other.joined)
        if request.case != state.case or not to:
            return []
        return [Send(to, FollowRequested(connection.seat))]

    def sweep(self, connections: Mapping[ConnectionId, ConnectionState], state: State) -> list[Effect]:
        """End the views that may not be any more; send those again that may not have arrived."""
        effects: list[Effect] = []
        for connection_id in list(self._stages):
            connection = connections.get(connection_id)
            if connection is None or not connection.joined:
                del self._stages[connection_id]
                self._changed = True
            elif connection.own_view is None or connection.own_view.case != state.case:
                effects += self._end(connection, "Another case is on the stage.")
            elif state.control.seat == connection.seat:
                effects += self._end(connection)
            elif self._again:
                effects += self._send(connection)
        if self._again:
            self._again = False
            for connection in connections.values():
                if connection.joined and connection.last_explore and connection.own_view is None:
                    effects += self._end(connection)
        return effects

    def resend(self) -> None:
        """What was sent last may not have arrived: it is sent again."""
        self._again = True

    def changed(self) -> bool:
        """Whether others must be sent anew who explores what; once."""
        changed, self._changed = self._changed, False
        return changed

    def _send(self, connection: ConnectionState) -> list[Effect]:
        stage = self._stages[connection.id]
        exploring = Exploring(connection.last_explore, stage, connection.own_view)
        return [Send((connection.id,), exploring), ShowIndependentView(connection.id, stage, connection.own_view)]

    def _end(self, connection: ConnectionState, sentence: str = "") -> list[Effect]:
        stage = self._stages.pop(connection.id, "")
        self._changed |= connection.exploring is not None
        connection.own_view = connection.exploring = None
        follows = Exploring(connection.last_explore, sentence=sentence)
        return [Send((connection.id,), follows), ShowIndependentView(connection.id, stage, None)]
