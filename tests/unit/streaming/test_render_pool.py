"""What all see comes before what one sees alone, whatever order they come in."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait

import pytest

from consult.streaming import render_pool
from consult.streaming.render_pool import RenderPool


class Gate:
    """Jobs that say when they begin, and end when they are let."""

    def __init__(self, pool: RenderPool) -> None:
        self.pool, self.begun, self.open = pool, list[str](), threading.Event()
        self._news = threading.Semaphore(0)

    def put(self, name: str, *, alone: bool = False, ahead: bool = False) -> Future[str]:
        where = self.pool.ahead if ahead else self.pool.background if alone else self.pool
        return where.submit(self._job, name)

    def until_begun(self, number: int) -> list[str]:
        """The names, once so many have begun."""
        while len(self.begun) < number:
            self._news.acquire()
        return self.begun[:number]

    def _job(self, name: str) -> str:
        self.begun.append(name)
        self._news.release()
        self.open.wait()
        return name


def test_those_who_look_around_never_have_the_last_thread() -> None:
    with RenderPool(2) as pool:
        gate = Gate(pool)
        alone = [gate.put(f"alone {n}", alone=True) for n in range(5)]
        assert gate.until_begun(1) == ["alone 0"]
        shared = gate.put("shared")
        assert gate.until_begun(2) == ["alone 0", "shared"]
        gate.open.set()
        assert shared.result() == "shared"
        wait(alone)
        assert gate.begun[2:] == [f"alone {n}" for n in range(1, 5)], "none of them is forgotten"


def test_of_those_that_wait_the_shared_ones_are_next() -> None:
    with RenderPool(1) as pool:
        gate = Gate(pool)
        first = gate.put("first")
        gate.until_begun(1)
        jobs = [gate.put("alone", alone=True), gate.put("second"), gate.put("third")]
        gate.open.set()
        wait([first, *jobs])
        assert gate.begun == ["first", "second", "third", "alone"]


def test_errors_and_cancelled_jobs_end_nothing_else() -> None:
    def fail() -> None:
        raise ValueError("spoiled")

    with RenderPool(1) as pool:
        gate = Gate(pool)
        gate.put("first")
        gate.until_begun(1)
        cancelled, spoiled, last = gate.put("cancelled"), pool.submit(fail), pool.background.submit(int, "7")
        assert cancelled.cancel()
        gate.open.set()
        with pytest.raises(ValueError, match="spoiled"):
            spoiled.result()
        assert last.result() == 7
        assert "cancelled" not in gate.begun


def test_what_nobody_waits_for_begins_last_and_never_has_the_last_thread() -> None:
    with RenderPool(2) as pool:
        gate = Gate(pool)
        first = gate.put("ahead 1", ahead=True)
        gate.until_begun(1)
        jobs = [gate.put("ahead 2", ahead=True), gate.put("alone", alone=True), gate.put("shared")]
        assert gate.until_begun(2) == ["ahead 1", "shared"]
        gate.open.set()
        wait([first, *jobs])
        assert gate.begun[2:] == ["alone", "ahead 2"]


def test_what_is_waited_for_after_all_is_ahead_no_more() -> None:
    with RenderPool(2) as pool:
        gate = Gate(pool)
        jobs = [gate.put("alone", alone=True)]
        gate.until_begun(1)
        early = [gate.put(f"ahead {n}", ahead=True) for n in range(3)]
        pool.hurry(early[1], alone=False)
        assert gate.until_begun(2) == ["alone", "ahead 1"]
        pool.hurry(early[1], alone=False)
        gate.open.set()
        wait([*jobs, *early])
        assert sorted(gate.begun) == ["ahead 0", "ahead 1", "ahead 2", "alone"], "each once"


def test_the_end_does_not_wait_for_a_job_that_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that is being compiled; what has not begun never does."""
    monkeypatch.setattr(render_pool, "END_S", 0.01)
    pool = RenderPool(1)
    gate = Gate(pool)
    gate.put("first")
    gate.until_begun(1)
    waiting = [gate.put("second"), gate.put("alone", alone=True), gate.put("ahead", ahead=True)]
    pool.end()
    assert all(job.cancelled() for job in waiting)
    gate.open.set()
    pool.shutdown()
    assert gate.begun == ["first"]


def test_the_end_waits_for_what_ends() -> None:
    pool = RenderPool(2)
    gate = Gate(pool)
    jobs = [gate.put("first"), gate.put("second")]
    gate.until_begun(2)
    gate.open.set()
    pool.end()
    assert all(job.done() for job in jobs)
