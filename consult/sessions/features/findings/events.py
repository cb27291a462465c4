"""Findings, the numbers of their marks, and what happens to them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.geometry import Vec
from consult.model.identifiers import SeatId
from consult.model.mark import Quantity
from consult.model.side import Side, SideSource
from consult.model.view import View
from consult.sessions.features.kinds import Event

Check = Literal["confirmed", "differs", "not_checked"]
LesionKind = Literal["", "target", "target_node", "non_target", "new"]
"""What a finding is among the lesions of a case (RECIST 1.1); "": none of them."""
LesionState = Literal["", "absent", "too_small"]
"""Where a lesion is not measured on its date, why: it is gone, or there and too small to measure."""


class Source(Struct, frozen=True):
    """What a number was computed from.

    Attributes:
        sop_instance_uid: of the file.
        frame: of a multi-frame file, from 1.
        spacing_tag: keyword of the attribute that gave the spacing; "" where pixels are counted, or none is needed.
        formula: in words.
        pixels: how many were read; 0 where none is needed.
    """

    sop_instance_uid: str = ""
    frame: int = 1
    spacing_tag: str = ""
    formula: str = ""
    pixels: int = 0


class Number(Struct, frozen=True):
    """A number of a mark, computed twice.

    Attributes:
        value, unit: as it is said.
        other: what the independent path found; None where that found none.
        check: "confirmed": both agree. Anything else is not in a note until somebody takes the number over.
        sentence: why it is not confirmed.
        taken_by, taken_name: who took a number over that is not confirmed.
    """

    quantity: Quantity
    value: float
    unit: str
    source: Source = Source()
    other: float | None = None
    check: Check = "not_checked"
    sentence: str = ""
    taken_by: SeatId = SeatId("")
    taken_name: str = ""

    @property
    def counts(self) -> bool:
        """It may stand in a note."""
        return self.check == "confirmed" or self.taken_by != ""


class MarkNumbers(Struct, frozen=True):
    """What was computed for a mark of a finding, once it settled.

    Attributes:
        mark, case: its id, and that of its case.
        points: at which it was computed; of others it says nothing.
        numbers: none for an arrow or a text, or where nothing could be read.
        side, side_source: where the mark lies in the patient, and how that was found.
        sentence: why there is no number.
        factor: of the calibration by hand that they were computed by; 0: of none.
    """

    mark: str
    case: str
    points: tuple[Vec, ...]
    numbers: tuple[Number, ...] = ()
    side: Side = ""
    side_source: SideSource = ""
    sentence: str = ""
    factor: float = 0.0


class FoundSide(Struct, frozen=True):
    """The side of a finding.

    Attributes:
        side, source: as it is said, and how it was found.
        offered: by geometry when it was confirmed; "" where geometry said nothing.
        confirmed_by, confirmed_name: who confirmed or chose it; "" while nobody has.
    """

    side: Side = ""
    source: SideSource = ""
    offered: Side = ""
    confirmed_by: SeatId = SeatId("")
    confirmed_name: str = ""


class KeyView(Struct, frozen=True):
    """A view, kept as it was."""

    id: str
    view: View
    kept_by: SeatId


class Finding(Struct, frozen=True):
    """Something that was found.

    Attributes:
        case: id of the case it belongs to.
        rev: counts its changes.
        title, text: what it is.
        label: equal labels on studies of different dates are one thing, compared.
        category: the human's ("Lung-RADS 4B").
        marks: ids; one that is deleted does not count.
        views: its key views.
        lesion, lesion_state: for the table of lesions (`lesions.py`).
    """

    id: str
    case: str
    author: SeatId
    rev: int
    title: str
    text: str = ""
    label: str = ""
    category: str = ""
    marks: tuple[str, ...] = ()
    views: tuple[KeyView, ...] = ()
    side: FoundSide = FoundSide()
    lesion: LesionKind = ""
    lesion_state: LesionState = ""


class Compared(Struct, frozen=True):
    """A number of a finding on a study of a date (ISO 8601)."""

    finding: str
    date: str
    number: Number


class Comparison(Struct, frozen=True):
    """One thing at two dates.

    Attributes:
        label: of both findings.
        change_percent: of the earlier value; None where that is 0.
        days: between both.
    """

    label: str
    before: Compared
    now: Compared
    change_percent: float | None
    days: int


class FindingPut(Event, frozen=True, tag="finding_put"):
    """A finding was made or changed."""

    finding: Finding


class FindingDeleted(Event, frozen=True, tag="finding_deleted"):
    """A finding is gone; signed versions that have it keep it."""

    finding: str
    case: str


class NumbersPut(Event, frozen=True, tag="numbers_put"):
    """The numbers of a mark are computed, or one of them was taken over."""

    numbers: MarkNumbers


FindingsEvent = FindingPut | FindingDeleted | NumbersPut
