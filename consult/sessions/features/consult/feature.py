"""The life of a consult: it is opened once, owned by one process at a time, and ended."""

from __future__ import annotations

from typing import assert_never

import msgspec
from msgspec.structs import replace

from consult.model.catalogue import Case
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.sessions.features.board.events import Board
from consult.sessions.features.consult.commands import (
    MAX_HOST_NAME,
    MAX_TITLE,
    ConsultCommand,
    EndConsult,
    OpenConsult,
    TakeOwnership,
)
from consult.sessions.features.consult.events import (
    Consult,
    ConsultEnded,
    ConsultEvent,
    ConsultOpened,
    OwnerChanged,
)
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import check_cases
from consult.sessions.features.standings import HOSTS
from consult.sessions.features.texts import clean_line
from consult.sessions.state import FIRST_CASE_EPOCH, State, put_on_stage
from consult.sessions.views import initial_view


def decide(state: State, actor: SeatId, command: ConsultCommand, now: float) -> list[Event]:
    """What a command about the consult leads to.

    Raises:
        Refused: "already_open", "same_case", "too_many_cases", "nothing_to_show".
    """
    match command:
        case OpenConsult():
            return _open(state, command, now)
        case TakeOwnership(owner=owner, site=site):
            return [OwnerChanged(owner, state.owners + 1, site)]
        case EndConsult():
            return [] if state.ended else [ConsultEnded(replace(state.consult, ended_at=now))]
        case _ as never:
            assert_never(never)


def apply(state: State, event: ConsultEvent, by: SeatId) -> State:
    """The state after an event of the consult."""
    match event:
        case ConsultOpened(consult=consult, cases=cases):
            board = Board() if consult.kind == "board" else None
            state = replace(state, consult=consult, cases=cases, board=board)
            return put_on_stage(state, FIRST_CASE_EPOCH, cases[0].id)
        case OwnerChanged(owner=owner, owners=owners, site=site):
            return replace(state, owner=owner, owners=owners, site=site)
        case ConsultEnded(consult=consult):
            return replace(state, consult=consult)
        case _ as never:
            assert_never(never)


def _open(state: State, command: OpenConsult, now: float) -> list[Event]:
    if state.opened:
        raise Refused("already_open", "This consult is open already.")
    if not command.cases:
        raise Refused("nothing_to_show", "A consult needs at least one case.")
    if len({case.id for case in command.cases}) != len(command.cases):
        raise Refused("same_case", "Two cases of a consult have the same id.")
    check_cases(len(command.cases))
    for case in command.cases:
        initial_view(case)
        _check_kept(case)
    title = clean_line(command.title, MAX_TITLE)
    host_name = clean_line(command.host_name, MAX_HOST_NAME) or "Host"
    return [ConsultOpened(Consult(command.consult, title, host_name, now, kind=command.kind), command.cases)]


def _check_kept(case: Case) -> None:
    """Let a case pass that is the same once it is stored: JSON has no NaN and no infinity, and a log with null in its
    place is never read again. Raises Refused("nothing_to_show")."""
    try:
        msgspec.json.decode(msgspec.json.encode(case), type=Case)
    except msgspec.MsgspecError as error:
        raise Refused("nothing_to_show", f"Case {case.id} has a value that cannot be stored ({error}).") from None


CONSULT = Feature[ConsultCommand, ConsultEvent](
    name="consult",
    commands={EndConsult: HOSTS},
    server_commands=frozenset({OpenConsult, TakeOwnership, EndConsult}),
    events=(ConsultOpened, OwnerChanged, ConsultEnded),
    unsent=frozenset({ConsultOpened}),
    decide=decide,
    apply=apply,
)
