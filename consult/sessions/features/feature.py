"""What a feature registers: its messages with who may send them, its events, its decide and its apply."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from consult.model.identifiers import SeatId
from consult.sessions.features.kinds import ClientMessage, Command, Event, ServerMessage
from consult.sessions.features.standings import Standing
from consult.sessions.state import State

CommandT = TypeVar("CommandT", bound=Command)
EventT = TypeVar("EventT", bound=Event)


def _decide_nothing(state: State, actor: SeatId, command: Command, now: float) -> list[Event]:
    raise TypeError(f"a feature without commands cannot decide {command}")


def _apply_nothing(state: State, event: Event, by: SeatId) -> State:
    raise TypeError(f"a feature without events cannot apply {event}")


@dataclass(frozen=True, kw_only=True)
class Feature(Generic[CommandT, EventT]):
    """One part of what people do together.

    Attributes:
        name: for people who read an error.
        commands: those of participants, each with the standings that may send it; others are refused.
        server_commands: those that the server itself may give.
        events: what its commands lead to, all of them.
        unsent: of these, the events that no page is sent.
        messages: what pages send that is no command, with the standings that may.
        server_messages: what pages are sent.
        decide: (state, actor, command, now) to events; raises Refused. `actor` is a seat, or SERVER.
        apply: (state, event, by) to the state after it. `by`: who caused the event.
    """

    name: str
    commands: Mapping[type[CommandT], frozenset[Standing]] = field(default_factory=dict)
    server_commands: frozenset[type[CommandT]] = frozenset()
    events: tuple[type[EventT], ...] = ()
    unsent: frozenset[type[EventT]] = frozenset()
    messages: Mapping[type[ClientMessage], frozenset[Standing]] = field(default_factory=dict)
    server_messages: tuple[type[ServerMessage], ...] = ()
    decide: Callable[[State, SeatId, CommandT, float], list[Event]] = _decide_nothing
    apply: Callable[[State, EventT, SeatId], State] = _apply_nothing


AnyFeature = Feature[Any, Any]
