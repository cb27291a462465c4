"""Who looks around alone: a view of their own for one connection. Presence: never stored.

Rules:
- A look is absolute; an older one that arrives late is not used, nor one of another case.
- Every look has a revision of its own, of the same count as the shared view's; its stage says whose pictures are whose.
- It ends when its page says so, with the case, with its connection, and when its seat presents: who presents is seen.
- So many pages at a time; of more each is told to follow, with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from consult.model.errors import Refused
from consult.model.identifiers import ConnectionId
from consult.sessions.effects import Effect, Send, ShowAlone
from consult.sessions.messages import Look, Looking, Place, ShownView
from consult.sessions.pages import Page
from consult.sessions.presence import AskedToLook, LookHere
from consult.sessions.state import State
from consult.sessions.views import check_view

LOOKERS = 8
"""Pages of one consult that may look around alone at a time, unless it is set."""

NO_CONTROL = 0
"""Control epoch of every look: who has control does not concern it."""


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

    def put(
        self, connection: ConnectionId, look: Look, pages: Mapping[ConnectionId, Page], state: State, rev: int
    ) -> list[Effect]:
        """A page looks at something alone, or follows again. `rev`: for this view.

        Raises:
            Refused: "you_present", and those of `check_view`.
        """
        page, case = pages[connection], state.current_case
        if case is None or look.case != state.case or look.n <= page.last_look:
            return []
        page.last_look = look.n
        if look.view is None:
            return self._end(connection, page)
        if state.control.seat == page.seat:
            raise Refused("you_present", "You present: everybody sees what you do.")
        check_view(look.view, case)
        if connection not in self._stages:
            if len(self._stages) >= self._most:
                return self._end(connection, page, "Too many people look around alone just now.")
            self._stages[connection] = f"alone-{next(self._numbers)}"
        tab = page.hello.tab if page.hello is not None else ""
        page.look = ShownView(rev, NO_CONTROL, state.case, look.view, tab, look.n)
        if look.rest or page.looks is None:
            series, image = case.shown_image(look.view.viewport(look.view.active).shows)
            place = Place(series.key, image)
            self._changed |= page.looks != place
            page.looks = place
        return self._told(connection, page)

    def ask(
        self, page: Page, asked: LookHere, pages: Mapping[ConnectionId, Page], state: State
    ) -> list[Effect]:
        """Whoever presents asks all who look around alone to come back."""
        to = tuple(c for c, other in pages.items() if other.look is not None and other.joined)
        if asked.case != state.case or not to:
            return []
        return [Send(to, AskedToLook(page.seat))]

    def sweep(self, pages: Mapping[ConnectionId, Page], state: State) -> list[Effect]:
        """End the looks that may not be any more; say those again that may not have arrived."""
        effects: list[Effect] = []
        for connection in list(self._stages):
            page = pages.get(connection)
            if page is None or not page.joined:
                del self._stages[connection]
                self._changed = True
            elif page.look is None or page.look.case != state.case:
                effects += self._end(connection, page, "Another case is on the stage.")
            elif state.control.seat == page.seat:
                effects += self._end(connection, page)
            elif self._again:
                effects += self._told(connection, page)
        if self._again:
            self._again = False
            for connection, page in pages.items():
                if page.joined and page.last_look and page.look is None:
                    effects += self._end(connection, page)
        return effects

    def say_again(self) -> None:
        """What was told last may not have arrived."""
        self._again = True

    def changed(self) -> bool:
        """Whether others must be told anew who looks at what; once."""
        changed, self._changed = self._changed, False
        return changed

    def _told(self, connection: ConnectionId, page: Page) -> list[Effect]:
        stage = self._stages[connection]
        told = Looking(page.last_look, stage, page.look)
        return [Send((connection,), told, droppable=True), ShowAlone(connection, stage, page.look)]

    def _end(self, connection: ConnectionId, page: Page, sentence: str = "") -> list[Effect]:
        stage = self._stages.pop(connection, "")
        self._changed |= page.looks is not None
        page.look = page.looks = None
        told = Looking(page.last_look, sentence=sentence)
        return [Send((connection,), told, droppable=True), ShowAlone(connection, stage, None)]
