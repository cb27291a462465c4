"""A process of its own for commands: JSON lines on its stdin, one answer line for each.

`serve` is the process's own side: each command is a method of what it is given, with the command's fields. A subclass
of `CommandProcess` is the other end; it names the module that is run.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

ROOT = Path(__file__).parent.parent.parent
Message = dict[str, Any]


class Commands(Protocol):
    """Whose methods are the commands."""

    async def leave(self) -> Message:
        """There are no more commands."""


async def serve(commands: Commands) -> None:
    """Run the commands of stdin until it ends."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        act: Callable[..., Awaitable[Message]] = getattr(commands, command.pop("do"))
        answer: Message
        try:
            answer = await act(**command)
        except Exception as error:  # the other end fails on it
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    await commands.leave()


class CommandProcess:
    """The process, from outside: `async with SomeProcess() as some: await some.ask("do_it", how=...)`."""

    module = ""
    """Run as `python -m`."""

    async def __aenter__(self) -> Self:
        """Start the process."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
            start_new_session=True,
            cwd=ROOT,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it by its process group."""
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def ask(self, do: str, **fields: Any) -> Message:
        """One command and its answer. Raises RuntimeError where it failed there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **fields}).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.module} has ended")
        answer: Message = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{do}: {answer['error']}")
        return answer
