"""Uploads: files come in pieces, over connections that break; whole ones are taken in while others still come.

Rules of this file:
- An upload names all its files first. Each then comes in pieces at an offset, several files at once; after a cut the
  offset is where to go on, also after a restart of the server.
- Whoever writes last to a file writes on; a connection that was given up and still lives stops.
- A piece is acknowledged once it is on the disk, and so is what became of a file. The disk's work runs on threads.
- Each upload has a task of its own that takes whole files in, batch by batch: one that hangs or fails holds no other.
  It ends with its upload. What nobody touches for a day is gone.
- A batch that meets a fault of ours is taken file by file; a file that meets it again is refused: nothing waits for it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

from consult.clock import now, steady
from consult.library.import_report import ImportReport, Progress, RefusedFile
from consult.library.importer import FAULT
from consult.library.library import Library
from consult.library.sources import Source, printable
from consult.library.uploading.upload import OffsetDiffers, Upload, UploadStatus, Writing
from consult.library.uploading.upload_store import Manifest, Outcome, UploadFile, UploadStore, find_folders
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


def brought(outcome: Outcome, studies: Collection[str]) -> bool:
    """Whether something of these studies came with it."""
    return not set(outcome.studies).isdisjoint(studies)


class Uploads:
    """All uploads of one data directory. `open` first, `close` last."""

    def __init__(self, data: Path, library: Library) -> None:
        self._folder, self._library = data / "uploads", library
        self._uploads: dict[str, Upload] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Find what was running when the server went, and take it in."""
        self._uploads.clear()  # of several nodes another may have had them meanwhile
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
        tasks = [self._task, *(upload.intake for upload in self._uploads.values())]
        running = [task for task in tasks if task is not None]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

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
                await self._receive(Writing(upload, number, mine, size), pieces)
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
        """Forget an upload; what was taken in stays, the rest ends now. Raises Refused("unknown_upload")."""
        upload = self.find(identifier)
        del self._uploads[identifier]
        upload.gone = True
        upload.writers.clear()
        if upload.intake is not None:
            upload.intake.cancel()
            await asyncio.gather(upload.intake, return_exceptions=True)
        async with upload.lock:
            await asyncio.to_thread(upload.folder.remove)

    async def forget_studies(self, studies: Collection[str]) -> None:
        """Forget the uploads that brought one of these: names of files, and what was refused of them, say whose it was.
        Those too that no server has open just now."""
        for identifier, upload in list(self._uploads.items()):
            if upload.finished and brought(upload.outcome, studies):
                await self.remove(identifier)
        for folder in await asyncio.to_thread(find_folders, self._folder):
            found = None if folder.path.name in self._uploads else await asyncio.to_thread(folder.read)
            if found is not None and brought(found[1], studies):
                await asyncio.to_thread(folder.remove)

    def _file(self, upload: Upload, number: int) -> UploadFile:
        if not 0 <= number < len(upload.manifest.files):
            raise Refused("unknown_file", "This upload has no such file.")
        return upload.manifest.files[number]

    async def _receive(self, writing: Writing, pieces: AsyncIterator[bytes]) -> None:
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

    # The tasks that take in

    async def _run(self) -> None:
        while True:
            try:
                await self._sweep()
            except Exception:  # a fault of ours: without this no file would be taken in any more, and nobody would know
                logger.exception("uploads: a fault of ours")
            for upload in self._uploads.values():
                if upload.intake is None and upload.whole():
                    self._start(upload)
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    def _start(self, upload: Upload) -> None:
        def ended(_task: asyncio.Task[None]) -> None:
            upload.intake = None
            self._wake.set()

        upload.intake = asyncio.create_task(self._take_in(upload), name=f"upload {upload.manifest.id}")
        upload.intake.add_done_callback(ended)

    async def _sweep(self) -> None:
        """Remove what nobody has touched for long."""
        for identifier, upload in list(self._uploads.items()):
            if upload.touched < steady() - EXPIRES_S and not upload.writers:
                await self.remove(identifier)

    async def _take_in(self, upload: Upload) -> None:
        """Take in its whole files, batch by batch, until there are no more."""
        at_once = BATCH
        while (numbers := upload.whole()[:at_once]) and not upload.gone:
            try:
                await self._take_batch(upload, numbers)
            except ConsultError as error:
                logger.error("upload %s: not taken in: %s", upload.manifest.id, error.code)
                upload.problem = error.sentence
                await self._wait()
            except Exception:  # the importer has caught what one file can do; this is for what it has not
                logger.exception("upload %s: a fault of ours", upload.manifest.id)
                if len(numbers) == 1:
                    await self._give_up_faulty(upload, numbers[0])
                at_once = 1

    async def _wait(self) -> None:
        """After the disk has taken no more."""
        await asyncio.sleep(RETRY_S)

    async def _give_up_faulty(self, upload: Upload, number: int) -> None:
        refused = RefusedFile(upload.manifest.files[number].name, "fault", FAULT)
        try:
            await self._settle(upload, {number}, ImportReport([], [refused], []))
        except ConsultError as error:
            upload.problem = error.sentence
            await self._wait()

    async def _take_batch(self, upload: Upload, numbers: list[int]) -> None:
        files, folder = upload.manifest.files, upload.folder
        sources = [Source(files[n].name, folder.file(n), ours=True) for n in numbers]

        def on_progress(progress: Progress) -> None:
            upload.importing = (progress.done, progress.total) if progress.total > len(numbers) else (0, 0)

        try:
            report = await self._library.import_sources(sources, on_progress, fresh=upload.fresh)
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
