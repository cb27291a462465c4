"""The languages of the pages: their catalogues (web/locales), and which one a browser gets.

English texts stand in the pages and are the keys; a catalogue has the others. `page` is what pages say themselves,
`server` what the server's sentences are in that language.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request

ENGLISH = "en"
COOKIE = "language"
"""What somebody has chosen in the settings; web/js/transport/storage.js writes it."""


@dataclass(frozen=True)
class Catalogue:
    """The texts of one language by the English ones."""

    language: str
    page: Mapping[str, Any] = field(default_factory=dict)
    server: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A text of a template."""
        found = self.page.get(key, key)
        return found if isinstance(found, str) else key

    @property
    def script(self) -> str:
        """What a page runs before its own script (web/js/core/language.js); "" in English."""
        return "" if self.language == ENGLISH else f"bundle/locales/{self.language}.js"

    def as_script(self) -> bytes:
        """The same as its content."""
        content = {"language": self.language, "page": self.page, "server": self.server}
        return f"globalThis.consultCatalogue = {json.dumps(content, ensure_ascii=False)};\n".encode()


def read_catalogue(language: str, body: bytes) -> Catalogue:
    """A file of web/locales, by its name."""
    content = json.loads(body)
    return Catalogue(language, content["page"], content["server"])


def language_of(request: Request, offered: Collection[str]) -> str:
    """The language for a browser: what was chosen in the settings, else the best that it asks for, else English."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in offered else best_language(request.headers.get("accept-language", ""), offered)


def best_language(accepted: str, offered: Collection[str]) -> str:
    """By an Accept-Language (RFC 9110 12.5.4); "de-AT" is "de", and "*" is English."""
    wanted = sorted(map(_weighed, accepted.split(",")), key=lambda pair: -pair[1])
    for tag, weight in wanted:
        language = tag.partition("-")[0]
        if weight > 0 and language in offered:
            return language
    return ENGLISH


def _weighed(item: str) -> tuple[str, float]:
    tag, _, weight = (part.strip() for part in item.partition(";"))
    try:
        return tag.lower(), float(weight.removeprefix("q=")) if weight else 1.0
    except ValueError:
        return tag.lower(), 0.0
