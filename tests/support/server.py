"""A real server as a child process, on a data directory that outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any


def consult(*words: str, data: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command of `consult` to its end."""
    command = [sys.executable, "-m", "consult", *words, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, check=check, timeout=120)


class Server:
    """`consult serve`, which can be killed and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.address = ""
        self.token = ""
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        port = self.address.rpartition(":")[2] or "0"
        options = ["--port", port, "--data", str(self.data), "--log-level", "info"]
        command = [sys.executable, "-m", "consult", "serve", *options]
        log = open(self.data / "server.log", "a")  # noqa: SIM115  # the child's for its whole life
        with log:
            self._process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
            )
        assert self._process.stdout
        first = self._process.stdout.readline()
        assert first.startswith("consult answers at "), (first, (self.data / "server.log").read_text()[-3000:])
        self.address = first.split()[-1]
        self.token = self._process.stdout.readline().split()[-1]

    def kill(self) -> None:
        """kill -9, with all that it started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._wait()

    def terminate(self) -> int:
        """SIGTERM; the exit status."""
        assert self._process
        self._process.terminate()
        return self._wait()

    def open(self, *studies: str, **options: str) -> dict[str, str]:
        """A consult on these studies: {"consult", "host", "guest"} with the links of this server."""
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
        links: dict[str, Any] = json.loads(consult("open", *studies, "--json", *words, data=self.data).stdout)
        for who in ("host", "guest"):
            links[who] = self.address + "/join/" + links[who].split("/join/", 1)[1]
        return links

    def _wait(self) -> int:
        assert self._process
        assert self._process.stdout
        status = self._process.wait(20)
        self._process.stdout.close()
        self._process = None
        return status
