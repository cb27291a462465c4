"""The document as a page has it: begun from a snapshot in parts, and turned to another case by what comes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from consult.model.disclosure import withheld
from consult.model.identifiers import SeatId
from consult.sessions.features.findings.events import NumbersPut
from consult.sessions.features.kinds import Event
from consult.sessions.features.table import REGISTRY
from consult.sessions.messages import Part
from consult.sessions.publishing.document import RECORDS
from consult.sessions.publishing.parts import LISTS, join_cases
from consult.sessions.state import Snapshot, State


def joined(parts: Sequence[Part], rest: Snapshot) -> Snapshot:
    """The parts of a snapshot and what is left of it, as one."""
    lists = {name: [record for piece in (*parts, rest) for record in getattr(piece, name)] for name in LISTS}
    return replace(rest, **{n: tuple(found) for n, found in lists.items()} | {"cases": join_cases(lists["cases"])})


def begun(snapshot: Snapshot, seq: int) -> State:
    """What a page knows that begins with a snapshot."""
    return State(
        seq=seq,
        consult=snapshot.consult,
        cases=snapshot.cases,
        case=snapshot.case,
        current=snapshot.current,
        control=snapshot.control,
        seats={seat.id: seat for seat in snapshot.seats},
        site=snapshot.site,
        patients_hidden=snapshot.patients_hidden,
        board=snapshot.board,
        attendees={one.id: one for one in snapshot.attendees},
        **_of_cases(snapshot),
    )


def on_case(before: State, identifier: str, snapshot: Snapshot) -> State:
    """What a guest's page knows behind a switch: all of that case; of the former one nothing is left."""
    blank = [withheld(case) if case.id != identifier else snapshot.cases[0] for case in before.cases]
    return replace(before, cases=tuple(blank), **_of_cases(snapshot))


def fold_on_page(state: State, event: Event, by: SeatId) -> State:
    """What a page knows after an event. It keeps numbers of marks that are gone: it is not told of findings that were
    deleted, which may come back with their marks."""
    after = REGISTRY.apply(state, event, by)
    return replace(after, numbers={**state.numbers, **after.numbers}) if isinstance(event, NumbersPut) else after


def with_numbers_of(snapshot: Snapshot, fold: Snapshot) -> Snapshot:
    """With numbers of those marks alone that are there and that the fold of the log has numbers of, in their order. A
    page may have more: the server forgets those of a mark that is gone, and measures it anew when it is back."""
    known, stored = ({numbers.mark: numbers for numbers in one.numbers} for one in (snapshot, fold))
    of = [mark.id for mark in fold.marks if mark.id in stored]
    return replace(snapshot, numbers=tuple(known[mark] for mark in of if mark in known))


def as_snapshot(state: State) -> Snapshot:
    """What a page knows, in the form of a snapshot. Guests are told of a seat once somebody is let in, later than of
    others that were taken since: its place is that of its colour."""
    seats = tuple(sorted(state.seats.values(), key=lambda seat: seat.colour))
    return Snapshot(
        state.consult, state.cases, state.case, state.current, state.control, seats,
        tuple(state.marks.values()), tuple(state.key_images.values()), state.chat, state.site,
        patients_hidden=state.patients_hidden,
        board=state.board,
        attendees=tuple(state.attendees.values()),
        **{name: tuple(getattr(state, name).values()) for name in RECORDS},
    )  # fmt: skip


def _of_cases(snapshot: Snapshot) -> dict[str, Any]:
    """What is of one case each, by name of the field of a state."""
    return {
        "marks": {mark.id: mark for mark in snapshot.marks},
        "key_images": {image.id: image for image in snapshot.key_images},
        "chat": snapshot.chat,
        "findings": {finding.id: finding for finding in snapshot.findings},
        "numbers": {numbers.mark: numbers for numbers in snapshot.numbers},
        "notes": {note.case: note for note in snapshot.notes},
        "signed": {version.id: version for version in snapshot.signed},
        "criticals": {critical.id: critical for critical in snapshot.criticals},
        "seen": {seen.id: seen for seen in snapshot.seen},
        "blackouts": {blackout.id: blackout for blackout in snapshot.blackouts},
        "coverage": {coverage.id: coverage for coverage in snapshot.coverage},
        "preparations": {preparation.case: preparation for preparation in snapshot.preparations},
        "prepared": {view.id: view for view in snapshot.prepared},
        "decision_drafts": {draft.case: draft for draft in snapshot.decision_drafts},
        "decisions": {decision.id: decision for decision in snapshot.decisions},
        "dissents": {dissent.id: dissent for dissent in snapshot.dissents},
        "calibrations": {calibration.id: calibration for calibration in snapshot.calibrations},
    }
