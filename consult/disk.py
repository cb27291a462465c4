"""Small files written as a whole or not at all, and what an error of the disk means. Everything blocks.

Rules of this file:
- A file is written beside its place, readable by its owner alone, and renamed: who reads it finds the former one or the
  new one, never half of one. What was half written is gone when writing fails.
- A full disk is StoreFailed("disk_full").
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from consult.model.errors import Refused, StoreFailed

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_failed(error: OSError) -> StoreFailed:
    """What an error of writing means."""
    if error.errno in FULL:
        return StoreFailed("disk_full", "The disk is full: nothing more is taken in. What was taken before is kept.")
    return StoreFailed("store_failed", f"The data directory cannot be written: {error.strerror}.")


def free_bytes(path: Path) -> int:
    """Bytes that are free on the disk of a path, for who is not root. Raises StoreFailed."""
    with storing():
        return shutil.disk_usage(path).free


@contextlib.contextmanager
def storing() -> Iterator[None]:
    """Raise StoreFailed where something in the block cannot be written."""
    try:
        yield
    except OSError as error:
        raise disk_failed(error) from error


@contextlib.contextmanager
def whole_file(path: Path, *, lasting: bool = True) -> Iterator[IO[bytes]]:
    """A file to write into; it has its name once the block has ended well.

    Args:
        path: its folder is there.
        lasting: it is on the disk when the block has ended. What can be made anew need not wait for that.

    Raises:
        StoreFailed: also for an OSError of the block.
    """
    partial = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    with storing():
        try:
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                yield file
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            os.replace(partial, path)
        finally:
            partial.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Of all processes on that folder one at a time. Raises StoreFailed."""
    with storing():
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # a disk without locks is one machine's
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def write_whole(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """A small file of this content, as `whole_file`. Raises StoreFailed."""
    with whole_file(path, lasting=lasting) as file:
        file.write(content)


def make_folder(data: Path) -> None:
    """The data directory, where one can write.

    Raises:
        Refused: "bad_folder".
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=data):
            pass
    except OSError as error:
        reason = "a file of that name is there" if isinstance(error, FileExistsError) else error.strerror
        raise Refused("bad_folder", f"Nothing can be kept in {data}: {reason}. Name another with --data.") from None
