"""`consult serve` and a page of it, by HTTP and JSON alone: nothing of `consult` is imported, so it fits any version.

What a view looks like is left to the server: a view that came from it is given back to it as it is.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.support.snapshot_parts import Parts, with_lists
from tests.support.waiting import PATIENCE_S
from tests.support.zygote import Forked, zygote

Message = dict[str, Any]
PROTOCOL = 2
SCREEN = {"width": 400, "height": 300}
ALIVE_S = 1.0


def token_of(line: str) -> str:
    """The token that a server's second line says, or the file that it names (older ones said it themselves)."""
    last = line.split()[-1]
    return Path(last).read_text().strip().rpartition("#")[2] if last.startswith("/") else last


class Seat(NamedTuple):
    """A seat that was taken: its id, and the cookies of its browser."""

    id: str
    cookies: str


class PlainServer:
    """A server on a data directory, as long as the block.

    Args:
        data: beside it the server's log is written.
        command: of another version, from the outside; this one is forked.

    Attributes:
        address, token: as it prints them.
    """

    def __init__(self, data: Path, command: Sequence[str] = ()) -> None:
        self._command, self._words = command, ["serve", "--port", "0", "--data", str(data)]
        self._log = data.with_name(f"{data.name}.log")

    def __enter__(self) -> Self:
        reads, writes = os.pipe()
        with self._log.open("a") as log:
            self._process = self._start(writes, log.fileno())
        os.close(writes)
        self._output = open(reads)  # open as long as the server may print
        first, second = self._output.readline(), self._output.readline()
        assert first.startswith("consult answers at "), self._log.read_text()[-3000:]
        self.address, self.token = first.split()[-1], token_of(second)
        self._http = httpx.Client(base_url=self.address, timeout=PATIENCE_S, verify=False)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._http.close()
        self._process.terminate()
        assert self._process.wait(PATIENCE_S) == 0, self._log.read_text()[-3000:]
        self._output.close()

    def _start(self, stdout: int, stderr: int) -> subprocess.Popen[bytes] | Forked:
        if self._command:
            return subprocess.Popen([*self._command, *self._words], stdout=stdout, stderr=stderr)
        return zygote.fork(self._words, dict(os.environ), stdout=stdout, stderr=stderr)

    def api(self, method: str, path: str, **body: Any) -> Message:
        """The host API. Fails where it refuses."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = self._http.request(method, f"/api/{path}", json=body or None, headers=headers)
        assert answer.is_success, answer.text
        found: Message = answer.json()
        return found

    def preview(self, link: str) -> httpx.Response:
        """What the page of a link asks for: who invites. `link`: path and fragment."""
        path, _, secret = link.partition("#")
        return self._http.post(path, json={"secret": secret})

    def join(self, link: str, name: str, cookies: str = "") -> httpx.Response:
        """Ask for a seat by a link; `cookies`: what the browser still has."""
        path, _, secret = link.partition("#")
        headers = {"Cookie": cookies} if cookies else {}
        answer = self._http.post(f"{path}/seat", json={"secret": secret, "name": name}, headers=headers)
        self._http.cookies.clear()  # each seat is another browser's
        return answer

    def take_seat(self, link: str, name: str, cookies: str = "") -> Seat:
        """As `join`. Fails where there is none."""
        answer = self.join(link, name, cookies)
        assert answer.status_code == 200, answer.text
        new = "; ".join(f"{cookie.name}={cookie.value}" for cookie in answer.cookies.jar)
        return Seat(answer.json()["seat"].split("/")[2], new)

    def json(self, seat: Seat, path: str) -> Any:
        """Fetch something below a seat."""
        answer = self._http.get(f"/seat/{seat.id}/{path}", headers={"Cookie": seat.cookies})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def picture(self, seat: Seat, path: str) -> str:
        """Fetch a picture below a seat; its X-Pixels-SHA256, "" where it has none."""
        answer = self._http.get(f"/seat/{seat.id}/{path}", headers={"Cookie": seat.cookies})
        assert answer.status_code == 200, answer.text
        return str(answer.headers.get("X-Pixels-SHA256", ""))


class Page:
    """A page of a seat, connected as long as the block.

    Args:
        server, seat: where, and whose.
        tab: names the page; without one it is a new page.
        seen: `log`, `after` and `rev` of a page that was here before the server was started anew.

    Attributes:
        welcome: with the snapshot, if there is one.
        seq: of the newest event.
        last: the newest command, and the entry that it was stored as.
    """

    def __init__(self, server: PlainServer, seat: Seat, tab: str = "", **seen: Any) -> None:
        self.seat, self.tab = seat.id, tab or secrets.token_hex(8)
        self._server, self._seat, self._seen = server, seat, seen
        self._commands, self._shows = count(1), count(1)
        self._newest: dict[str, Message] = {}
        self._stack, self._parts = ExitStack(), Parts()

    def __enter__(self) -> Self:
        url = f"{self._server.address}/seat/{self.seat}/ws".replace("http", "ws", 1)
        headers, origin = {"Cookie": self._seat.cookies}, Origin(self._server.address)
        connecting = connect(url, origin=origin, additional_headers=headers, compression=None)
        with ExitStack() as stack:  # where nobody is welcomed, nothing is left running
            self._socket = stack.enter_context(connecting)
            stack.enter_context(self._living())
            self.send({"type": "hello", "protocol": PROTOCOL, "tab": self.tab, "screen": SCREEN, **self._seen})
            self.welcome = self.until(lambda message: message["type"] == "welcome")
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stack.close()

    @contextmanager
    def _living(self) -> Iterator[None]:
        """Says that it is there, as pages do, whatever the test waits for: else it is sent away after some seconds."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(ALIVE_S):
                with suppress(ConnectionClosed):
                    self.send({"type": "alive"})

        thread = threading.Thread(target=beat, name="alive")
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def send(self, message: Message) -> None:
        """One message."""
        self._socket.send(json.dumps(message))

    def until(self, wanted: Callable[[Message], bool]) -> Message:
        """Take messages until that one has come."""
        while True:
            message: Message = json.loads(self._socket.recv(PATIENCE_S))
            self._note(message)
            if wanted(message):
                return message

    def command(self, kind: str, **fields: Any) -> int:
        """Something that is stored; the entry it was stored as. Fails where it is refused."""
        return self.repeat({"type": kind, "id": f"{self.tab}.{next(self._commands)}", "case": self._case, **fields})

    def repeat(self, command: Message) -> int:
        """As `command`, with this very message."""
        self.send(command)
        answer = self.until(lambda message: message.get("id") == command["id"])
        assert answer["type"] == "ack", answer
        seq = int(answer["seq"])
        if seq > self.seq:
            self.until(lambda message: message["type"] == "event" and message["seq"] >= seq)
        self.last = (command, seq)
        return seq

    def show(self, view: Message, *, rest: bool = True) -> None:
        """Show this to all; returns when it is shown. Fails where it is refused."""
        n = next(self._shows)
        self.send({"type": "show", "control": self._control, "case": self._case, "n": n, "view": view, "rest": rest})
        answer = self.until(lambda m: m["type"] == "refused" or (m["type"] == "view" and m["tab"] == self.tab))
        assert answer.get("n") == n, answer

    @property
    def shown(self) -> Message:
        """The newest `view`."""
        return self._newest["view"]

    def stills(self) -> list[Message]:
        """The exact stills of what is shown: of which viewport, where it lies on the screen, the hash of its pixels."""
        rev = self.shown["rev"]
        if "stamp" not in self._newest or self._newest["stamp"]["stamp"]["rev"] < rev:
            self.until(lambda message: message["type"] == "stamp" and message["stamp"]["rev"] >= rev)
        return [
            {"viewport": v["id"], "rect_px": v["rect_px"], "pixels": self.picture(f"stills/{v['digest']}")}
            for v in self._newest["stamp"]["stamp"]["viewports"]
        ]

    def picture(self, path: str) -> str:
        """As `PlainServer.picture`."""
        return self._server.picture(self._seat, path)

    def _note(self, message: Message) -> None:
        self._newest[message["type"]] = message
        if message["type"] == "part":
            self._parts.take(message)
            self.send({"type": "alive"})
        elif message["type"] == "welcome":
            self._enter(message)
        elif message["type"] == "event":
            self.seq, event = message["seq"], message["event"]
            if event["type"] == "case_switched":
                self._case = event["epoch"]
            elif event["type"] == "control_put":
                self._control = event["control"]["epoch"]

    def _lists(self, key: str) -> Message:
        found: Message = self._server.json(self._seat, f"series/{key}")
        return found

    def _enter(self, welcome: Message) -> None:
        view, snapshot = welcome["view"], welcome["snapshot"]
        if snapshot:
            snapshot = welcome["snapshot"] = self._parts.whole(snapshot)
            for case in snapshot["cases"]:
                case["series"] = [with_lists(series, self._lists(series["key"])) for series in case["series"]]
        self._newest["view"], self.seq = view, welcome["seq"]
        self._case = view["case"]
        self._control = snapshot["control"]["epoch"] if snapshot else view["control"]
