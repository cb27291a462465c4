"""Documents of notes, as bytes: pictures are drawn by the product's own renderer, the rest is written in workers.

Rules of this file:
- Nothing is laid out or compressed in the loop. A worker has its bounds of time and memory, a document one of size.
- Few are made at a time; who comes when many wait already is asked to come again, and so is a seat that has some
  waiting: nobody takes all turns.
- A picture that cannot be drawn is a sentence in its place; the document is made all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import msgspec
from msgspec.structs import replace

from consult.documents.contents import Contents, KeyPicture
from consult.documents.lesions import lesions_csv
from consult.documents.minutes.contents import Minutes
from consult.documents.minutes.fhir import fhir_bundle
from consult.documents.minutes.page import MinutesOrder
from consult.documents.overlay import Canvas, overlay_of
from consult.documents.page import Drawn, Order
from consult.documents.words import Words
from consult.model.catalogue import Case
from consult.model.errors import ConsultError, NotReady, OurFault, Refused
from consult.model.privacy.blackout import HiddenParts
from consult.model.view import Viewport, shown_series
from consult.sessions.publishing.document import document_hidden

logger = logging.getLogger(__name__)
Form = Literal["html", "pdf", "json", "csv"]
MinutesForm = Literal["html", "pdf", "json", "fhir"]
Size = tuple[int, int]
BASE_HEIGHT, MOST_HEIGHT = 480, 960
"""Of a picture: no less, and as much more as its image has pixels."""
SHAPE = 4 / 3
SHOWN_WIDTH = 250.0
"""Pixels of a screen on which a picture of a page is about as wide: how large its texts and lines are."""
DEADLINE_S, CPU_S = 180.0, 40.0
"""By the clock, since a machine may be busy; and of processor time, which a note takes no more than a tenth of."""
MAX_BYTES = 64 << 20
AT_ONCE, MAX_WAITING, MAX_OF_SEAT = 2, 16, 4
GONE = "The images of this view are not in the case any more."


@dataclass(frozen=True)
class Reader:
    """For whom something is written: in which language, and for which seat ("": for whoever runs the server).

    Attributes:
        hidden: parts of pictures that they are not shown.
        knows_patients: else they are shown no page of a report or PDF, which names its patient.
    """

    language: str
    seat: str = ""
    hidden: HiddenParts = field(default_factory=dict)
    knows_patients: bool = True

    @property
    def whom(self) -> str:
        """Names the seat and what it is not shown: what was offered before something was hidden was somebody else's."""
        if self.knows_patients and not self.hidden:
            return self.seat
        name = repr((sorted(self.hidden.items()), self.knows_patients))
        return f"{self.seat} without {hashlib.sha256(name.encode()).hexdigest()[:16]}"


class Painted(Protocol):
    """A picture that was drawn."""

    @property
    def digest(self) -> str:
        """Names the still."""

    @property
    def png(self) -> bytes:
        """Encoded."""

    @property
    def sha256(self) -> str:
        """Of its raw bytes, row by row."""


class Painter(Protocol):
    """Draws views exactly (`streaming.key_views.KeyViews`). What it raises is a ConsultError."""

    def scale(self, case: Case, viewport: Viewport, size: Size) -> float:
        """Device pixels for a pixel of the image, at that size."""

    async def draw(self, case: Case, viewport: Viewport, size: Size, hidden: HiddenParts) -> Painted:
        """The exact still of a view, without the hidden parts."""

    async def offer(self, case: Case, viewport: Viewport, size: Size, whom: str, hidden: HiddenParts) -> str:
        """The digest of that still; they can fetch it from now on."""

    async def fetch(self, digest: str, whom: str) -> Painted:
        """A still that was offered to them."""


class Workers(Protocol):
    """Processes that write documents (`dicom.workers.DicomWorkers`, with the tasks of this package)."""

    async def run(self, task: str, *arguments: Any, deadline_s: float = DEADLINE_S, cpu_s: float = CPU_S) -> Any:
        """The result of a task. Raises ConsultError."""


class DocumentMaker:
    """Makes documents.

    Args:
        painter: draws their pictures.
        workers: write them.
        web: the folder with templates, styles and locales.
    """

    def __init__(self, painter: Painter, workers: Workers, web: Path) -> None:
        self._painter, self._workers, self._web = painter, workers, str(web)
        self._turns, self._waiting = asyncio.Semaphore(AT_ONCE), Counter[str]()

    async def make(self, case: Case, note: Contents, form: Form, reader: Reader) -> bytes:
        """A document; as CSV the table of its lesions alone.

        Args:
            case: of the note, as it is in the consult now.
            note: what it says.
            form: of it.
            reader: for whom; its language is a code of web/locales, another one is English.

        Raises:
            NotReady: "busy": many wait already, or some of that seat.
            OurFault: "document_failed", "document_too_large".
        """
        if form == "csv":
            return lesions_csv(note, Words.read(Path(self._web) / "locales", reader.language))
        async with self._turn(reader.seat):
            drawn, pictures = await self._draw(case, note, reader)
            data = document_json(note, drawn)
            if form == "json":
                return data
            order = self._order(note, drawn, reader.language)
            if form == "html":
                return await self._write("write_page", order, pictures)
            return await self._write("write_pdf", order, pictures, data)

    async def read(self, case: Case, note: Contents, reader: Reader) -> tuple[bytes, Sequence[Drawn]]:
        """A note for the page of a reader, who can fetch the stills of its pictures. Raises as `make`."""
        async with self._turn(reader.seat):
            drawn = [
                await self._offered(case, note, picture, Canvas(*size, size[0] / SHOWN_WIDTH), reader)
                for picture in note.pictures
                for size in (self._size(case, picture),)
            ]
            addresses = {one.n: f"stills/{one.digest}" for one in drawn if one.digest}
            return await self._write("write_reading", self._order(note, drawn, reader.language), addresses), drawn

    async def view(self, case: Case, note: Contents, n: int, canvas: Canvas, reader: Reader) -> tuple[Drawn, bytes]:
        """One picture, as large as a reader's screen, and what lies over it; they can fetch its still.

        Args:
            case, note: as in `make`.
            n: of the picture.
            canvas: the screen.
            reader: for whom.

        Raises:
            Refused: "unknown_picture".
            NotReady, OurFault: as `make`.
        """
        picture = next((one for one in note.pictures if one.n == n), None)
        if picture is None:
            raise Refused("unknown_picture", "This note has no such picture.")
        async with self._turn(reader.seat):
            drawn = await self._offered(case, note, picture, canvas, reader)
            if drawn.sentence:
                return drawn, b""
            return drawn, await self._write("write_view", self._order(note, [drawn], reader.language))

    async def minutes(self, minutes: Minutes, form: MinutesForm, reader: Reader) -> bytes:
        """Minutes of a board. Raises as `make`."""
        if form == "fhir":
            return msgspec.json.format(msgspec.json.encode(fhir_bundle(minutes)), indent=1)
        data = msgspec.json.format(msgspec.json.encode(minutes), indent=1)
        if form == "json":
            return data
        async with self._turn(reader.seat):
            order = MinutesOrder(self._web, data, reader.language)
            return await self._write("write_minutes" if form == "html" else "write_minutes_pdf", order)

    async def fetch(self, digest: str, whom: str) -> Painted:
        """A still that was offered to them (`Reader.whom`). Raises Refused: "unknown_still"; NotReady, DicomRefused."""
        return await self._painter.fetch(digest, whom)

    async def _draw(self, case: Case, note: Contents, reader: Reader) -> tuple[list[Drawn], dict[int, bytes]]:
        drawn, pictures = [], {}
        for picture in note.pictures:
            size = self._size(case, picture)
            try:
                check_may_see(case, picture.viewport, reader)
                painted = await self._painter.draw(case, picture.viewport, size, reader.hidden)
            except ConsultError as error:
                drawn.append(_missing(picture, size, error.sentence))
                continue
            black = has_hidden(picture.viewport, reader.hidden)
            bare = Drawn(picture.n, *size, digest=painted.digest, sha256=painted.sha256, black=black)
            drawn.append(self._placed(case, note, picture, bare))
            pictures[picture.n] = painted.png
        return drawn, pictures

    async def _offered(self, case: Case, note: Contents, picture: KeyPicture, canvas: Canvas, reader: Reader) -> Drawn:
        try:
            check_may_see(case, picture.viewport, reader)
            digest = await self._painter.offer(case, picture.viewport, canvas.size, reader.whom, reader.hidden)
        except ConsultError as error:
            return _missing(picture, canvas.size, error.sentence)
        drawn = Drawn(picture.n, *canvas.size, digest=digest, black=has_hidden(picture.viewport, reader.hidden))
        return self._placed(case, note, picture, drawn, canvas.unit)

    def _placed(
        self, case: Case, note: Contents, picture: KeyPicture, drawn: Drawn, unit: float | None = None
    ) -> Drawn:
        """With its scale, and with what lies over it."""
        size = drawn.width, drawn.height
        scale = self._painter.scale(case, picture.viewport, size)
        series, _ = case.shown_image(picture.viewport.shows)
        values = next((part.values for part in note.findings if part.id == picture.finding), ())
        canvas = Canvas(*size, unit or drawn.width / SHOWN_WIDTH)
        return replace(drawn, scale=scale, overlay=overlay_of(picture, series, values, note.colours, canvas))

    def _order(self, note: Contents, drawn: Sequence[Drawn], language: str) -> Order:
        return Order(self._web, msgspec.json.encode(note), msgspec.json.encode(drawn), language)

    def _size(self, case: Case, picture: KeyPicture) -> Size:
        """As many pixels as its image has there, within bounds."""
        base = int(BASE_HEIGHT * SHAPE), BASE_HEIGHT
        if picture.shown is None:
            return base
        scale = self._painter.scale(case, picture.viewport, base)
        height = min(MOST_HEIGHT, round(BASE_HEIGHT / scale)) if scale < 1 else BASE_HEIGHT
        return round(height * SHAPE), height

    async def _write(self, task: str, *arguments: Any) -> bytes:
        try:
            written: bytes = await self._workers.run(task, *arguments, deadline_s=DEADLINE_S, cpu_s=CPU_S)
        except ConsultError as error:
            logger.warning("a document was not made: %s", error.code)
            raise OurFault("document_failed", "This document could not be made. Try again in a moment.") from None
        if len(written) > MAX_BYTES:
            raise OurFault("document_too_large", "This document would be too large. Take the JSON: it has all.")
        return written

    @asynccontextmanager
    async def _turn(self, seat: str) -> AsyncIterator[None]:
        if self._waiting.total() >= MAX_WAITING or (seat and self._waiting[seat] >= MAX_OF_SEAT):
            raise NotReady("busy", "Many documents are being made just now. Try again in a moment.")
        self._waiting[seat] += 1
        try:
            async with self._turns:
                yield
        finally:
            self._waiting[seat] -= 1
            self._waiting += Counter()  # those that are 0 are forgotten


def check_may_see(case: Case, viewport: Viewport, reader: Reader) -> None:
    """Let what somebody may be shown pass. Raises Refused: "document_hidden"; as `Case.shown_image`."""
    if not reader.knows_patients and case.shown_image(viewport.shows)[0].document:
        raise document_hidden()


def has_hidden(viewport: Viewport, hidden: HiddenParts) -> bool:
    """Whether parts of what a view shows are hidden."""
    return any(key in hidden for key in shown_series(viewport.shows))


def document_json(note: Contents, drawn: Sequence[Drawn]) -> bytes:
    """All that a document says, as JSON: of its pictures the digests and hashes instead of the pixels."""
    content: Mapping[str, Any] = msgspec.to_builtins(note)
    pictures = [{**shown, **_named(one)} for shown, one in zip(content["pictures"], drawn, strict=True)]
    return msgspec.json.format(msgspec.json.encode({**content, "pictures": pictures}), indent=1)


def _named(drawn: Drawn) -> dict[str, Any]:
    named = {"digest": drawn.digest, "sha256": drawn.sha256, "width": drawn.width, "height": drawn.height}
    return named | {"scale": drawn.scale, "sentence": drawn.sentence}


def _missing(picture: KeyPicture, size: Size, sentence: str) -> Drawn:
    return Drawn(picture.n, *size, sentence=GONE if picture.shown is None else sentence)
