"""What becomes of an import: counted while it runs, and said at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct

from consult.library.sources import printable
from consult.model.errors import DicomRefused


class Progress(Struct, frozen=True):
    """How far an import is. `total` grows while folders and zips are opened."""

    done: int
    total: int
    bytes: int


class RefusedFile(Struct, frozen=True):
    """A file that was not taken, and why."""

    name: str
    code: str
    rule: str
    tag: str = ""
    value: str = ""


class ImportReport(Struct, frozen=True):
    """What became of an import.

    Attributes:
        taken: names of the files that are new.
        refused: with their reasons.
        studies: StudyInstanceUIDs that were touched.
        duplicates: files that were here already.
        skipped: DICOMDIR files, which list others.
        unshown: of those that are taken, how many are kept but not shown (plans, presentation states, what is broken).
    """

    taken: list[str]
    refused: list[RefusedFile]
    studies: list[str]
    duplicates: int = 0
    skipped: int = 0
    unshown: int = 0


@dataclass
class Tally:
    """What is known so far."""

    taken: list[str] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    studies: dict[str, None] = field(default_factory=dict)
    duplicates: int = 0
    skipped: int = 0
    unshown: int = 0
    done: int = 0
    total: int = 0
    bytes: int = 0

    def refuse(self, name: str, error: DicomRefused) -> None:
        """A file that is not taken, in words that every terminal and page can show."""
        if error.code == "dicomdir":
            self.skipped += 1
            return
        texts = (printable(text) for text in (error.rule, error.tag, error.value))
        self.refused.append(RefusedFile(printable(name), error.code, *texts))

    def report(self) -> ImportReport:
        """What became of it."""
        refused = sorted(self.refused, key=lambda file: file.name)
        counts = self.duplicates, self.skipped, self.unshown
        return ImportReport(sorted(self.taken), refused, list(self.studies), *counts)
