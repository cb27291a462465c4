"""A consult in which findings, notes and critical results are made: commands by number, answers by their code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from consult.model.catalogue import Case, Study
from consult.model.identifiers import SeatId, SeriesKey, StudyKey
from consult.model.mark import Mark
from consult.model.side import Side, SideSource
from consult.sessions.effects import ComputeNumbers
from consult.sessions.features.critical.commands import RaiseCritical
from consult.sessions.features.critical.events import Recipient
from consult.sessions.features.findings.commands import ConfirmSide, PutFinding, PutNumbers, Wording
from consult.sessions.features.findings.events import Check, MarkNumbers, Number, Source
from consult.sessions.features.kinds import ParticipantCommand, ServerMessage
from consult.sessions.features.marks.commands import PutMark
from consult.sessions.features.note.commands import PutNote, SignNote
from consult.sessions.features.note.events import Field, Signer, Status
from consult.sessions.messages import Ack, Nack
from tests.support.cases import Table, case, command_id, series, shape

RADIOLOGIST = Signer("Dr. Host", "radiologist")


def two_studies() -> Case:
    """A case with a prior: series s-1 of now, s-2 of May."""
    now = Study(StudyKey("st-1"), "CT chest", "2026-11-24", "09:12:40")
    before = Study(StudyKey("st-0"), "CT chest", "2026-05-19", "10:31:00", prior=True)
    return replace(case(), studies=(now, before), series=(series("s-1"), series("s-2", study="st-0")))


def source_of(mark: Mark) -> Source:
    """What a length was computed from: a file for each image."""
    return Source(f"1.2.840.{mark.series}.{mark.image}", 1, "PixelSpacing", "distance of both ends")


class RecordTable(Table):
    """A host, two who take part and one who watches. What marks of findings measure is computed at once, if wanted."""

    def __init__(self, *, measures: bool = True) -> None:
        super().__init__((two_studies(), case("c2", ("s-9",), "OTHER^MAN")))
        self._numbers: dict[str, int] = {}
        self.side: Side = "RIGHT"
        self.side_source: SideSource = "outline"
        self.check: Check = "confirmed"
        self.measures = measures
        for seat in ("host", "ann", "bob"):
            self.join(seat, "host" if seat == "host" else "participant")
        self.join("eve", "viewer")

    def act(self, who: str, make: type[ParticipantCommand], **fields: Any) -> Ack | Nack:
        """A command; the answer to it."""
        self._numbers[who] = self._numbers.get(who, 0) + 1
        command = make(id=command_id(who, self._numbers[who]), case=fields.pop("epoch", self.state.case), **fields)
        answers = self.send(who, command)
        self.answer_measurements()
        return next(a for a in answers if isinstance(a, Ack | Nack))

    def done(self, who: str, make: type[ParticipantCommand], **fields: Any) -> int:
        """A command that is stored; its number."""
        answer = self.act(who, make, **fields)
        assert isinstance(answer, Ack), answer
        return answer.seq

    def refused(self, who: str, make: type[ParticipantCommand], **fields: Any) -> str:
        """The code of a refusal, which has a sentence."""
        answer = self.act(who, make, **fields)
        assert isinstance(answer, Nack), answer
        assert answer.message.endswith(".")
        return answer.code

    def answer_measurements(self) -> None:
        """What the runtime does with `ComputeNumbers`."""
        for effect in list(self.effects):
            if self.measures and isinstance(effect, ComputeNumbers):
                for mark in effect.marks:
                    self.do(self.core.command(PutNumbers(numbers=self.numbers_of(mark)), self.now))

    def numbers_of(self, mark: Mark) -> MarkNumbers:
        """A length, as long as the mark."""
        value = abs(mark.points[-1][0] - mark.points[0][0])
        number = Number("length", value, "mm", source_of(mark), value, self.check)
        return MarkNumbers(mark.id, mark.case, mark.points, (number,), self.side, self.side_source)

    def mark(self, who: str, identifier: str = "m1", *, on: str = "s-1", size: float = 10.0) -> None:
        """A length on a series of the case."""
        self.done(who, PutMark, mark=replace(shape(identifier, size=size), series=SeriesKey(on)))

    def find(self, who: str, identifier: str = "f1", *, title: str = "Nodule", label: str = "", **more: Any) -> None:
        """A finding from a mark of its own."""
        size, on, text = more.get("size", 10.0), more.get("on", "s-1"), more.get("text", "")
        self.mark(who, f"m-{identifier}", on=on, size=size)
        wording = Wording(title, text, label, "", more.get("lesion", ""), more.get("lesion_state", ""))
        self.done(who, PutFinding, finding=identifier, base=0, wording=wording, marks=(f"m-{identifier}",))

    def confirm(self, who: str, identifier: str = "f1", side: str = "RIGHT") -> None:
        """Its side."""
        self.done(who, ConfirmSide, finding=identifier, side=side)

    def write(self, who: str, field: Field, text: str) -> None:
        """A field of the note, upon what stands there."""
        note = self.state.notes.get(self.state.current)
        written = None if note is None else note.fields.get(field)
        self.done(who, PutNote, field=field, text=text, base=0 if written is None else written.rev)

    def signing(self, status: Status = "final", *, versions: int = 0, **more: Any) -> dict[str, Any]:
        """The fields of a signature."""
        fields: dict[str, Any] = {"signer": RADIOLOGIST, "again": RADIOLOGIST, "seen": (StudyKey("st-1"),)}
        return {"make": SignNote, "status": status, "versions": versions, **fields, **more}

    def note_ready(self) -> None:
        """A finding with its side, and an impression."""
        self.find("host")
        self.confirm("host")
        self.write("host", "impression", "Growing nodule.")

    def raised(self, who: str = "host", identifier: str = "x1", **more: Any) -> None:
        """A critical result for Ann, then Bob."""
        people = {"to": Recipient("Ann", SeatId("ann")), "backup": Recipient("Bob", SeatId("bob"))}
        fields = {"category": 1, "what": "Tension pneumothorax", "where": "RIGHT", **people, **more}
        self.done(who, RaiseCritical, critical=identifier, **fields)


def codes(messages: Sequence[ServerMessage]) -> list[str]:
    """Of refusals."""
    return [message.code for message in messages if isinstance(message, Nack)]
