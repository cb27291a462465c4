"""DICOM files stored by the hash of their content: DATA/objects/aa/SHA256. Written whole or not at all.

Rules of this file:
- Written beside, synced, then renamed; folders are synced once per batch (`sync_folders`).
- No path is ever built from a name or a value of a file: only from 64 hex digits that were checked.
- A file that an import holds is not removed under it: who removes it only asks, and the last that lets it go does it.
  So imports need no lock between them, and one that hangs stops neither another nor a deletion.
- A full disk is StoreFailed("disk_full"); what was half written is gone then.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from consult.disk import storing
from consult.library.incoming import Incoming
from consult.model.errors import DicomRefused, Refused

CHUNK = 1 << 20
FILE_NAME = re.compile(r"[0-9a-f]{64}")


class ObjectStore:
    """The files of one data directory. All methods block: call them on threads."""

    def __init__(self, data: Path) -> None:
        self._folder, self._incoming = data / "objects", Incoming(data / "incoming")
        self._touched: set[Path] = set()
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._unwanted: set[str] = set()

    def path(self, file: str) -> Path:
        """Where a file is or would be. Raises Refused("unknown_file") for what is no hash."""
        if not FILE_NAME.fullmatch(file):
            raise Refused("unknown_file", "There is no such file here.")
        return self._folder / file[:2] / file

    def has(self, file: str) -> bool:
        """It is here."""
        return self.path(file).is_file()

    def hold(self, file: str) -> None:
        """From now on the file is not removed, until it is let go as often as it was held."""
        self.path(file)
        with self._lock:
            self._held[file] += 1

    def let_go(self, file: str, *, wanted: bool) -> None:
        """Hold it no longer. `wanted`: a row names it now, whoever asked before to remove it."""
        with self._lock:
            self._held[file] -= 1
            if wanted:
                self._unwanted.discard(file)
            if self._held[file] > 0:
                return
            del self._held[file]
            if file in self._unwanted:
                self._unwanted.discard(file)
                self.path(file).unlink(missing_ok=True)

    def new_partial_file(self) -> Path:
        """Where a file that comes in may be written; whoever asks removes what is left. Raises StoreFailed."""
        with storing():
            return self._incoming.new_file()

    def clear_partial_files(self) -> None:
        """Remove partial files of processes that died."""
        self._incoming.clear()

    def copy(self, source: Path, file: str, *, limit: int) -> None:
        """Keep a copy of a file that lies elsewhere.

        Raises:
            DicomRefused: "too_large", "changed": its content is no longer `file`.
            StoreFailed: "disk_full", "store_failed".
            OSError: the source cannot be read.
        """
        partial = self.new_partial_file()
        try:
            with source.open("rb") as content:
                found = self.write(content, partial, limit=limit)
            if found != file:
                raise DicomRefused("changed", "the file changed while it was read")
            self.adopt(partial, file)
        finally:
            partial.unlink(missing_ok=True)

    def link(self, source: Path, file: str, *, limit: int) -> None:
        """Keep a file of ours that is synced and never changes, without a copy where the disk can. Raises as `copy`."""
        path = self.path(file)
        with storing():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._touched |= {path.parent, path.parent.parent}
        try:
            os.link(source, path)
        except FileExistsError:
            return
        except OSError:  # a disk without links
            self.copy(source, file, limit=limit)

    def remove(self, file: str) -> None:
        """Forget a file that no row names; one that is held goes when it is let go."""
        with self._lock:
            if file in self._held:
                self._unwanted.add(file)
            else:
                self.path(file).unlink(missing_ok=True)

    def write(
        self,
        source: IO[bytes],
        path: Path,
        *,
        limit: int,
        ratio_of: int = 0,
        ratio: int = 0,
        on_piece: Callable[[int], None] = lambda count: None,
    ) -> str:
        """Write a partial file and sync it; its SHA-256 is returned.

        Args:
            source: read to its end.
            path: a partial file.
            limit: bytes, at most.
            ratio_of: compressed size of the source, 0 where it is not compressed.
            ratio: more than FREE bytes may not be more than this many times `ratio_of`.
            on_piece: told how many bytes come, before they are written; what it raises ends it.

        Raises:
            DicomRefused: "too_large", "bomb".
            StoreFailed: "disk_full", "store_failed".
        """
        digest, size = hashlib.sha256(), 0
        with _writing(path) as target:
            while piece := source.read(CHUNK):
                size += len(piece)
                if size > limit:
                    raise DicomRefused("too_large", f"a file may have {limit >> 20} MiB")
                if ratio_of and size > max(FREE, ratio * ratio_of):
                    raise DicomRefused("bomb", f"it unpacks to more than {ratio} times its size")
                on_piece(len(piece))
                digest.update(piece)
                with storing():
                    target.write(piece)
            with storing():
                target.flush()
                os.fsync(target.fileno())
        return digest.hexdigest()

    def adopt(self, partial: Path, file: str) -> None:
        """Give a synced partial file its name. Raises StoreFailed."""
        path = self.path(file)
        with storing():
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._touched.add(path.parent.parent)
            os.replace(partial, path)
        self._touched.add(path.parent)

    def sync_folders(self) -> None:
        """The names of all adopted so far are on the disk. Raises StoreFailed."""
        with storing():
            while self._touched:
                folder = self._touched.pop()
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)


FREE = 64 << 20
"""Bytes that any compressed file may unpack to, whatever its ratio."""


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[IO[bytes]]:
    """A new file, readable only by its owner."""
    with storing():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    target = os.fdopen(handle, "wb", buffering=0)
    try:
        yield target
    finally:
        with contextlib.suppress(OSError):  # it is synced, or it is given up
            target.close()
