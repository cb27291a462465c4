"""A report as text, and a photo. Without pydicom and decoders: the server hands them to pages."""

from __future__ import annotations

from typing import Literal, NamedTuple

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


PhotoKind = Literal["image/jpeg", "image/png"]


class Photo(NamedTuple):
    """A photo that somebody has brought, as it is kept. `width`, `height`: pixels."""

    content: bytes
    kind: PhotoKind
    width: int
    height: int
