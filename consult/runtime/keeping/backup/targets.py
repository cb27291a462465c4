"""Where a backup is written to and read from: a folder, or one file (tar, so that any machine can open it).

Rules of this file:
- A backup has its name once it is whole; what was half written is gone when writing fails.
- Everything is readable by its owner alone: it has patients' images, and the key of all links.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from consult.disk import storing, whole_file
from consult.model.errors import Malformed, Refused
from consult.runtime.keeping.backup.manifest import MANIFEST, MAX_BYTES, Part

CHUNK = 1 << 20
TAR = ".tar"


class Target(Protocol):
    """What a backup is written to."""

    def put(self, path: str, source: Path) -> Part:
        """A part that is that file. Raises StoreFailed; FileNotFoundError: the file is gone."""

    def put_bytes(self, path: str, content: bytes) -> None:
        """A small part. Raises StoreFailed."""


class Source(Protocol):
    """What a backup is read from."""

    def open(self, path: str) -> contextlib.AbstractContextManager[IO[bytes]]:
        """A part. Raises Malformed: it is not there."""


class Hashing:
    """A file that is read once, with its size and SHA-256. Never more than `size` bytes, where that is known."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._digest, self.size = source, hashlib.sha256(), 0

    def read(self, size: int = CHUNK) -> bytes:
        """As of a file."""
        piece = self._source.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    def copy_to(self, target: IO[bytes], limit: int | None = None) -> None:
        """All of it, or one byte more than that many."""
        while piece := self.read():
            target.write(piece)
            if limit is not None and self.size > limit:
                return

    def part(self, path: str) -> Part:
        """What was read."""
        return Part(path, self.size, self._digest.hexdigest())


class Folder:
    """A folder as a target and as a source."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, path: str, source: Path) -> Part:
        """See `Target.put`."""
        with source.open("rb") as opened:
            hashing = Hashing(opened)
            with self._file(path) as file:
                hashing.copy_to(file)
        return hashing.part(path)

    def put_bytes(self, path: str, content: bytes) -> None:
        """See `Target.put_bytes`."""
        with self._file(path) as file:
            file.write(content)

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """See `Source.open`."""
        try:
            with (self._root / path).open("rb") as file:
                yield file
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise missing(path) from None

    @contextmanager
    def _file(self, path: str) -> Iterator[IO[bytes]]:
        target = self._root / path
        with storing():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(target) as file:
            yield file


class TarTarget:
    """One file as a target."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def put(self, path: str, source: Path) -> Part:
        """See `Target.put`. A file that grows meanwhile is taken as long as it was."""
        with source.open("rb") as opened:
            hashing = Hashing(opened)
            info = _info(path, os.fstat(opened.fileno()).st_size)
            with storing():
                self._archive.addfile(info, hashing)
        return hashing.part(path)

    def put_bytes(self, path: str, content: bytes) -> None:
        """See `Target.put_bytes`."""
        with storing():
            self._archive.addfile(_info(path, len(content)), io.BytesIO(content))


class TarSource:
    """One file as a source; nothing is unpacked but what the manifest names."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._members = {member.name: member for member in archive if member.isreg()}

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        """See `Source.open`."""
        member = self._members.get(path)
        file = None if member is None else self._archive.extractfile(member)
        if file is None:
            raise missing(path)
        with file:
            yield file


def missing(path: str) -> Malformed:
    """Of a backup that is not whole."""
    if path == MANIFEST:
        return Malformed("not_a_backup", f"There is no {MANIFEST} in it: it is no backup, or one that was not ended.")
    return Malformed("part_missing", f"{path} is missing: the backup is not whole.")


def _info(path: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(path)
    info.size, info.mode = size, 0o600
    return info


@contextmanager
def target_at(path: Path) -> Iterator[tuple[Target, Path]]:
    """What is to be written at that path: a file where its name ends with .tar, else a folder, new or empty.

    Yields:
        The target, and a folder beside it for what is needed meanwhile; it goes when the block ends.

    Raises:
        Refused: "exists".
        StoreFailed: also for an OSError of the block.
    """
    is_empty = path.is_dir() and path.suffix != TAR and not any(path.iterdir())
    if path.exists() and not is_empty:
        raise Refused("exists", f"{path} is there already: name another place for this backup.")
    with storing():
        path.absolute().parent.mkdir(parents=True, exist_ok=True)
        beside = path.absolute().with_name(f".{path.name}-{secrets.token_hex(8)}")
        beside.mkdir(mode=0o700)
    try:
        with _written(path, beside) as target:
            yield target, beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _written(path: Path, beside: Path) -> Iterator[Target]:
    if path.suffix == TAR:
        with whole_file(path) as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            yield TarTarget(archive)
        return
    folder = beside / "folder"
    with storing():
        folder.mkdir(mode=0o700)
    yield Folder(folder)
    with storing():
        os.replace(folder, path)


@contextmanager
def source_at(path: Path) -> Iterator[Source]:
    """What is read from that path.

    Raises:
        Refused: "no_backup": it cannot be read.
        Malformed: "not_a_backup", "damaged".
    """
    if path.is_dir():
        yield Folder(path)
        return
    try:
        with tarfile.open(path, "r:") as archive:
            yield TarSource(archive)
    except tarfile.TarError as error:
        raise Malformed("damaged", f"{path} is no backup, or is damaged: {error}.") from None
    except OSError as error:
        raise Refused("no_backup", f"{path} cannot be read: {error.strerror}.") from None


def manifest_bytes(source: Source) -> bytes:
    """The manifest as it stands there. Raises Malformed."""
    with source.open(MANIFEST) as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Malformed("damaged", f"{MANIFEST} is longer than any of a backup.")
    return content
