"""One upload: what is to come of it, what is here, what became of it, and who writes to it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from msgspec import Struct

from consult.clock import steady
from consult.library.uploading.upload_store import Manifest, Outcome, UploadStore
from consult.model.errors import Refused


class UploadStatus(Struct, frozen=True):
    """An upload, as the page shows it.

    Attributes:
        bytes, received: of all files.
        refused: how many files, by code.
        finished: every file is taken, refused or given up.
        importing: of a zip that is being taken in, files done and known; zeros otherwise.
        problem: why nothing is taken in now; "" mostly.
    """

    id: str
    name: str
    files: int
    settled: int
    bytes: int
    received: int
    taken: int
    duplicates: int
    skipped: int
    refused: dict[str, int]
    studies: list[str]
    finished: bool
    created_at: float
    importing: tuple[int, int] = (0, 0)
    problem: str = ""


class OffsetDiffers(Refused):
    """A piece does not begin where the bytes that are here end.

    Attributes:
        offset: where it must begin.
    """

    def __init__(self, offset: int) -> None:
        super().__init__("offset_differs", f"{offset} bytes of this file are here; go on there.")
        self.offset = offset


@dataclass
class Upload:
    """One upload. `here`: bytes of each file. `touched`: when something last came of it, by `clock.steady`."""

    folder: UploadStore
    manifest: Manifest
    outcome: Outcome
    here: list[int]
    touched: float
    importing: tuple[int, int] = (0, 0)
    problem: str = ""
    gone: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    settling: asyncio.Lock = field(default_factory=asyncio.Lock)
    writers: dict[int, object] = field(default_factory=dict)
    intake: asyncio.Task[None] | None = None
    fresh: set[str] = field(default_factory=set)
    """Studies that it has brought itself."""

    @property
    def finished(self) -> bool:
        """Nothing more is to come, and all of it is settled."""
        return len(self.outcome.settled) == len(self.manifest.files)

    def whole(self) -> list[int]:
        """Files that are here and not settled, up to the first that is still to come.

        So files are taken in as they were named, whichever came first: which of two files with one SOPInstanceUID
        stays never depends on timing.
        """
        found = []
        for number, file in enumerate(self.manifest.files):
            if number in self.outcome.settled:
                continue
            if self.here[number] != file.size or number in self.writers:
                break
            found.append(number)
        return found

    def status(self) -> UploadStatus:
        """See `UploadStatus`."""
        manifest, outcome = self.manifest, self.outcome
        return UploadStatus(
            id=manifest.id,
            name=manifest.name,
            files=len(manifest.files),
            settled=len(outcome.settled),
            bytes=sum(file.size for file in manifest.files),
            received=sum(self.here),
            taken=outcome.taken,
            duplicates=outcome.duplicates,
            skipped=outcome.skipped,
            refused=dict(Counter(refused.code for refused in outcome.refused)),
            studies=outcome.studies,
            finished=self.finished,
            created_at=manifest.created_at,
            importing=self.importing,
            problem=self.problem,
        )


@dataclass(frozen=True)
class Writing:
    """One connection that writes to one file."""

    upload: Upload
    number: int
    mine: object
    size: int

    async def write(self, descriptor: int, content: bytes) -> None:
        """Raises Refused("superseded", "too_large"), StoreFailed."""
        upload = self.upload
        async with upload.lock:
            if upload.writers.get(self.number) is not self.mine:
                raise Refused("superseded", "This file comes over another connection now.")
            offset = upload.here[self.number]
            if offset + len(content) > self.size:
                raise Refused("too_large", f"The file was announced with {self.size} bytes.")
            await asyncio.to_thread(upload.folder.write, descriptor, offset, content)
            upload.here[self.number] = offset + len(content)
            upload.touched = steady()
