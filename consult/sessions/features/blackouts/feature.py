"""Blackouts: parts of pictures that guests are not shown where patients are hidden, as a picture may hold a name.

One is added, or removed, at a time: of two hosts who draw at once neither takes back what the other has drawn. Whoever
renders is told all of them (effect `HideParts`); to whom they apply: `publishing/document.py`.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.privacy.blackout import Blackout
from consult.sessions.features.blackouts.commands import BlackOut, BlackoutsCommand, RemoveBlackout
from consult.sessions.features.blackouts.events import BlackoutPut, BlackoutRemoved, BlackoutsEvent
from consult.sessions.features.feature import Feature
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_BLACKOUTS, MAX_BLACKOUTS_OF_SERIES, full, full_part
from consult.sessions.features.standings import HOSTS
from consult.sessions.state import State


def decide(state: State, actor: SeatId, command: BlackoutsCommand, now: float) -> list[Event]:
    """What a command about parts of pictures leads to.

    Raises:
        Refused: "unknown_series", "bad_rectangle", "too_many_blackouts", "unknown_blackout".
    """
    match command:
        case BlackOut():
            return _put(state, command)
        case RemoveBlackout(blackout=identifier):
            found = state.blackouts.get(identifier)
            if found is None or found.case != state.current:
                raise Refused("unknown_blackout", "This part is not blacked out (any more).")
            return [BlackoutRemoved(found.id, found.case)]
        case _ as never:
            assert_never(never)


def _put(state: State, command: BlackOut) -> list[Event]:
    case = state.current_case
    series = None if case is None else case.find(command.series)
    if case is None or series is None:
        raise Refused("unknown_series", "There is no such series here.")
    left, top, right, bottom = command.rectangle
    if not (left < right <= series.grid.columns and top < bottom <= series.grid.rows):
        raise Refused("bad_rectangle", "What is blacked out lies on the image, and is a pixel wide and high at least.")
    if len(state.blackouts) >= MAX_BLACKOUTS:
        raise full("too_many_blackouts", MAX_BLACKOUTS, "blacked-out parts", "drop some or begin")
    if sum(one.series == series.key for one in state.blackouts.values()) >= MAX_BLACKOUTS_OF_SERIES:
        most = MAX_BLACKOUTS_OF_SERIES
        raise full_part("too_many_blackouts", "series", most, "blacked-out parts", "drop one first")
    return [BlackoutPut(Blackout(command.id, case.id, series.key, command.rectangle))]


def apply(state: State, event: BlackoutsEvent, by: SeatId) -> State:
    """The state with that part, or without it."""
    match event:
        case BlackoutPut(blackout=blackout):
            return replace(state, blackouts={**state.blackouts, blackout.id: blackout})
        case BlackoutRemoved(blackout=identifier):
            left = {one.id: one for one in state.blackouts.values() if one.id != identifier}
            return replace(state, blackouts=left)
        case _ as never:
            assert_never(never)


BLACKOUTS = Feature[BlackoutsCommand, BlackoutsEvent](
    name="blackouts",
    commands={BlackOut: HOSTS, RemoveBlackout: HOSTS},
    events=(BlackoutPut, BlackoutRemoved),
    decide=decide,
    apply=apply,
)
