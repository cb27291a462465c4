"""web/ as a browser wants it: few round trips, nothing asked for twice, never two versions mixed.

Rules of this file:
- Every file is named below the version of the whole (`/static/VERSION/js/...`), so it may be cached for ever; a page
  that is loaded anew names the current version. Modules name each other relatively, so they stay within one version.
- A page names all modules that its scripts import (modulepreload): the browser asks for them at once instead of level
  after level. The list is read from the imports themselves; there is no build step.
- Files are held in memory, gzipped beside, and read again when one of them has changed; pages are rendered then.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from consult.http.pages.templates import PAGES, Page, render_pages

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}
FOLDERS = ("js", "css", "img")
IMPORT = re.compile(r"""^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]""", re.M)


@dataclass(frozen=True)
class Asset:
    """One file, as it is and gzipped."""

    body: bytes
    zipped: bytes
    media_type: str


@dataclass(frozen=True)
class Edition:
    """All of web/ at one time."""

    version: str
    assets: dict[str, Asset]
    pages: dict[str, bytes]


class Site:
    """The files of a folder like web/: templates/, js/, css/, img/."""

    def __init__(self, folder: Path, pages: tuple[Page, ...] = PAGES) -> None:
        self._folder, self._pages = folder, pages
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._edition = Edition("", {}, {})

    def now(self) -> Edition:
        """The files as they are now."""
        paths = sorted(p for name in (*FOLDERS, "templates") for p in (self._folder / name).rglob("*") if p.is_file())
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
    assets, templates = {}, {}
    digest = hashlib.sha256()
    for path in paths:
        name, body = path.relative_to(folder).as_posix(), path.read_bytes()
        digest.update(name.encode() + b"\0" + body)
        if name.startswith("templates/"):
            templates[path.name] = body.decode()
        elif path.suffix in TYPES and not name.endswith(".d.ts"):
            assets[name] = Asset(body, gzip.compress(body, 6, mtime=0), TYPES[path.suffix])
    version = digest.hexdigest()[:16]
    sources = {name: asset.body.decode() for name, asset in assets.items() if name.endswith(".js")}
    return Edition(version, assets, render_pages(pages, templates, version, partial(modules_of, sources)))


def modules_of(sources: dict[str, str], entry: str) -> list[str]:
    """All modules that a module imports, itself first, in the order of their depth."""
    found = [entry]
    for name in found:
        for first, second in IMPORT.findall(sources.get(name, "")):
            target = resolve(name, first or second)
            if target in sources and target not in found:
                found.append(target)
    return found


def resolve(importer: str, specifier: str) -> str:
    """`js/a/b.js` and `../c/d.js` to `js/c/d.js`."""
    parts: list[str] = []
    for part in (PurePosixPath(importer).parent / specifier).parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
