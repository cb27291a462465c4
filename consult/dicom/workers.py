"""Worker processes that read and decode untrusted files, so that a bad one takes nothing with it.

Rules of this file:
- Forked from a server process that has imported pydicom already; the parent never imports it.
- A worker does one task at a time. It is limited in memory beside its libraries; the parent follows it by its pipe
  (which closes when it dies) and by the task's deadline (then it is killed). A new worker takes its place; nobody else
  notices.
- There are `count` places, and `kept` more for what somebody waits to see: `background` tasks take `count` at most.
  A place is taken for a task and comes back in every case: with its worker, or empty once
  the worker is dead and buried. Cancelling a task ends its worker.
- A worker limits its own processor time, task by task: each has a budget of it, by the size of its file, so that
  a busy machine refuses no file; and if the server is killed, a spinning worker ends all the same.
- Tasks are functions of consult.dicom.tasks, by name (tests bring a module of their own); arguments and results are
  plain, picklable records.
- An error of the file (DicomRefused) travels as its parts.
"""

from __future__ import annotations

import asyncio
import logging
import math
import multiprocessing
import resource
import signal
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from consult.model.errors import DicomRefused, WorkerDied

logger = logging.getLogger(__name__)
MEMORY_BYTES = 384 << 20
"""Private memory of a worker beside the libraries that it starts with, which grow with the cores of a machine; a
mammogram of 4688 x 2592 takes less in any encoding. A bomb hits it as MemoryError, or the kernel ends the worker."""
DEADLINE_S = 30.0
CHECK_S = 10.0
"""For a worker that is asked whether it answers."""
MAX_REFUSAL = 300
"""Characters of a rule or value: what a file holds is not sent on at any length."""
TASKS = "consult.dicom.tasks"

Result = TypeVar("Result")
_context = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Refusal:
    """A DicomRefused as it goes through the pipe."""

    code: str
    rule: str
    tag: str
    value: str

    def error(self) -> DicomRefused:
        """What travelled."""
        return DicomRefused(self.code, self.rule, tag=self.tag, value=self.value)


def serve(pipe: Connection, tasks_module: str, memory_bytes: int) -> None:
    """What a worker does: tasks in, results out, until the pipe closes."""
    import importlib

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tasks = importlib.import_module(tasks_module)
    most = _data_bytes() + memory_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    while True:
        try:
            name, arguments, cpu_s = pipe.recv()
        except EOFError:
            return
        _limit_processor_time(cpu_s)
        pipe.send(attempt(getattr(tasks, name), arguments))


def _data_bytes() -> int:
    """What RLIMIT_DATA counts of this process (proc_pid_status(5), VmData)."""
    status = Path("/proc/self/status").read_text()
    return 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmData:"))


def _limit_processor_time(seconds: float) -> None:
    """From now on, to the next whole second; the kernel ends the process beyond it, by SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def attempt(task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """In a worker: the task's result, or a Refusal of the file that it stumbled over."""
    try:
        return task(*arguments)
    except DicomRefused as refused:
        return Refusal(refused.code, refused.rule[:MAX_REFUSAL], refused.tag, refused.value[:MAX_REFUSAL])
    except MemoryError:
        return Refusal("too_much_memory", "reading it takes more memory than a file may", "", "")
    except OSError as error:  # its text names a path of this server, which is nobody's business
        return Refusal("unreadable", f"the file cannot be read ({error.strerror or type(error).__name__})", "", "")
    except Exception as error:  # whatever a library raises on a hostile file is the file's fault
        return Refusal("unreadable", f"the file cannot be read ({type(error).__name__}: {str(error)[:200]})", "", "")


@dataclass(eq=False)
class _Worker:
    """A process, its pipe, and the thread's wait for its answer."""

    process: BaseProcess
    pipe: Connection
    answer: asyncio.Future[Any] | None = field(default=None)

    def kill(self) -> None:
        """End it, whatever it does; its pipe closes by that."""
        self.process.kill()

    def has_died(self) -> bool:
        """Of an idle worker: it sends nothing unasked, so what can be read is the end of its pipe."""
        return self.pipe.poll()


class DicomWorkers:
    """A pool of workers; `async with`. Its owner is whoever enters it.

    Args:
        count: how many files are read at once.
        kept: workers besides, for what somebody waits to see.
        preload: the fork server has the tasks' module already; it is one for all pools, and loads that of one.
        ahead: it starts at once, beside what goes on; else with the first task.
    """

    def __init__(
        self, count: int = 2, *, kept: int = 1, memory_bytes: int = MEMORY_BYTES, tasks: str = TASKS,
        preload: bool = True, ahead: bool = True,
    ) -> None:  # fmt: skip
        self._preload, self._ahead = preload, ahead
        self._count, self._memory_bytes, self._tasks = count, memory_bytes, tasks
        self._places_count = count + kept
        self._background = asyncio.Semaphore(count)
        self._places: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue(count + kept)
        self._all: set[_Worker] = set()
        self._housework: set[asyncio.Task[Any]] = set()
        self._threads = ThreadPoolExecutor(2 * (count + kept), thread_name_prefix="dicom-workers")
        self._closed = False
        self.deaths: Counter[str] = Counter()
        """How many ended with their task, by the code of `WorkerDied`."""

    @property
    def alive(self) -> int:
        """Worker processes that are started and not buried."""
        return len(self._all)

    @property
    def busy(self) -> int:
        """Places at which a task is, or a worker that is being replaced."""
        return self._places_count - self._places.qsize()

    @property
    def count(self) -> int:
        """How many background tasks can be running at once."""
        return self._count

    async def __aenter__(self) -> DicomWorkers:
        """Start the fork server, where that is asked for; workers are forked when the first tasks come."""
        if self._preload:
            _context.set_forkserver_preload([self._tasks])
        if self._preload and self._ahead:
            self._in_background(self._start_fork_server())
        for _ in range(self._places_count):
            self._places.put_nowait(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the workers; what is running or waits ends with WorkerDied."""
        self._closed = True
        for worker in tuple(self._all):
            worker.kill()
        for _ in range(self._places_count):
            worker_or_none = await self._places.get()
            if worker_or_none is not None:
                await self._in_thread(self._bury, worker_or_none)
        await asyncio.gather(*self._housework, return_exceptions=True)
        self._threads.shutdown()

    async def run(
        self,
        task: str,
        *arguments: Any,
        deadline_s: float = DEADLINE_S,
        cpu_s: float | None = None,
        background: bool = False,
    ) -> Any:
        """The result of a task.

        Args:
            task: name of a function of the tasks' module.
            arguments: plain and picklable.
            deadline_s: how long the task may take, once a worker has it; twice its processor time, where that is more.
            cpu_s: how much processor time (`limits.py`); as long as the deadline where it is None.
            background: nobody waits to see it: it leaves a worker for what somebody does.

        Raises:
            DicomRefused: what the task finds wrong with the file.
            WorkerDied: the worker was killed, by its input, its limits, or the deadline; or the pool is closed.
        """
        limits = (deadline_s, deadline_s) if cpu_s is None else (max(deadline_s, 2 * cpu_s), cpu_s)
        if not background:
            return await self._run(task, arguments, *limits)
        async with self._background:
            return await self._run(task, arguments, *limits)

    async def check(self) -> None:
        """A worker answers, where one is idle; those that are busy have their deadlines. Raises WorkerDied."""
        if not self._places.empty():
            await self.run("answer", deadline_s=CHECK_S)

    async def _run(self, task: str, arguments: tuple[Any, ...], deadline_s: float, cpu_s: float) -> Any:
        worker = await self._take()
        try:
            answer = await self._ask(worker, (task, arguments, cpu_s), deadline_s)
        except BaseException as ended:  # also when it is cancelled: a worker that may be busy takes no other task
            if isinstance(ended, WorkerDied):
                self.deaths[ended.code] += 1
            worker.kill()
            self._in_background(self._vacate(worker))
            raise
        self._places.put_nowait(worker)
        if isinstance(answer, Refusal):
            raise answer.error()
        return answer

    async def _take(self) -> _Worker:
        """A place, with a living worker in it."""
        self._check_open()
        worker = await self._places.get()
        if self._closed:
            self._places.put_nowait(worker)
            self._check_open()
        if worker is not None and not worker.has_died():
            return worker
        forking = self._in_background(self._replace(worker))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(self._give_back)
            raise
        except OSError as error:
            raise WorkerDied("no_worker", f"no process could be started to read the file ({error.strerror})") from None

    async def _replace(self, dead: _Worker | None) -> _Worker:
        """A new worker for a place; the place comes back empty where none can be forked."""
        try:
            if dead is not None:
                await self._in_thread(self._bury, dead)
            worker: _Worker = await self._in_thread(self._fork)
        except OSError:
            self._places.put_nowait(None)
            raise
        if self._closed:
            worker.kill()
        return worker

    def _give_back(self, forking: asyncio.Task[_Worker]) -> None:
        """Nobody waits any more for a worker that is being forked: it is idle once it is there."""
        if not forking.cancelled() and forking.exception() is None:
            self._places.put_nowait(forking.result())

    async def _vacate(self, killed: _Worker) -> None:
        """Give a killed worker's place back, once nothing of the worker is left."""
        try:
            if killed.answer is not None:
                await asyncio.wait((killed.answer,))
                killed.answer.exception()  # that it died is known
            await self._in_thread(self._bury, killed)
        finally:
            self._places.put_nowait(None)

    async def _ask(self, worker: _Worker, task: tuple[str, tuple[Any, ...], float], deadline_s: float) -> Any:
        worker.answer = self._in_thread(_send_and_wait, worker.pipe, task)
        done, _ = await asyncio.wait((worker.answer,), timeout=deadline_s)
        if not done:
            raise WorkerDied("deadline", f"the file takes longer than {deadline_s:g} s to read")
        try:
            return worker.answer.result()
        except (EOFError, OSError):
            await self._in_thread(worker.process.join)
            if worker.process.exitcode == -signal.SIGXCPU:
                rule = f"reading the file takes more than {task[2]:g} s of processor time"
                raise WorkerDied("processor_time", rule) from None
            raise WorkerDied("worker_died", "reading the file ended the process that read it") from None

    async def _start_fork_server(self) -> None:
        try:
            await self._in_thread(forkserver.ensure_running)
        except OSError as error:
            logger.warning("the fork server did not start: %s", error.strerror)  # the first task tries again

    def _check_open(self) -> None:
        if self._closed:
            raise WorkerDied("closed", "the processes that read files are closed down")

    def _in_background(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Housework goes on when its cause is cancelled; closing waits for it, because it waits for every place."""
        task = asyncio.create_task(work)
        self._housework.add(task)
        task.add_done_callback(self._housework.discard)
        return task

    def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        return asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _fork(self) -> _Worker:
        ours, theirs = _context.Pipe()
        arguments = (theirs, self._tasks, self._memory_bytes)
        process = _context.Process(target=serve, args=arguments, name="dicom-worker", daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._all.add(worker)
        return worker

    def _bury(self, worker: _Worker) -> None:
        worker.process.join()
        worker.process.close()
        worker.pipe.close()
        self._all.discard(worker)


def _send_and_wait(pipe: Connection, task: tuple[str, tuple[Any, ...], float]) -> Any:
    pipe.send(task)
    return pipe.recv()
