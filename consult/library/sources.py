"""What somebody asks to take in, file by file: files, folders, zips. Nothing is read but names and zip directories.

Rules of this file:
- Folders are walked without following links; what is no regular file is passed over.
- Members of a zip are opened one by one; their names are shown to people and never become paths.
- A zip within a zip is opened; within that one none is.
- Only what is stored or deflated is unpacked: zipfile unpacks the other methods a block at once, whatever its size.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from consult.library.archive_budget import MAX_FILES
from consult.model.errors import DicomRefused
from consult.model.text import visible

MAX_DIRECTORY_BYTES = 512 * MAX_FILES
ENTRY = b"PK\x01\x02"
"""What each entry of a zip's directory begins with."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
LITTER = ("._", ".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave behind: passed over in silence."""


@dataclass(frozen=True)
class Source:
    """A file on the disk.

    Attributes:
        name: for people.
        path: where it is.
        ours: written by this server, synced, on the data directory's own disk: it is linked instead of copied.
    """

    name: str
    path: Path
    ours: bool = False


@dataclass(frozen=True)
class Unreadable:
    """What was asked for and cannot be read."""

    name: str
    error: DicomRefused


def find_sources(paths: Sequence[Path]) -> Iterator[Source | Unreadable]:
    """Every file below the paths, in order of their names; blocks."""
    for path in paths:
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield Source(path.name, path)
        else:
            rule = "the link leads nowhere" if path.is_symlink() else "there is no such file or folder"
            yield Unreadable(str(path), DicomRefused("no_file", rule))


def _walk(folder: Path) -> Iterator[Source | Unreadable]:
    problems: list[OSError] = []
    found = False
    for root, folders, files in os.walk(folder, followlinks=False, onerror=problems.append):
        folders.sort()
        for name in sorted(files):
            path = Path(root) / name
            if not is_litter(name) and stat.S_ISREG(path.lstat().st_mode):
                found = True
                yield Source(str(path.relative_to(folder.parent)), path)
    for problem in problems:
        rule = f"the folder cannot be read: {problem.strerror}"
        yield Unreadable(str(problem.filename), DicomRefused("no_access", rule))
    if not found and not problems:
        rule = "the folder holds no files (links in it are not followed)"
        yield Unreadable(str(folder), DicomRefused("no_file", rule))


def is_litter(name: str) -> bool:
    """Left behind by a file manager."""
    parts = name.split("/")
    return parts[-1].startswith(LITTER) or "__MACOSX" in parts


def is_zip(path: Path) -> bool:
    """By its first bytes; a DICOM file's preamble may be anything, so DICM counts more. Raises OSError."""
    with path.open("rb") as file:
        start = file.read(132)
    return start.startswith(ZIP_STARTS) and start[128:] != b"DICM"


class _Directory(io.BufferedReader):
    """A zip's file that refuses to hand out a directory with too much in it, however its end record hides its size.

    zipfile makes an object of each entry as soon as it has read them, and it alone knows which of several end records
    it goes by.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.is_opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file's. Raises DicomRefused ("too_many") while the zip is opened."""
        if self.is_opening and size is not None and size > MAX_DIRECTORY_BYTES:
            raise _too_many()
        content = super().read(size)
        if self.is_opening and content.count(ENTRY) > MAX_FILES:
            raise _too_many()
        return content


class _Zip(zipfile.ZipFile):
    """A zip whose directory was counted before it was taken apart."""

    def __init__(self, whole: _Directory) -> None:
        self._whole = whole
        try:
            super().__init__(whole)
        except BaseException:
            whole.close()
            raise
        whole.is_opening = False

    def close(self) -> None:
        """Its file too."""
        super().close()
        self._whole.close()


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip, unless its directory itself is too large.

    Raises:
        DicomRefused: "too_many", "bad_zip".
    """
    try:
        return _Zip(_Directory(path))
    except (zipfile.BadZipFile, RuntimeError, ValueError, struct.error, OSError) as error:
        raise DicomRefused("bad_zip", f"the zip cannot be opened ({error})") from None


def _too_many() -> DicomRefused:
    return DicomRefused("too_many", f"a zip may hold {MAX_FILES} files")


@dataclass(frozen=True)
class Member:
    """A file in a zip that is open."""

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo

    def open(self) -> IO[bytes]:
        """Its content, unpacked while it is read.

        Raises:
            DicomRefused: "encrypted", "bad_zip".
        """
        if self.info.flag_bits & 1:
            raise DicomRefused("encrypted", "the zip is encrypted")
        if self.info.compress_type not in METHODS:
            raise DicomRefused("bad_zip", "only what is stored or deflated in a zip is unpacked")
        try:
            return self.archive.open(self.info)
        except (zipfile.BadZipFile, RuntimeError, OSError) as error:
            raise DicomRefused("bad_zip", f"the zip is broken here ({error})") from None


def members(archive: zipfile.ZipFile, name: str) -> list[Member]:
    """The files of an open zip.

    Args:
        archive: open.
        name: how people know it.
    """
    files = (info for info in archive.infolist() if not info.is_dir() and not is_litter(info.filename))
    return [Member(f"{name}:{printable(info.filename)}", archive, info) for info in files]


def printable(name: str) -> str:
    """A name that somebody else chose, for a terminal or page."""
    return visible(name.encode("utf-8", "replace").decode(), hidden="?", control="?")[:300]
