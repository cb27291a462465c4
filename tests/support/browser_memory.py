"""Memory of the browsers that this process has started, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

MB = 1e6


def browser_mb() -> float:
    """Memory of all processes of the browser that this process's driver started, without what is mapped from files."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
    total = 0.0
    for process in parents:
        try:
            total += own_mb(process) if is_below(process, parents) and is_browser(process) else 0.0
        except OSError:
            continue
    return total


def is_below(process: int, parents: dict[int, int]) -> bool:
    """It was started by this process, or by one that was."""
    while process := parents.get(process, 0):
        if process == os.getpid():
            return True
    return False


def is_browser(process: int) -> bool:
    """It runs Chromium."""
    return b"chromium" in Path(f"/proc/{process}/cmdline").read_bytes().partition(b"\0")[0]


def own_mb(process: int) -> float:
    """Its own memory and its share of what it has in common with others (proportional set size), files left out."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))) * 1024 / MB
