"""Notes to be written out: a consult with findings on a study and its prior, signed; pictures that are made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec.structs import replace

from consult.documents.collecting import Made, contents_of
from consult.documents.contents import Contents
from consult.documents.overlay import Canvas, overlay_of
from consult.documents.page import Drawn, Order
from consult.media.video.png import encode_png, pixels_sha256
from consult.model.catalogue import Case, Patient
from consult.model.errors import Refused
from consult.model.privacy.blackout import NOTHING_HIDDEN, HiddenParts
from consult.model.view import Viewport
from tests.support.cases import series
from tests.support.record import RecordTable

WEB = Path(__file__).parents[2] / "web"
MADE = Made(2_000.0, "a" * 64)
Size = tuple[int, int]


def signed_note(*, patient: Patient | None = None, **texts: str) -> RecordTable:
    """Version 1 of a note: a nodule of 22 mm that had 14 mm in May, and a node; `texts` of fields besides."""
    table = RecordTable()
    table.find("host", "f1", title="Spiculated nodule", label="Nodule", size=22.0, text=texts.pop("finding", ""))
    table.find("host", "f0", title="Nodule in May", label="nodule", size=14.0, on="s-2")
    table.find("ann", "f2", title="Hilar node", size=11.0)
    for finding in ("f0", "f1"):
        table.confirm("host", finding)
    table.confirm("ann", "f2")
    for field, text in {"impression": "Growing nodule.", **texts}.items():
        table.write("host", field, text)  # type: ignore[arg-type]  # names of fields
    if patient is not None:
        state = table.core.state
        cases = tuple(replace(case, patient=patient) if case.id == "c1" else case for case in state.cases)
        table.core.state = replace(state, cases=cases)
    table.done("host", **table.signing())
    return table


def contents(table: RecordTable, number: int | None = None) -> Contents:
    """What a document says of the first case."""
    return contents_of(table.state, "c1", number, MADE)


def order_of(note: Contents, language: str = "en") -> tuple[Order, dict[int, bytes]]:
    """What a worker is told of a note, and pictures for it: grey ones, each another."""
    pictures = {picture.n: picture_of(picture.n) for picture in note.pictures}
    drawn = [
        Drawn(
            picture.n, 64, 48, 1.0, f"{picture.n:064x}", pixels_sha256(grey(picture.n)),
            overlay_of(picture, series("s-1"), note.findings[0].values, note.colours, Canvas(64, 48, 0.3)),
        )
        for picture in note.pictures
    ]  # fmt: skip
    return Order(str(WEB), msgspec.json.encode(note), msgspec.json.encode(drawn), language), pictures


def grey(n: int, size: Size = (64, 48)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Pixels of one grey."""
    return np.full((size[1], size[0]), 16 * n % 256, np.uint8)


def picture_of(n: int, size: Size = (64, 48)) -> bytes:
    """A PNG of one grey."""
    return encode_png(grey(n, size))


@dataclass(frozen=True)
class APicture:
    """What `Painter` gives."""

    digest: str
    png: bytes
    sha256: str


class GreyPainter:
    """Draws greys; remembers what. `fails`: places of stacks that cannot be shown."""

    def __init__(self, fails: Mapping[int, Refused] | None = None) -> None:
        self.fails, self.drawn = dict(fails or {}), list[tuple[Viewport, Size]]()
        self.hidden: list[HiddenParts] = []

    def scale(self, case: Case, viewport: Viewport, size: Size) -> float:
        """As many pixels as there are on a height of 480."""
        return size[1] / 480

    async def draw(self, case: Case, viewport: Viewport, size: Size, hidden: HiddenParts = NOTHING_HIDDEN) -> APicture:
        """One grey."""
        if (why := self.fails.get(getattr(viewport.shows, "place", -1))) is not None:
            raise why
        self.drawn.append((viewport, size))
        self.hidden.append(hidden)
        n = len(self.drawn)
        return APicture(f"{n:064x}", picture_of(n, size), pixels_sha256(grey(n, size)))

    async def offer(
        self, case: Case, viewport: Viewport, size: Size, whom: str, hidden: HiddenParts = NOTHING_HIDDEN
    ) -> str:
        """A name."""
        return (await self.draw(case, viewport, size, hidden)).digest

    async def fetch(self, digest: str, whom: str) -> APicture:
        """One grey."""
        return APicture(digest, picture_of(1), pixels_sha256(grey(1)))
