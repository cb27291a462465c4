"""Reads attributes of a data set as plain values. What cannot be what it must be is refused by its name."""

from __future__ import annotations

import datetime
import itertools
import math
from collections.abc import Iterable
from typing import Any

from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException

from consult.dicom.library_errors import LIBRARY_ERRORS
from consult.dicom.limits import MAX_NUMBER, MAX_TEXT
from consult.model.errors import DicomRefused
from consult.model.text import visible

CONVERTING = (*LIBRARY_ERRORS, BytesLengthException)
"""What pydicom raises where it converts a value."""
DAY_S = 86_400.0
SHOWN = 60
"""Characters of a refused value that are shown."""


def raw(dataset: Dataset, keyword: str) -> Any:
    """The value as pydicom has it; None where the attribute is absent or empty.

    Raises:
        DicomRefused: "bad_value": it cannot be read by its VR.
    """
    try:
        value = dataset.get(keyword)
    except CONVERTING as error:  # pydicom converts on access, and raises what its converters raise
        raise DicomRefused("bad_value", f"cannot be read ({str(error)[:120]})", tag=keyword) from error
    return None if value is None or (hasattr(value, "__len__") and len(value) == 0) else value


def text(dataset: Dataset, keyword: str) -> str:
    """One line of text, decoded by the file's character set; "" where absent or unreadable. Several values: by \\.

    What is longer than any text of the standard is cut.
    """
    try:
        value = raw(dataset, keyword)
    except DicomRefused:
        return ""
    if value is None:
        return ""
    line = "\\".join(str(v) for v in value) if isinstance(value, (list, tuple)) or _is_multiple(value) else str(value)
    line = line[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")
    return visible(line, hidden=" ").strip()


def _is_multiple(value: Any) -> bool:
    return type(value).__name__ == "MultiValue"


def written(values: Any) -> str:
    """Values as the file writes them, shortened: "0,143\\0,143"; one, or several."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        values = [values]
    shown = [f"{v:g}" if isinstance(v, float) else _digits(v) for v in itertools.islice(values, SHOWN)]
    return visible("\\".join(shown)[:SHOWN], hidden="?", control="?").encode("utf-8", "replace").decode("utf-8")


def _digits(value: Any) -> str:
    """As text; of a number with more digits than Python writes (4300), how long it is."""
    try:
        return str(value)
    except ValueError:
        return f"a number of {value.bit_length()} bits"


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """Decimal values; empty where absent.

    Raises:
        DicomRefused: "bad_value": not numbers, or not finite; "out_of_range".
    """
    value = raw(dataset, keyword)
    if value is None:
        return ()
    several = value if isinstance(value, (list, tuple)) or _is_multiple(value) else [value]
    try:
        found = tuple(float(v) for v in several)
    except (TypeError, ValueError):
        raise DicomRefused("bad_value", "must be numbers", tag=keyword, value=written(several)) from None
    except OverflowError:
        raise _beyond(keyword, several) from None
    if not all(math.isfinite(v) for v in found):
        raise DicomRefused("bad_value", "must be finite numbers", tag=keyword, value=written(several))
    if any(abs(v) > MAX_NUMBER for v in found):
        raise _beyond(keyword, several)
    return found


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first decimal value; None where absent. Raises DicomRefused as `numbers` does."""
    found = numbers(dataset, keyword)
    return found[0] if found else None


def integer(dataset: Dataset, keyword: str) -> int | None:
    """The first value as a whole number; None where absent. Raises DicomRefused("bad_value", "out_of_range")."""
    found = number(dataset, keyword)
    if found is None:
        return None
    if found != int(found):
        raise DicomRefused("bad_value", "must be a whole number", tag=keyword, value=f"{found:g}")
    return int(found)


def _beyond(keyword: str, value: Any) -> DicomRefused:
    """What no index keeps and no page reads is no oddity, but an attack or a broken file."""
    rule = f"must be numbers from -{MAX_NUMBER:g} to {MAX_NUMBER:g}"
    return DicomRefused("out_of_range", rule, tag=keyword, value=written(value))


def order_number(dataset: Dataset, keyword: str) -> int:
    """A number that only sorts: 0 where it is absent or odd. Raises DicomRefused("out_of_range")."""
    try:
        return integer(dataset, keyword) or 0
    except DicomRefused as refused:
        if refused.code == "out_of_range":
            raise
        return 0


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """The items of a sequence; none where absent. Raises DicomRefused("bad_value")."""
    value = raw(dataset, keyword)
    if value is None:
        return []
    found = list(value) if hasattr(value, "__iter__") and not isinstance(value, (str, bytes)) else [value]
    if not all(isinstance(item, Dataset) for item in found):
        raise DicomRefused("bad_value", "must be a sequence of items", tag=keyword)
    return found


def lut_items(dataset: Dataset, keyword: str) -> list[Dataset]:
    """Items of a LUT sequence that describe a table: some makers write empty ones."""
    try:
        return [item for item in items(dataset, keyword) if raw(item, "LUTDescriptor") is not None]
    except DicomRefused:
        return []


def date(value: str) -> str:
    """A DA (PS3.5 6.2), or the old form with dots, to ISO 8601; "" where it is none."""
    digits = value.replace(".", "").replace("-", "").strip()[:8]
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return ""
    try:
        return datetime.date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).isoformat()
    except ValueError:
        return ""


def time(value: str) -> str:
    """A TM (PS3.5 6.2) to HH:MM:SS; what it leaves out is 00; "" where it is none."""
    digits = value.replace(":", "").strip().split(".")[0]
    if len(digits) not in (2, 4, 6) or not digits.isascii() or not digits.isdigit():
        return ""
    hour, minute, second = (int(digits[i : i + 2] or 0) for i in (0, 2, 4))
    if hour > 23 or minute > 59 or second > 60:
        return ""
    return f"{hour:02}:{minute:02}:{min(second, 59):02}"


def moment(day: str, clock: str) -> str:
    """An ISO date and a time to one ISO 8601 text; "" without a date."""
    return f"{day}T{clock}" if day and clock else day


def date_and_clock(value: str) -> tuple[str, str]:
    """A DT (PS3.5 6.2) as an ISO date, "" where it is none, and a TM; its offset from UTC is left out."""
    local = value.replace("-", "+").split("+")[0].strip()
    return date(local), local[8:]


def seconds(day: str, clock: str) -> float | None:
    """An ISO date or "", and a TM (PS3.5 6.2), in seconds; None where the TM is none."""
    digits, _, fraction = clock.replace(":", "").strip().partition(".")
    if len(digits) not in (2, 4, 6) or not (digits + fraction).isascii() or not (digits + fraction).isdigit():
        return None
    hour, minute, second = (int(digits[at : at + 2] or 0) for at in (0, 2, 4))
    days = datetime.date.fromisoformat(day).toordinal() if day else 0
    return days * DAY_S + hour * 3600 + minute * 60 + second + (float(f"0.{fraction}") if fraction else 0.0)
