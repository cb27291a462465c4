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
    RestoreFinding,
    TakeOverNumber,
)
from consult.sessions.features.findings.decide import decide
from consult.sessions.features.findings.events import (
    Finding,
    FindingDeleted,
    FindingPut,
    FindingsEvent,
    MarkNumbers,
    NumbersPut,
)
from consult.sessions.features.standings import TAKING_PART
from consult.sessions.state import State

KEPT_DELETED = 32
"""Findings that can be brought back, the newest."""


def apply(state: State, event: FindingsEvent, by: SeatId) -> State:
    """The state with that record."""
    match event:
        case FindingPut(finding=finding):
            deleted = _without(state.deleted_findings, finding.id)
            return replace(state, findings={**state.findings, finding.id: finding}, deleted_findings=deleted)
        case FindingDeleted(finding=identifier):
            return _deleted(state, identifier)
        case NumbersPut(numbers=numbers):
            return replace(state, numbers={**_still_of_use(state), numbers.mark: numbers})
        case _ as never:
            assert_never(never)


def _still_of_use(state: State) -> dict[str, MarkNumbers]:
    """Without those of marks that are gone. A finding's mark may come back, and with it who took a number over."""
    findings = *state.findings.values(), *state.deleted_findings.values()
    named = {mark for finding in findings for mark in finding.marks}
    return {mark: known for mark, known in state.numbers.items() if mark in state.marks or mark in named}


def _deleted(state: State, identifier: str) -> State:
    gone = state.findings.get(identifier)
    if gone is None:
        return state
    kept = [*state.deleted_findings.values(), gone][-KEPT_DELETED:]
    findings = _without(state.findings, identifier)
    return replace(state, findings=findings, deleted_findings={finding.id: finding for finding in kept})


def _without(findings: dict[str, Finding], identifier: str) -> dict[str, Finding]:
    return {known: finding for known, finding in findings.items() if known != identifier}


FINDINGS = Feature[FindingsCommand, FindingsEvent](
    name="findings",
    commands=dict.fromkeys(
        (PutFinding, DropKeyView, ConfirmSide, TakeOverNumber, DeleteFinding, RestoreFinding), TAKING_PART
    ),
    server_commands=frozenset({PutNumbers}),
    events=(FindingPut, FindingDeleted, NumbersPut),
    decide=decide,
    apply=apply,
)
