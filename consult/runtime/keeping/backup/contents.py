"""What of a data directory is in a backup: all but what is made anew, and what belongs to a process that runs.

Rules of this file:
- What is not known is taken along: a later release that keeps something more need not touch this.
- Databases come from `snapshot.py`, the files of studies from the index of that very snapshot. What is in Redis is
  copied into such databases first (`store/copying.py`), so that every backup has one form.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from consult.runtime.keeping.backup.manifest import MANIFEST, is_path
from consult.store.backend import REDIS_NAME
from consult.store.bucket import OBJECTS_NAME

MADE_ANEW = frozenset({"volumes", "thumbnails", "kernels"})
"""Decoded images, small pictures, compiled code."""
OF_NODES = "volumes-"
"""Begins the names of what nodes have decoded."""
UNDER_WAY = frozenset({"incoming", "uploads"})
"""Uploads that have not ended: the browser begins again."""
OF_A_PROCESS = frozenset({"server-address", "host-address"})
OF_A_PLACE = frozenset({REDIS_NAME, OBJECTS_NAME})
"""Which Redis, which bucket: of the next place others."""
OBJECTS, INDEX, LOG = "objects", "index.sqlite", "log.sqlite"
DATABASE = ".sqlite"
BESIDE_DATABASES = ("-wal", "-shm", "-journal")
LEFT_OUT = MADE_ANEW | UNDER_WAY | OF_A_PROCESS | OF_A_PLACE | {OBJECTS, MANIFEST}


def databases(data: Path) -> list[str]:
    """Names of those that are there; the log before the index: what the log names was in the index before."""
    found = sorted(path.name for path in data.glob(f"*{DATABASE}") if path.is_file())
    return sorted(found, key=lambda name: (name != LOG, name != INDEX))


def objects(index: sqlite3.Connection) -> Iterator[str]:
    """Paths of the files that an index names; each once."""
    for (file,) in index.execute("SELECT DISTINCT file FROM files ORDER BY file"):
        yield f"{OBJECTS}/{file[:2]}/{file}"


def other_files(data: Path) -> Iterator[str]:
    """Paths of all else, in order: keys, what was set aside, pictures of imported consults, and what is not known. What
    is left out is not walked through: it is most of what there is."""
    for folder, below, names in os.walk(data):
        here = Path(folder)
        is_top = here == data
        below[:] = sorted(name for name in below if not (is_top and _is_left_out(name)))
        for name in sorted(names):
            path = here / name
            relative = path.relative_to(data).as_posix()
            if (is_top and _is_left_out(name)) or not is_path(relative) or path.is_symlink() or not path.is_file():
                continue
            yield relative


def _is_left_out(name: str) -> bool:
    """Of a file at the top."""
    return name in LEFT_OUT or name.startswith(OF_NODES) or name.endswith((DATABASE, *BESIDE_DATABASES))
