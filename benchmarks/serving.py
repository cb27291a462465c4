"""The server that is measured, on an imported chest CT: in a process of its own or in this one; and what it takes."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pictures import write_chest
from consult.app import bind_socket, open_services
from consult.http.server import make_server
from consult.http.services import Services
from consult.settings import Settings
from tests.support.server import Server, consult

MIB = 1 << 20
LOOK_S, RESTS = 0.5, 0.04
"""A process rests that takes less than this share of a core for so long."""


@dataclass(frozen=True)
class Chest:
    """A data directory with a study imported.

    Attributes:
        data: the directory, gone afterwards.
        files: where the DICOM files lie.
        study: its StudyInstanceUID.
    """

    data: Path
    files: Path
    study: str


@contextmanager
def chest() -> Iterator[Chest]:
    """The scrolled part of the demo's chest CT (benchmarks/pictures.py), imported."""
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        data = Path(name)
        study = write_chest(data / "files")
        consult("import", str(data / "files"), data=data)
        yield Chest(data, data / "files", study)


@contextmanager
def chest_server() -> Iterator[tuple[Server, Chest]]:
    """`consult serve` on it, killed afterwards."""
    with chest() as made:
        server = Server(made.data)
        server.start()
        try:
            yield server, made
        finally:
            server.kill()


@asynccontextmanager
async def serving(data: Path) -> AsyncIterator[tuple[Services, str]]:
    """The whole server in this process, and its address."""
    settings = Settings(data=data, port=0, log_level="error")
    listening, started = bind_socket(settings), asyncio.Event()
    async with open_services(settings) as services:
        server = make_server(services, started.set)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        await started.wait()
        yield services, f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        await task


async def open_here(services: Services, address: str, study: str) -> dict[str, str]:
    """Open a consult on a server in this process; its links by role."""
    opened = await services.registry.open([study], title="Measured", host_name="Dr. Host")
    return {link.role: address + link.path for link in await services.registry.links(opened)}


@dataclass(frozen=True)
class Held:
    """What this process holds. `memory`: resident, in MiB, without what was freed and malloc keeps for itself."""

    tasks: int
    descriptors: int
    threads: int
    memory: float

    @classmethod
    def now(cls) -> Held:
        """Count, garbage collected."""
        gc.collect()
        give_back()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        memory = pages * os.sysconf("SC_PAGE_SIZE") / MIB
        return cls(len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")), threading.active_count(), memory)


def give_back() -> None:
    """Have malloc give free memory back to the system, malloc_trim(3): what grows else is its slack."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


async def quiet(process: int) -> None:
    """Return once a process rests: what it prepares behind somebody who came is done."""
    async with asyncio.timeout(30):
        while True:
            before = cpu_s(process)
            await asyncio.sleep(LOOK_S)
            if cpu_s(process) - before <= RESTS * LOOK_S:
                return


def cpu_s(process: int) -> float:
    """CPU time of a process so far, in seconds (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
