"""A consult to one file: its log, its notes, what people kept as pictures. Written beside, synced, then renamed."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from consult.disk import disk_failed
from consult.model.errors import Refused, StoreFailed
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.archive import MAX_IMAGES, NOTES, ArchiveWriter
from consult.runtime.keeping.folder import ImportedImages
from consult.runtime.keeping.key_images import drawn, kept_of
from consult.sessions.features.note.events import Note
from consult.sessions.features.note.signing import is_whole, versions_of
from consult.sessions.fold import fold_all
from consult.sessions.state import State
from consult.sessions.upcast import read_entry
from consult.store.log import PAGE, Log
from consult.streaming.key_views import KeyViews


class Exported(Struct, frozen=True):
    """What was written.

    Attributes:
        sha256: of the manifest, which stands for the file.
        missing: how many pictures could not be drawn; the file says which, and why.
    """

    consult: ConsultId
    entries: int
    images: int
    missing: int
    bytes: int
    sha256: str


async def export(log: Log, views: KeyViews, imported: ImportedImages, consult: ConsultId, path: Path) -> Exported:
    """Write the file of a consult, as a whole or not at all; one of that name is replaced.

    Raises:
        Refused: "unknown_consult", "too_large", "cannot_write".
        StoreFailed: the log cannot be read, or the disk is full.
    """
    lines = [line async for line in _all_lines(log, consult)]
    if not lines:
        raise Refused("unknown_consult", "There is no such consult here.")
    state = await asyncio.to_thread(lambda: fold_all(map(read_entry, lines)))
    partial = path.with_name(f".{path.name}.partial")
    try:
        with _writer(partial, consult) as writer:
            await asyncio.to_thread(writer.put_log, lines)
            await asyncio.to_thread(writer.put, NOTES, notes_json(state))
            images, missing = await _put_images(writer, views, imported, state)
            digest = await asyncio.to_thread(writer.finish)
        size = await asyncio.to_thread(_settle, partial, path)
    except OSError as error:
        failed = disk_failed(error)
        if failed.code == "disk_full":
            raise StoreFailed("disk_full", f"{path} cannot be written: the disk is full.") from error
        raise Refused("cannot_write", f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return Exported(consult, len(lines), images, missing, size, digest)


def notes_json(state: State) -> bytes:
    """The notes of all cases, as they are written and as they were signed, for other programs."""
    notes = [_note(state, case.id) for case in state.cases]
    return msgspec.json.format(msgspec.json.encode({"consult": state.consult, "notes": notes}, order="deterministic"))


def _note(state: State, case: str) -> dict[str, Any]:
    versions = versions_of(state, case)
    return {
        "case": case,
        "draft": state.notes.get(case, Note(case)),
        "versions": versions,
        "whole": is_whole(versions),
        "seen": [seen for seen in state.seen.values() if any(seen.version == version.id for version in versions)],
    }


async def _all_lines(log: Log, consult: ConsultId) -> AsyncIterator[bytes]:
    after = 0
    while page := await log.lines(consult, after, PAGE):
        for line in page:
            yield line
        after += len(page)


@contextlib.contextmanager
def _writer(partial: Path, consult: ConsultId) -> Iterator[ArchiveWriter]:
    """Of a new file; what a process left that died is replaced. Raises OSError."""
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    writer = ArchiveWriter(partial, consult)
    try:
        yield writer
    finally:
        writer.close()


async def _put_images(
    writer: ArchiveWriter, views: KeyViews, imported: ImportedImages, state: State
) -> tuple[int, int]:
    """Draw and write them; how many there are, and how many could not be drawn."""
    images = missing = 0
    for kept in kept_of(state):
        picture = await drawn(views, state.find_case(kept.case), kept.viewport)
        if isinstance(picture, str):
            picture = await asyncio.to_thread(imported.find, state.consult_id, kept.of) or picture
        if isinstance(picture, str) or images >= MAX_IMAGES:
            writer.miss(kept.of, picture if isinstance(picture, str) else "There are too many.")
            missing += 1
        else:
            images += 1
            await asyncio.to_thread(writer.put, f"images/{images:04}.png", picture, kept.of)
    return images, missing


def _settle(partial: Path, path: Path) -> int:
    """Sync it and give it its name; its size. Raises OSError."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    size = partial.stat().st_size
    os.replace(partial, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return size


def file_name(consult: ConsultId) -> str:
    """What a file is called unless somebody says otherwise: nobody's name is in it."""
    return f"consult-{consult}.zip"
