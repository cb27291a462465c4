"""Findings: what was found, with its side, its numbers and its key views."""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.identifiers import SeatId
from consult.sessions.features.feature import Feature
from consult.sessions.features.findings.commands import (
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    FindingsCommand,
    PutFinding,
    PutNumbers,
    TakeOverNumber,
)
from consult.sessions.features.findings.decide import decide
from consult.sessions.features.findings.events import FindingDeleted, FindingPut, FindingsEvent, NumbersPut
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.state import State


def apply(state: State, event: FindingsEvent, by: SeatId) -> State:
    """The state with that record."""
    match event:
        case FindingPut(finding=finding):
            return replace(state, findings={**state.findings, finding.id: finding})
        case FindingDeleted(finding=identifier):
            return replace(state, findings={k: v for k, v in state.findings.items() if k != identifier})
        case NumbersPut(numbers=numbers):
            return replace(state, numbers={**state.numbers, numbers.mark: numbers})
        case _ as never:
            assert_never(never)


FINDINGS = Feature[FindingsCommand, FindingsEvent](
    name="findings",
    commands=dict.fromkeys((PutFinding, DropKeyView, ConfirmSide, TakeOverNumber, DeleteFinding), TAKING_PART),
    server_commands=frozenset({PutNumbers}),
    events=(FindingPut, FindingDeleted, NumbersPut),
    decide=decide,
    apply=apply,
)
