"""The list of a board's cases: in which order, with which, and how long each was on the stage."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.sessions.features.board.events import Board, BoardPut, CaseDropped, CasePut, CasesOrdered
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import check_cases
from consult.sessions.state import State
from consult.sessions.views import initial_view


def in_order(known: Iterable[str], order: Iterable[str]) -> tuple[str, ...]:
    """These ids in that order; those that it does not name stay behind it, as they are."""
    known = tuple(known)
    named = tuple(dict.fromkeys(one for one in order if one in known))
    return (*named, *(one for one in known if one not in named))


def ordered(state: State, order: tuple[str, ...]) -> list[Event]:
    """The cases in another order. Raises Refused("unknown_case")."""
    for identifier in order:
        check_known(state, identifier)
    ids = tuple(case.id for case in state.cases)
    after = in_order(ids, order)
    return [] if after == ids else [CasesOrdered(after)]


def put(state: State, case: Case) -> list[Event]:
    """One more case, or another content of one.

    Raises:
        Refused: "on_the_stage", "too_many_cases", "nothing_to_show".
    """
    if case.id == state.current:
        raise Refused("on_the_stage", "This case is on the stage. Show another one first.")
    known = state.find_case(case.id)
    check_cases(len(state.cases) + (known is None))
    initial_view(case)
    return [] if known == case else [CasePut(case)]


def drop(state: State, case: str) -> list[Event]:
    """A case leaves the list, of which nothing has been said.

    Raises:
        Refused: "unknown_case", "on_the_stage", "in_use".
    """
    check_known(state, case)
    if case == state.current:
        raise Refused("on_the_stage", "This case is on the stage. Show another one first.")
    if is_in_use(state, case):
        raise Refused("in_use", "Something was drawn, said or decided about this case. It stays in the list.")
    return [CaseDropped(case)]


def is_in_use(state: State, case: str) -> bool:
    """Whether anything was drawn, said or decided about it; what is prepared of it does not count."""
    records = (
        state.marks, state.key_images, state.findings, state.notes, state.signed, state.criticals,
        state.calibrations, state.decision_drafts, state.decisions,
    )  # fmt: skip
    said = (*state.chat, *(one for table in records for one in table.values()))
    return any(one.case == case for one in said)


def check_known(state: State, case: str) -> None:
    """Let pass the id of a case of the list. Raises Refused("unknown_case")."""
    if state.find_case(case) is None:
        raise Refused("unknown_case", "This consult does not have that case.")


def time_switch(state: State, now: float) -> list[Event]:
    """The case on the stage of a board that has begun leaves it: its time is counted."""
    board = state.board
    if board is None or board.phase != "running":
        return []
    return [BoardPut(replace(board, since=now, spent={**board.spent, state.current: spent_on(board, state, now)}))]


def spent_on(board: Board, state: State, now: float) -> float:
    """Seconds that the case on the stage has been there, of a board that has begun."""
    return board.spent.get(state.current, 0.0) + max(0.0, now - board.since)
