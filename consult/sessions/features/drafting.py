"""All that is drawn and written just now, and not stored yet: the tables of the features that have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consult.model.identifiers import ConnectionId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.features.draft_table import DraftTable
from consult.sessions.features.kinds import Event, ParticipantCommand, ServerMessage
from consult.sessions.features.marks.drafts import MarkDrafts
from consult.sessions.features.marks.messages import Draft
from consult.sessions.features.note.commands import SignNote
from consult.sessions.features.note.messages import Write
from consult.sessions.features.note.writing_table import WritingTable
from consult.sessions.state import State


class Drafting:
    """Who draws and who writes what now."""

    def __init__(self) -> None:
        self._drawing, self._writing = MarkDrafts(), WritingTable()
        self._tables: tuple[DraftTable[Any], ...] = (self._drawing, self._writing)

    def put(self, connection: ConnectionState, draft: Draft | Write, state: State, now: float) -> None:
        """A page draws or writes, or does so no longer. Raises Refused, as the tables do."""
        if isinstance(draft, Draft):
            self._drawing.put(connection, draft, state, now)
        else:
            self._writing.put(connection, draft, state, now)

    def check(self, connection: ConnectionState, command: ParticipantCommand, state: State) -> None:
        """Let a command pass that nobody's draft is in the way of. Raises Refused ("being_written")."""
        if isinstance(command, SignNote):
            self._writing.check_nobody_else_writes(connection.seat, state)

    def drop(self, connection_id: ConnectionId) -> None:
        """A page has gone."""
        for table in self._tables:
            table.drop(connection_id)

    def expire(self, now: float) -> None:
        """Forget what nobody holds any more."""
        for table in self._tables:
            table.expire(now)

    def follow(self, events: Sequence[Event]) -> None:
        """What has happened ends drafts."""
        for table in self._tables:
            table.follow(events)

    def due_at(self, now: float) -> float | None:
        """When the first is forgotten, unless it is sent anew; earlier where there is something to send."""
        return min((at for table in self._tables if (at := table.due_at(now)) is not None), default=None)

    def messages(self, case: int) -> list[ServerMessage]:
        """All that is drawn and written now on the case of that epoch."""
        return [table.message(case) for table in self._tables]

    def under_way(self, case: int) -> list[ServerMessage]:
        """Of these, what there is to tell somebody who comes."""
        return [table.message(case) for table in self._tables if table.sent(case)]

    def news(self, case: int, now: float) -> list[ServerMessage]:
        """Of these, what is not as it was sent last, and whose turn has come."""
        return [news for table in self._tables if (news := table.news(case, now)) is not None]
