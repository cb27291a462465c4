"""Tasks for workers under test: well behaved, refusing, and killing. Fifos signal that one has begun, let it end."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from pathlib import Path

from consult.model.errors import DicomRefused


def echo(value: object) -> object:
    """What it is given."""
    return value


def pid() -> int:
    """Of the worker."""
    return os.getpid()


def refuse() -> None:
    """SendMessage no to the file."""
    raise DicomRefused("too_large", "fewer can be shown", tag="Rows", value="65535")


def stumble() -> None:
    """Raise what a library raises on a hostile file."""
    raise RuntimeError("unexpected marker 0xff in scan")


def die(number: int) -> None:
    """End by a signal, as the kernel or a decoder's bug would have it."""
    os.kill(os.getpid(), number)


def segfault() -> None:
    """Read where nothing is."""
    ctypes.string_at(0)


def interrupt() -> int:
    """What Ctrl+C in the terminal sends to the whole process group."""
    os.kill(os.getpid(), signal.SIGINT)
    return os.getpid()


def eat(mebibytes: int) -> int:
    """Take memory and write into all of it; the peak of the process in MiB."""
    eaten = [bytearray(b"\1" * (1 << 20)) for _ in range(mebibytes)]
    del eaten
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def hold(begun: Path, end: Path) -> int:
    """SendMessage that it has begun, wait to be let go; the worker's pid."""
    begun.write_text(f"{os.getpid()}\n")
    with end.open() as fifo:
        fifo.readline()
    return os.getpid()


def spin(begun: Path) -> None:
    """SendMessage that it has begun, and compute for ever."""
    begun.write_text(f"{os.getpid()}\n")
    while True:
        pass


def read_away(path: Path) -> bytes:
    """Read a file that may not be there."""
    return path.read_bytes()


def answer() -> bool:
    """As of consult.dicom.tasks."""
    return True
