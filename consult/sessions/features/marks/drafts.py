"""Marks while they are drawn (`draft_table.py` has the rules)."""

from __future__ import annotations

from consult.model.rates import RateLimit
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.draft_table import DraftTable
from consult.sessions.features.kinds import Event
from consult.sessions.features.marks.events import MarkPut
from consult.sessions.features.marks.messages import Draft, Drafted, Drafts
from consult.sessions.features.marks.shapes import check_shape
from consult.sessions.state import State

DRAFT_TTL_S = 10.0
MAX_DRAFTS = 32
"""Drafts that are sent; of more the first ones."""
DRAFTS_RATE = RateLimit(60, 30)
"""As cursors: who draws alone is sent on at once, each time."""


class MarkDrafts(DraftTable[Drafted]):
    """Who draws what now."""

    def __init__(self) -> None:
        super().__init__(DRAFT_TTL_S, MAX_DRAFTS, DRAFTS_RATE)

    def put(self, connection: ConnectionState, draft: Draft, state: State, now: float) -> None:
        """A page draws; None: no longer. A draft of another case is not used.

        Raises:
            Refused: those of `check_shape`.
        """
        case = state.current_case
        if draft.shape is None or case is None or connection.hello is None or draft.case != state.case:
            self.drop(connection.id)
            return
        check_shape(draft.shape, case, draft=True)
        self.hold(connection.id, draft.case, Drafted(connection.seat, connection.hello.tab, draft.shape), now)

    def message(self, case: int) -> Drafts:
        """All that is drawn now on the case of that epoch."""
        return Drafts(case, self.sent(case))

    def is_stored(self, draft: Drafted, event: Event) -> bool:
        """Whether it has become that mark."""
        return isinstance(event, MarkPut) and draft.shape.id == event.mark.id
