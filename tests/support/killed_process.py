"""A process that is killed at the n-th step of what it does with a consult: its command line is deed, step, data, file.

A step is a call of what touches the disk; the process is gone before the call, as by kill -9.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from consult.app import open_services
from consult.library.library import Library
from consult.model.identifiers import ConsultId
from consult.runtime.keeping import exporting
from consult.runtime.keeping.archive import ArchiveWriter
from consult.runtime.keeping.folder import ImportedImages
from consult.runtime.registry import Registry
from consult.store.audit.sqlite import SqliteAudit
from consult.store.index import SqliteIndex
from consult.store.log import here, restoring
from consult.store.log.sqlite import SqliteLog
from tests.support.cases import CONSULT
from tests.support.kept import settings_of

STEPS: dict[str, list[tuple[Any, str] | tuple[Any, str, int]]] = {
    "export": [(ArchiveWriter, "put_log"), (ArchiveWriter, "put"), (ArchiveWriter, "finish"), (exporting, "_settle")],
    "import": [
        (ImportedImages, "put"), (restoring, "begin"), (SqliteLog, "_put_part"), (SqliteLog, "_put_part", 1),
        (SqliteLog, "_put_part", 3), (restoring, "end"), (SqliteAudit, "append"),
    ],
    "clear": [(restoring, "begin"), (restoring, "remove"), (restoring, "remove", 1), (restoring, "forget")],
    "delete": [
        (SqliteLog, "begin_deletion"), (Registry, "retire"), (Library, "delete"), (SqliteIndex, "delete_files"),
        (SqliteIndex, "delete_derived"), (Library, "_remove_files"), (Library, "delete_rest"),
        (ImportedImages, "remove"), (Library, "scrub"), (SqliteLog, "delete_entries"), (SqliteAudit, "append"),
        (SqliteLog, "end_deletion"),
    ],
}  # fmt: skip
"""Of each deed, what may be cut off before it; a number: so many times it is done before."""
PART_ROWS = 4
"""Of a part of a log: so that a short one has several."""


def before(step: int, deed: str) -> tuple[Any, str, Callable[..., Any]]:
    """Of a deed the step before which the process dies."""
    owner, name, *times = STEPS[deed][step]
    done, left = getattr(owner, name), count(-sum(times))

    def die(*args: Any, **more: Any) -> Any:
        if next(left) < 0:
            return done(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)
        return None

    return owner, name, die


async def run(deed: str, step: int, data: Path, file: Path) -> None:
    """Do it until it dies."""
    async with open_services(settings_of(data), keep_deadlines=False) as services:
        owner, name, die = before(step, deed)
        with patch.object(owner, name, die), patch.object(here, "PART_ROWS", PART_ROWS):
            if deed == "export":
                await services.keeping.export(ConsultId(CONSULT), file)
            elif deed == "import":
                await services.keeping.import_file(file)
                await services.registry.audit.flushed()
            elif deed == "clear":
                await services.keeping.clear()
            else:
                await services.keeping.delete(ConsultId(CONSULT), "retention")


def main() -> int:
    """Do it, and die."""
    deed, step, data, file = sys.argv[1:]
    asyncio.run(run(deed, int(step), Path(data), Path(file)))
    return 0
