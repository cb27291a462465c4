"""A real server as a child process, on a data directory that outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import httpx

from tests.support.impair import LOOPBACK, Relay
from tests.support.waiting import PATIENCE_S
from tests.support.zygote import COMMAND, Forked, zygote


def consult(*words: str, data: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command of `consult` to its end."""
    command = [*words, "--data", str(data)]
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        forked = zygote.fork(command, dict(os.environ), stdout=out.fileno(), stderr=err.fileno())
        status = forked.wait(PATIENCE_S)
        out.seek(0)
        err.seek(0)
        ended = subprocess.CompletedProcess(["consult", *command], status, out.read(), err.read())
    if check:
        ended.check_returncode()
    return ended


def first_lines(*words: str, data: Path, number: int, then: Callable[[list[str]], None]) -> int:
    """Run a command of `consult` that serves; do something with its first lines, then SIGTERM; its status."""
    command = [sys.executable, "-m", "consult", *words, "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with process:
        assert process.stdout
        try:
            then([process.stdout.readline().rstrip("\n") for _ in range(number)])
        finally:
            process.terminate()
    return process.returncode


class Server:
    """`consult serve`, which can be killed and started again at the same address.

    Args:
        more: other options of it.
        module: what is run in place of `consult`; env: more variables of its environment.
    """

    def __init__(self, data: Path, *more: str, module: str = COMMAND, env: dict[str, str] | None = None) -> None:
        self.data = data
        self._more, self._module, self._env = more, module, {**os.environ, **(env or {})}
        self.address = ""
        self.token = ""
        self._process: Forked | None = None

    def start(self) -> None:
        """Start, and return once it answers."""
        port = self.address.rpartition(":")[2] or "0"
        options = ["--port", port, "--data", str(self.data), "--log-level", "info", *self._more]
        reads, writes = os.pipe()
        self._output = open(reads)  # noqa: SIM115  # open as long as the server may print
        with open(self.data / "server.log", "a") as log:
            words = ["serve", *options]
            self._process = zygote.fork(words, self._env, stdout=writes, stderr=log.fileno(), module=self._module)
        os.close(writes)
        first = self._output.readline()
        assert first.startswith("consult answers at "), (first, (self.data / "server.log").read_text()[-3000:])
        self.address = first.split()[-1]
        path = self._output.readline().split()[-1]
        self.token = Path(path).read_text().strip().rpartition("#")[2]

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

    @property
    def runs(self) -> bool:
        """It was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the server; its workers are in its session."""
        assert self._process
        return self._process.pid

    def open(self, *studies: str, title: str = "", more_cases: Sequence[Sequence[str]] = ()) -> dict[str, str]:
        """A consult on these studies by the host API: {"consult", "host", "guest"} with the links."""
        opened = self._create("consults", {"studies": studies, "title": title, "more_cases": more_cases})
        links = {link["role"]: link["url"] for link in opened["links"]}
        return {"consult": opened["consult"], "host": links["host"], "guest": links["participant"]}

    def open_board(self, *cases: Sequence[str], title: str = "Board") -> dict[str, str]:
        """A board of these cases, each the studies of a patient: {"consult", "host", "guest", "preparer"}."""
        opened = self._create("boards", {"cases": [{"studies": studies} for studies in cases], "title": title})
        links = {link["role"]: link["url"] for link in opened["links"]}
        roles = {"host": "host", "guest": "participant", "preparer": "preparer"}
        return {"consult": opened["consult"], **{name: links[role] for name, role in roles.items()}}

    def invite(self, consult: str, role: str) -> str:
        """Another link to a consult, by the host API."""
        link: str = self._create(f"consults/{consult}/invitations", {"role": role})["url"]
        return link

    def _create(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """By the host API."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = httpx.post(f"{self.address}/api/{what}", json=body, headers=headers, timeout=PATIENCE_S)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def _wait(self) -> int:
        assert self._process
        status = self._process.wait(PATIENCE_S)
        self._output.close()
        self._process = None
        return status


@contextmanager
def serving(data: Path, *more: str, files: Path | None = None) -> Iterator[Server]:
    """A running server, which has taken these files in first, and is killed in the end; `more`: options of it."""
    if files is not None:
        consult("import", str(files), data=data)
    server = Server(data, *more)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def behind(relay: Relay, data: Path) -> Server:
    """A server that browsers reach through the relay by UDP."""
    return Server(data, "--udp-port", str(relay.server[1]), "--udp-advertise", f"{LOOPBACK}:{relay.port}")
