"""The threads that draw and encode: what a whole consult sees comes before what one page sees alone, and that before
what nobody sees yet.

Rules of this file:
- A job of the background begins only where no other waits, and never takes the last thread: whoever looks around alone,
  or has a screen of unusual size, delays the others by none of their pictures.
- A job ahead of time begins only where the background has none either, and shares its threads. Where somebody waits for
  it after all, it goes to the others (`hurry`).
- Within each of the three, the oldest job is next.
- In the end nobody waits for long: a kernel that is compiled for the first time takes many seconds, and cannot be told
  to stop.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
END_S = 1.0


@dataclass(eq=False)
class _Job:
    call: Callable[[], Any]
    future: Future[Any] = field(default_factory=Future)

    def run(self) -> None:
        """As ThreadPoolExecutor does."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.call())
        except BaseException as error:  # whoever waits for the job gets it, as from any executor
            self.future.set_exception(error)


class RenderPool(Executor):
    """So many threads; `background` is the same threads, for what may wait, `ahead` for what nobody waits for yet."""

    def __init__(self, threads: int) -> None:
        self.background: Executor = _Background(self)
        self.ahead = _Ahead(self)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="render")
        self._most_background = max(1, threads - 1)
        self._lock = threading.Lock()
        self._jobs: deque[_Job] = deque()
        self._background_jobs: deque[_Job] = deque()
        self._ahead_jobs: deque[_Job] = deque()
        self._background_running = 0
        self._running = 0
        self._rests = threading.Condition()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """For what a whole consult sees."""
        return self.put(self._jobs, partial(fn, *args, **kwargs))

    def submit_background(self, call: Callable[[], T]) -> Future[T]:
        """For what may wait."""
        return self.put(self._background_jobs, call)

    def submit_ahead(self, call: Callable[[], T]) -> Future[T]:
        """For what nobody waits for."""
        return self.put(self._ahead_jobs, call)

    def hurry(self, future: Future[Any], *, alone: bool) -> None:
        """Somebody waits for that job, which was ahead of time; it goes behind the others unless it has begun."""
        with self._lock:
            job = next((job for job in self._ahead_jobs if job.future is future), None)
            if job is None:
                return
            self._ahead_jobs.remove(job)
            (self._background_jobs if alone else self._jobs).append(job)
        self._threads.submit(self._work)

    def put(self, jobs: deque[_Job], call: Callable[[], T]) -> Future[T]:
        """Behind those."""
        job = _Job(call)
        with self._lock:
            jobs.append(job)
        self._threads.submit(self._work)
        return job.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """See `Executor.shutdown`."""
        if cancel_futures:
            with self._lock:
                for job in (*self._jobs, *self._background_jobs, *self._ahead_jobs):
                    job.future.cancel()
        self._threads.shutdown(wait)

    def end(self) -> None:
        """Begin nothing more; what has begun is waited for, but not for long."""
        self.shutdown(wait=False, cancel_futures=True)
        with self._rests:
            self._rests.wait_for(lambda: not self._running, END_S)

    def _work(self) -> None:
        """In a thread: as long as there is a job that may begin."""
        with self._rests:
            self._running += 1
        try:
            while (taken := self._take()) is not None:
                job, is_background = taken
                job.run()
                if is_background:
                    with self._lock:
                        self._background_running -= 1
        finally:
            with self._rests:
                self._running -= 1
                self._rests.notify_all()

    def _take(self) -> tuple[_Job, bool] | None:
        with self._lock:
            if self._jobs:
                return self._jobs.popleft(), False
            waiting = self._background_jobs or self._ahead_jobs
            if waiting and self._background_running < self._most_background:
                self._background_running += 1
                return waiting.popleft(), True
            return None


class _Background(Executor):
    """The background of a pool, whose owner closes it."""

    def __init__(self, pool: RenderPool) -> None:
        self._pool = pool

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `RenderPool.submit_background`."""
        return self._pool.submit_background(partial(fn, *args, **kwargs))


class _Ahead(Executor):
    """What a pool does ahead of time; the pool's owner closes it."""

    def __init__(self, pool: RenderPool) -> None:
        self._pool = pool

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `RenderPool.submit_ahead`."""
        return self._pool.submit_ahead(partial(fn, *args, **kwargs))
