"""Runs an older release and this one side by side on one real redis-server, and restarts one into the other while
people write: `.venv/bin/python -m tools.two_releases OLD_COMMIT [--keep FOLDER]`.

The older one is taken out of this repository's history and runs with the packages that are installed here. First both
nodes are of the older release, and are restarted one after the other as this one; then the other way, as far as
docs/running.md lets it go: where entries of this release may say more than the older one can read, an older node must
leave the consult to the newer one, and where none is left nothing is confirmed until there is. It is shown what each
node logs as an error; 1 where a command was lost, a consult was where it must not be, or this release logged one.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from tests.support.balancer import balancer
from tests.support.consult_client import ConsultClient
from tests.support.ct import write_series
from tests.support.journeys import Journeys
from tests.support.live_client import Message
from tests.support.nodes import Nodes, NodeServer
from tests.support.redis_server import redis_server
from tests.support.verdict import entries_of, judged
from tests.support.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent
OLD, NEW = "older", "this"
PEOPLE, WRITE_S, STILL_S = 4, 0.1, 3.0
FORM = "from consult.sessions.features.form import form; print(form())"
ERRORS = ("error", "critical")


class ReleaseNode(NodeServer):
    """A node whose source is one of several.

    Attributes:
        trees: by release, where its source is.
        release: of which it is, or will be when it is started.
    """

    def __init__(self, data: Path, name: str, redis_url: str, trees: dict[str, Path]) -> None:
        super().__init__(data, name, redis_url)
        self.trees, self.release = trees, OLD

    def start(self) -> None:
        """Start that release, and return once it is ready."""
        options = [*self._own, "--data", str(self.data), "--volumes", str(self.volumes), "--log-format", "json"]
        words = [sys.executable, "-m", "consult", "serve", *options, "--log-level", "info", *self._more]
        tree = self.trees[self.release]
        with self.log_of(self.release).open("a") as log:
            self._process = subprocess.Popen(  # type: ignore[assignment]  # what `Server` asks of a process it has too
                words, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)}, stdout=subprocess.PIPE, stderr=log,
                text=True, start_new_session=True,
            )  # fmt: skip
        self._output = self._process.stdout  # type: ignore[union-attr]
        while not (line := self._output.readline()).startswith("The host's address is in "):
            assert line, self.log_of(self.release).read_text()[-3000:]
        self.address = f"http://127.0.0.1:{self.port}"
        self.token = Path(line.split()[-1]).read_text().strip().rpartition("#")[2]
        with httpx.Client() as http:
            while http.get(f"{self.address}/readyz", timeout=PATIENCE_S).status_code != httpx.codes.OK:
                pass

    def log_of(self, release: str) -> Path:
        """What it says as that release."""
        return self.data.parent / f"{self.name}-{release}.log"


class Page(ConsultClient):
    """A page of this release: its hello says when its newest entry was stored, and is said once more without that where
    a server of an older release refuses it (connection.js)."""

    def __init__(self) -> None:
        super().__init__((1280, 720), Journeys(), Journeys(), insists=True)
        self._at: float | None = None
        self._hello: Message = {}
        self._plain: asyncio.Task[None] | None = None

    async def send(self, kind: str, **fields: Any) -> None:
        """See `LiveClient.send`."""
        if kind == "hello":
            self._hello = dict(fields)
            fields |= {} if self._at is None or not fields.get("after") else {"at": self._at}
        await super().send(kind, **fields)

    def on_message(self, message: Message) -> None:
        """See `ConsultClient.on_message`."""
        super().on_message(message)
        match message["type"]:
            case "event":
                self._at = message["at"]
            case "welcome" if message["snapshot"] is not None:
                self._at = message.get("at")
            case "refused" if message["code"] == "malformed" and not self._welcomed.is_set():
                self._plain = asyncio.create_task(super().send("hello", **self._hello))


@dataclass
class Course:
    """What has become of one way.

    Attributes:
        steps: what was done and seen, in words.
        wrong: what must not be.
    """

    steps: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def say(self, sentence: str, *, holds: bool = True) -> None:
        """It was seen; or it must not be."""
        print(f"  {'' if holds else 'WRONG: '}{sentence}", flush=True)
        (self.steps if holds else self.wrong).append(sentence)


def main() -> int:
    """Go both ways, and say what was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.two_releases", description=__doc__)
    parser.add_argument("old", metavar="OLD_COMMIT", help="of the older release, in this repository's history")
    parser.add_argument("--keep", type=Path, help="a folder for logs and data, which stay there")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(TemporaryDirectory(prefix="releases-")))
        trees = {OLD: taken_out(asked.old, folder / "source"), NEW: ROOT}
        forms = {name: form_of(tree) for name, tree in trees.items()}
        print(f"entries of {asked.old} may say {forms[OLD]}, those of this release {forms[NEW]}")
        wrong = list[str]()
        for number, way in enumerate(((OLD, NEW), (NEW, OLD))):
            print(f"{way[0]} -> {way[1]} release", flush=True)
            where = folder / f"way-{number}"
            where.mkdir(parents=True)
            with running(where, trees, way[0]) as nodes:
                wrong += asyncio.run(gone(nodes, way, leaves=forms[way[1]] < forms[way[0]])).wrong
            wrong += faults(where)
    print(f"{len(wrong)} wrong" if wrong else "nothing lost, nothing wrong")
    return 1 if wrong else 0


def taken_out(commit: str, folder: Path) -> Path:
    """The source of a commit, in a folder of its own."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", commit], check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    return folder


def form_of(tree: Path) -> int:
    """How much its entries may say; 0: it does not say it."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    asked = subprocess.run([sys.executable, "-c", FORM], cwd=tree, env=environment, capture_output=True, text=True)
    return int(asked.stdout) if asked.returncode == 0 else 0


@contextmanager
def running(folder: Path, trees: dict[str, Path], release: str) -> Iterator[Nodes]:
    """Two nodes of a release, with a study."""
    with redis_server(folder / "redis") as redis:
        made = Nodes(folder, redis)
        made.all = [ReleaseNode(made.data, name, redis.url, trees) for name in ("a", "b")]
        with balancer([node.port for node in made.all]) as before:
            made.balancer = before
            try:
                for node in made.all:
                    become(node, release, made.url)
                yield made
            finally:
                for node in made.all:
                    node.kill()


def become(node: NodeServer, release: str, url: str = "") -> None:
    """Start as that release; `url`: of all nodes, the first time."""
    assert isinstance(node, ReleaseNode)
    node.release = release
    node._more = ("--public-url", url) if url else node._more
    node.start()


async def gone(nodes: Nodes, way: tuple[str, str], *, leaves: bool) -> Course:
    """One node after the other becomes of the other release, while people write.

    Args:
        leaves: nodes of that release must leave the consult to those of the one before.
    """
    course, stop = Course(), asyncio.Event()
    consult, people = await begun(nodes)
    writers = [asyncio.create_task(write(one, f"p{i}", stop)) for i, one in enumerate(people)]
    await goes_on(people)
    first, second = nodes.owner(consult), nodes.other(nodes.owner(consult))
    for node, stays in ((first, second), (second, first)):
        await stopped(nodes, node, course)
        if node is second and leaves:
            await waits(people, course)
            become_again = way[0]
        else:
            become_again = way[1]
            await goes_on(people)
            course.say(f"{node.name} is stopped: {nodes.owner(consult).name} has the consult, people write on")
        await asyncio.to_thread(become, node, become_again)
        await goes_on(people)
        owner = nodes.owner(consult)
        may = not (leaves and isinstance(owner, ReleaseNode) and owner.release == way[1])
        course.say(f"{node.name} is of {become_again} release: {owner.name} has the consult, people write", holds=may)
        assert stays.runs
    stop.set()
    await asyncio.gather(*writers)
    await opens_another(nodes, course)
    verdict = judged(people, await entries_of(nodes, consult))
    course.say(f"{verdict}", holds=verdict.is_right)
    for one in people:
        if one._unanswered:
            course.say(f"{len(one._unanswered)} commands were never answered", holds=False)
        await one.close()
    return course


async def begun(nodes: Nodes) -> tuple[str, list[ConsultClient]]:
    """A consult on a study that was taken in by the first node, with people in it."""
    study = write_series(nodes.folder / "files")
    headers = {"Authorization": f"Bearer {nodes.all[0].token}"}
    async with httpx.AsyncClient(timeout=PATIENCE_S, headers=headers) as http:
        for file in sorted((nodes.folder / "files").iterdir()):
            (await http.post(f"{nodes.url}/api/studies", content=file.read_bytes())).raise_for_status()
    opened = await asyncio.to_thread(nodes.open, study)
    people: list[ConsultClient] = [Page() for _ in range(PEOPLE)]
    for i, one in enumerate(people):
        await one.join(opened["guest"], f"Guest {i}")
        await one.stay()
    return opened["consult"], people


async def stopped(nodes: Nodes, node: NodeServer, course: Course) -> None:
    """SIGTERM, as `systemctl restart` does."""
    status = await asyncio.to_thread(node.terminate)
    if status:
        course.say(f"{node.name} ended with {status}", holds=False)


async def goes_on(people: list[ConsultClient]) -> None:
    """Everybody has been confirmed something more."""
    before = [len(one.acknowledged) for one in people]
    async with asyncio.timeout(PATIENCE_S):
        while not all(len(one.acknowledged) > n for one, n in zip(people, before, strict=True)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def waits(people: list[ConsultClient], course: Course) -> None:
    """Nobody is confirmed anything while no node may take the consult."""
    before = [len(one.acknowledged) for one in people]
    await asyncio.sleep(STILL_S)
    more = sum(len(one.acknowledged) - n for one, n in zip(people, before, strict=True))
    course.say(f"no node may take the consult: {more} commands were confirmed in {STILL_S:.0f} s", holds=not more)


async def opens_another(nodes: Nodes, course: Course) -> None:
    """Both nodes still answer for the host."""
    for node in nodes.all:
        headers = {"Authorization": f"Bearer {node.token}"}
        async with httpx.AsyncClient(timeout=PATIENCE_S, headers=headers) as http:
            answer = await http.get(f"{node.address}/api/consults")
            course.say(f"{node.name} lists the consults: {answer.status_code}", holds=answer.is_success)


async def write(person: ConsultClient, name: str, stop: asyncio.Event) -> None:
    """Mark after mark, each until it is answered."""
    number = 0
    while not stop.is_set():
        number += 1
        with contextlib.suppress(RuntimeError):  # refused: so it must not be stored
            await person.draw(f"{name}-{number}", 0.1)
        await asyncio.sleep(WRITE_S)


def faults(folder: Path) -> list[str]:
    """What nodes have logged as an error; that of this release is wrong."""
    wrong = list[str]()
    for log in sorted(folder.glob("*.log")):
        for line in log.read_text().splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                said = json.loads(line)
                if said["level"] in ERRORS:
                    print(f"  {log.stem} logged: {line[:2000]}")
                    wrong += [line] if log.stem.endswith(NEW) else []
    return wrong


if __name__ == "__main__":
    sys.exit(main())
