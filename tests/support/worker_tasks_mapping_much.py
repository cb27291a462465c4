"""Tasks beside libraries that map more than the memory a worker may take."""

from __future__ import annotations

import mmap

from tests.support.worker_tasks import eat as eat

MAPPED = mmap.mmap(-1, 600 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
"""Never written to, and counted all the same."""
