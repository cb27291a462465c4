"""A real redis-server of the machine, on a free port and in a folder of its own."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

PROGRAM = shutil.which("redis-server") or "redis-server"
DURABLE = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "save": ""}


class RedisServer:
    """redis-server, which can be killed, paused and started again on what it has on its disk.

    Args:
        folder: where its files lie.
        settings: in place of those that consult wants.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = {**DURABLE, **{name.replace("_", "-"): value for name, value in settings.items()}}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        """Of the process."""
        assert self._process
        return self._process.pid

    def client(self) -> redis.Redis:
        """A client of the tests' own."""
        return redis.Redis(port=self.port, socket_timeout=10)

    def start(self) -> None:
        """Start, and return once it answers."""
        options = [word for name, value in self.settings.items() for word in (f"--{name}", value)]
        self.folder.mkdir(exist_ok=True, parents=True)
        command = [PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), *options]
        log = open(self.folder / "redis.log", "ab")  # noqa: SIM115  # the process has it
        self._process = subprocess.Popen(command, stdout=log, stderr=log)
        log.close()
        with self.client() as client:
            for _ in range(1000):
                with suppress(redis.exceptions.ConnectionError, redis.exceptions.BusyLoadingError):
                    client.ping()
                    return
                time.sleep(0.01)
        raise AssertionError((self.folder / "redis.log").read_text())

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def pause(self) -> None:
        """It does nothing more until `go_on`."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Behind `pause`."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def set(self, **settings: str) -> None:
        """Change settings while it runs."""
        with self.client() as client:
            for name, value in settings.items():
                client.config_set(name.replace("_", "-"), value)


@contextmanager
def redis_server(folder: Path | None = None, **settings: str) -> Iterator[RedisServer]:
    """One that runs, and is killed in the end."""
    with TemporaryDirectory(prefix="redis-") as own:
        server = RedisServer(folder or Path(own), **settings)
        server.start()
        try:
            yield server
        finally:
            server.kill()
