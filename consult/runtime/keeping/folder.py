"""DATA/imported/CONSULT/*.png: pictures that came with an imported consult, of images that need not be here.

A folder gets its name when all of it is written, and before the log of its consult is stored: one without a consult is
what an import has left that did not end. Everything blocks: call it on threads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from consult.disk import disk_failed
from consult.model.identifiers import ConsultId

PARTIAL = ".partial-"


class ImportedImages:
    """Those of one data directory."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "imported"

    def put(self, consult: ConsultId, images: Iterable[tuple[str, bytes]]) -> None:
        """Keep what shows what. Raises StoreFailed."""
        partial = self._folder / f"{PARTIAL}{consult}"
        try:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True, mode=0o700)
            for of, png in images:
                _write(partial / _name(of), png)
            shutil.rmtree(self._folder / consult, ignore_errors=True)
            os.replace(partial, self._folder / consult)
            _sync(self._folder)
        except OSError as error:
            shutil.rmtree(partial, ignore_errors=True)
            raise disk_failed(error) from error

    def find(self, consult: ConsultId, of: str) -> bytes | None:
        """The picture of what somebody kept; None where there is none."""
        try:
            return (self._folder / consult / _name(of)).read_bytes()
        except OSError:
            return None

    def remove(self, consult: ConsultId) -> None:
        """Forget those of a consult."""
        for path in (self._folder / consult, self._folder / f"{PARTIAL}{consult}"):
            shutil.rmtree(path, ignore_errors=True)

    def keep_only(self, consults: Collection[str]) -> None:
        """Remove what imports have left that did not end."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in consults:
                    shutil.rmtree(path, ignore_errors=True)


def _name(of: str) -> str:
    """No id of others becomes a path."""
    return hashlib.sha256(of.encode()).hexdigest() + ".png"


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
