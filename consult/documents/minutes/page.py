"""Minutes as HTML, by jinja2 with all that is said escaped: web/templates/minutes.html, in the style of a note."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from consult.documents.minutes.contents import Minutes
from consult.documents.page import environment
from consult.documents.words import Words


class MinutesOrder(Struct, frozen=True):
    """What a worker is told. `web`: the folder with templates/, css/ and locales/. `minutes`: JSON."""

    web: str
    minutes: bytes
    language: str


def render_minutes(order: MinutesOrder) -> str:
    """The page; it stands alone."""
    web, minutes = Path(order.web), msgspec.json.decode(order.minutes, type=Minutes)
    words = Words.read(web / "locales", order.language)
    style = (web / "css" / "document.css").read_text(encoding="utf-8")
    template = environment(web).get_template("minutes.html")
    return template.render(minutes=minutes, w=words, t=words.text, language=words.language, style=style)
