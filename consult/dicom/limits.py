"""What a file may ask for, in one place. Real files stay far below; beyond it a file is refused by name.

Rules of this file:
- A limit is held against counts and sizes before anything is allocated for them.
- Time is the processor's, and grows with the file: a small file holds no worker, and a busy machine refuses none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path

MAX_NUMBER = 1e15
"""Magnitude of a number. No attribute comes near; beyond it msgpack, SQLite, JSON in a page or geometry stop."""
MAX_TEXT = 10_240
"""Characters of a text that are read: those of an LT (PS3.5 6.2)."""
MAX_RECORD_BYTES = 64 << 20
"""Of all that is read of one header. An object of 20,000 frames takes 12 MB."""

MAX_DEPTH = 32
"""Sequences within sequences; real files stay below 10."""
MAX_ELEMENTS = 4_000_000
"""Of a data set, at every depth. Functional groups of 20,000 frames have some 50 each."""
MAX_ITEMS = 1_000_000
"""Of all sequences of a data set."""
MAX_FRAGMENTS = 400_000
"""Of one element."""
MAX_FRAMES = 20_000

CPU_FREE_S = 5.0
"""Processor time that reading a file may take, whatever its size."""
CPU_S_PER_MIB = 0.1
"""What each MiB adds: eight times what hashing and reading headers take."""
CPU_S_PER_DECODED_MIB = 0.5
"""What each MiB of pixels adds: ten times what the slowest of the codecs takes for it."""
CPU_MOST_S = 60.0


def reading_cpu_s(size: int) -> float:
    """Processor time in which a file of that many bytes is read."""
    return min(CPU_MOST_S, CPU_FREE_S + CPU_S_PER_MIB * (size >> 20))


def decoding_cpu_s(size: int, pixels: int) -> float:
    """Processor time in which files of that many bytes are decoded to so many bytes of pixels."""
    return min(CPU_MOST_S, reading_cpu_s(size) + CPU_S_PER_DECODED_MIB * (pixels >> 20))


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of files, each counted once; of one that is gone none."""
    size = 0
    for path in set(paths):
        with contextlib.suppress(OSError):
            size += path.stat().st_size
    return size
