"""The deletion of a consult, with the studies that no other consult has, and the proof of it.

The steps, each of which may be done again:

    begun      from here on there is no such consult (`Log.begin_deletion`), whatever happens to this process
    studies    of its cases, those that no other consult has, with all that was derived of them
    entries    of its log, with what is left of them in the files of log and index
    proof      rows of the audit trail: hashes of the log and of the objects that are gone, and by whom
    ended      nothing is left to be done

Rules of this file:
- What is known of a deletion under way holds no patient data: keys and hashes.
- The proof is written once: whoever goes on looks whether it is there.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from consult.dicom.records import FileRecord
from consult.dicom.stacks import series_key
from consult.model.errors import Conflict, Refused
from consult.model.identifiers import ConsultId, StudyKey
from consult.runtime.registry import Registry
from consult.sessions.features.cases.feature import uses
from consult.sessions.state import State
from consult.store.audit import AuditLog, AuditRecord
from consult.store.log import PAGE, Log

logger = logging.getLogger(__name__)
By = Literal["host", "retention"]
TRIES = 5
"""While people go on in the consult."""


class Deletion(Struct, frozen=True):
    """A deletion that has begun.

    Attributes:
        by: who wanted it.
        entries, log: how many entries the log has, and the SHA-256 of it, as of `log.jsonl` in an export.
        studies: keys of those that go with it.
        objects, series: names of their files, which are hashes, and keys of their series.
        audited: so many rows the audit trail had.
    """

    consult: ConsultId
    by: By
    at: float
    entries: int
    log: str
    studies: tuple[StudyKey, ...]
    objects: tuple[str, ...]
    series: tuple[str, ...]
    audited: int


class Beside(Protocol):
    """A folder of what consults have besides their logs."""

    def remove(self, consult: ConsultId) -> None:
        """Forget what is a consult's."""


class Library(Protocol):
    """The library, as a deletion needs it."""

    async def uid_of(self, key: StudyKey) -> str:
        """Raises Refused."""

    async def files(self, study_uid: str) -> list[FileRecord]:
        """What was read of a study's files."""

    async def delete(self, study_uid: str, gone: Sequence[FileRecord]) -> tuple[str, ...]:
        """Forget them; keys of the series that had them."""

    async def delete_rest(self, files: Collection[str], series: Collection[str]) -> list[str]:
        """Remove what no row names of these files and of what was derived of these series; the files that are gone."""

    async def scrub(self) -> None:
        """Nothing of what was deleted is left in the index."""


class Volumes(Protocol):
    """The volume cache, as a deletion needs it."""

    def discard(self, series: str) -> None:
        """Unlink the volumes of all stacks of a series."""


class Removal:
    """Deletes consults.

    Args:
        beside: folders of what consults have besides their logs.
        forget: what else knows of studies (uploads, what is set aside) forgets those of these UIDs.
        trail: the chain itself: the proof is stored before a deletion is ended.
    """

    def __init__(  # noqa: PLR0917  # each once
        self, log: Log, registry: Registry, library: Library, volumes: Volumes, beside: Sequence[Beside],
        trail: AuditLog, forget: Callable[[Collection[str]], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._log, self._registry, self._library, self._volumes = log, registry, library, volumes
        self._beside, self._trail, self._forget = beside, trail, forget
        self._one = asyncio.Lock()

    async def delete(self, consult: ConsultId, by: By, now: float, *, keep_studies: bool = False) -> Deletion:
        """Delete a consult for good; whoever is in it is told.

        Raises:
            Refused: "unknown_consult".
            Conflict: people go on in it, faster than it can be read; nothing is deleted.
            StoreFailed: the disk does not take it. Where it has begun, the next start goes on.
        """
        async with self._one:
            begun = await self._begin(consult, by, now, keep_studies=keep_studies)
            await self._go_on(begun)
            return begun

    async def finish(self) -> list[Deletion]:
        """Go on with what has begun and is not ended: by a process that died, or that could not. Raises StoreFailed."""
        async with self._one:
            begun = [msgspec.json.decode(about, type=Deletion) for _, about in await self._log.deletions()]
            for deletion in begun:
                await self._go_on(deletion)
            return begun

    async def own_studies(self, consult: ConsultId) -> list[StudyKey]:
        """The studies of a consult that are here and that no other consult has. Raises Refused, StoreFailed."""
        state, _ = await self._registry.read(consult)
        keys = [study.key for case in state.cases for study in case.studies if not study.deleted]
        return [key for key in dict.fromkeys(keys) if not await self._used(key, but=consult)]

    async def _begin(self, consult: ConsultId, by: By, now: float, *, keep_studies: bool) -> Deletion:
        """Begin it, upon the log as it is: what happens in it meanwhile is not what was hashed."""
        for tries in range(TRIES):
            plan = await self._plan(consult, by, now, keep_studies=keep_studies)
            try:
                await self._log.begin_deletion(consult, plan.entries, msgspec.json.encode(plan))
            except Conflict:
                if tries == TRIES - 1:
                    raise
            else:
                return plan
        raise AssertionError("it begins or raises")

    async def _plan(self, consult: ConsultId, by: By, now: float, *, keep_studies: bool) -> Deletion:
        studies = [] if keep_studies else await self.own_studies(consult)
        records = [record for key in studies for record in await self._files(key)]
        objects = sorted({record.file for record in records})
        series = sorted({series_key(record.study_uid, record.series_uid) for record in records})
        entries, log = await self._log_hash(consult)
        if not entries:
            raise Refused("unknown_consult", "There is no such consult here.")
        audited = (await self._trail.head()).count
        gone = tuple(studies), tuple(objects), tuple(series)
        return Deletion(consult, by, now, entries, log, *gone, audited)

    async def _go_on(self, deletion: Deletion) -> None:
        await self._registry.retire(deletion.consult)
        await self._delete_studies(deletion)
        gone = await self._library.delete_rest(deletion.objects, deletion.series)
        for series in deletion.series if gone else ():
            self._volumes.discard(series)
        for folder in self._beside:
            await asyncio.to_thread(folder.remove, deletion.consult)
        await self._library.scrub()
        await self._log.delete_entries(deletion.consult)
        await self._prove(deletion, gone)
        await self._log.end_deletion(deletion.consult)

    async def _delete_studies(self, deletion: Deletion) -> None:
        for key in deletion.studies:
            if await self._used(key, but=deletion.consult):
                continue  # another consult was opened on it meanwhile
            try:
                uid = await self._library.uid_of(key)
            except Refused:
                continue  # it is gone already
            await self._forget([uid])
            await self._library.delete(uid, await self._library.files(uid))

    async def _used(self, key: StudyKey, *, but: ConsultId) -> bool:
        for consult in await self._registry.consults():
            if consult != but and uses((await self._registry.read(consult))[0], key):
                return True
        return False

    async def _files(self, key: StudyKey) -> list[FileRecord]:
        try:
            return await self._library.files(await self._library.uid_of(key))
        except Refused:
            return []

    async def _log_hash(self, consult: ConsultId) -> tuple[int, str]:
        digest, after = hashlib.sha256(), 0
        while page := await self._log.lines(consult, after, PAGE):
            digest.update(b"".join(line + b"\n" for line in page))
            after += len(page)
        return after, digest.hexdigest()

    async def _prove(self, deletion: Deletion, gone: Collection[str]) -> None:
        proof = proof_of(deletion, gone)
        there = {row.record for row in await self._trail.rows(after=deletion.audited, limit=1_000_000)}
        if missing := [record for record in proof if record not in there]:
            await self._trail.append(missing)


def proof_of(deletion: Deletion, gone: Collection[str]) -> list[AuditRecord]:
    """What the audit trail says of it for ever; `gone`: the files that are."""

    def row(what: str) -> AuditRecord:
        return AuditRecord(deletion.at, "delete", deletion.consult, "", deletion.by, what)

    rows = [row(f"log of {deletion.entries} entries, sha256 {deletion.log}")]
    if gone:
        rows.append(row(f"{len(gone)} objects, sha256 of their hashes {_hash(sorted(gone))}"))
    return [*rows, *(row(f"study {key}") for key in deletion.studies)]


def open_criticals(state: State) -> int:
    """How many critical results nobody has closed."""
    return sum(critical.closed is None for critical in state.criticals.values())


def _hash(names: Iterable[str]) -> str:
    """Over sorted hashes, a line each: whoever has the files can say whether it was these."""
    return hashlib.sha256("".join(f"{name}\n" for name in names).encode()).hexdigest()
