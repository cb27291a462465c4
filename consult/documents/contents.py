"""What a document says of one note: plain records, of which its page, its PDF and its JSON are made alike."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.documents.steps import Step
from consult.model.catalogue import Patient, Study
from consult.model.identifiers import StudyKey
from consult.model.mark import Mark
from consult.model.view import Viewport
from consult.sessions.features.findings.events import Comparison, FoundSide, Number
from consult.sessions.features.findings.lesions import LesionTable
from consult.sessions.features.note.events import Field, Signature

Status = Literal["draft", "preliminary", "final", "addendum"]
FORMAT = "consult-note/1"


class Stay(Struct, frozen=True):
    """From when to when somebody was there, seconds since 1970. `went`: None while nobody knows."""

    came: float
    went: float | None = None


class Participant(Struct, frozen=True):
    """Who took part, and as what: "host", "participant" or "viewer".

    Attributes:
        stays: when, in their order; none where the audit trail does not say it.
    """

    name: str
    role: str
    stays: tuple[Stay, ...] = ()

    @property
    def seconds(self) -> float:
        """Of all stays together that have an end."""
        return sum(stay.went - stay.came for stay in self.stays if stay.went is not None)


class SignedBy(Struct, frozen=True):
    """A signature, and of which version it is. `digest`: of that version."""

    version: int
    status: Status
    changed: str
    signature: Signature
    digest: str


class Reader(Struct, frozen=True):
    """Who has opened a version, and said to have read it. Times are seconds since 1970."""

    version: int
    name: str
    opened_at: float
    seen_at: float | None
    utc_offset_min: int


class Shown(Struct, frozen=True):
    """What a key picture shows, for the line below it.

    Attributes:
        kind: "stack", "plane" or "fusion".
        name: of the series.
        number: of the series.
        image, images: counted from 1; 0 for a plane.
        instance: InstanceNumber, where a report calls the image by another number than `image`.
        time: what the time is called, of a series with a second axis.
        plane, slab_mm, projection: of a plane.
        whole: all of a volume is shown: "" (it is not), "projected", or "rendered" by a preset.
        over: what lies over it in a fusion.
        aligned_by: who has put that there by hand; None where both have one frame of reference.
        date: of its study.
        prior: of an earlier day than the newest study.
        flipped, rotated, inverted: how it is turned against its images, and its greys.
        lossy: of its source, as in `Series`.
        note: what must be said of the series.
    """

    kind: Literal["stack", "plane", "fusion"]
    name: str
    number: int
    date: str
    prior: bool
    image: int = 0
    images: int = 0
    instance: int | None = None
    time: str = ""
    plane: str = ""
    slab_mm: float = 0.0
    projection: str = ""
    whole: Literal["", "projected", "rendered"] = ""
    over: str = ""
    aligned_by: str | None = None
    flipped: bool = False
    rotated: bool = False
    lossy: str = ""
    note: str = ""


class KeyPicture(Struct, frozen=True):
    """A view that a finding stands on.

    Attributes:
        n: counts the pictures of the document, from 1.
        finding: its id.
        viewport: as it was kept, or whole where only a mark says where.
        marks: of the finding.
        shown: None where the case does not have it any more.
    """

    n: int
    finding: str
    viewport: Viewport
    marks: tuple[Mark, ...]
    shown: Shown | None


class Value(Struct, frozen=True):
    """What one mark measures; by whom it was drawn, and where."""

    mark: str
    kind: str
    numbers: tuple[Number, ...]
    date: str
    series_number: int
    series: str
    image: int
    author: str
    colour: int


class Row(Struct, frozen=True):
    """One thing that is measured, at one or more dates.

    Attributes:
        title: of the finding, or the label that its findings share.
        values: by date, the newest first.
        change: of the two newest dates; None where there is none.
    """

    title: str
    kind: str
    values: tuple[Value, ...]
    change: Comparison | None = None


class FindingPart(Struct, frozen=True):
    """A finding as it stands in a note. `pictures`: their numbers. `values`: of each mark that measures something."""

    id: str
    title: str
    text: str
    label: str
    category: str
    side: FoundSide
    values: tuple[Value, ...]
    pictures: tuple[int, ...]
    was: Comparison | None = None


class Contents(Struct, frozen=True, kw_only=True):
    """All that a document says of a note.

    Attributes:
        version: number of the signed version; 0: a draft, which nobody has signed.
        started_at, ended_at: of the consult; None while it goes on.
        made_at: when this document was made.
        utc_offset_min: of the server's zone.
        seen_studies: of the studies, those that the signer has seen; of a draft none.
        dates: of the studies that something was measured on, the newest first.
        left_out: key views beyond those that a document shows.
        signatures: of all versions up to this one. later: number of the newest version, where this one is older.
        limits: what the server found; `texts` has what was written.
        steps: of the recommendation, where it names who does what until when.
        lesions: after RECIST 1.1, of findings that are lesions; the reader's response is in `texts`.
        colours: of who drew marks, by seat.
        whole: all signed versions have the hash that they were signed with; else the document says so.
        audit: the hash that the audit trail ended with when it was made.
    """

    consult: str
    title: str
    host_name: str
    started_at: float
    ended_at: float | None
    made_at: float
    utc_offset_min: int
    case: str
    case_number: int
    cases: int
    version: int
    status: Status
    patient: Patient
    studies: tuple[Study, ...]
    seen_studies: tuple[StudyKey, ...]
    texts: dict[Field, str]
    findings: tuple[FindingPart, ...]
    rows: tuple[Row, ...]
    dates: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    limits: tuple[str, ...]
    steps: tuple[Step, ...]
    pictures: tuple[KeyPicture, ...]
    left_out: int
    participants: tuple[Participant, ...]
    signatures: tuple[SignedBy, ...]
    readers: tuple[Reader, ...]
    colours: dict[str, int]
    lesions: LesionTable = LesionTable()
    whole: bool = True
    later: int = 0
    audit: str = ""
    format: str = FORMAT

    @property
    def spacing_tags(self) -> tuple[str, ...]:
        """By which attributes of the files lengths are measured."""
        numbers = (number for row in self.rows for value in row.values for number in value.numbers)
        return tuple(sorted({number.source.spacing_tag for number in numbers} - {""}))

    @property
    def id(self) -> str:
        """Of the version: "c1.2"; "c1.draft"."""
        return f"{self.case}.{self.version or 'draft'}"
