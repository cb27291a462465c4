"""What a server can do with whole consults: one object for the host API, the command line and retention."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from pathlib import Path

from consult.clock import now
from consult.library.library import Library
from consult.library.uploading.uploads import Uploads
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.runtime.boards.photos import Photos
from consult.runtime.keeping.exporting import Exported, export
from consult.runtime.keeping.folder import ImportedImages
from consult.runtime.keeping.importing import Imported, import_file
from consult.runtime.keeping.removal import By, Deletion, Removal, Volumes, open_criticals
from consult.runtime.registry import Registry
from consult.store.audit import AuditLog
from consult.store.log import Log
from consult.streaming.key_views import KeyViews


class Keeping:
    """Exports, imports and deletes consults.

    Args:
        data: the data directory.
        uploads: they know names of files.
        views: draws what people kept.
    """

    def __init__(
        self, data: Path, *, log: Log, registry: Registry, library: Library, volumes: Volumes, uploads: Uploads,
        views: KeyViews, trail: AuditLog,
    ) -> None:  # fmt: skip
        self._log, self._registry, self._library, self._views = log, registry, library, views
        self._uploads = uploads
        self._imported = ImportedImages(data)
        self.photos = Photos(data)
        """Pictures of pathology of boards."""
        beside = (self._imported, self.photos)
        self._removal = Removal(log, registry, library, volumes, beside, trail, self._forget)

    async def export(self, consult: ConsultId, path: Path, *, user: str = "") -> Exported:
        """Write the file of a consult; it is in the audit trail, with the host's user. Raises as `exporting.export`."""
        written = await export(self._log, self._views, self._imported, consult, path)
        trail = self._registry.audit
        trail.note("export", consult=consult, role="host", what=f"sha256 {written.sha256}", user=user)
        await trail.written()
        return written

    async def import_file(self, path: Path) -> Imported:
        """Store the consult of a file, for reading; it is in the audit trail. Raises as `importing.import_file`."""
        stored = await import_file(self._log, self._library, self._imported, path, now())
        self._registry.audit.note("import", consult=stored.consult, role="host", what=f"sha256 {stored.sha256}")
        await self._registry.audit.written()
        return stored

    async def delete(
        self, consult: ConsultId, by: By = "host", *, keep_studies: bool = False, force: bool = False
    ) -> Deletion:
        """Delete a consult for good, with the studies that no other one has, unless these are kept.

        Args:
            force: although a critical result of it is open.

        Raises:
            Refused: "unknown_consult", "critical_open".
            Conflict, StoreFailed: as `Removal.delete`.
        """
        state, _ = await self._registry.read(consult)
        if open_criticals(state) and not force:
            raise Refused(
                "critical_open",
                "A critical result of this consult is open: nobody has closed it. Its clock would end with it. Close "
                "it first; or delete the consult all the same.",
            )
        return await self._removal.delete(consult, by, now(), keep_studies=keep_studies)

    async def finish_deletions(self) -> list[Deletion]:
        """Go on with what a process that died has begun. Raises StoreFailed."""
        return await self._removal.finish()

    async def own_studies(self, consult: ConsultId) -> int:
        """How many studies go with a consult where they are not kept. Raises Refused, StoreFailed."""
        return len(await self._removal.own_studies(consult))

    async def clear(self) -> None:
        """Remove what imports have left that did not end, and pictures of no consult. Raises StoreFailed."""
        await self._log.clear_restores()
        consults = await self._log.consults()
        await asyncio.to_thread(self._imported.keep_only, consults)
        await asyncio.to_thread(self.photos.keep_only, consults)

    async def _forget(self, studies: Collection[str]) -> None:
        await self._uploads.forget_studies(studies)
        await self._library.aside.forget_studies(studies)
