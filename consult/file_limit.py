"""How many files this process may have open: as many as the system lets it, and how many connections that is."""

from __future__ import annotations

import resource

KEPT = 512
"""For volumes, stores, uploads, workers and the rest."""


def raise_file_limit() -> int:
    """Raise the limit of open files to the hard one; how many connections may be open at a time."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError):  # macOS says "unlimited" and takes less
            pass
    return connections_of(soft)


def connections_of(files: int) -> int:
    """How many connections go into so many open files."""
    if files == resource.RLIM_INFINITY:
        return 1 << 20
    return max(files - KEPT, files // 2, 1)
