"""Which server runs on a data directory, and under which address it is reached; written there by the server itself.

The file is locked as long as the server lives: whatever ends it, the lock goes with it, and an old address is not taken
for one that answers.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

NAME = "server-address"


@contextmanager
def announced(data: Path, base: str) -> Iterator[str]:
    """Say in the data directory that this process answers at that address, until the block ends.

    The first of two servers on the same data is the one that is named.

    Yields:
        The address that is named.
    """
    with (data / NAME).open("a+") as file:
        if _lock(file, fcntl.LOCK_EX):
            file.truncate(0)
            file.write(base)
            file.flush()
        file.seek(0)
        yield file.read().strip() or base


def running_address(data: Path) -> str:
    """The address of the server that runs on this data; "": none does."""
    try:
        with (data / NAME).open() as file:
            return "" if _lock(file, fcntl.LOCK_SH) else file.read().strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _lock(file: TextIO, kind: int) -> bool:
    """Whether the file could be locked; it is until it is closed."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
