"""A report as text. Without pydicom: the server hands it to pages."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

LineKind = Literal["title", "heading", "text", "measurement", "note"]


class Line(Struct, frozen=True):
    """One line of a report.

    Attributes:
        level: how deep it stands, from 0.
        name: what it is about; "" where it has no name.
        value: what is said of it; a note is of our own.
    """

    level: int
    kind: LineKind
    name: str
    value: str = ""


class Report(Struct, frozen=True):
    """A report as it is read."""

    title: str
    lines: tuple[Line, ...]
