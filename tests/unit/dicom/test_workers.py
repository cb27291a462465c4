"""Workers: what a bad file does to its own process, and to nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FrameType

import pytest

from consult.dicom.workers import DicomWorkers
from consult.model.errors import DicomRefused, WorkerDied
from tests.support.waiting import PATIENCE_S

TASKS = "tests.support.worker_tasks"
LARGE_LIBRARIES = "tests.support.worker_tasks_mapping_much"
"""More than anything here may take. Beyond it an alarm goes off: a bug fails its test and hangs no suite."""


class Fifo:
    """A meeting point with a task: `path` for the worker, this end on the loop. No thread waits in it."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    async def pid(self) -> int:
        """What a task has written, once it has."""
        written = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._descriptor, written.set)
        try:
            await written.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return int(os.read(self._descriptor, 64))

    def let_go(self) -> None:
        """End the wait of the task that holds this."""
        os.write(self._descriptor, b"go on\n")

    def close(self) -> None:
        """This end."""
        os.close(self._descriptor)


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """Interrupt whatever takes too long, and again if that does not help."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"nothing has come of it in {PATIENCE_S:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_S, PATIENCE_S)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Fifo]:
    """Where a task signals that it has begun."""
    fifo = Fifo(tmp_path / "begun")
    yield fifo
    fifo.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Fifo]:
    """Where another one does."""
    fifo = Fifo(tmp_path / "other")
    yield fifo
    fifo.close()


@pytest.fixture
def end(tmp_path: Path) -> Iterator[Fifo]:
    """Where a task waits to be let go."""
    fifo = Fifo(tmp_path / "end")
    yield fifo
    fifo.close()


@pytest.fixture
async def workers() -> AsyncIterator[DicomWorkers]:
    """Two workers with little memory."""
    async with DicomWorkers(2, kept=0, memory_bytes=64 << 20, tasks=TASKS) as pool:
        yield pool


def is_gone(pid: int) -> bool:
    """No such process, or only its exit status left."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


async def wait_until_gone(pid: int) -> None:
    """Return once a process is gone; it is no child of ours, and shows by its pidfd."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, gone.set)
    try:
        await gone.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


async def test_a_result_travels(workers: DicomWorkers) -> None:
    assert await workers.run("echo", {"rows": 512, "name": "Müller^Änne"}) == {"rows": 512, "name": "Müller^Änne"}


async def test_a_refusal_travels_with_its_parts(workers: DicomWorkers) -> None:
    with pytest.raises(DicomRefused) as refused:
        await workers.run("refuse")
    found = refused.value
    assert (found.code, found.tag, found.value, found.rule) == ("too_large", "Rows", "65535", "fewer can be shown")


async def test_what_a_library_raises_is_the_files_fault_and_the_worker_lives(workers: DicomWorkers) -> None:
    first = {await workers.run("pid"), await workers.run("pid")}
    with pytest.raises(DicomRefused, match="RuntimeError: unexpected marker") as refused:
        await workers.run("stumble")
    assert refused.value.code == "unreadable"
    assert await workers.run("pid") in first


async def test_a_refusal_names_no_path_of_the_server(workers: DicomWorkers, tmp_path: Path) -> None:
    with pytest.raises(DicomRefused) as refused:
        await workers.run("read_away", tmp_path / "secret-name.dcm")
    assert refused.value.sentence == "the file cannot be read (No such file or directory)"


@pytest.mark.parametrize(("task", "arguments"), [("die", (signal.SIGKILL,)), ("segfault", ())])
async def test_an_input_that_kills_its_worker_ends_only_that_task(
    workers: DicomWorkers, begun: Fifo, end: Fifo, task: str, arguments: tuple[int, ...]
) -> None:
    other = asyncio.create_task(workers.run("hold", begun.path, end.path))
    neighbour = await begun.pid()
    with pytest.raises(WorkerDied) as died:
        await workers.run(task, *arguments)
    assert died.value.code == "worker_died"
    assert await workers.run("pid") != neighbour, "a new worker has taken the place"
    end.let_go()
    assert await other == neighbour, "the neighbour has not noticed"


async def test_a_task_past_its_deadline_is_ended_with_its_process(
    workers: DicomWorkers, begun: Fifo, other: Fifo, end: Fifo
) -> None:
    neighbour = asyncio.create_task(workers.run("hold", begun.path, end.path))
    await begun.pid()
    await workers.run("pid")  # the other worker is started now: the deadline is only the task's
    late = asyncio.create_task(workers.run("hold", other.path, end.path, deadline_s=1.0))
    pid = await other.pid()
    with pytest.raises(WorkerDied, match="longer than 1 s") as died:
        await late
    assert died.value.code == "deadline"
    await wait_until_gone(pid)
    assert await workers.run("echo", 1) == 1
    end.let_go()
    assert await neighbour != pid


async def test_memory_is_limited_and_the_next_task_is_served(workers: DicomWorkers) -> None:
    before = await workers.run("eat", 8)
    with pytest.raises(DicomRefused) as refused:
        await workers.run("eat", 1024)
    assert refused.value.code == "too_much_memory"
    assert await workers.run("eat", 8) < before + 64, "it never held what was asked for"


async def test_libraries_that_map_much_leave_a_worker_its_memory() -> None:
    """OpenBLAS maps more on a machine with more cores: a worker has its memory beside what it starts with."""
    async with DicomWorkers(1, kept=0, memory_bytes=64 << 20, tasks=LARGE_LIBRARIES, preload=False) as pool:
        assert await pool.run("eat", 8)
        with pytest.raises(DicomRefused, match="more memory"):
            await pool.run("eat", 128)


async def test_an_interrupt_from_the_terminal_ends_no_worker(workers: DicomWorkers) -> None:
    pid = await workers.run("interrupt")
    assert not is_gone(pid)


async def test_there_are_never_more_workers_than_asked_for(workers: DicomWorkers) -> None:
    pids = await asyncio.gather(*(workers.run("pid") for _ in range(40)))
    assert 1 <= len(set(pids)) <= 2


async def test_a_worker_that_died_while_idle_fails_no_task(workers: DicomWorkers) -> None:
    pid = await workers.run("pid")
    os.kill(pid, signal.SIGKILL)
    await wait_until_gone(pid)
    assert await workers.run("pid") != pid


async def test_cancelling_ends_the_task_and_gives_its_place_back(begun: Fifo, end: Fifo) -> None:
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        running = asyncio.create_task(workers.run("hold", begun.path, end.path))
        pid = await begun.pid()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await workers.run("echo", "free") == "free"
        assert is_gone(pid)


async def test_cancelling_twice_loses_no_place(begun: Fifo, end: Fifo) -> None:
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        running = asyncio.create_task(workers.run("hold", begun.path, end.path))
        await begun.pid()
        running.cancel()
        await asyncio.sleep(0)  # it is in its clean-up now
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await workers.run("echo", "free") == "free"
        assert workers.alive == 1, "the cancelled one is buried"


async def test_cancelling_while_a_worker_is_started_leaves_one_worker() -> None:
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        starting = asyncio.create_task(workers.run("pid"))
        await asyncio.sleep(0)  # it is forking now
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        pids = {await workers.run("pid") for _ in range(3)}
        assert len(pids) == 1
        assert workers.alive == 1


async def test_closing_ends_what_is_running_and_what_waits(begun: Fifo, end: Fifo) -> None:
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        running = asyncio.create_task(workers.run("hold", begun.path, end.path))
        pid = await begun.pid()
        waiting = asyncio.create_task(workers.run("echo", 1))
        await asyncio.sleep(0)
    for task in (running, waiting):
        with pytest.raises(WorkerDied):
            await task
    assert is_gone(pid)
    with pytest.raises(WorkerDied, match="closed"):
        await workers.run("echo", 1)


async def test_closing_while_a_worker_is_started_ends_it_too(begun: Fifo, end: Fifo) -> None:
    async with DicomWorkers(1, kept=0, tasks=TASKS) as workers:
        starting = asyncio.create_task(workers.run("hold", begun.path, end.path))
        await asyncio.sleep(0)  # it is forking now
    with pytest.raises(WorkerDied):
        await starting
    assert workers.alive == 0


ORPHANING = """
import asyncio, sys
from pathlib import Path
from consult.dicom.workers import DicomWorkers

async def main() -> None:
    async with DicomWorkers(1, kept=0, tasks="tests.support.worker_tasks") as workers:
        await workers.run("pid")
        await workers.run("spin", Path(sys.argv[1]), deadline_s=1.0)

asyncio.run(main())
"""


async def test_a_spinning_worker_does_not_outlive_a_killed_server(begun: Fifo) -> None:
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", ORPHANING, str(begun.path))
    pid = await begun.pid()
    server.kill()
    await server.wait()
    await wait_until_gone(pid)
    assert is_gone(pid)


SPARING = """
import asyncio, sys
from consult.dicom.workers import DicomWorkers

async def main() -> None:
    async with DicomWorkers(1) as workers:
        try:
            await workers.run("no_such_task")
        except Exception as error:
            assert type(error).__name__ == "WorkerDied", error
    assert not {"pydicom", "gdcm", "numpy"} & sys.modules.keys(), "loaded into the server"

asyncio.run(main())
"""


def test_the_server_itself_loads_no_pydicom() -> None:
    done = subprocess.run([sys.executable, "-c", SPARING], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr


READY = """
import asyncio
from multiprocessing import forkserver
from consult.dicom.workers import DicomWorkers

async def main() -> None:
    async with DicomWorkers(1, ahead=False) as workers:
        await asyncio.gather(*workers._housework)
        assert forkserver._forkserver._forkserver_pid is None, "a command that may read no file starts none"
    async with DicomWorkers(1) as workers:
        assert forkserver._forkserver._forkserver_pid is None, "who enters must not wait for it"
        await asyncio.gather(*workers._housework)
        assert forkserver._forkserver._forkserver_pid, "nobody asks for a worker, and the fork server is there"
    assert workers.alive == 0

asyncio.run(main())
"""


def test_the_fork_server_starts_beside_what_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", READY], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr


async def test_a_check_asks_an_idle_worker_and_waits_for_none_that_is_busy(begun: Fifo, end: Fifo) -> None:
    """Seen to fail: a long file made the server not ready."""
    async with DicomWorkers(count=1, kept=0, tasks=TASKS) as workers:
        await workers.check()
        assert (workers.alive, workers.busy) == (1, 0)
        task = asyncio.create_task(workers.run("hold", begun.path, end.path))
        await begun.pid()
        assert workers.busy == 1
        await workers.check()
        end.let_go()
        await task


async def test_a_check_fails_where_no_worker_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    async with DicomWorkers(count=1, kept=0, tasks=TASKS, ahead=False) as workers:
        monkeypatch.setattr(workers, "_fork", no_process)
        with pytest.raises(WorkerDied, match="no process could be started"):
            await workers.check()


async def test_deaths_are_counted_by_their_reason(workers: DicomWorkers) -> None:
    for _ in range(2):
        with pytest.raises(WorkerDied):
            await workers.run("die", signal.SIGKILL)
    with pytest.raises(WorkerDied):
        await workers.run("echo", 1, deadline_s=0.0)
    assert workers.deaths == {"worker_died": 2, "deadline": 1}
