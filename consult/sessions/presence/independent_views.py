"""Independent views: what a page shows that explores on its own instead of following. Presence: never stored.

Rules:
- A view is absolute; an older one that arrives late is not used, nor one of another case.
- Every view has a revision of its own, of the same count as the shared view's; its stage names its pictures.
- It ends when its page follows again, with the case, with its connection, and when its seat presents: who presents is
  seen.
- What plays in one is in step with the server's clock, as in the shared view.
- So many pages at a time; one more is answered that it follows, with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send, ShowIndependentView
from consult.sessions.features.view.messages import ShownView
from consult.sessions.features.view.player import Player
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
        self._players: dict[ConnectionId, Player] = {}
        self._numbers = count(1)
        self._again = self._changed = False

    def put(self, connection: ConnectionState, explore: Explore, state: State, rev: int, wall: float) -> list[Effect]:
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
        player, own = self._players.setdefault(connection.id, Player()), connection.own_view
        before = own.view if own is not None and own.case == state.case else None
        view = player.begin(explore.view, before, case, wall)
        tab = connection.hello.tab if connection.hello is not None else ""
        connection.own_view = ShownView(rev, NO_CONTROL, state.case, view, tab, explore.n)
        if explore.rest or connection.exploring is None:
            series, image = case.shown_image(view.viewport(view.active).shows)
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
                self._players.pop(connection_id, None)
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

    def plays_at(self, connections: Mapping[ConnectionId, ConnectionState], state: State) -> float | None:
        """When the next image of one that plays is due, by the wall clock; None where none plays."""
        times = [self._plays_at(connections.get(connection_id), state) for connection_id in self._players]
        return min((at for at in times if at is not None), default=None)

    def play(
        self,
        connections: Mapping[ConnectionId, ConnectionState],
        state: State,
        wall: float,
        number: Callable[[], int],
    ) -> list[Effect]:
        """Those that play, with what is due."""
        effects: list[Effect] = []
        for connection_id, player in self._players.items():
            connection, case = connections.get(connection_id), state.current_case
            at = self._plays_at(connection, state)
            if connection is None or connection.own_view is None or case is None or at is None or at > wall:
                continue
            view = player.go_on(connection.own_view.view, case, wall)
            if view is not connection.own_view.view:
                connection.own_view = replace(connection.own_view, rev=number(), view=view)
                effects += self._send(connection)
        return effects

    def _plays_at(self, connection: ConnectionState | None, state: State) -> float | None:
        case = state.current_case
        if connection is None or connection.own_view is None or case is None or connection.own_view.case != state.case:
            return None
        return self._players[connection.id].next_at(connection.own_view.view, case)

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
        self._players.pop(connection.id, None)
        self._changed |= connection.exploring is not None
        connection.own_view = connection.exploring = None
        follows = Exploring(connection.last_explore, sentence=sentence)
        return [Send((connection.id,), follows), ShowIndependentView(connection.id, stage, None)]
