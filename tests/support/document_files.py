"""Reports and PDFs of a made study, every word known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydicom import DataElement, config
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.uid import UID, BasicTextSRStorage, ComprehensiveSRStorage, EncapsulatedPDFStorage

from tests.support.dicom_files import changed, item
from tests.support.segmentation_files import derived_object

CODES = {"mm": "millimeter", "mm2": "square millimeter", "[hnsf'U]": "Hounsfield unit", "1": "no units"}


def code(meaning: str, value: str = "1", scheme: str = "99TEST") -> Dataset:
    """An item of a code sequence."""
    return item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


PLAIN = {"TEXT": "TextValue", "PNAME": "PersonName", "UIDREF": "UID", "DATE": "Date", "DATETIME": "DateTime"}
"""Which attribute has the value of a content item that is one alone."""


def content(kind: str, name: str, value: Any = None, children: Sequence[Dataset] = (), unit: str = "") -> Dataset:
    """A content item."""
    made = item(RelationshipType="CONTAINS", ValueType=kind)
    if name:
        made.ConceptNameCodeSequence = [code(name)]
    match kind:
        case "NUM" if value is not None:
            measured = item(NumericValue=value)
            measured.MeasurementUnitsCodeSequence = [code(CODES.get(unit, unit), unit, "UCUM")]
            made.MeasuredValueSequence = [measured]
        case "CODE":
            made.ConceptCodeSequence = [code(value)]
        case _ if kind in PLAIN:
            vr = dictionary_VR(PLAIN[kind])
            made[PLAIN[kind]] = DataElement(PLAIN[kind], vr, value, validation_mode=config.IGNORE)
        case "CONTAINER":
            made.ContinuityOfContent = "SEPARATE"
    if children:
        made.ContentSequence = list(children)
    return made


def measurements() -> Dataset:
    """A measurement group as TID 1500 has it."""
    group = [
        content("TEXT", "Tracking Identifier", "Lesion 1"),
        content("UIDREF", "Tracking Unique Identifier", "1.2.3.4.5"),
        content("CODE", "Finding", "Nodule"),
        content("NUM", "Long Axis", "23.4", unit="mm", children=[content("IMAGE", "Source")]),
        content("NUM", "Mean", "41", unit="[hnsf'U]"),
        content("NUM", "Short Axis"),
    ]
    return content(
        "CONTAINER", "Imaging Measurements", children=[content("CONTAINER", "Measurement Group", children=group)]
    )


def report(
    like: Dataset, children: Sequence[Dataset], *, title: str = "Radiology Report", storage: UID = BasicTextSRStorage,
    **changes: Any,
) -> Dataset:  # fmt: skip
    """A report of the study and patient of `like`."""
    made = derived_object(like, storage, "SR", 92)
    made.ValueType, made.ConceptNameCodeSequence = "CONTAINER", [code(title)]
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "UNVERIFIED"
    made.ContentDate, made.ContentTime = "20261124", "101500"
    made.ContentSequence = list(children)
    return changed(made, changes)


def tid1500(like: Dataset) -> Dataset:
    """A measurement report."""
    findings = content("CONTAINER", "Findings", children=[
        content("TEXT", "Finding", "A nodule in the right upper lobe.\nNo effusion."),
        content("PNAME", "Recorded by", "READER^Anna^^Dr."),
    ])  # fmt: skip
    return report(like, [findings, measurements()], title="Imaging Measurement Report", storage=ComprehensiveSRStorage)


def pdf(pages: Sequence[tuple[str, tuple[int, int]]]) -> bytes:
    """A PDF of pages, each a word in Helvetica and its size in points; written by hand, so that all of it is known."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for i, (word, (width, height)) in enumerate(pages):
        box = f"/MediaBox [0 0 {width} {height}] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {5 + 2 * i} 0 R >>".encode())
        drawn = f"1 0 0 rg 0 {height - 40} {width} 40 re f 0 g BT /F1 36 Tf 40 {height // 2} Td ({word}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    made, offsets = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, 1):
        offsets.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return made + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


A4 = (595, 842)


def encapsulated(like: Dataset, document: bytes, *, title: str = "Referral letter", **changes: Any) -> Dataset:
    """A PDF in a DICOM object of the study and patient of `like`."""
    made = derived_object(like, EncapsulatedPDFStorage, "DOC", 93)
    made.DocumentTitle, made.MIMETypeOfEncapsulatedDocument = title, "application/pdf"
    made.EncapsulatedDocument = document + b"\0" * (len(document) % 2)
    made["EncapsulatedDocument"].VR = "OB"
    return changed(made, changes)
