"""The words of a document in the language of who reads it, by the catalogues of the pages (web/locales).

English texts are the keys, as in web/js/core/language.js. Dates, ages, numbers and values are written as by
web/js/core/format.js and core/marks/measure.js.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from consult.model.patient import NO_NAME, format_date, person_name
from consult.sessions.features.findings.events import Number

ENGLISH = "en"
NBSP, MINUS = "\u00a0", "\u2212"
_PLACE = re.compile(r"\{(\w+)\}")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"^(-?\d+)\.(\d+)(?= |$)")
_NOTED = re.compile(r"(.+?: )(.+)\.", re.S)
_AGE = re.compile(r"(\d{3})([DWMY])")
_AGE_UNITS = {"D": "d", "W": "w", "M": "m", "Y": "y"}
MAIN = ("length", "angle", "value", "area", "velocity", "depth")
"""Of a mark without statistics the quantity that is said first."""
_MANY_DIGITS = 100.0
"""From this size on a value of pixels has no decimals."""


class Words:
    """One language. `page` and `server` as in a file of web/locales."""

    def __init__(self, language: str, page: Mapping[str, Any], server: Mapping[str, str]) -> None:
        self.language, self._page = language, page
        self._server = dict(server)
        self._patterns = [(_pattern(key), text) for key, text in server.items() if "{" in key]

    @classmethod
    def read(cls, folder: Path, language: str) -> Words:
        """From a folder like web/locales; English, where it does not have that language."""
        path = folder / f"{language}.json"
        if not path.is_file():
            return cls(ENGLISH, {}, {})
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(language, content["page"], content["server"])

    def text(self, key: str, **values: object) -> str:
        """A text, with its values."""
        found = self._page.get(key, key)
        return fill(found if isinstance(found, str) else key, **values)

    def of_server(self, sentence: str) -> str:
        """A sentence that the server wrote, as far as it is known in this language."""
        if sentence in self._server:
            return self._server[sentence]
        for pattern, translation in self._patterns:
            if found := pattern.fullmatch(sentence):
                return fill(translation, **{n: self._value(v) for n, v in found.groupdict().items()})
        return sentence

    def limit(self, sentence: str) -> str:
        """A limit of a note, also what a series says of itself: "CT cor 3.0: not for reading, spacing uneven."."""
        whole = self.of_server(sentence)
        noted = _NOTED.fullmatch(sentence)
        if whole != sentence or noted is None:
            return whole
        return f"{noted[1]}{self.notes(noted[2])}."

    def notes(self, joined: str) -> str:
        """What must be said of a series: one note, or several, parted by commas."""
        whole = self.of_server(joined)
        return whole if whole != joined else ", ".join(map(self.of_server, joined.split(", ")))

    def _value(self, written: str) -> str:
        """What stands in a sentence of the server: a sentence itself, or a number, as in web/js/core/language.js."""
        found = self.of_server(written)
        return found if self.language == ENGLISH else _DECIMAL.sub(r"\1,\2", found)

    def due(self, written: str) -> str:
        """Until when something is to be done: a date in this language, all else as it was written."""
        return self.date(written) if _ISO.fullmatch(written) else written

    def date(self, iso: str) -> str:
        """ "24 Nov 2026", in German "24.11.2026"; "" where there is none."""
        written = format_date(iso)
        if not written or self.language == ENGLISH:
            return written
        year, month, day = iso[:10].split("-")
        return f"{int(day)}.{int(month)}.{year}"

    def moment(self, at: float, utc_offset_min: int) -> str:
        """ "24 Nov 2026, 13:09 (UTC+1)"."""
        zone = f"UTC{_offset(utc_offset_min)}"
        return f"{self.day(at, utc_offset_min)}, {self.clock(at, utc_offset_min)} ({zone})"

    def day(self, at: float, utc_offset_min: int) -> str:
        """The date of a moment (seconds since 1970) in a zone."""
        return self.date(_local(at, utc_offset_min).date().isoformat())

    def clock(self, at: float, utc_offset_min: int) -> str:
        """Its time: "13:09"."""
        return _local(at, utc_offset_min).strftime("%H:%M")

    def hour(self, at: float, begun_at: float, utc_offset_min: int) -> str:
        """The time of a moment; with its date, where something began on another day."""
        day, clock = self.day(at, utc_offset_min), self.clock(at, utc_offset_min)
        return clock if day == self.day(begun_at, utc_offset_min) else f"{day}, {clock}"

    def age(self, value: str) -> str:
        """DICOM's age string (PS3.5 6.2, AS) as "65 y"; "" where it is none."""
        found = _AGE.fullmatch(value)
        return f"{int(found[1])}{NBSP}{self.text(_AGE_UNITS[found[2]])}" if found and int(found[1]) else ""

    def person(self, name: str) -> str:
        """A patient's name. It may be written from right to left: the template isolates it."""
        written = person_name(name)
        return self.text(NO_NAME) if written == NO_NAME else written

    def number(self, value: float, digits: int = 0) -> str:
        """With a minus sign, and the decimal sign of the language."""
        text = f"{abs(value):.{digits}f}"
        sign = MINUS if value < 0 and float(text) else ""
        return sign + (text if self.language == ENGLISH else text.replace(".", ","))

    def signed(self, value: float, digits: int = 0) -> str:
        """ "+8.3"."""
        text = self.number(value, digits)
        return f"+{text}" if value > 0 and not re.fullmatch(r"[0.,]+", text) else text

    def window(self, center: float, width: float) -> str:
        """ "W 1500 L −600"."""
        digits = 0 if width >= 10 else min(6, math.ceil(-math.log10(width)) + 2)
        level = 1 if digits == 0 and center != int(center) else digits
        return f"W{NBSP}{self.number(width, digits)} L{NBSP}{self.number(center, level)}"

    def percent(self, scale: float) -> str:
        """Of the image's own size, never rounded up to 100."""
        return f"{min(99, max(1, round(scale * 100)))}{NBSP}%"

    def minutes(self, seconds: float) -> str:
        """ "13 min"."""
        return f"{max(1, round(seconds / 60))}{NBSP}min"

    def difference(self, before: Number, now: Number) -> str:
        """ "+8.3 mm", of both as they are written, so that the three add up."""
        digits = digits_of(now)
        change = round(now.value, digits) - round(before.value, digits)
        unit = "°" if now.quantity == "angle" else f"{NBSP}{now.unit}".rstrip(NBSP)
        return f"{self.signed(change, digits)}{unit}"

    def amount(self, number: Number) -> str:
        """ "22.4 mm at detector", "112 HU", "31.5°"."""
        if number.quantity == "angle":
            return f"{self.number(number.value, 1)}°"
        first, space, rest = number.unit.partition(" ")
        unit = f"{first}{space}{self.of_server(rest) if rest else ''}"
        return f"{self.number(number.value, digits_of(number))}{NBSP}{unit}".rstrip(NBSP)

    def values(self, numbers: Sequence[Number]) -> tuple[str, str]:
        """Of one mark: its value, and what is smaller beside it; "" where it measures nothing."""
        by: dict[str, Number] = {number.quantity: number for number in numbers}
        if "mean" in by:
            return self._statistics(by)
        if "length" in by and "short_axis" in by:
            return f"{self.number(by['length'].value, digits_of(by['length']))} × {self.amount(by['short_axis'])}", ""
        first = next((by[q] for q in MAIN if q in by), None)
        beside = by.get("time") if first is not None and first.quantity in ("velocity", "depth") else None
        size = by.get("diameter") if first is not None and first.quantity == "area" else None
        more = "" if beside is None else self.amount(beside)
        return ("" if first is None else self.amount(first)), more or ("" if size is None else f"Ø {self.amount(size)}")

    def _statistics(self, by: Mapping[str, Number]) -> tuple[str, str]:
        mean = by["mean"]
        digits = _digits(max(abs(mean.value), by["high"].value - by["low"].value if "high" in by else 0), mean.unit)

        def value(quantity: str) -> str:
            return self.number(by[quantity].value, digits) if quantity in by else ""

        title = f"{value('mean')}{NBSP}±{NBSP}{value('sd')}{NBSP}{mean.unit}".rstrip(NBSP)
        size = ", ".join(
            sign + self.amount(by[quantity]) for quantity, sign in (("area", ""), ("diameter", "Ø ")) if quantity in by
        )
        return title, self.text("min {low}, max {high}, {size}", low=value("low"), high=value("high"), size=size)


def fill(text: str, **values: object) -> str:
    """A text with its values; a place without one stays."""
    return _PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def digits_of(number: Number) -> int:
    """How many decimals a number is written with."""
    match number.quantity:
        case "length" | "short_axis" | "diameter":
            return 0 if number.unit == "px" and number.value >= _MANY_DIGITS else 1
        case "area":
            return 0 if number.value >= 10 else 1
        case "time":
            return 2 if number.unit == "s" else 0
        case "angle" | "velocity" | "depth":
            return 1
        case _:
            return _digits(abs(number.value), number.unit)


def _digits(size: float, unit: str) -> int:
    if unit == "HU" or size >= _MANY_DIGITS or size == 0:
        return 0
    return 1 if size >= 10 else min(6, 2 - math.floor(math.log10(size)))


def _local(at: float, utc_offset_min: int) -> datetime:
    return datetime.fromtimestamp(at, UTC) + timedelta(minutes=utc_offset_min)


def _offset(minutes: int) -> str:
    if not minutes:
        return ""
    sign, (hours, rest) = "+" if minutes > 0 else MINUS, divmod(abs(minutes), 60)
    return f"{sign}{hours}" + (f":{rest:02}" if rest else "")


def _pattern(key: str) -> re.Pattern[str]:
    parts = _PLACE.split(key)
    return re.compile("".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts)), re.S)
