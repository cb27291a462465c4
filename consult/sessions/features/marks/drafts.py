"""Marks while they are drawn: presence. One a connection, absolute, with a time to live, never stored.

Rules:
- All drafts go out in one message, so that the newest is the whole truth: what is not in it is drawn no longer.
- A page sends its draft anew while it holds it; one that falls silent for DRAFT_TTL_S is forgotten.
- A draft ends with its connection, with the mark it becomes, and with the case.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.cases.events import CaseSwitched
from consult.sessions.features.kinds import Event
from consult.sessions.features.marks.events import MarkPut
from consult.sessions.features.marks.messages import Draft, Drafted, Drafts
from consult.sessions.features.marks.shapes import check_shape
from consult.sessions.state import State

DRAFT_TTL_S = 10.0
MAX_DRAFTS = 32
"""Drafts that are sent; of more the first ones."""


class _Held(Struct, frozen=True):
    case: int
    drafted: Drafted
    until: float


class DraftBoard:
    """Who draws what now."""

    def __init__(self) -> None:
        self._held: dict[ConnectionId, _Held] = {}
        self._sent = Drafts(0, ())

    def put(self, connection: ConnectionState, draft: Draft, state: State, now: float) -> None:
        """A page draws; None: no longer. A draft of another case is not used.

        Raises:
            Refused: those of `check_shape`.
        """
        case = state.current_case
        if draft.shape is None or case is None or connection.hello is None or draft.case != state.case:
            self._held.pop(connection.id, None)
            return
        check_shape(draft.shape, case, draft=True)
        drafted = Drafted(connection.seat, connection.hello.tab, draft.shape)
        self._held[connection.id] = _Held(draft.case, drafted, now + DRAFT_TTL_S)

    def drop(self, connection_id: ConnectionId) -> None:
        """A page has gone."""
        self._held.pop(connection_id, None)

    def expire(self, now: float) -> None:
        """Forget those that nobody holds any more."""
        self._held = {c: held for c, held in self._held.items() if held.until > now}

    def follow(self, events: Iterable[Event]) -> None:
        """What has happened ends drafts: a mark its own, a switch of the case all."""
        for event in events:
            if isinstance(event, CaseSwitched):
                self._held.clear()
            elif isinstance(event, MarkPut):
                self._held = {c: h for c, h in self._held.items() if h.drafted.shape.id != event.mark.id}

    @property
    def next_end(self) -> float | None:
        """When the first is forgotten, unless it is sent anew."""
        return min((held.until for held in self._held.values()), default=None)

    def message(self, case: int) -> Drafts:
        """All that is drawn now on the case of that epoch."""
        drawn = [held.drafted for held in self._held.values() if held.case == case]
        return Drafts(case, tuple(drawn[:MAX_DRAFTS]))

    def news(self, case: int) -> Drafts | None:
        """All that is drawn now on the case of that epoch, where that is not what was sent last."""
        message = self.message(case)
        if message.drafts == self._sent.drafts and (not message.drafts or message.case == self._sent.case):
            return None
        self._sent = message
        return message
