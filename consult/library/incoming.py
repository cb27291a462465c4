"""Where files lie that come in: a folder for each process, DATA/incoming/NAME, that it holds locked while it lives.

So what a process has left that died is known whenever another starts; several may run on one data directory.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import threading
import weakref
from pathlib import Path


class Incoming:
    """The folder of this process. Its methods block and raise OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._own: Path | None = None

    def new_file(self) -> Path:
        """A name that nobody else has."""
        with self._lock:
            if self._own is None:
                self._own = self._locked_folder()
        return self._own / secrets.token_hex(16)

    def clear(self) -> None:
        """Remove what belongs to no process that lives."""
        with contextlib.suppress(FileNotFoundError):
            for path in self._path.iterdir():
                if not path.is_dir():
                    path.unlink(missing_ok=True)  # versions of before 30 Nov 2026 had no folders
                elif _is_abandoned(path):
                    shutil.rmtree(path, ignore_errors=True)

    def _locked_folder(self) -> Path:
        self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            path = self._path / secrets.token_hex(8)
            path.mkdir(mode=0o700)
            folder = os.open(path, os.O_RDONLY)
            with contextlib.suppress(OSError):  # a disk without locks: then nobody can lock it, and it is left alone
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if path.exists():  # nobody has cleared it before it was locked
                weakref.finalize(self, os.close, folder)
                return path
            os.close(folder)


def _is_abandoned(path: Path) -> bool:
    """Nobody holds it locked."""
    try:
        folder = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(folder)
    return True
