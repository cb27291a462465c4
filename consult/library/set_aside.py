"""Files that claim a study of another patient: DATA/set-aside/SHA256, and what is said of each beside it.

Rules of this file:
- They are not in the index and not among the objects: no case, no page and no seat can come to them.
- The host sees which they are and what differs, and takes them in or removes them.
- `SetAside` blocks: call it on threads; `AsideFiles` does.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from consult.dicom.records import FileRecord
from consult.disk import storing, whole_file, write_whole
from consult.library.import_report import ImportReport, Progress
from consult.library.object_store import FILE_NAME
from consult.library.one_patient import PATIENT_FIELDS, differing_fields
from consult.library.sources import Source
from consult.model.catalogue import Patient
from consult.model.errors import DicomRefused, Refused

MAX_FILES = 10_000
"""Set aside at once; further ones are refused without being kept."""


class AsideFile(Struct, frozen=True):
    """One file, for the host alone.

    Attributes:
        file: SHA-256 of its content, hex.
        name: as it was brought.
        at: seconds since 1970.
        differing: by keyword of the attribute: what the study has, what the file has.
    """

    file: str
    name: str
    study_uid: str
    modality: str
    series_description: str
    at: float
    differing: dict[str, tuple[str, str]]


def differing(known: Patient, record: FileRecord) -> dict[str, tuple[str, str]]:
    """What a file says of its patient against what its study does; by keyword."""
    fields = differing_fields(known, record.patient)
    return {PATIENT_FIELDS[field]: (getattr(known, field), getattr(record.patient, field)) for field in fields}


def other_patient(fields: Sequence[str], *, kept: bool) -> DicomRefused:
    """What is said of it, without values: they are for the host's list alone."""
    what = "set aside" if kept else f"not kept: {MAX_FILES} files are set aside already"
    verb = "differs" if len(fields) == 1 else "differ"
    rule = f"{what}: {' and '.join(fields)} {verb} from what its study has here"
    return DicomRefused("other_patient", rule)


def _unknown() -> Refused:
    return Refused("unknown_file", "This file is not set aside here (any more).")


class SetAside:
    """All that is set aside in one data directory."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "set-aside"
        self._lock = threading.Lock()

    def path(self, file: str) -> Path:
        """Where it is. Raises Refused("unknown_file")."""
        if not FILE_NAME.fullmatch(file) or not (self._folder / file).is_file():
            raise _unknown()
        return self._folder / file

    def find(self, file: str) -> AsideFile:
        """What is known of it. Raises Refused("unknown_file")."""
        sidecar = self.path(file).with_name(f"{file}.json")
        try:
            return msgspec.json.decode(sidecar.read_bytes(), type=AsideFile)
        except (OSError, msgspec.MsgspecError):
            raise _unknown() from None

    def put(self, source: Path, entry: AsideFile) -> bool:
        """Keep a copy; False where there are too many already. Raises StoreFailed."""
        with self._lock, storing():
            return self._put(source, entry)

    def _put(self, source: Path, entry: AsideFile) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = (self._folder / f"{entry.file}.json").exists()
        if not known and sum(1 for _ in self._folder.glob("*.json")) >= MAX_FILES:
            return False
        with source.open("rb") as content, whole_file(self._folder / entry.file) as copy:
            shutil.copyfileobj(content, copy)
        write_whole(self._folder / f"{entry.file}.json", msgspec.json.encode(entry))
        return True

    def all(self) -> list[AsideFile]:
        """The newest first."""
        found = []
        for path in self._folder.glob("*.json"):
            with contextlib.suppress(OSError, msgspec.MsgspecError):  # it was removed meanwhile, or half written
                found.append(msgspec.json.decode(path.read_bytes(), type=AsideFile))
        return sorted(found, key=lambda entry: (-entry.at, entry.name))

    def remove(self, file: str) -> None:
        """Forget it. Raises Refused("unknown_file")."""
        self.path(file).unlink(missing_ok=True)
        (self._folder / f"{file}.json").unlink(missing_ok=True)


class Take(Protocol):
    """Takes files in, as `Library.import_sources` does."""

    async def __call__(
        self, sources: Sequence[Source], on_progress: Callable[[Progress], None], *, fresh: set[str] | None = None
    ) -> ImportReport:
        """The report. Raises StoreFailed."""


class AsideFiles:
    """What the host does with them."""

    def __init__(self, files: SetAside, take: Take) -> None:
        self._files, self._take = files, take

    async def all(self) -> list[AsideFile]:
        """The newest first."""
        return await asyncio.to_thread(self._files.all)

    async def take(self, file: str) -> ImportReport:
        """Take it in: the host knows whose it is. It is set aside no longer, if it was taken.

        Raises:
            Refused: "unknown_file".
            StoreFailed: it stays set aside.
        """
        entry = await asyncio.to_thread(self._files.find, file)
        source = Source(entry.name, self._files.path(file))
        report = await self._take([source], lambda progress: None, fresh={entry.study_uid})
        if not report.refused:
            await self.remove(file)
        return report

    async def forget_studies(self, studies: Collection[str]) -> None:
        """Forget all that claim one of these studies."""
        for entry in await self.all():
            if entry.study_uid in studies:
                with contextlib.suppress(Refused):  # somebody was quicker
                    await self.remove(entry.file)

    async def remove(self, file: str) -> None:
        """Forget it. Raises Refused("unknown_file")."""
        await asyncio.to_thread(self._files.remove, file)
