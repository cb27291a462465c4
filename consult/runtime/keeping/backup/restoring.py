"""A data directory made of a backup: all of it, or none.

Rules of this file:
- Nothing is written over: the directory is not there, or is empty.
- Each part is exactly what the manifest says, and each database is whole, before the first has its place.
- The parts have their places only in the end; the databases come last. A restore that was cut off leaves a directory
  that is not empty, and says so when it is tried again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from consult.disk import storing, whole_file
from consult.model.errors import Malformed, Refused
from consult.runtime.keeping.backup.contents import DATABASE, INDEX
from consult.runtime.keeping.backup.manifest import Manifest, Part, read_manifest
from consult.runtime.keeping.backup.snapshot import check
from consult.runtime.keeping.backup.targets import Hashing, Source, manifest_bytes, source_at

PARTIAL = ".restoring"
OnProgress = Callable[[int, int], None]


class Restored(Struct, frozen=True):
    """What is there now; when it was so, seconds since 1970; by which release it was written down."""

    files: int
    bytes: int
    made_at: float
    release: str


def restore(
    path: Path,
    data: Path,
    on_progress: OnProgress = lambda done, total: None,
    elsewhere: Callable[[Path], None] = lambda folder: None,
) -> Restored:
    """Make a data directory of a backup; blocks.

    Args:
        path: a folder or a file of `back_up`.
        data: a directory that is not there, or is empty.
        on_progress: called with files done and files in all.
        elsewhere: given all of it, checked, in a folder: what is to be in Redis or in a bucket it puts there, and takes
            out of the folder.

    Raises:
        Refused: "not_empty", "no_backup", "newer_backup".
        Malformed: "not_a_backup", "part_missing", "damaged": names the part. Nothing of it is left.
        StoreFailed: "disk_full", "store_failed".
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise Refused("not_empty", f"{data} is not empty: name a directory that is, or that is not there, with --data.")
    with source_at(path) as source:
        manifest = read_manifest(manifest_bytes(source))
        if INDEX not in {part.path for part in manifest.parts}:
            raise Malformed("damaged", f"The backup has no {INDEX}.")
        partial = data / PARTIAL
        with storing():
            data.mkdir(parents=True, exist_ok=True, mode=0o700)
            partial.mkdir(mode=0o700)
        try:
            _unpack(source, manifest, partial, on_progress)
            elsewhere(partial)
            with storing():
                _place(partial, data)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    return Restored(len(manifest.parts), sum(part.size for part in manifest.parts), manifest.made_at, manifest.release)


def _unpack(source: Source, manifest: Manifest, folder: Path, on_progress: OnProgress) -> None:
    for number, part in enumerate(manifest.parts, start=1):
        _unpack_part(source, part, folder)
        on_progress(number, len(manifest.parts))
    for part in manifest.parts:
        if "/" not in part.path and part.path.endswith(DATABASE) and (wrong := check(folder / part.path)):
            raise Malformed("damaged", f"{part.path} is damaged: {wrong}.")


def _unpack_part(source: Source, part: Part, folder: Path) -> None:
    target = folder / part.path
    with storing():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open(part.path) as opened:
        hashing = Hashing(opened)
        with whole_file(target) as file:
            hashing.copy_to(file, part.size)
    if hashing.part(part.path) != part:
        raise Malformed("damaged", f"{part.path} is not what it was when the backup was made: it is damaged.")


def _place(partial: Path, data: Path) -> None:
    """Give all parts their places, databases last: without them no server takes the directory for one of its own."""
    for path in sorted(partial.iterdir(), key=lambda path: (path.suffix == DATABASE, path.name)):
        os.replace(path, data / path.name)
    handle = os.open(data, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
