"""The note of a case while it is written, its signed versions, and what happens to them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.model.catalogue import Patient, Study
from consult.model.identifiers import SeatId, StudyKey
from consult.model.mark import Mark
from consult.sessions.features.findings.events import Comparison, Finding, MarkNumbers
from consult.sessions.features.kinds import Event

Field = Literal[
    "question", "impression", "recommendation", "limits", "unavailable", "agreement", "local_report", "category",
    "response",
]  # fmt: skip
"""Of a note. `unavailable`: studies that are known and not here. `agreement`: "agrees" or "differs" with the local
report, or nothing; `local_report`: in what. `response`: what the reader calls the lesions' course after RECIST 1.1 (CR,
PR, SD, PD, NE), or nothing."""
Status = Literal["preliminary", "final", "addendum"]


class Written(Struct, frozen=True):
    """What stands in a field.

    Attributes:
        rev: counts its changes.
        author: who wrote it last.
    """

    text: str
    rev: int
    author: SeatId
    author_name: str


class Note(Struct, frozen=True):
    """What is written of a case, as it is now: the next version.

    Attributes:
        case: id of its case; there is one of each.
        fields: those in which somebody has written.
        order: ids of findings, as they stand in it; others stand behind, in the order in which they were made.
    """

    case: str
    fields: dict[Field, Written] = {}
    order: tuple[str, ...] = ()

    def text(self, field: Field) -> str:
        """What stands in a field."""
        written = self.fields.get(field)
        return "" if written is None else written.text


class Signer(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs, as they say it themselves."""

    name: str
    role: str


class Signature(Struct, frozen=True):
    """Who signed, and when by the server's clock.

    Attributes:
        at: seconds since 1970.
        utc_offset_min: of the server's own zone then.
    """

    seat: SeatId
    name: str
    role: str
    at: float
    utc_offset_min: int


class SignedFinding(Struct, frozen=True):
    """A finding as it was signed, with its marks and their numbers; only numbers that may be said."""

    finding: Finding
    marks: tuple[Mark, ...]
    numbers: tuple[MarkNumbers, ...]


class SignedNote(Struct, frozen=True):
    """A signed version of a note. It never changes.

    Attributes:
        id: case and number ("c1.2").
        number: from 1.
        changed: what is another than in the version before; empty in the first.
        patient: whose note it is.
        studies: of the case, as they were.
        seen: of these, those that the signer has seen.
        limits: found by the server ("No prior study.").
        digest: SHA-256 over all else; with that of the version before it in `former`.
    """

    id: str
    case: str
    number: int
    status: Status
    changed: str
    texts: dict[Field, str]
    findings: tuple[SignedFinding, ...]
    comparisons: tuple[Comparison, ...]
    patient: Patient
    studies: tuple[Study, ...]
    seen: tuple[StudyKey, ...]
    limits: tuple[str, ...]
    signature: Signature
    former: str
    digest: str = ""


class NotePut(Event, frozen=True, tag="note_put"):
    """Something was written in a note, or its findings were put in another order."""

    note: Note


class NoteSigned(Event, frozen=True, tag="note_signed"):
    """A version of a note was signed."""

    version: SignedNote


NoteEvent = NotePut | NoteSigned
