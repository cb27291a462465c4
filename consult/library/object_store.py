"""DICOM files stored by the hash of their content: DATA/objects/aa/SHA256, or in a bucket. Written whole or not at all.

Rules of this file:
- Written beside, synced, then renamed; folders are synced once per batch (`sync_folders`).
- No path is ever built from a name or a value of a file: only from 64 hex digits that were checked.
- A file that an import holds is not removed under it: who removes it only asks, and the last that lets it go does it.
  So imports need no lock between them, and one that hangs stops neither another nor a deletion.
- A full disk is StoreFailed("disk_full"); what was half written is gone then.
- Of a bucket's files only what is read now lies on a disk, for a minute behind its last use: so what another node
  deletes leaves this one by itself.
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

from consult.clock import now
from consult.disk import storing
from consult.library.incoming import Incoming
from consult.model.errors import DicomRefused, Refused
from consult.store.bucket import Bucket

CHUNK = 1 << 20
FILE_NAME = re.compile(r"[0-9a-f]{64}")


class ObjectStore:
    """The files of one data directory. All methods block: call them on threads.

    Args:
        data: the directory.
        bucket: where the files are instead, if they are.
        copies: folder of this machine for those that are read.
    """

    def __init__(self, data: Path, bucket: Bucket | None = None, copies: Path | None = None) -> None:
        self._incoming, self._bucket = Incoming(data / "incoming"), bucket
        self._folder = data / "objects" if bucket is None else copies or data / "copies"
        self._touched: set[Path] = set()
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()
        self._unwanted: set[str] = set()

    @property
    def is_remote(self) -> bool:
        """The files are in a bucket, and are fetched."""
        return self._bucket is not None

    def path(self, file: str) -> Path:
        """Where a file is or would be on a disk. Raises Refused("unknown_file") for what is no hash."""
        if not FILE_NAME.fullmatch(file):
            raise Refused("unknown_file", "There is no such file here.")
        return self._folder / file[:2] / file

    def has(self, file: str) -> bool:
        """It is stored. Raises StoreFailed: the bucket does not answer."""
        path = self.path(file)
        return path.is_file() if self._bucket is None else self._bucket.has(file)

    def check(self) -> None:
        """The bucket answers, where the files are in one. Raises StoreFailed."""
        if self._bucket is not None:
            self._bucket.check()

    def fetch(self, file: str) -> Path:
        """Where a file is on a disk, for a minute at least; one of a bucket is fetched. One that is gone is not there.

        Raises:
            Refused: "unknown_file".
            StoreFailed: the bucket does not answer; what is in it is damaged; "disk_full".
        """
        path = self.path(file)
        if self._bucket is None:
            return path
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
            return path
        with storing():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            self._bucket.fetch(file, path)
        return path

    def drop_copies(self, older_than_s: float = 0.0) -> bool:
        """Remove copies of a bucket's files that nobody has asked for since; whether there are others."""
        is_left = False
        if self._bucket is not None:
            for path in self._folder.glob("*/*"):
                with contextlib.suppress(FileNotFoundError):
                    if now() - path.stat().st_mtime < older_than_s:
                        is_left = True
                    else:
                        path.unlink()
        return is_left

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
            is_unwanted = file in self._unwanted
            self._unwanted.discard(file)
            if is_unwanted:
                self._remove(file)

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
        if self._bucket is not None:
            self._bucket.put(file, source)
            return
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
                self._remove(file)

    def _remove(self, file: str) -> None:
        if self._bucket is not None:
            self._bucket.remove(file)
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
        """Give a synced partial file its name; in a bucket it is stored by that name. Raises StoreFailed."""
        path = self.path(file)
        if self._bucket is not None:
            self._bucket.put(file, partial)
            return
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
