"""What people do with findings, and which marks wait for their numbers.

Rules:
- A finding lies on the case on the stage, and so do its marks and views.
- It is changed by its author or by the host, and only upon its newest revision.
- Numbers are of a mark's points: of a mark that has been moved since they say nothing, and are not used.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from consult.model.cine.playing import stopped
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.model.mark import Mark
from consult.model.measuring.calibration import calibration_of
from consult.model.side import Side, SideSource
from consult.model.view import View
from consult.sessions.features.findings.commands import (
    MAX_CATEGORY,
    MAX_LABEL,
    MAX_TEXT,
    MAX_TITLE,
    ConfirmSide,
    DeleteFinding,
    DropKeyView,
    FindingsCommand,
    PutFinding,
    PutNumbers,
    RestoreFinding,
    TakeOverNumber,
)
from consult.sessions.features.findings.events import (
    Finding,
    FindingDeleted,
    FindingPut,
    FoundSide,
    KeyView,
    MarkNumbers,
    NumbersPut,
)
from consult.sessions.features.kinds import Event
from consult.sessions.features.limits import MAX_FINDINGS, MAX_KEY_VIEWS, full, full_part
from consult.sessions.features.texts import clean_line, clean_lines
from consult.sessions.state import State
from consult.sessions.views import check_view


def decide(state: State, actor: SeatId, command: FindingsCommand, now: float) -> list[Event]:
    """What a command about findings leads to.

    Raises:
        Refused: "unknown_finding", "not_yours", "changed_meanwhile", "empty_finding", "unknown_mark",
            "too_many_findings", "too_many_key_views", "unknown_key_view", "unknown_number"; those of `check_view`.
    """
    match command:
        case PutFinding():
            return _put(state, actor, command)
        case DropKeyView(finding=identifier, view=view):
            return _drop_view(own(state, actor, identifier), view)
        case ConfirmSide(finding=identifier, side=side):
            return _confirm(state, actor, own(state, actor, identifier), side)
        case TakeOverNumber():
            return _take_over(state, actor, command)
        case DeleteFinding(finding=identifier):
            return [FindingDeleted(own(state, actor, identifier).id, state.current)]
        case RestoreFinding(finding=identifier):
            return [_next(_restored(state, actor, identifier))]
        case PutNumbers(numbers=numbers):
            return _measured(state, numbers)
        case _ as never:
            assert_never(never)


def find(state: State, identifier: str) -> Finding:
    """The finding of that id, if it is of the case on the stage. Raises Refused ("unknown_finding")."""
    return _on_stage(state, state.findings, identifier)


def own(state: State, actor: SeatId, identifier: str) -> Finding:
    """The finding, if the actor may change it. Raises Refused ("unknown_finding", "not_yours")."""
    found = find(state, identifier)
    _check_own(state, actor, found)
    return found


def _on_stage(state: State, findings: dict[str, Finding], identifier: str) -> Finding:
    found = findings.get(identifier)
    if found is None or found.case != state.current:
        raise _unknown()
    return found


def _unknown() -> Refused:
    return Refused("unknown_finding", "There is no such finding (any more).")


def _check_room(state: State) -> None:
    """Whether there may be one more."""
    if len(state.findings) >= MAX_FINDINGS:
        raise full("too_many_findings", MAX_FINDINGS, "findings", "delete some or begin")


def _check_own(state: State, actor: SeatId, finding: Finding) -> None:
    if finding.author != actor and state.seats[actor].role != "host":
        raise Refused("not_yours", "Only who made a finding, or the host, can change it.")


def marks_of(state: State, finding: Finding) -> tuple[Mark, ...]:
    """The marks of a finding that are there."""
    marks = (state.marks.get(identifier) for identifier in finding.marks)
    return tuple(mark for mark in marks if mark is not None and mark.case == finding.case)


def numbers_of(state: State, mark: Mark) -> MarkNumbers | None:
    """What was computed for a mark as it is; None while that is under way."""
    found = state.numbers.get(mark.id)
    return found if found is not None and _is_of(state, found, mark) else None


def _is_of(state: State, numbers: MarkNumbers, mark: Mark) -> bool:
    """Whether they were computed at the points that a mark has, by the calibration that its image has."""
    calibration = calibration_of(state.calibrations, mark.case, mark.series, mark.image)
    factor = 0.0 if calibration is None else calibration.factor
    return (numbers.points, numbers.case, numbers.factor) == (mark.points, mark.case, factor)


def offered_side(state: State, finding: Finding) -> tuple[Side, SideSource]:
    """The side on which geometry says that all marks of a finding lie, by the weakest way; "" where it does not say."""
    known = [numbers_of(state, mark) for mark in marks_of(state, finding)]
    sides = {"" if one is None else one.side for one in known}
    if len(sides) != 1 or "" in sides:
        return "", ""
    sources = {one.side_source for one in known if one is not None}
    side: Side = next(one.side for one in known if one is not None)
    return side, "sign" if "sign" in sources else "outline"


def due_numbers(state: State) -> tuple[Mark, ...]:
    """The marks of findings whose numbers are still to be computed."""
    used = {mark.id: mark for finding in state.findings.values() for mark in marks_of(state, finding)}
    return tuple(mark for mark in used.values() if numbers_of(state, mark) is None)


def _put(state: State, actor: SeatId, command: PutFinding) -> list[Event]:
    before = _before(state, actor, command)
    title = clean_line(command.wording.title, MAX_TITLE)
    if not title:
        raise Refused("empty_finding", "A finding needs a title.")
    for identifier in command.marks:
        mark = state.marks.get(identifier)
        if mark is None or mark.case != state.current:
            raise Refused("unknown_mark", "A mark of this finding is not there (any more).")
    finding = replace(
        before,
        title=title,
        text=clean_lines(command.wording.text, MAX_TEXT),
        label=clean_line(command.wording.label, MAX_LABEL),
        category=clean_line(command.wording.category, MAX_CATEGORY),
        lesion=command.wording.lesion,
        lesion_state=command.wording.lesion_state if command.wording.lesion else "",
        marks=tuple(dict.fromkeys(command.marks)),
        views=_with(state, actor, before.views, command.id, command.view),
    )
    if not finding.marks and not finding.views:
        raise Refused("empty_finding", "A finding is made from a mark or from the view.")
    return [] if finding == before else [_next(finding)]


def _before(state: State, actor: SeatId, command: PutFinding) -> Finding:
    """What is changed; an empty one where it is new."""
    if command.finding not in state.findings:
        if command.base:
            raise _unknown()
        _check_room(state)
        return Finding(command.finding, state.current, actor, rev=0, title="")
    before = own(state, actor, command.finding)
    if before.rev != command.base:
        raise Refused("changed_meanwhile", "Somebody has changed this finding meanwhile.")
    return before


def _with(
    state: State, actor: SeatId, views: tuple[KeyView, ...], identifier: str, view: View | None
) -> tuple[KeyView, ...]:
    case = state.current_case
    view = view and stopped(view)
    if view is None or case is None or any(kept.view == view for kept in views):
        return views
    check_view(view, case)
    if len(views) >= MAX_KEY_VIEWS:
        raise full_part("too_many_key_views", "finding", MAX_KEY_VIEWS, "key views", "drop one first")
    return (*views, KeyView(f"{actor}/{identifier}", view, actor))


def _drop_view(finding: Finding, view: str) -> list[Event]:
    others = tuple(kept for kept in finding.views if kept.id != view)
    if others == finding.views:
        raise Refused("unknown_key_view", "This finding does not have that key view (any more).")
    if not others and not finding.marks:
        raise Refused("empty_finding", "A finding is made from a mark or from the view.")
    return [_next(replace(finding, views=others))]


def _restored(state: State, actor: SeatId, identifier: str) -> Finding:
    found = _on_stage(state, state.deleted_findings, identifier)
    _check_own(state, actor, found)
    _check_room(state)
    return found


def _confirm(state: State, actor: SeatId, finding: Finding, side: Side) -> list[Event]:
    offered, source = offered_side(state, finding)
    name = state.seats[actor].name
    found = FoundSide(side, source if side == offered else "chosen", offered, actor, name)
    return [] if found == finding.side else [_next(replace(finding, side=found))]


def _take_over(state: State, actor: SeatId, command: TakeOverNumber) -> list[Event]:
    mark = state.marks.get(command.mark)
    known = None if mark is None or mark.case != state.current else numbers_of(state, mark)
    if known is None or all(number.quantity != command.quantity for number in known.numbers):
        raise Refused("unknown_number", "That number is not there (any more).")
    name = state.seats[actor].name
    numbers = tuple(
        replace(number, taken_by=actor, taken_name=name)
        if number.quantity == command.quantity and not number.counts
        else number
        for number in known.numbers
    )
    return [] if numbers == known.numbers else [NumbersPut(replace(known, numbers=numbers))]


def _measured(state: State, numbers: MarkNumbers) -> list[Event]:
    """The numbers of a mark, where it is as it was measured and nobody has measured it before."""
    mark = state.marks.get(numbers.mark)
    if mark is None or not _is_of(state, numbers, mark):
        return []
    return [] if numbers_of(state, mark) is not None else [NumbersPut(numbers)]


def _next(finding: Finding) -> FindingPut:
    return FindingPut(replace(finding, rev=finding.rev + 1))
