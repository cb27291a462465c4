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

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.effects import Effect, Send, ShowIndependentView
from consult.sessions.features.view.messages import ShownView
from consult.sessions.features.view.player import Player
from consult.sessions.presence.messages import Explore, Exploring, FollowRequested, Place, RequestFollow
from consult.sessions.publishing.document import check_disclosed
from consult.sessions.state import State
from consult.sessions.views import check_view

INDEPENDENT_VIEWS = 8
"""Pages of one consult that may have a view of their own at a time, unless it is set."""

NO_CONTROL = 0
"""Control epoch of every independent view: who has control does not concern it."""


class _Own(NamedTuple):
    """What a page has that shows something of its own: the name of its stage, and what plays there."""

    stage: str
    player: Player


class IndependentViews:
    """All of one consult.

    Args:
        most: how many at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._own: dict[ConnectionId, _Own] = {}
        self._numbers = count(1)
        self._again = self._changed = False

    def put(self, connection: ConnectionState, explore: Explore, state: State, rev: int, wall: float) -> list[Effect]:
        """A page shows something of its own, or follows again. `rev`: for this view.

        Raises:
            Refused: "you_present"; those of `check_view` and `check_disclosed`.
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
        check_disclosed(state, state.seats[connection.seat].role, explore.view.viewports)
        if connection.id not in self._own:
            if len(self._own) >= self._most:
                return self._end(connection, "Too many people look around alone just now.")
            self._own[connection.id] = _Own(f"independent-{next(self._numbers)}", Player())
        shown = connection.own_view
        before = shown.view if shown is not None and shown.case == state.case else None
        view = self._own[connection.id].player.begin(explore.view, before, case, wall)
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
        for connection_id in list(self._own):
            connection = connections.get(connection_id)
            if connection is None or not connection.joined:
                del self._own[connection_id]
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
        if (case := state.current_case) is None:
            return None
        times = [player.next_at(shown.view, case) for _, shown, player in self._shown(connections, state)]
        return min((at for at in times if at is not None), default=None)

    def play(
        self,
        connections: Mapping[ConnectionId, ConnectionState],
        state: State,
        wall: float,
        number: Callable[[], int],
    ) -> list[Effect]:
        """Those that play, with what is due."""
        if (case := state.current_case) is None:
            return []
        effects: list[Effect] = []
        for connection, shown, player in self._shown(connections, state):
            view = player.play(shown.view, case, wall)
            if view is not shown.view:
                connection.own_view = replace(shown, rev=number(), view=view)
                effects += self._send(connection)
        return effects

    def _shown(
        self, connections: Mapping[ConnectionId, ConnectionState], state: State
    ) -> Iterator[tuple[ConnectionState, ShownView, Player]]:
        """The views that are of the case on the stage, each with its page and what plays there."""
        for connection_id, own in self._own.items():
            connection = connections.get(connection_id)
            shown = None if connection is None else connection.own_view
            if connection is not None and shown is not None and shown.case == state.case:
                yield connection, shown, own.player

    def resend(self) -> None:
        """What was sent last may not have arrived: it is sent again."""
        self._again = True

    def changed(self) -> bool:
        """Whether others must be sent anew who explores what; once."""
        changed, self._changed = self._changed, False
        return changed

    def _send(self, connection: ConnectionState) -> list[Effect]:
        stage = self._own[connection.id].stage
        exploring = Exploring(connection.last_explore, stage, connection.own_view)
        return [Send((connection.id,), exploring), ShowIndependentView(connection.id, stage, connection.own_view)]

    def _end(self, connection: ConnectionState, sentence: str = "") -> list[Effect]:
        own = self._own.pop(connection.id, None)
        self._changed |= connection.exploring is not None
        connection.own_view = connection.exploring = None
        follows, stage = Exploring(connection.last_explore, sentence=sentence), "" if own is None else own.stage
        return [Send((connection.id,), follows), ShowIndependentView(connection.id, stage, None)]
