"""Bugs of boards, as variants of the real classes: the checker must find each."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.connection_state import ConnectionState
from consult.sessions.core import SessionCore
from consult.sessions.effects import Effect
from consult.sessions.features.board import deciding, preparing
from consult.sessions.features.board.commands import PrepareView, PutDecision, SaveDecision
from consult.sessions.features.board.events import Dissent, PreparedViewDropped
from consult.sessions.features.cases import feature as cases_feature
from consult.sessions.features.kinds import Event, ParticipantCommand
from consult.sessions.messages import Hello
from consult.sessions.state import State
from tests.sim.planted_record import with_instead
from tests.sim.world import Make

KEEP = preparing.keep


class DecidesTheNextCase(SessionCore):
    """Takes a decision that comes late for the case that is on the stage now."""

    def _command(self, connection: ConnectionState, command: ParticipantCommand, now: float) -> list[Effect]:
        if isinstance(command, PutDecision | SaveDecision):
            command = replace(command, case=self.state.case)
        return super()._command(connection, command, now)


class ResumesWhoeverComes(SessionCore):
    """Lets a page that has another role now go on with what it was told before."""

    def _hello(self, connection: ConnectionState, hello: Hello, now: float) -> list[Effect]:
        return super()._hello(connection, replace(hello, role=""), now)


def in_place_of_the_last(state: State, actor: SeatId, command: PrepareView) -> list[Event]:
    """A view that is kept takes the place of the one kept before."""
    events = KEEP(state, actor, command)
    own = [view for view in state.prepared.values() if (view.case, view.by) == (state.current, actor)]
    return [*events, *(PreparedViewDropped(view.id, view.case) for view in own[-1:])]


def only_named(known: Iterable[str], order: Iterable[str]) -> tuple[str, ...]:
    """Whoever puts some in order loses the others."""
    known, order = tuple(known), tuple(order)
    return tuple(one for one in order if one in known) or known


def none_of_them(state: State, case: str, number: int) -> tuple[Dissent, ...]:
    """Who was against other words is counted against these."""
    return ()


def no_time(state: State, now: float) -> list[Event]:
    """A case leaves the stage, and its time with it."""
    return []


PLANTED_BOARDS = {
    "a decision under the next case": Make(core=DecidesTheNextCase),
    "a prepared view lost": Make(core=with_instead(preparing, "keep", in_place_of_the_last)),
    "a prepared view lost when the case is put off": Make(core=with_instead(preparing, "in_order", only_named)),
    "dissent from words that nobody read": Make(core=with_instead(deciding, "dissents_of", none_of_them)),
    "a case whose time is not counted": Make(core=with_instead(cases_feature, "time_switch", no_time)),
    "a moderator who is not told of all cases": Make(core=ResumesWhoeverComes),
}
