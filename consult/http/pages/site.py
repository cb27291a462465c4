"""web/ as a browser wants it: few round trips, nothing asked for twice, never two versions mixed.

Rules of this file:
- Every file is named below the version of the whole (`/static/VERSION/js/...`), so it may be cached for ever; a page
  that is loaded anew names the current version. Modules name each other relatively, so they stay within one version.
- A page asks for one script and one style sheet: bundles of the modules and sheets that lie beside them, put together
  when the files are read (bundle.py). There is no build step, and a source map leads to the modules. `bundle/` is a
  second root: what is bundled finds workers and glyphs there by the same relative names.
- Pages are rendered in every language; its texts are one more script (languages.py), none in English.
- Files are held in memory, and gzipped, and read again when one of them has changed; pages are rendered then.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment

from consult.clock import steady
from consult.http.pages.bundle import make_bundle, workers_of
from consult.http.pages.languages import ENGLISH, Catalogue, read_catalogue
from consult.http.pages.templates import (
    PAGES,
    Page,
    bundle_name,
    environment_of,
    in_language,
    render_pages,
    styles_name,
)

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".map": "application/json",
}
FOLDERS = ("js", "css", "img", "templates", "locales")


@dataclass(frozen=True)
class Asset:
    """One file."""

    body: bytes
    media_type: str

    @cached_property
    def zipped(self) -> bytes:
        """By gzip, once it is asked for: most modules never are."""
        return gzip.compress(self.body, 6, mtime=0)


@dataclass(frozen=True)
class Edition:
    """All of web/ at one time."""

    version: str
    assets: dict[str, Asset]
    pages: dict[str, dict[str, bytes]]
    """By language and template."""
    catalogues: dict[str, Catalogue]
    environment: Environment

    def render(self, template: str, language: str, **values: str) -> str:
        """A template that is no page of its own address."""
        return self.environment.get_template(template).render(**in_language(self.catalogues[language]), **values)


class Site:
    """The files of a folder like web/: templates/, locales/, js/, css/, img/.

    Args:
        folder: where they are.
        pages: what they make.
        look_every_s: for so long nobody looks whether one has changed, however many pages are asked for.
    """

    def __init__(self, folder: Path, pages: tuple[Page, ...] = PAGES, look_every_s: float = 0.0) -> None:
        self._folder, self._pages = folder, pages
        self._look_every_s, self._look_at = look_every_s, float("-inf")
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._edition = Edition("", {}, {}, {}, environment_of({}))

    def now(self) -> Edition:
        """The files as they are now."""
        if (at := steady()) < self._look_at:
            return self._edition
        self._look_at = at + self._look_every_s
        paths = sorted(p for name in FOLDERS for p in (self._folder / name).rglob("*") if p.is_file())
        seen = tuple((str(p), s.st_mtime_ns, s.st_size) for p in paths for s in (p.stat(),))
        if seen != self._seen:
            self._edition = read_edition(self._folder, paths, self._pages)
            self._seen = seen
        return self._edition

    def asset(self, version: str, name: str) -> Asset | None:
        """A file of a version; None where there is none, or the version is not that of now."""
        return self._edition.assets.get(name) if version == self._edition.version else None


def read_edition(folder: Path, paths: list[Path], pages: tuple[Page, ...]) -> Edition:
    """Read all files; name the version; render the pages."""
    assets: dict[str, Asset] = {}
    templates = {}
    catalogues = {ENGLISH: Catalogue(ENGLISH)}
    digest = hashlib.sha256()
    for path in paths:
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(name.encode() + b"\0" + body)
        if name.startswith("templates/"):
            templates[path.name] = body.decode()
        elif name.startswith("locales/"):
            catalogues[path.stem] = read_catalogue(path.stem, body)
        elif path.suffix in TYPES and not name.endswith(".d.ts"):
            assets[name] = asset_of(name, body)
    assets |= {name: asset_of(name, body) for name, body in bundles(assets, pages)}
    assets |= {c.script: asset_of(c.script, c.as_script()) for c in catalogues.values() if c.script}
    version, environment = digest.hexdigest()[:16], environment_of(templates)
    rendered = {name: render_pages(pages, environment, version, c) for name, c in catalogues.items()}
    return Edition(version, assets, rendered, catalogues, environment)


def asset_of(name: str, body: bytes) -> Asset:
    """A file by its name."""
    return Asset(body, TYPES[Path(name).suffix])


def bundles(assets: Mapping[str, Asset], pages: tuple[Page, ...]) -> Iterator[tuple[str, bytes]]:
    """What the pages ask for instead of modules and style sheets, by name; and the glyphs."""
    sources = {name: asset.body.decode() for name, asset in assets.items() if name.endswith(".js")}
    for page in pages:
        yield styles_name(page), b"\n".join(assets[f"css/{name}.css"].body for name in page.styles)
    for entry in dict.fromkeys(e for page in pages for e in (page.script, *workers_of(sources, page.script))):
        bundle = make_bundle(sources, entry, "../" * (entry.count("/") + 1))
        yield bundle_name(entry), bundle.code.encode()
        yield f"{bundle_name(entry)}.map", bundle.map.encode()
    yield from ((f"bundle/{name}", asset.body) for name, asset in assets.items() if name.startswith("img/"))
