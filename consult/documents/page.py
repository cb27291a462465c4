"""A note as HTML, by jinja2 with all that is said escaped; web/templates/document.html is the one template.

It stands alone, its pictures in it as `data:` addresses; or they have addresses of their own: those of the
PDF's making or, in the reader's page, of stills.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from consult.documents.contents import Contents
from consult.documents.lesions import LesionWords
from consult.documents.overlay import Bar, Line, Overlay
from consult.documents.sources import SourceWords
from consult.documents.words import Words, fill
from consult.sessions.features.note.events import Field

FIELDS: tuple[Field, ...] = get_args(Field)


class Order(Struct, frozen=True):
    """What a worker is told. `web`: the folder with templates/, css/ and locales/. `note`, `drawn`: JSON."""

    web: str
    note: bytes
    drawn: bytes
    language: str


class Drawn(Struct, frozen=True):
    """A key picture as it was drawn, without its bytes.

    Attributes:
        n: as in `KeyPicture`.
        width, height: device pixels.
        scale: of these for a pixel of the image; below 1 it is shown smaller than it is.
        digest: names the exact still. sha256: of its raw bytes, row by row.
        sentence: why there is no picture; "" mostly.
        black: parts of it are not shown to whom it is for.
    """

    n: int
    width: int
    height: int
    scale: float = 0.0
    digest: str = ""
    sha256: str = ""
    overlay: Overlay | None = None
    sentence: str = ""
    black: bool = False


class _Placed(Struct):
    """What the template has of a picture: as `Drawn`, and where it is."""

    n: int
    width: int
    height: int
    scale: float
    overlay: Overlay | None
    sentence: str
    source: str
    black: bool


def render_page(order: Order, sources: Mapping[int, str], *, reading: bool = False) -> str:
    """The page.

    Args:
        order: what of, in which language.
        sources: the address of each picture's pixels, by its number.
        reading: inside the reader's page, which has its styles, and where pictures are opened.
    """
    web = Path(order.web)
    style = "" if reading else (web / "css" / "document.css").read_text(encoding="utf-8")
    placed = {one.n: _placed(one, sources.get(one.n, "")) for one in _drawn.decode(order.drawn)}
    template = environment(web).get_template("document.html")
    return template.render(**_context(order), style=style, reading=reading, drawn_of=placed)


def render_view(order: Order) -> str:
    """What lies over the one picture that is drawn, and what stands below it."""
    context, (one,) = _context(order), _drawn.decode(order.drawn)
    picture = next(picture for picture in context["note"].pictures if picture.n == one.n)
    template = environment(Path(order.web)).get_template("document-view.html")
    return template.render(**context, picture=picture, drawn=_placed(one, ""), reading=True)


def _context(order: Order) -> dict[str, Any]:
    """What each template has."""
    note = _contents.decode(order.note)
    words = Words.read(Path(order.web) / "locales", order.language)
    texts = {name: note.texts.get(name, "") for name in FIELDS}
    locale = {"w": words, "t": words.text, "language": words.language}
    return {"note": note, "texts": texts, "lesion": LesionWords(words), "source": SourceWords(words), **locale}


def _placed(one: Drawn, source: str) -> _Placed:
    return _Placed(one.n, one.width, one.height, one.scale, one.overlay, one.sentence, source, one.black)


_contents = msgspec.json.Decoder(Contents)
_drawn = msgspec.json.Decoder(list[Drawn])


def data_address(png: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def environment(web: Path) -> Environment:
    """Templates, with all that is said escaped."""
    environment = Environment(
        loader=FileSystemLoader(web / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"fill": fill, "points": _points, "lighter": _lighter, "ruler": _ruler}
    return environment


def _points(line: Line) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in line)


def _lighter(colour: str) -> str:
    """Mixed with 42 % of white, as values at marks are."""
    parts = (round(int(colour[i : i + 2], 16) * 0.58 + 255 * 0.42) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _ruler(bar: Bar, x: float, y: float, tick: float) -> str:
    """The path of a scale that begins there."""
    step = bar.pixels / bar.ticks
    ticks = "".join(f"M{x + i * step:.2f} {y:.2f}v{-tick:.2f}" for i in range(bar.ticks + 1))
    return f"M{x:.2f} {y:.2f}h{bar.pixels:.2f}{ticks}"
