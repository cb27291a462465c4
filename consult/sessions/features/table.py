"""The one table of features. All unions, the permissions, `decide` and `fold` follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from consult.model.identifiers import SeatId
from consult.sessions.features.blackouts.feature import BLACKOUTS
from consult.sessions.features.board.feature import BOARD
from consult.sessions.features.calibrations.feature import CALIBRATIONS
from consult.sessions.features.cases.feature import CASES
from consult.sessions.features.chat.feature import CHAT
from consult.sessions.features.consult.feature import CONSULT
from consult.sessions.features.control.feature import CONTROL
from consult.sessions.features.coverage.feature import COVERAGE
from consult.sessions.features.critical.feature import CRITICAL
from consult.sessions.features.feature import AnyFeature
from consult.sessions.features.findings.feature import FINDINGS
from consult.sessions.features.kinds import ClientMessage, Command, Event, ParticipantCommand, ServerMessage
from consult.sessions.features.marks.feature import MARKS
from consult.sessions.features.note.feature import NOTE
from consult.sessions.features.seats.feature import SEATS
from consult.sessions.features.seen.feature import SEEN
from consult.sessions.features.standings import Standing
from consult.sessions.features.view.feature import VIEW
from consult.sessions.messages import CONNECTION
from consult.sessions.presence.feature import PRESENCE
from consult.sessions.state import State

FEATURES: tuple[AnyFeature, ...] = (
    CONNECTION, CONSULT, SEATS, CONTROL, CASES, BLACKOUTS, VIEW, MARKS, CHAT, FINDINGS, NOTE, CRITICAL, SEEN, COVERAGE,
    CALIBRATIONS, BOARD, PRESENCE,
)  # fmt: skip


class Registry:
    """Some features, and what follows from them.

    Attributes:
        permissions: each message of pages, commands too, with the standings that may send it. Others are refused.
        commands: of participants.
        server_commands: what the server itself may give.
        events: all kinds that a log can hold.
        unsent: of these, those that no page is sent.
        server_messages: what features send.

    Raises:
        ValueError: two features register the same thing.
    """

    def __init__(self, features: Iterable[AnyFeature]) -> None:
        self.permissions: dict[type[ClientMessage], frozenset[Standing]] = {}
        self.server_messages: list[type[ServerMessage]] = []
        self._deciders: dict[type[Command], AnyFeature] = {}
        self._appliers: dict[type[Event], AnyFeature] = {}
        self.commands: list[type[ParticipantCommand]] = []
        self.server_commands: set[type[Command]] = set()
        self.unsent: set[type[Event]] = set()
        for feature in features:
            _add(self.permissions, {**feature.messages, **feature.commands}, feature.name)
            _add(self._deciders, dict.fromkeys({*feature.commands, *feature.server_commands}, feature), feature.name)
            _add(self._appliers, dict.fromkeys(feature.events, feature), feature.name)
            self.commands += feature.commands
            self.server_commands |= feature.server_commands
            self.unsent |= feature.unsent
            self.server_messages += feature.server_messages

    @property
    def events(self) -> tuple[type[Event], ...]:
        """All kinds that a log can hold."""
        return tuple(self._appliers)

    def decide(self, state: State, actor: SeatId, command: Command, now: float) -> list[Event]:
        """What the command's feature makes of it. Raises Refused."""
        return self._deciders[type(command)].decide(state, actor, command, now)

    def apply(self, state: State, event: Event, by: SeatId) -> State:
        """The state after an event, as its feature folds it; seq and tabs are not touched."""
        return self._appliers[type(event)].apply(state, event, by)


def _add(table: dict[Any, Any], more: Mapping[Any, Any], name: str) -> None:
    if doubled := table.keys() & more.keys():
        raise ValueError(f"{name} registers {sorted(kind.__name__ for kind in doubled)} anew")
    table.update(more)


def union_of(kinds: Iterable[Any]) -> Any:
    """The union of these types, for a decoder or a schema."""
    return reduce(or_, kinds)


REGISTRY = Registry(FEATURES)
