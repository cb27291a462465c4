"""Two servers on one Redis and one data directory, behind one address."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.balancer import Balancer, balancer
from tests.support.redis_server import RedisServer, redis_server
from tests.support.server import Server
from tests.support.zygote import COMMAND, zygote


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class NodeServer(Server):
    """One node, on a port of its own."""

    def __init__(self, data: Path, name: str, redis_url: str, *more: str) -> None:
        super().__init__(data, *more)
        self.name, self.port = name, free_port()
        self._own = ["--port", str(self.port), "--node", name, "--redis", redis_url]
        self.volumes = data.parent / f"volumes-{name}"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.data.parent / f"{self.name}.log"

    def start(self) -> None:
        """Start, and return once it answers."""
        options = [*self._own, "--data", str(self.data), "--volumes", str(self.volumes), "--log-level", "info"]
        reads, writes = os.pipe()
        self._output = open(reads)  # noqa: SIM115  # open as long as the server may print
        with self.log.open("a") as log:
            words = ["serve", *options, *self._more]
            self._process = zygote.fork(words, self._env, stdout=writes, stderr=log.fileno(), module=COMMAND)
        os.close(writes)
        while not (line := self._output.readline()).startswith("The host's address is in "):
            assert line, self.log.read_text()[-3000:]
        self.address = f"http://127.0.0.1:{self.port}"
        self.token = Path(line.split()[-1]).read_text().strip().rpartition("#")[2]

    def pause(self) -> None:
        """SIGSTOP to the server alone."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Behind `pause`."""
        os.kill(self.pid, signal.SIGCONT)


class Nodes:
    """Some nodes; those that run are killed in the end."""

    def __init__(self, folder: Path, redis: RedisServer) -> None:
        self.folder, self.redis = folder, redis
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        self.all = [NodeServer(self.data, name, redis.url) for name in ("a", "b")]
        self.balancer: Balancer

    @property
    def url(self) -> str:
        """The one address."""
        return self.balancer.url

    def start(self) -> None:
        """Both."""
        for node in self.all:
            node._more = ("--public-url", self.url)
            node.start()

    def owner(self, consult: str) -> NodeServer:
        """Which node has a consult."""
        with self.redis.client() as client:
            name = client.hget(f"{{consult}}:lease:{consult}", "node")
        assert name, f"nobody has {consult}"
        return next(node for node in self.all if node.name == name.decode())

    def other(self, than: NodeServer) -> NodeServer:
        """The one that this is not."""
        return next(node for node in self.all if node is not than)

    def open(self, study: str) -> dict[str, str]:
        """A consult on a study, by the one address: {"consult", "host", "guest"}."""
        return self.all[0].open(study)


@contextmanager
def nodes(folder: Path) -> Iterator[Nodes]:
    """Two that run, empty."""
    with redis_server(folder / "redis") as redis:
        made = Nodes(folder, redis)
        with balancer([node.port for node in made.all]) as before:
            made.balancer = before
            made.start()
            try:
                yield made
            finally:
                for node in made.all:
                    node.kill()
