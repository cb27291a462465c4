"""Commands of `consult`, forked from a process that has imported everything: seconds of processor time less for each.

`python -m tests.support.zygote FD` is that process. A request on its socket (`Request` as JSON, with the descriptors of
stdout, stderr, and of a pipe for the exit status) becomes a child with a session of its own, which runs the command as
`python -m consult` does. Its fork server of DICOM workers is one that waits beside it, with pydicom loaded.
The command line itself, started as users start it, is tested in tests/unit/cli.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from multiprocessing import util
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
LARGEST_REQUEST = 1 << 20
COMMAND = "consult.cli"
IMPORTED = (
    "consult.cli.import_command", "consult.cli.open_command", "consult.cli.serve_command", "consult.dicom.tasks",
)  # fmt: skip
COMPILED = (
    "consult.rendering.stack", "consult.rendering.planes.plane", "consult.rendering.planes.fusion",
    "consult.rendering.segmentations.kernels", "consult.rendering.volume_rendering.rays",
)  # fmt: skip
OUT_OF_THE_WAY = 512
"""Descriptors from this number on are at no number that somebody has asked for."""


class Request(NamedTuple):
    """The module whose `main` runs, the words of its command line, the environment, the working directory."""

    module: str
    words: list[str]
    env: dict[str, str]
    cwd: str


class Forked:
    """A command that runs, as a `subprocess.Popen` of it would be."""

    def __init__(self, pid: int, ended: int) -> None:
        self.pid, self._ended = pid, ended
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._status(0)

    def wait(self, timeout_s: float) -> int:
        """The exit status, once it has ended. Raises TimeoutExpired."""
        if (status := self._status(timeout_s)) is None:
            raise subprocess.TimeoutExpired("consult", timeout_s)
        return status

    def terminate(self) -> None:
        """SIGTERM, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _status(self, timeout_s: float) -> int | None:
        if self.returncode is None and select.select([self._ended], [], [], timeout_s)[0]:
            self.returncode = int(os.read(self._ended, 16))
            os.close(self._ended)
        return self.returncode


class Zygote:
    """The process that forks; started when it is first asked."""

    def __init__(self) -> None:
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fork(
        self, words: Sequence[str], env: dict[str, str], *, stdout: int, stderr: int, module: str = COMMAND
    ) -> Forked:
        """Run `consult` with these words, or a module that runs it otherwise."""
        control = self._started()
        ended, ends = os.pipe()
        request = Request(module, list(words), env, str(Path.cwd()))
        socket.send_fds(control, [json.dumps(request).encode()], [stdout, stderr, ends])
        os.close(ends)
        return Forked(int(control.recv(16)), ended)

    def _started(self) -> socket.socket:
        if self._control is None:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "tests.support.zygote", str(theirs.fileno())],
                    stdin=subprocess.DEVNULL, cwd=ROOT, pass_fds=[theirs.fileno()], start_new_session=True,
                )  # fmt: skip
            atexit.register(self._end)
        return self._control

    def _end(self) -> None:
        assert self._control
        assert self._process
        self._control.close()
        self._process.wait(PATIENCE_S)


zygote = Zygote()


def serve(control: socket.socket) -> Request | None:
    """Fork a child for each request; returns in the children with it, and None once the other end has closed."""
    children: dict[int, tuple[int, int]] = {}  # by their pidfd: pid, and where the exit status goes
    while True:
        for ready in select.select([control.fileno(), *children], [], [])[0]:
            if ready != control.fileno():
                pid, ends = children.pop(ready)
                os.write(ends, str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
                os.close(ends)
                os.close(ready)
                continue
            message, descriptors, _, _ = socket.recv_fds(control, LARGEST_REQUEST, 3)
            if not message:
                return None
            if (pid := os.fork()) == 0:
                request = Request(*json.loads(message))
                _become(request, descriptors)
                return request
            stdout, stderr, ends = descriptors
            os.close(stdout)
            os.close(stderr)
            children[os.pidfd_open(pid)] = (pid, ends)
            control.send(str(pid).encode())


def _become(request: Request, descriptors: Sequence[int]) -> None:
    """In a child: a session, descriptors, environment and directory as a process of its own has them."""
    os.setsid()
    for number, descriptor in enumerate(descriptors[:2], start=1):
        os.dup2(descriptor, number)
    os.closerange(3, OUT_OF_THE_WAY)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False, buffering=1)  # noqa: SIM115  # its own
    os.environ.clear()
    os.environ.update(request.env)
    os.chdir(request.cwd)
    sys.argv = ["consult", *request.words]
    _keep_fork_server_ready()


def _keep_fork_server_ready() -> None:
    """Fork what becomes the command's fork server when multiprocessing starts one; before there are threads."""
    here, there = socket.socketpair()
    if (pid := os.fork()) == 0:
        here.close()
        _wait_to_be_fork_server(there)
        os._exit(0)
    there.close()
    spawn = util.spawnv_passfds

    def spawn_or_take(path: Any, args: Sequence[str], descriptors: Sequence[int]) -> int:
        command = args[-1]
        if "multiprocessing.forkserver" not in command or here.fileno() < 0:
            return int(spawn(path, args, descriptors))
        with here:
            socket.send_fds(here, [json.dumps([command, list(descriptors)]).encode()], list(descriptors))
        return pid

    util.spawnv_passfds = spawn_or_take  # type: ignore[assignment]  # narrower: what multiprocessing calls it with


def _wait_to_be_fork_server(orders: socket.socket) -> None:
    """Do what the command line of a fork server says, with its descriptors at their numbers."""
    message, descriptors, _, _ = socket.recv_fds(orders, LARGEST_REQUEST, 8)
    orders.close()
    if not message:
        return  # the command has ended without one
    command, numbers = json.loads(message)
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, OUT_OF_THE_WAY) for descriptor in descriptors]
    os.closerange(3, OUT_OF_THE_WAY)
    for descriptor, number in zip(moved, numbers, strict=True):
        os.dup2(descriptor, number)
        os.close(descriptor)
    exec(command, {})  # what `python -c` would be given


def import_everything() -> None:
    """What commands import and compile; nothing of it starts a thread."""
    for module in IMPORTED:
        importlib.import_module(module)
    for module in COMPILED:
        importlib.import_module(module).warm()
    importlib.import_module("consult.http.pages.static").site.now()  # half a second: a child looks what has changed
    gc.collect()
    gc.freeze()


def main() -> int:
    """Serve; in a child, run its command."""
    import_everything()
    control = socket.socket(fileno=int(sys.argv[1]))
    request = serve(control)
    if request is not None:
        control.detach()
        end(int(importlib.import_module(request.module).main()))
    return 0


def end(status: int) -> NoReturn:
    """As the interpreter does, in a child that has done its work; but nothing is freed: to count down the references of
    all that was imported copies it from the process that it is shared with, which takes as long as the work."""
    threading._shutdown()  # type: ignore[attr-defined]  # as multiprocessing ends its children
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
