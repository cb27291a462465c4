"""What people do with a board.

Rules:
- What is prepared names its case, and may be of any; a view is kept of the case on the stage. A text is written upon
  its newest revision, so that nobody overwrites unseen.
- What is decided is of the case on the stage, as all commands of its epoch are. Only what stands on all screens is
  saved; a decision that is saved is never changed.
- Whoever leads begins the board; from then on the time of each case counts.
"""

from __future__ import annotations

from typing import assert_never

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.board import cases, deciding, meeting, preparing
from consult.sessions.features.board.commands import (
    Appoint,
    BeginBoard,
    BoardCommand,
    DropAttendee,
    DropCase,
    DropPicture,
    DropPreparedView,
    NamePreparedView,
    OrderCases,
    OrderPreparedViews,
    PlanCase,
    Prepare,
    PrepareView,
    PutAttendee,
    PutCase,
    PutDecision,
    PutDissent,
    PutPreparation,
    SaveDecision,
    SetBoard,
)
from consult.sessions.features.board.events import Board
from consult.sessions.features.kinds import Event
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: BoardCommand, now: float) -> list[Event]:
    """What a command about a board leads to.

    Raises:
        Refused: "no_board"; those of `cases`, `preparing`, `deciding` and `meeting`.
    """
    if (board := state.board) is None:
        raise Refused("no_board", "This consult is no board.")
    match command:
        case BeginBoard() | SetBoard() | Appoint() | PutAttendee() | DropAttendee():
            return _meet(state, board, actor, command, now)
        case OrderCases(order=order):
            return cases.ordered(state, order)
        case PutCase(put=put):
            return cases.put(state, put)
        case DropCase(dropped=dropped):
            return cases.drop(state, dropped)
        case PutDecision():
            return deciding.draft(state, actor, command)
        case SaveDecision(base=base):
            return deciding.save(state, actor, base, now)
        case PutDissent(reason=reason):
            return deciding.dissent(state, actor, reason, now)
        case _:
            return _prepare(state, actor, command)


def _meet(
    state: State,
    board: Board,
    actor: SeatId,
    command: BeginBoard | SetBoard | Appoint | PutAttendee | DropAttendee,
    now: float,
) -> list[Event]:
    match command:
        case BeginBoard():
            return meeting.begin(state, board, now)
        case SetBoard():
            return meeting.set_board(board, command)
        case Appoint(seat=seat, moderates=moderates):
            return meeting.appoint(state, seat, moderates=moderates)
        case PutAttendee():
            return meeting.put_attendee(state, actor, command, now)
        case DropAttendee(person=person):
            return meeting.drop_attendee(state, actor, person)
        case _ as never:
            assert_never(never)


def _prepare(
    state: State,
    actor: SeatId,
    command: PutPreparation
    | PlanCase
    | PrepareView
    | NamePreparedView
    | DropPreparedView
    | OrderPreparedViews
    | DropPicture
    | Prepare,
) -> list[Event]:
    match command:
        case PutPreparation():
            return preparing.write(state, actor, command)
        case PlanCase(of=of, minutes=minutes):
            return preparing.plan(state, of, minutes)
        case PrepareView():
            return preparing.keep(state, actor, command)
        case NamePreparedView(prepared=prepared, line=line):
            return preparing.name(state, prepared, line)
        case DropPreparedView(prepared=prepared):
            return preparing.drop(state, prepared)
        case OrderPreparedViews(of=of, order=order):
            return preparing.order_views(state, of, order)
        case DropPicture(of=of, picture=picture):
            return preparing.drop_picture(state, of, picture)
        case Prepare():
            return preparing.prepare(state, command)
        case _ as never:
            assert_never(never)
