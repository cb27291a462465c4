"""A structured report as lines of text (PS3.3 C.17.3): headings, findings, measurements with their units.

Rules of this file:
- Nothing but text leaves it: no UID, no markup; control characters and what hides itself are left out.
- It walks with a list, never by recursion, and counts items and characters: what is beyond is said to be left out.
- Dates leave it in ISO 8601, as moments: a page has a language, a file has none.
- A number without a unit says none; a value that is missing says why, where the file does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pydicom.dataset import Dataset

from consult.dicom.pages.records import Line, Report
from consult.dicom.reading import lenient
from consult.dicom.reading.attributes import date, date_and_clock, moment, raw, text, time
from consult.model.errors import DicomRefused
from consult.model.text import visible

MAX_ITEMS = 5_000
MAX_LEVEL = 12
MAX_CHARACTERS = 400_000
MAX_VALUE = 20_000
"""Characters of one value."""
LEFT_OUT = "The rest of this report is left out: it is too long."
PLAIN_UNIT = re.compile(r"[A-Za-z0-9/.%*^-]+")
UNITS = {"1": "", "mm2": "mm²", "cm2": "cm²", "mm3": "mm³", "cm3": "cm³", "[hnsf'U]": "HU", "um": "µm", "ug": "µg"}
"""UCUM codes as people write them."""


def report_of(dataset: Dataset) -> Report:
    """The report of a data set.

    Raises:
        DicomRefused: "no_content": it holds nothing that can be read.
    """
    title = _meaning(dataset, "ConceptNameCodeSequence") or text(dataset, "SeriesDescription") or "Report"
    content = list(_limited(_content(dataset)))
    if not content:
        raise DicomRefused("no_content", "the report holds no text", tag="ContentSequence", value="none")
    return Report(title, (*_head(dataset, title), *content))


def _head(dataset: Dataset, title: str) -> Iterator[Line]:
    """Title, date, and whether anybody answers for it."""
    yield Line(0, "title", title)
    when = moment(date(text(dataset, "ContentDate")), time(text(dataset, "ContentTime")))
    if when:
        yield Line(0, "moment", "Date", when, ours=True)
    flags = {"PARTIAL": "partial", "COMPLETE": "complete"}, {"UNVERIFIED": "not verified", "VERIFIED": "verified"}
    words = [flags[0].get(text(dataset, "CompletionFlag"), ""), flags[1].get(text(dataset, "VerificationFlag"), "")]
    if any(words):
        yield Line(0, "state", "State", ", ".join(filter(None, words)), ours=True)
    for observer in lenient.items(dataset, "VerifyingObserverSequence")[:8]:
        yield Line(0, "text", "Verified by", _person(text(observer, "VerifyingObserverName")), ours=True)


def _limited(lines: Iterator[Line]) -> Iterator[Line]:
    """As many as a report may have; then that the rest is left out."""
    left = MAX_CHARACTERS
    for number, line in enumerate(lines):
        left -= len(line.name) + len(line.value)
        if number >= MAX_ITEMS or left < 0:
            yield Line(0, "note", LEFT_OUT)
            return
        yield line


def _content(dataset: Dataset) -> Iterator[Line]:
    """All content items below a data set, depth first."""
    waiting = [iter(lenient.items(dataset, "ContentSequence"))]
    while waiting:
        item = next(waiting[-1], None)
        if item is None:
            waiting.pop()
            continue
        level = len(waiting) - 1
        yield from _lines(item, level)
        if level + 1 < MAX_LEVEL:
            waiting.append(iter(lenient.items(item, "ContentSequence")))
        elif lenient.items(item, "ContentSequence"):
            yield Line(level, "note", LEFT_OUT)


def _lines(item: Dataset, level: int) -> Iterator[Line]:
    """What one content item says (PS3.3 C.17.3.2); a UID says nothing to people, nor does what is unknown here."""
    name, kind = _meaning(item, "ConceptNameCodeSequence"), text(item, "ValueType")
    if kind == "CONTAINER" and name:
        yield Line(level, "heading", name)
    elif kind == "NUM":
        yield Line(level, "measurement", name, _number(item))
    elif kind in _MOMENTS:
        written = text(item, _MOMENTS[kind])
        when = date(written) if kind == "DATE" else _date_time(written)
        yield Line(level, "moment", name, when) if when else Line(level, "text", name, written)
    elif kind in _VALUES:
        yield Line(level, "text", name, _VALUES[kind](item))
    elif kind in _REFERENCES:
        yield Line(level, "note", f"{name}: " * bool(name) + _REFERENCES[kind])


_REFERENCES = {
    "IMAGE": "refers to an image", "WAVEFORM": "refers to a waveform", "COMPOSITE": "refers to another object",
    "SCOORD": "a place on an image", "SCOORD3D": "a place in the patient", "TCOORD": "a time in a waveform",
}  # fmt: skip


def _number(item: Dataset) -> str:
    """Value and unit of a measurement, or why there is none."""
    for measured in lenient.items(item, "MeasuredValueSequence")[:1]:
        value = text(measured, "NumericValue")
        if value:
            return f"{value.split(chr(92))[0].strip()} {_unit(measured)}".strip()
    why = _meaning(item, "NumericValueQualifierCodeSequence")
    return f"no value ({why})" if why else "no value"


def _unit(measured: Dataset) -> str:
    """UCUM's code where people write it so, else its meaning."""
    for unit in lenient.items(measured, "MeasurementUnitsCodeSequence")[:1]:
        code = text(unit, "CodeValue")
        if code in UNITS:
            return UNITS[code]
        return code if PLAIN_UNIT.fullmatch(code) else text(unit, "CodeMeaning")
    return ""


def _meaning(item: Dataset, keyword: str) -> str:
    for code in lenient.items(item, keyword)[:1]:
        return text(code, "CodeMeaning") or text(code, "CodeValue")
    return ""


def _person(name: str) -> str:
    """The alphabetic group of a PN as people write it: family, given."""
    family, *given = name.split("=")[0].split("^")
    return ", ".join(filter(None, (family.strip(), " ".join(filter(None, given[:2])).strip())))


def _long_text(item: Dataset, keyword: str) -> str:
    """Text of several lines."""
    try:
        value = raw(item, keyword)
    except DicomRefused:
        return ""
    written = str(value or "")[:MAX_VALUE].encode("utf-8", "replace").decode("utf-8")
    rows = written.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [visible(row, hidden=" ").strip() for row in rows]
    return "\n".join(lines).strip("\n")


def _date_time(written: str) -> str:
    day, clock = date_and_clock(written)
    return moment(day, time(clock))


_VALUES: dict[str, Callable[[Dataset], str]] = {
    "TEXT": lambda item: _long_text(item, "TextValue"),
    "CODE": lambda item: _meaning(item, "ConceptCodeSequence"),
    "PNAME": lambda item: _person(text(item, "PersonName")),
    "TIME": lambda item: time(text(item, "Time")),
}
_MOMENTS = {"DATE": "Date", "DATETIME": "DateTime"}
"""Which attribute has the value."""
