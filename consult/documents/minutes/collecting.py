"""From the state of a board to its minutes. Pure."""

from __future__ import annotations

from consult.documents.attendance import participants_of
from consult.documents.collecting import Made
from consult.documents.minutes.contents import CaseMinutes, Decided, Minutes
from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.sessions.features.board.deciding import decisions_of, dissents_of
from consult.sessions.features.board.events import Board, Preparation
from consult.sessions.features.board.preparing import views_of
from consult.sessions.features.note.signing import versions_of
from consult.sessions.state import State


def minutes_of(state: State, made: Made) -> Minutes:
    """The minutes of a board as it is now.

    Raises:
        Refused: "no_board".
    """
    if (board := state.board) is None:
        raise Refused("no_board", "This consult is no board: it has no minutes.")
    return Minutes(
        consult=state.consult_id,
        title=state.consult.title,
        host_name=state.consult.host_name,
        made_at=made.at,
        began_at=board.began_at,
        ended_at=state.consult.ended_at,
        utc_offset_min=state.site.utc_offset_min,
        specialties=board.specialties,
        roll=tuple(sorted(state.attendees.values(), key=lambda one: (one.specialty.casefold(), one.at))),
        participants=participants_of(state, made.stays),
        cases=tuple(_case(state, board, case, n, made.at) for n, case in enumerate(state.cases, start=1)),
        audit=made.audit,
    )


def _case(state: State, board: Board, case: Case, number: int, now: float) -> CaseMinutes:
    preparation = state.preparations.get(case.id, Preparation(case.id))
    signed = versions_of(state, case.id)
    return CaseMinutes(
        id=case.id,
        number=number,
        patient=case.patient,
        studies=case.studies,
        question=preparation.text("question"),
        history=preparation.text("history"),
        pathology=preparation.text("pathology"),
        seconds=_seconds(state, board, case.id, now),
        planned_minutes=preparation.minutes,
        views=tuple(view.line for view in views_of(state, case.id)),
        pictures=len(preparation.pictures),
        decided=tuple(Decided(one, dissents_of(state, case.id, one.number)) for one in decisions_of(state, case.id)),
        note=signed[-1].id if signed else "",
    )


def _seconds(state: State, board: Board, case: str, now: float) -> float:
    """On the stage, until now or until the end."""
    spent = board.spent.get(case, 0.0)
    if board.phase != "running" or case != state.current:
        return spent
    end = state.consult.ended_at if state.consult.ended_at is not None else now
    return spent + max(0.0, end - board.since)
