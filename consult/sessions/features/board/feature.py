"""What a board registers."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId
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
from consult.sessions.features.board.decide import decide
from consult.sessions.features.board.events import (
    AttendeeDropped,
    AttendeePut,
    BoardEvent,
    BoardPut,
    CaseDropped,
    CasePut,
    CasesOrdered,
    DecisionDrafted,
    DecisionSaved,
    DissentDropped,
    DissentPut,
    PreparationPut,
    PreparedViewDropped,
    PreparedViewPut,
)
from consult.sessions.features.feature import Feature
from consult.sessions.features.standings import (
    EVERYBODY,
    HOSTS,
    LEADING,
    PARTICIPANT_IN_CONTROL,
    PREPARERS,
    PREPARING,
    TAKING_PART,
    on_boards,
)
from consult.sessions.state import State


def apply(state: State, event: BoardEvent, by: SeatId) -> State:
    """The state after an event of a board."""
    match event:
        case BoardPut(board=board):
            return replace(state, board=board)
        case CasesOrdered(order=order):
            places = {identifier: place for place, identifier in enumerate(order)}
            return replace(state, cases=tuple(sorted(state.cases, key=lambda case: places.get(case.id, len(places)))))
        case CasePut(put=put):
            is_known = any(case.id == put.id for case in state.cases)
            cases = tuple(put if case.id == put.id else case for case in state.cases)
            return replace(state, cases=cases if is_known else (*cases, put))
        case CaseDropped(dropped=dropped):
            return _without_case(state, dropped)
        case PreparationPut(preparation=preparation):
            return replace(state, preparations={**state.preparations, preparation.case: preparation})
        case PreparedViewPut(prepared=prepared):
            return replace(state, prepared={**state.prepared, prepared.id: prepared})
        case PreparedViewDropped(prepared=gone):
            return replace(state, prepared={i: one for i, one in state.prepared.items() if i != gone})
        case _:
            return _apply_meeting(state, event)


def _apply_meeting(
    state: State,
    event: DecisionDrafted | DecisionSaved | DissentPut | DissentDropped | AttendeePut | AttendeeDropped,
) -> State:
    match event:
        case DecisionDrafted(draft=draft):
            return replace(state, decision_drafts={**state.decision_drafts, draft.case: draft})
        case DecisionSaved(decision=decision):
            drafts = {case: draft for case, draft in state.decision_drafts.items() if case != decision.case}
            saved = state.decisions.get(decision.id, decision)
            return replace(state, decision_drafts=drafts, decisions={**state.decisions, decision.id: saved})
        case DissentPut(dissent=dissent):
            return replace(state, dissents={**state.dissents, dissent.id: dissent})
        case DissentDropped(dissent=gone):
            return replace(state, dissents={i: one for i, one in state.dissents.items() if i != gone})
        case AttendeePut(attendee=attendee):
            return replace(state, attendees={**state.attendees, attendee.id: attendee})
        case AttendeeDropped(attendee=gone):
            return replace(state, attendees={i: one for i, one in state.attendees.items() if i != gone})
        case _ as never:
            assert_never(never)


def _without_case(state: State, dropped: str) -> State:
    return replace(
        state,
        cases=tuple(case for case in state.cases if case.id != dropped),
        left={case: view for case, view in state.left.items() if case != dropped},
        preparations={case: one for case, one in state.preparations.items() if case != dropped},
        prepared={i: one for i, one in state.prepared.items() if one.case != dropped},
    )


BOARD = Feature[BoardCommand, BoardEvent](
    name="board",
    commands={
        **dict.fromkeys(
            (PutPreparation, PlanCase, NamePreparedView, DropPreparedView, OrderPreparedViews, DropPicture), PREPARING
        ),
        PrepareView: PREPARING | on_boards(PARTICIPANT_IN_CONTROL),
        BeginBoard: on_boards(LEADING, "preparing"),
        SetBoard: LEADING | PREPARERS,
        OrderCases: LEADING | PREPARERS,
        Appoint: on_boards(HOSTS),
        **dict.fromkeys((PutDecision, SaveDecision), on_boards(LEADING, "running")),
        PutDissent: on_boards(TAKING_PART, "running"),
        **dict.fromkeys((PutAttendee, DropAttendee), on_boards(EVERYBODY)),
    },
    server_commands=frozenset({PutCase, DropCase, Prepare}),
    events=(
        BoardPut, CasesOrdered, CasePut, CaseDropped, PreparationPut, PreparedViewPut, PreparedViewDropped,
        DecisionDrafted, DecisionSaved, DissentPut, DissentDropped, AttendeePut, AttendeeDropped,
    ),
    unsent=frozenset({CasePut, CaseDropped}),
    decide=decide,
    apply=apply,
)  # fmt: skip
