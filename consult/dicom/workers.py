"""Worker processes that read and decode untrusted files, so that a bad one takes nothing with it.

Rules of this file:
- Forked from a server process that has imported pydicom already; the parent never imports it.
- A worker does one task at a time. It is limited in memory; the parent watches it by its pipe (which closes when it
  dies) and by the task's deadline (then it is killed). A new worker takes its place; nobody else notices.
- Tasks are functions of consult.dicom.tasks, by name (tests bring a module of their own); arguments and results are
  plain, picklable records.
- An error of the file (DicomRefused) travels as its parts.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

from consult.model.errors import DicomRefused, WorkerDied

logger = logging.getLogger(__name__)
MEMORY_BYTES = 1 << 30
"""Private memory of a worker. A bomb hits it as MemoryError, or the kernel ends the worker."""
DEADLINE_S = 30.0
TASKS = "consult.dicom.tasks"

_context = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Refusal:
    """A DicomRefused on its way through the pipe."""

    code: str
    rule: str
    tag: str
    value: str


def serve(pipe: Connection, tasks_module: str, memory_bytes: int) -> None:
    """What a worker does: tasks in, results out, until the pipe closes."""
    import importlib

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    tasks = importlib.import_module(tasks_module)
    while True:
        try:
            name, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(_attempt(getattr(tasks, name), arguments))


def _attempt(task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    try:
        return task(*arguments)
    except DicomRefused as refused:
        return Refusal(refused.code, refused.rule, refused.tag, refused.value)
    except MemoryError:
        return Refusal("too_much_memory", "reading it takes more memory than a file may", "", "")
    except Exception as error:  # whatever a library raises on a hostile file is the file's fault
        return Refusal("unreadable", f"the file cannot be read ({type(error).__name__}: {str(error)[:200]})", "", "")


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def kill(self) -> None:
        """End it, whatever it does; its pipe closes by that."""
        self.process.kill()


class DicomWorkers:
    """A pool of workers; `async with`. Its owner is whoever enters it."""

    def __init__(self, count: int = 2, *, memory_bytes: int = MEMORY_BYTES, tasks: str = TASKS) -> None:
        self._count, self._memory_bytes, self._tasks = count, memory_bytes, tasks
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue(count)
        self._all: set[_Worker] = set()
        self._threads = ThreadPoolExecutor(count + 1, thread_name_prefix="dicom-workers")

    async def __aenter__(self) -> DicomWorkers:
        """Start the fork server; workers are forked when the first tasks come."""
        _context.set_forkserver_preload([self._tasks])
        for _ in range(self._count):
            self._idle.put_nowait(None)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill the workers; what is under way ends with WorkerDied."""
        for worker in tuple(self._all):
            worker.kill()
        await asyncio.to_thread(self._threads.shutdown)
        for worker in tuple(self._all):
            self._bury(worker)

    async def run(self, task: str, *arguments: Any, deadline_s: float = DEADLINE_S) -> Any:
        """The result of a task.

        Args:
            task: name of a function of the tasks' module.
            arguments: plain and picklable.
            deadline_s: how long the task may take, once a worker has it.

        Raises:
            DicomRefused: what the task says of the file.
            WorkerDied: the worker was killed, by its input, its limits, or the deadline.
        """
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await self._in_thread(self._fork)
            answer = await self._ask(worker, task, arguments, deadline_s)
        except BaseException:
            if worker is not None:
                worker.kill()
                await self._in_thread(self._bury, worker)
            self._idle.put_nowait(None)
            raise
        self._idle.put_nowait(worker)
        if isinstance(answer, Refusal):
            raise DicomRefused(answer.code, answer.rule, tag=answer.tag, value=answer.value)
        return answer

    async def _ask(self, worker: _Worker, task: str, arguments: tuple[Any, ...], deadline_s: float) -> Any:
        asked = self._in_thread(_send_and_wait, worker.pipe, (task, arguments))
        try:
            async with asyncio.timeout(deadline_s):
                return await asked
        except TimeoutError:
            raise WorkerDied("deadline", f"the file takes longer than {deadline_s:g} s to read") from None
        except (EOFError, OSError):
            raise WorkerDied("worker_died", "reading the file ended the process that read it") from None

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


def _send_and_wait(pipe: Connection, task: tuple[str, tuple[Any, ...]]) -> Any:
    pipe.send(task)
    return pipe.recv()
