"""DATA/photos/CONSULT/SHA256: pictures of pathology that somebody has added to a board's cases.

A picture is on the disk before the board names it, and goes with its consult. Everything blocks: call it on threads.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from consult.disk import storing, write_whole
from consult.model.identifiers import ConsultId

NAME = re.compile(r"[0-9a-f]{64}")


class Photos:
    """Those of one data directory."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "photos"

    def put(self, consult: ConsultId, content: bytes) -> str:
        """Keep one; its name. Raises StoreFailed."""
        name = hashlib.sha256(content).hexdigest()
        folder = self._folder / consult
        with storing():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(folder / name, content)
        return name

    def find(self, consult: ConsultId, name: str) -> bytes | None:
        """It; None where it is not here."""
        if not NAME.fullmatch(name):
            return None
        try:
            return (self._folder / consult / name).read_bytes()
        except OSError:
            return None

    def copy(self, source: ConsultId, to: ConsultId, names: Iterable[str]) -> None:
        """Those that are here, for another board too. Raises StoreFailed."""
        for name in names:
            if (content := self.find(source, name)) is not None:
                self.put(to, content)

    def remove(self, consult: ConsultId) -> None:
        """Forget those of a consult."""
        shutil.rmtree(self._folder / consult, ignore_errors=True)

    def keep_only(self, consults: Collection[str]) -> None:
        """Remove what is of no consult."""
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name not in consults:
                    shutil.rmtree(path, ignore_errors=True)
