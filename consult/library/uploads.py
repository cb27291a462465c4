"""Uploads: files come in pieces, over connections that break; whole ones are taken in while others still come.

Rules of this file:
- An upload names all its files first. Each then comes in pieces at an offset, several files at once; after a cut the
  offset is where to go on, also after a restart of the server.
- Whoever writes last to a file writes on; a connection that was given up and still lives stops.
- A piece is acknowledged once it is on the disk, and so is what became of a file. The disk's work runs on threads.
- One task takes whole files in, batch by batch. What nobody touches for a day is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from consult.clock import now, steady
from consult.library.importer import ImportReport, Progress, RefusedFile
from consult.library.library import Library
from consult.library.sources import Source, printable
from consult.library.upload_store import Manifest, Outcome, UploadFile, UploadStore, find_folders
from consult.model.errors import ConsultError, Refused, StoreFailed

logger = logging.getLogger(__name__)
MAX_FILES = 50_000
MAX_BYTES = 64 << 30
"""Of one upload."""
MAX_UPLOADS = 64
SPARE_BYTES = 512 << 20
"""Of the disk that uploads leave free."""
EXPIRES_S = 24 * 3600.0
"""How long an upload that nobody touches stays, whole or not."""
SWEEP_S = 3600.0
RETRY_S = 10.0
"""After the disk has taken no more."""
CHUNK = 1 << 20
BATCH = 64


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


class Uploads:
    """All uploads of one data directory. `open` first, `close` last."""

    def __init__(self, data: Path, library: Library) -> None:
        self._folder, self._library = data / "uploads", library
        self._uploads: dict[str, Upload] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Find what was running when the server went, and take it in."""
        for folder in await asyncio.to_thread(find_folders, self._folder):
            found = await asyncio.to_thread(folder.read)
            if found is None:
                await asyncio.to_thread(folder.remove)
            else:
                manifest, outcome, here, touched = found
                idle_s = max(0.0, now() - touched)  # by the files' own times: there is no other
                self._uploads[manifest.id] = Upload(folder, manifest, outcome, here, steady() - idle_s)
        self._task = asyncio.create_task(self._run(), name="uploads")

    async def close(self) -> None:
        """Stop; what is here stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def all(self) -> list[UploadStatus]:
        """All uploads, the newest first."""
        statuses = [upload.status() for upload in self._uploads.values()]
        return sorted(statuses, key=lambda upload: upload.created_at, reverse=True)

    def find(self, identifier: str) -> Upload:
        """Raises Refused("unknown_upload")."""
        if (upload := self._uploads.get(identifier)) is None:
            raise Refused("unknown_upload", "This upload is not known here (any more). Begin anew.")
        return upload

    async def create(self, name: str, files: Sequence[UploadFile]) -> Upload:
        """A new upload of these files.

        Raises:
            Refused: "too_many", "too_large", "too_many_uploads".
            StoreFailed: "disk_full", "store_failed".
        """
        if not 1 <= len(files) <= MAX_FILES:
            raise Refused("too_many", f"An upload has 1 to {MAX_FILES} files, not {len(files)}.")
        total = sum(file.size for file in files)
        if total > MAX_BYTES:
            raise Refused("too_large", f"An upload has {MAX_BYTES >> 30} GiB at most.")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unsettled = sum(status.bytes - status.received for status in self.all() if not status.finished)
        if total + unsettled + SPARE_BYTES > shutil.disk_usage(self._folder).free:
            raise StoreFailed("disk_full", "The server's disk has no room for these files.")
        await self._forget_finished()
        identifier = secrets.token_urlsafe(12)
        named = tuple(UploadFile(printable(file.name), file.size) for file in files)
        manifest = Manifest(identifier, printable(name), named, now())
        folder = UploadStore(self._folder / identifier)
        await asyncio.to_thread(folder.create, manifest)
        upload = Upload(folder, manifest, Outcome(), [0] * len(files), steady())
        self._uploads[identifier] = upload
        await self._touch_empty(upload)
        return upload

    async def append(self, identifier: str, number: int, offset: int, pieces: AsyncIterator[bytes]) -> int:
        """More of a file; how many bytes of it are here then, all on the disk.

        What came before `pieces` ended in an error stays.

        Raises:
            OffsetDiffers: `offset` is not where the bytes that are here end.
            Refused: "unknown_upload", "unknown_file", "too_large", "superseded".
            StoreFailed: "disk_full", "store_failed".
        """
        upload, mine = self.find(identifier), object()
        size = self._file(upload, number).size
        upload.writers[number] = mine
        try:
            async with upload.lock:
                if offset != upload.here[number]:
                    raise OffsetDiffers(upload.here[number])
            if number not in upload.outcome.settled:
                await self._receive(_Writing(upload, number, mine, size), pieces)
            return upload.here[number]
        finally:
            if upload.writers.get(number) is mine:
                del upload.writers[number]
            self._wake.set()

    async def give_up(self, identifier: str, number: int, rule: str) -> None:
        """A file will not come: it cannot be read where it is. Raises Refused, StoreFailed."""
        upload = self.find(identifier)
        file = self._file(upload, number)
        if number not in upload.outcome.settled:
            refused = RefusedFile(file.name, "not_sent", printable(rule) or "the file cannot be read any more")
            await self._settle(upload, {number}, ImportReport([], [refused], []))
        self._wake.set()

    async def remove(self, identifier: str) -> None:
        """Forget an upload; what was taken in stays. Raises Refused("unknown_upload")."""
        upload = self.find(identifier)
        del self._uploads[identifier]
        upload.gone = True
        upload.writers.clear()
        async with upload.lock:
            await asyncio.to_thread(upload.folder.remove)

    def _file(self, upload: Upload, number: int) -> UploadFile:
        if not 0 <= number < len(upload.manifest.files):
            raise Refused("unknown_file", "This upload has no such file.")
        return upload.manifest.files[number]

    async def _receive(self, writing: _Writing, pieces: AsyncIterator[bytes]) -> None:
        descriptor = await asyncio.to_thread(writing.upload.folder.open, writing.number)
        buffer = bytearray()
        try:
            try:
                async for piece in pieces:
                    buffer += piece
                    if len(buffer) >= CHUNK:
                        content, buffer = bytes(buffer), bytearray()
                        await writing.write(descriptor, content)
            finally:
                if buffer:
                    await writing.write(descriptor, bytes(buffer))
                await asyncio.to_thread(writing.upload.folder.sync, descriptor)
        finally:
            os.close(descriptor)

    async def _touch_empty(self, upload: Upload) -> None:
        """Files without a byte are whole already."""
        for number, file in enumerate(upload.manifest.files):
            if file.size == 0:
                os.close(await asyncio.to_thread(upload.folder.open, number))
        self._wake.set()

    async def _forget_finished(self) -> None:
        """Raises Refused("too_many_uploads")."""
        if len(self._uploads) < MAX_UPLOADS:
            return
        finished = [upload for upload in self._uploads.values() if upload.finished]
        if not finished:
            raise Refused("too_many_uploads", "Too many uploads are running. Remove one first.")
        await self.remove(min(finished, key=lambda upload: upload.touched).manifest.id)

    # The task that takes in

    async def _run(self) -> None:
        while True:
            try:
                await self._sweep()
                delay = SWEEP_S if await self._take_in() else RETRY_S
            except Exception:  # a fault of ours: without this no file would be taken in any more, and nobody would know
                logger.exception("uploads: a fault of ours")
                delay = RETRY_S
            try:
                async with asyncio.timeout(delay):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def _sweep(self) -> None:
        """Remove what nobody has touched for long."""
        for identifier, upload in list(self._uploads.items()):
            if upload.touched < steady() - EXPIRES_S and not upload.writers:
                await self.remove(identifier)

    async def _take_in(self) -> bool:
        """Take in all whole files, batch by batch; whether the store took them."""
        went_well = True
        for upload in list(self._uploads.values()):
            while (numbers := upload.whole()[:BATCH]) and not upload.gone:
                try:
                    await self._take_batch(upload, numbers)
                except ConsultError as error:
                    logger.error("upload %s: not taken in: %s", upload.manifest.id, error.code)
                    upload.problem, went_well = error.sentence, False
                    break
        return went_well

    async def _take_batch(self, upload: Upload, numbers: list[int]) -> None:
        files, folder = upload.manifest.files, upload.folder
        sources = [Source(files[n].name, folder.file(n), ours=True) for n in numbers]

        def on_progress(progress: Progress) -> None:
            upload.importing = (progress.done, progress.total) if progress.total > len(numbers) else (0, 0)

        try:
            report = await self._library.import_sources(sources, on_progress)
        finally:
            upload.importing = (0, 0)
        if not upload.gone:
            await self._settle(upload, set(numbers), report)

    async def _settle(self, upload: Upload, numbers: set[int], report: ImportReport) -> None:
        """Stored first, then known."""
        async with upload.settling:
            outcome = upload.outcome.copy()
            outcome.add(numbers, report)
            await asyncio.to_thread(upload.folder.put_outcome, outcome)
            await asyncio.to_thread(upload.folder.drop, numbers)
            for number in numbers:
                upload.here[number] = upload.manifest.files[number].size
            upload.outcome, upload.problem, upload.touched = outcome, "", steady()


@dataclass(frozen=True)
class _Writing:
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
