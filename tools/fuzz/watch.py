"""What goes wrong while hostile input is taken: exceptions, errors in the log, memory that grows."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

MIB = 1 << 20
STOCK = "RTCPeerConnection.__connect"
"""A task of stock aiortc that nobody owns: the browser's of these courses; the product's is another."""
MAX_PROBLEM = 1500
"""Characters."""


@dataclass
class Findings:
    """Of one course.

    Attributes:
        inputs: how many were taken.
        outcomes: what became of them, counted.
        problems: what must not have happened, with the number of the input.
        cpu_s: of this process.
        grown_mib: its memory behind it, more than before.
    """

    inputs: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    cpu_s: float = 0.0
    grown_mib: float = 0.0

    def count(self, outcome: str) -> None:
        """One more input, and what became of it."""
        self.inputs += 1
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def problem(self, error: object) -> None:
        """Of the input that is being taken now."""
        where = "".join(traceback.format_tb(error.__traceback__)[-3:]) if isinstance(error, BaseException) else ""
        self.problems.append(f"input {self.inputs}: {error!r}\n{where}"[:MAX_PROBLEM])


class _Log(logging.Handler):
    """Notes what the product calls an error, and every traceback."""

    def __init__(self, findings: Findings) -> None:
        super().__init__(logging.DEBUG)
        self._findings = findings

    def emit(self, record: logging.LogRecord) -> None:
        """A line of the log."""
        if record.levelno >= logging.ERROR or record.exc_info:
            self._findings.problem(f"{record.name}: {record.getMessage()} {record.exc_info or ''}")


@contextmanager
def watched() -> Iterator[Findings]:
    """Findings that fill up meanwhile."""
    findings, root = Findings(), logging.getLogger()
    log, before, began = _Log(findings), _resident_mib(), process_time()
    root.addHandler(log)
    try:
        yield findings
    finally:
        root.removeHandler(log)
        findings.cpu_s = process_time() - began
        findings.grown_mib = max(0.0, _resident_mib() - before)


@contextmanager
def watched_loop() -> Iterator[Findings]:
    """As `watched`, in a running loop: what a task or a callback raises is found too."""
    with watched() as findings:
        loop = asyncio.get_running_loop()

        def note(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
            task = context.get("future")
            if isinstance(task, asyncio.Task) and getattr(task.get_coro(), "__qualname__", "") == STOCK:
                return
            findings.problem(context.get("exception") or context["message"])

        loop.set_exception_handler(note)
        try:
            yield findings
        finally:
            gc.collect()  # a task that nobody awaited says so when it is collected
            loop.set_exception_handler(None)


def _resident_mib() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB
