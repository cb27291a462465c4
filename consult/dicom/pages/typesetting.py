"""Lines of a report to pages, in black on white, by the fonts that OpenCV brings: the same pixels on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from consult.dicom.pages.records import Line, Report
from consult.model.patient import format_date

ROWS, COLUMNS = 1754, 1240
"""A4 at 150 dpi."""
MARGIN, INDENT, LEADING = 96, 34, 1.45
FACE = "sans"
INK, GREY = (0, 0, 0), (96, 96, 96)
MAX_PAGES = 60
SMALL = 18
FEED = chr(10)


@dataclass(frozen=True)
class Style:
    """How a kind of line is set: size in pixels, weight from 100 to 900, space above."""

    size: int
    weight: int
    above: int
    colour: tuple[int, int, int] = INK


STYLES = {
    "title": Style(40, 700, 0),
    "heading": Style(28, 700, 18),
    "text": Style(24, 400, 4),
    "measurement": Style(24, 400, 4),
    "moment": Style(24, 400, 4),
    "state": Style(24, 400, 4),
    "note": Style(20, 400, 2, GREY),
}


@dataclass(frozen=True)
class Piece:
    """Words of one style at a place of a page: (x, y) of the baseline."""

    words: str
    at: tuple[int, int]
    style: Style


Page = tuple[Piece, ...]


def pages_of(report: Report) -> tuple[list[Page], bool]:
    """The pages of a report, and whether all of it is on them."""
    pages: list[Page] = []
    pieces: list[Piece] = []
    y = MARGIN
    for line in report.lines:
        for row in _rows(line):
            y += row.above
            if y + row.height > ROWS - MARGIN and pieces:
                pages.append(tuple(pieces))
                pieces, y = [], MARGIN
                if len(pages) == MAX_PAGES:
                    return pages, False
            y += row.height
            pieces += [Piece(words, (x, y), style) for x, words, style in row.pieces]
    return [*pages, tuple(pieces)], True


def draw_page(page: Page, number: int, of: int) -> NDArray[np.uint8]:
    """(ROWS, COLUMNS, 3) RGB of a page, with its number below."""
    paper = np.full((ROWS, COLUMNS, 3), 255, np.uint8)
    for piece in page:
        _put(paper, piece)
    words = f"{number} / {of}"
    _put(paper, Piece(words, (COLUMNS - MARGIN - _width(words, STYLES["note"]), ROWS - MARGIN // 2), STYLES["note"]))
    return paper


def _put(paper: NDArray[np.uint8], piece: Piece) -> None:
    style = piece.style
    cv2.putText(paper, piece.words, piece.at, style.colour, _face(), style.size, style.weight)


@dataclass(frozen=True)
class Row:
    """One row of words: space above, height, and what stands in it as (x, words, style)."""

    above: int
    height: int
    pieces: Sequence[tuple[int, str, Style]]


def _rows(line: Line) -> Iterator[Row]:
    """A line in rows that fit: its name in grey before its value, or above it where that is long."""
    style, left = STYLES[line.kind], MARGIN + INDENT * min(line.level, SMALL)
    height = round(style.size * LEADING)
    if line.kind in ("title", "heading", "note"):
        for i, words in enumerate(_wrapped(line.name, COLUMNS - MARGIN - left, style)):
            yield Row(style.above if i == 0 else 0, height, [(left, words, style)])
        return
    name = Style(style.size, 400, style.above, GREY)
    words_of = _moment(line.value) if line.kind == "moment" else line.value
    value = Style(style.size, 600 if line.kind == "measurement" else 400, style.above)
    beside = left + _width(f"{line.name}   ", name) if line.name else left
    short = FEED not in words_of and beside + _width(words_of, value) <= COLUMNS - MARGIN
    if short:
        yield Row(style.above, height, [(left, line.name, name), (beside, words_of, value)])
        return
    for i, words in enumerate(_wrapped(line.name, COLUMNS - MARGIN - left, name) if line.name else ()):
        yield Row(style.above if i == 0 else 0, height, [(left, words, name)])
    for paragraph in words_of.split(FEED):
        for words in _wrapped(paragraph, COLUMNS - MARGIN - left, value):
            yield Row(0, height, [(left, words, value)])


def _moment(iso: str) -> str:
    """ "24 Nov 2026 10:15:00": a page is one for all, whatever language each of them reads."""
    day, _, clock = iso.partition("T")
    return f"{format_date(day)} {clock}".strip()


def _wrapped(words: str, width: int, style: Style) -> Iterator[str]:
    """Words in rows of a width; a word that is longer than a row is broken."""
    row = ""
    for word in words.split(" "):
        longer = f"{row} {word}" if row else word
        if _width(longer, style) <= width:
            row = longer
            continue
        if row:
            yield row
        row = word
        while _width(row, style) > width:
            fits = _fitting(row, width, style)
            yield row[:fits]
            row = row[fits:]
    yield row


def _fitting(word: str, width: int, style: Style) -> int:
    """How many characters of a word fit into a row; one at least."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _width(word[:middle], style) <= width else (low, middle - 1)
    return low


@lru_cache(4096)
def _width(words: str, style: Style) -> int:
    """Of words, in pixels."""
    if not words:
        return 0
    box = cv2.getTextSize((COLUMNS, ROWS), words, (0, 0), _face(), style.size, style.weight)
    return int(box[0]) + int(box[2])


@lru_cache(1)
def _face() -> cv2.FontFace:
    return cv2.FontFace(FACE)
