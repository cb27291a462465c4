"""Uploads on the disk: DATA/uploads/ID/{manifest.json, outcome.json, 0, 1, ...}, so that a restart forgets nothing.

Rules of this file:
- A file of an upload is named by its number; the name that somebody gave it is for people and never becomes a path.
- How much of a file is here is its size on the disk; what became of it is in the outcome, which is replaced as a whole.
- Everything blocks: call it on threads.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

import msgspec
from msgspec import Struct

from consult.disk import storing, write_whole
from consult.library.import_report import ImportReport, RefusedFile
from consult.model.errors import StoreFailed

_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{8,40}")
_MANIFEST, _OUTCOME = "manifest.json", "outcome.json"


class UploadFile(Struct, frozen=True):
    """One file that is to come: its name for people (with its folders), and its size in bytes."""

    name: str
    size: int


class Manifest(Struct, frozen=True):
    """What is to come. `created_at`: seconds since 1970."""

    id: str
    name: str
    files: tuple[UploadFile, ...]
    created_at: float


class Outcome(Struct):
    """What became of an upload so far.

    Attributes:
        settled: numbers of the files that need not come any more: taken, refused or given up.
        taken, duplicates, skipped: counts of DICOM files, those in zips too.
        refused: with their reasons.
        studies: StudyInstanceUIDs that were touched.
    """

    settled: set[int] = msgspec.field(default_factory=set)
    taken: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused: list[RefusedFile] = msgspec.field(default_factory=list)
    studies: list[str] = msgspec.field(default_factory=list)

    def copy(self) -> Outcome:
        """Another one, of which nothing is shared."""
        return Outcome(
            set(self.settled), self.taken, self.duplicates, self.skipped, list(self.refused), list(self.studies)
        )

    def add(self, numbers: set[int], report: ImportReport) -> None:
        """These files are settled, with this report."""
        self.settled |= numbers
        self.taken += len(report.taken)
        self.duplicates += report.duplicates
        self.skipped += report.skipped
        self.refused += report.refused
        self.studies += [uid for uid in report.studies if uid not in self.studies]


class UploadStore:
    """The folder of one upload."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def create(self, manifest: Manifest) -> None:
        """Make it. Raises StoreFailed."""
        try:
            with storing():
                self.path.mkdir(parents=True, mode=0o700)
            write_whole(self.path / _MANIFEST, msgspec.json.encode(manifest))
        except StoreFailed:
            self.remove()
            raise

    def file(self, number: int) -> Path:
        """Where a file's bytes are."""
        return self.path / str(int(number))

    def open(self, number: int) -> int:
        """A descriptor for writing a file of the upload. Raises StoreFailed."""
        with storing():
            return os.open(self.file(number), os.O_WRONLY | os.O_CREAT, 0o600)

    def write(self, descriptor: int, offset: int, content: bytes) -> None:
        """Write all of it there. Raises StoreFailed; the file's size shows how much is here then."""
        view = memoryview(content)
        with storing():
            while view:
                written = os.pwrite(descriptor, view, offset)
                view, offset = view[written:], offset + written

    def sync(self, descriptor: int) -> None:
        """What was written is on the disk. Raises StoreFailed."""
        with storing():
            os.fsync(descriptor)

    def put_outcome(self, outcome: Outcome) -> None:
        """Store it. Raises StoreFailed."""
        write_whole(self.path / _OUTCOME, msgspec.json.encode(outcome))

    def drop(self, numbers: set[int]) -> None:
        """Files that are settled take no more space."""
        for number in numbers:
            with contextlib.suppress(OSError):  # it was moved, or it goes with the folder
                self.file(number).unlink(missing_ok=True)

    def remove(self) -> None:
        """All of it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def read(self) -> tuple[Manifest, Outcome, list[int], float] | None:
        """Manifest, outcome, bytes here of each file, and when it was last written to; None: it is no whole upload."""
        try:
            manifest = msgspec.json.decode((self.path / _MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError):
            return None
        outcome = Outcome()
        with contextlib.suppress(OSError, msgspec.MsgspecError):  # nothing is settled yet
            outcome = msgspec.json.decode((self.path / _OUTCOME).read_bytes(), type=Outcome)
        sizes = {entry.name: entry.stat() for entry in os.scandir(self.path)}
        touched = max(manifest.created_at, *(found.st_mtime for found in sizes.values()))
        here = [
            file.size if number in outcome.settled else _bytes(sizes, number, file.size)
            for number, file in enumerate(manifest.files)
        ]
        return manifest, outcome, here, touched


def _bytes(sizes: dict[str, os.stat_result], number: int, declared: int) -> int:
    found = sizes.get(str(number))
    return 0 if found is None else min(found.st_size, declared)


def find_folders(uploads: Path) -> list[UploadStore]:
    """Folders of uploads."""
    try:
        return [UploadStore(path) for path in sorted(uploads.iterdir()) if _IDENTIFIER.fullmatch(path.name)]
    except OSError:
        return []
