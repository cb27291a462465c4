"""A report as text, and a photo. Without pydicom and decoders: the server hands them to pages."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

LineKind = Literal["title", "heading", "text", "measurement", "moment", "state", "note"]


class Line(Struct, frozen=True):
    """One line of a report.

    Attributes:
        level: how deep it stands, from 0.
        name: what it is about; "" where it has no name.
        value: what is said of it; of a moment a date, or date and time, in ISO 8601: who shows it
            writes it as people do.
        ours: the name is a word of ours, in English, not of the file; as a note and the words of a state always are.
    """

    level: int
    kind: LineKind
    name: str
    value: str = ""
    ours: bool = False


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
