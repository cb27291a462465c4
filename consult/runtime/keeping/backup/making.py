"""A backup of a data directory, made while a server runs on it or not.

Rules of this file:
- Databases are of one moment; the files that their index names are all there. Where one is deleted before it is
  copied, all begins anew: what was deleted is in no backup that is made after.
- A file that is not what its name says (SHA-256) is copied as it is, and named in the end: it was damaged before. A
  bucket's is left out, and named.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import msgspec
from msgspec import Struct

from consult import __version__
from consult.model.errors import Refused, StoreFailed
from consult.runtime.keeping.backup.contents import INDEX, databases, objects, other_files
from consult.runtime.keeping.backup.manifest import FORMAT, MANIFEST, VERSION, Manifest, Part
from consult.runtime.keeping.backup.snapshot import copy, held
from consult.runtime.keeping.backup.targets import Target, target_at

TRIES = 5
"""While studies are deleted."""
OnProgress = Callable[[int, int], None]


class Made(Struct, frozen=True):
    """What was written. `damaged`: paths of files that are not what their names say."""

    files: int
    bytes: int
    studies_files: int
    damaged: tuple[str, ...]


class Away(Struct, frozen=True):
    """What is elsewhere.

    Attributes:
        databases: folder of those that were made of what is in Redis.
        fetch: writes a bucket's file, by its SHA-256, to a new file. Raises FileNotFoundError, StoreFailed.
    """

    databases: Path | None = None
    fetch: Callable[[str, Path], None] | None = None


class Gone(Exception):
    """A file was deleted after the index was read."""


def back_up(
    data: Path, path: Path, now: float, on_progress: OnProgress = lambda done, total: None, away: Away | None = None
) -> Made:
    """Write a backup; blocks.

    Args:
        data: the data directory.
        path: a new or empty folder, or a new file whose name ends with .tar.
        now: seconds since 1970.
        on_progress: called with files done and files in all.
        away: what of it is not in the data directory.

    Raises:
        Gone: where databases are given: a file that they name is not there any more; copy them once more.
        Refused: "no_data", "exists", "inside".
        StoreFailed: "disk_full", "store_failed", "busy"; then nothing is left of it.
        sqlite3.Error: a database cannot be read.
    """
    away = away or Away()
    if not ((away.databases or data) / INDEX).is_file():
        raise Refused("no_data", f"There is nothing to back up in {data}: no server has run there yet.")
    if path.absolute().is_relative_to(data.absolute()):
        raise Refused("inside", f"{path} is in the data directory: a backup lies elsewhere, better on another disk.")
    for _ in range(TRIES):
        try:
            with target_at(path) as (target, beside):
                return _write(data, away, (target, beside), now, on_progress)
        except Gone:
            if away.databases is not None:
                raise
    raise StoreFailed("busy", "Studies are being deleted without a pause. Try again when that is over.")


def _write(data: Path, away: Away, to: tuple[Target, Path], now: float, on_progress: OnProgress) -> Made:
    target, beside = to
    place = away.databases or data
    names = databases(place)
    with held([place / name for name in names]) as connections:
        for name, connection in zip(names, connections, strict=True):
            copy(connection, beside / name)
        wanted = list(objects(connections[names.index(INDEX)]))
    others, parts, damaged = list(other_files(data)), list[Part](), list[str]()
    total = len(names) + len(wanted) + len(others)
    for name in names:
        parts.append(target.put(name, beside / name))
    for file in wanted:
        part = _put_object(target, data, file) if away.fetch is None else _put_fetched(target, away.fetch, file, beside)
        if part is not None:
            parts.append(part)
        if part is None or part.sha256 != PurePosixPath(file).name:
            damaged.append(file)
        on_progress(len(parts), total)
    for file in others:
        try:
            parts.append(target.put(file, data / file))
        except FileNotFoundError:  # set aside no longer, say; nothing names it
            total -= 1
    on_progress(len(parts), total)
    manifest = Manifest(FORMAT, VERSION, now, __version__, tuple(parts))
    target.put_bytes(MANIFEST, msgspec.json.encode(manifest))
    return Made(len(parts), sum(part.size for part in parts), len(wanted), tuple(damaged))


def _put_fetched(target: Target, fetch: Callable[[str, Path], None], file: str, beside: Path) -> Part | None:
    """A file of a bucket; None: it is damaged there."""
    fetched = beside / "fetched"
    try:
        fetch(PurePosixPath(file).name, fetched)
        return target.put(file, fetched)
    except FileNotFoundError:
        raise Gone from None
    except StoreFailed as failed:
        if failed.code != "damaged":
            raise
        return None
    finally:
        fetched.unlink(missing_ok=True)


def _put_object(target: Target, data: Path, file: str) -> Part:
    try:
        return target.put(file, data / file)
    except FileNotFoundError:
        if _is_named(data, PurePosixPath(file).name):
            raise Refused("file_missing", f"{file} is missing in {data}, and its index names it.") from None
        raise Gone from None


def _is_named(data: Path, file: str) -> bool:
    """The index names it, as it is now."""
    database = sqlite3.connect(data / INDEX)
    try:
        return database.execute("SELECT 1 FROM files WHERE file = ?", (file,)).fetchone() is not None
    finally:
        database.close()
