"""Segmentations, structure sets, reports, PDF and presentation states that ask for everything, byte by byte.

Each is sound but for one thing, and small or made by multiplication, so that it is written at once.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from tests.support.dicom_files import ct
from tests.support.document_files import A4, content, encapsulated, pdf, report
from tests.support.hostile_files import Elements, element, elements, encoded, item, write_raw
from tests.support.presentation_files import annotation, graphic, presentation_state, words
from tests.support.segmentation_files import LIVER, Marked, disc, segmentation, structure_set

UNDEFINED = 0xFFFFFFFF
SEQUENCE_END, ITEM_END = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0), struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
SQUARE = ("CLOSED_PLANAR", [(0, 0, 3), (10, 0, 3), (10, 10, 3), (0, 10, 3)])
Write = Callable[[Path], Path]
ANY = "."


def tag(keyword: str) -> int:
    """Of an attribute."""
    found = tag_for_keyword(keyword)
    assert found is not None
    return int(found)


def one(keyword: str, vr: bytes, value: bytes) -> bytes:
    """An element."""
    return element(tag(keyword), vr, value + b" " * (len(value) % 2))


def written(path: Path, dataset: Dataset, changes: dict[str, tuple[bytes, bytes]]) -> Path:
    """A sound object with these VRs and values as they are."""
    found: Elements = elements(dataset)
    found |= {tag(keyword): value for keyword, value in changes.items()}
    return write_raw(path, encoded(found))


def sound_segmentation() -> Dataset:
    """Of one frame."""
    return segmentation([Marked(LIVER, (-10.0, -20.0, 30.0), disc(16, 8, 8, 4))], ct())


def frames_without_end(path: Path) -> Path:
    """A segmentation of 2^31 frames."""
    return written(path, sound_segmentation(), {"NumberOfFrames": (b"IS", b"2147483648")})


def groups_without_end(path: Path, many: int = 1_100_000) -> Path:
    """A segmentation with more functional groups than a file may have items, which says that they are its frames."""
    changes = {
        "NumberOfFrames": (b"IS", str(many).encode() + b" " * (len(str(many)) % 2)),
        "PerFrameFunctionalGroupsSequence": (b"SQ", item(b"") * many),
    }
    return written(path, sound_segmentation(), changes)


def pixels_without_end(path: Path) -> Path:
    """A segmentation of 20,000 frames of 65,535 by 65,535, in 32 bytes."""
    most = struct.pack("<H", 65535)
    changes = {"NumberOfFrames": (b"IS", b"20000 "), "Rows": (b"US", most), "Columns": (b"US", most)}
    return written(path, sound_segmentation(), changes)


def points_without_end(path: Path, many: int = 10_000_000) -> Path:
    """A structure set with a contour of 10^7 points, longer than a DS may be: so it is UN."""
    data = one("ContourData", b"UN", b"1\\2\\3\\" * (many - 1) + b"1\\2\\3")
    contour = item(one("ContourGeometricType", b"CS", b"CLOSED_PLANAR") + data)
    roi = item(element(tag("ContourSequence"), b"SQ", contour) + one("ReferencedROINumber", b"IS", b"1"))
    return written(path, structure_set([(1, "Heart", None, [SQUARE])], ct()), {"ROIContourSequence": (b"SQ", roi)})


def contours_without_end(path: Path, many: int = 250_000) -> Path:
    """A structure set of very many contours of a point each."""
    contour = item(one("ContourGeometricType", b"CS", b"POINT") + one("ContourData", b"DS", b"1\\2\\3"))
    roi = item(element(tag("ContourSequence"), b"SQ", contour * many) + one("ReferencedROINumber", b"IS", b"1"))
    return written(path, structure_set([(1, "Heart", None, [SQUARE])], ct()), {"ROIContourSequence": (b"SQ", roi)})


def sections_without_end(path: Path, depth: int = 10_000) -> Path:
    """A report whose sections nest 10,000 deep."""
    begin = element(tag("ContentSequence"), b"SQ", b"", UNDEFINED) + item(b"", UNDEFINED)
    section = one("ValueType", b"CS", b"CONTAINER")
    inner = (section + begin) * depth + section + (ITEM_END + SEQUENCE_END) * depth
    return written(path, sound_report(), {"ContentSequence": (b"SQ", item(inner))})


def lines_without_end(path: Path, many: int = 900_000) -> Path:
    """A report of very many empty items beside each other: fewer than are refused before they are read."""
    return written(path, sound_report(), {"ContentSequence": (b"SQ", item(b"") * many)})


def text_without_end(path: Path, size: int = 100_000_000) -> Path:
    """A report with a text of 100 MB, all line breaks."""
    line = item(one("ValueType", b"CS", b"TEXT") + one("TextValue", b"UT", b"\n" * size))
    return written(path, sound_report(), {"ContentSequence": (b"SQ", line)})


def sound_report() -> Dataset:
    """Of one line."""
    return report(ct(), [content("TEXT", "Finding", "None.")])


def streams_in_streams(path: Path) -> Path:
    """A PDF of some kilobytes whose page's content inflates, and that again, to a gigabyte."""
    inner = zlib.compress(b"0 0 m 1 1 l S\n" * 75_000, 9)
    packed = zlib.compress(zlib.compress(inner * 1000, 9), 9)
    head = b"/Filter [/FlateDecode /FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(packed)
    return hostile_pdf(path, b"<< " + head + packed + b"\nendstream")


def page_tree_in_itself(path: Path) -> Path:
    """A PDF that says it has 2^31 - 1 pages, and whose tree of pages contains itself."""
    whole = pdf([("x", A4)])
    tree = b"<< /Type /Pages /Kids [2 0 R 4 0 R 2 0 R] /Count 2147483647 >>"
    body = whole[: whole.index(b"xref\n")].replace(b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", tree)
    assert tree in body
    return _encapsulated(path, body + b"trailer\n<< /Root 1 0 R >>\n%%EOF\n")


def hostile_pdf(path: Path, content_of: bytes) -> Path:
    """A PDF of one page with that content."""
    whole = pdf([("x", A4)])
    body = whole[: whole.index(b"xref\n")].replace(b"/Contents 5 0 R", b"/Contents 9 0 R")
    return _encapsulated(path, body + b"9 0 obj\n" + content_of + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")


def _encapsulated(path: Path, document: bytes) -> Path:
    return write_raw(path, encoded(elements(encapsulated(ct(), document))))


def graphics_without_end(path: Path, many: int = 1_000_000) -> Path:
    """A presentation state with 10^6 graphics."""
    figure = item(one("GraphicType", b"CS", b"POINT") + one("GraphicData", b"FL", struct.pack("<2f", 1, 1)))
    return _annotated(path, "GraphicObjectSequence", figure * many)


def words_without_end(path: Path, size: int = 100_000_000) -> Path:
    """A presentation state with a text of 100 MB, all line breaks."""
    text = one("UnformattedTextValue", b"UT", b"\n" * size)
    return _annotated(path, "TextObjectSequence", item(text + _anchor()))


def numbers_without_end(path: Path, many: int = 20_000_000) -> Path:
    """A presentation state with a line of 10^7 points."""
    figure = one("GraphicType", b"CS", b"POLYLINE") + one("GraphicAnnotationUnits", b"CS", b"PIXEL")
    data = element(tag("GraphicData"), b"UN", struct.pack("<f", 1.0) * many)
    return _annotated(path, "GraphicObjectSequence", item(figure + data))


def _anchor() -> bytes:
    units, point = one("AnchorPointAnnotationUnits", b"CS", b"PIXEL"), struct.pack("<2f", 1, 1)
    return units + one("AnchorPoint", b"FL", point)


def _annotated(path: Path, keyword: str, objects: bytes) -> Path:
    layer = one("GraphicLayer", b"CS", b"L ")
    annotated = item(layer + element(tag(keyword), b"SQ", objects))
    sound = annotation([graphic("POINT", [1, 1])], [words("x", (1, 1))])
    made = presentation_state([ct()], GraphicAnnotationSequence=[sound])
    return written(path, made, {"GraphicAnnotationSequence": (b"SQ", annotated)})


HOSTILE: dict[str, tuple[Write, str]] = {
    "a segmentation of 2^31 frames": (frames_without_end, "NumberOfFrames is '2147483648'"),
    "a segmentation of a million groups": (groups_without_end, "too_many"),
    "a segmentation of 86 TB": (pixels_without_end, "frames must have at most 4 GiB"),
    "a structure set of 10^7 points": (points_without_end, "ContourData is 'more than 3000000'"),
    "a structure set of 250,000 contours": (contours_without_end, "ContourSequence is 'more than 200000'"),
    "a report that nests 10,000 deep": (sections_without_end, "nesting"),
    "a report of 900,000 items": (lines_without_end, "holds no text"),
    "a report of 100 MB of line breaks": (text_without_end, ANY),
    "a PDF of streams in streams": (streams_in_streams, ANY),
    "a PDF whose pages contain themselves": (page_tree_in_itself, ANY),
    "a presentation state of 10^6 graphics": (graphics_without_end, "too_many"),
    "a presentation state of 100 MB of words": (words_without_end, ANY),
    "a presentation state of 10^7 points": (numbers_without_end, "GraphicData|too_much_memory"),
}
"""What writes each, and what becomes of it (a pattern): the code that it is refused by, or the sentence that it is
listed with. `ANY`: it is shown as far as it goes, or refused or listed whatever the sentence."""
