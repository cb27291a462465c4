"""What one archive may unpack to, over all depths: counted as it is unpacked, whatever its directory says.

Rules of this file:
- The directory is held against the budget before anything is unpacked; a directory that lies is caught by the count.
- An archive within an archive spends the budget of the outermost: nesting multiplies nothing.
- Who gives an archive up stops its budget; what still unpacks on a thread ends with the next piece.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from consult.model.errors import DicomRefused

MAX_FILES = 100_000
MAX_BYTES = 64 << 30
FREE_BYTES = 1 << 30
"""Bytes that any archive may unpack to, whatever its ratio."""
MAX_RATIO = 200
"""More than FREE_BYTES may not be more than this many times the archive's own size."""
MAX_DEPTH = 1
"""Archives within an archive."""


class ArchiveBudget:
    """Of one outermost archive.

    Args:
        size: of the archive, bytes.
    """

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._bytes = min(MAX_BYTES, max(FREE_BYTES, MAX_RATIO * size))
        self._left, self._files = self._bytes, MAX_FILES
        self.stopped = False

    def open(self, sizes: Iterable[int]) -> None:
        """An archive's directory, before anything of it is unpacked: the sizes that it states.

        Raises:
            DicomRefused: "too_many", "bomb"; of that archive nothing is spent then.
        """
        stated = list(sizes)
        with self._lock:
            if len(stated) > self._files:
                raise DicomRefused("too_many", f"an archive may hold {MAX_FILES} files, with those of archives in it")
            if sum(stated) > self._left:
                raise DicomRefused("bomb", self._rule())
            self._files -= len(stated)

    def spend(self, count: int) -> None:
        """Bytes that were unpacked; on any thread. Raises DicomRefused("bomb"); then the budget is stopped."""
        with self._lock:
            self._left -= count
            if self.stopped:
                raise DicomRefused("given_up", "the archive was given up")
            if self._left < 0:
                self.stopped = True
                raise DicomRefused("bomb", self._rule())

    def stop(self) -> None:
        """Nothing of it is unpacked any more."""
        self.stopped = True

    def _rule(self) -> str:
        return f"this archive may unpack to {self._bytes >> 20} MiB, with archives in it"
