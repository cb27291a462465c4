"""A peer of the benchmarks in a process of its own: its module prints its address and serves until it is killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


@asynccontextmanager
async def peer_process(module: str, *arguments: str) -> AsyncIterator[tuple[str, int]]:
    """Its address and its process id."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout
        yield (await process.stdout.readline()).decode().strip(), process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
