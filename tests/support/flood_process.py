"""Somebody who floods a consult, in a process of its own: takes a seat by a link and offers frames, or requests by
HTTP, as fast as asked.

Frames are made before and written by bare `send`: what the other side does not take is offered and not sent. Whoever is
closed connects again, as often as it is let in. Who is deaf never reads what comes back.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode

from consult.sessions.messages import PROTOCOL_VERSION
from tests.support.command_process import CommandProcess, Message, serve
from tests.support.live_client import LiveClient
from tests.support.waiting import PATIENCE_S

WIRE = Path(__file__).parent.parent / "wire"
TICK_S = 0.01
"""Offered at once: what is due in so long."""
DIFFERENT = 3000
"""Messages of a kind that are made before, each with another number."""
LARGE, TOO_LARGE = 15_000, 200_000
MEDIA = {"acknowledged": b"\1\0\0\0\1", "ponged": b"\2\0\0\0\1", "keyframe wanted": b"\3"}
"""What the media socket takes (media/video/framing.py), written down again."""
FRAMES: dict[str, tuple[Opcode, bytes, bool]] = {
    "empty text": (Opcode.TEXT, b"", True),
    "no JSON": (Opcode.TEXT, b"x" * 40, True),
    "an array": (Opcode.TEXT, b"[" * 40, True),
    "large text": (Opcode.TEXT, b'{"type":"' + b"x" * LARGE + b'"}', True),
    "too large": (Opcode.TEXT, b"x" * TOO_LARGE, True),
    "WebSocket ping": (Opcode.PING, b"12345678", True),
    "WebSocket pong": (Opcode.PONG, b"", True),
    "fragments": (Opcode.TEXT, b"", False),
}
"""Of the WebSocket itself, and what is no message."""

REQUESTS: dict[str, tuple[str, str, str]] = {
    "home": ("GET", "/", ""),
    "a link's page": ("GET", "{link}", ""),
    "a wrong secret": ("POST", "{link}", '{"secret":"wrong"}'),
    "a right secret": ("POST", "{link}", '{"secret":"{secret}"}'),
    "a seat by a right secret": ("POST", "{link}/seat", '{"secret":"{secret}","name":"Flooder"}'),
    "what is not there": ("GET", "/nothing/here", ""),
    "a seat's page without its cookie": ("GET", "/seat/x/", ""),
    "the host API without a token": ("GET", "/api/consults", ""),
    "whether it is ready": ("GET", "/readyz", ""),
}
"""Method, path and body of what a stranger, or whoever has a link, asks for by HTTP."""
DEAF_BUFFER = 4096
"""Bytes that the kernel takes for who never reads."""


def frame(opcode: Opcode, payload: bytes, *, last: bool = True) -> bytes:
    """As a client sends it."""
    return Frame(opcode, payload, last).serialize(mask=True)


def texts(view: Message, tab: str) -> dict[str, Message]:
    """Of each kind of message a good one on the view that is shown; `#` stands for a number that counts up."""
    (viewport,) = view["view"]["viewports"]
    case, shows = view["case"], viewport["shows"]
    at = {"series": shows["series"], "image": shows["place"], "point": viewport["camera"]["center"]}
    shape = {
        "id": "flood-#",
        "kind": "probe",
        "series": at["series"],
        "image": at["image"],
        "points": [at["point"]],
        "label": "",
    }
    screen = {"width": 640, "height": 480}
    plain: dict[str, Message] = {
        "hello": {"protocol": PROTOCOL_VERSION, "tab": tab, "screen": screen},
        "screen": {"screen": screen},
        "ping": {"t": 1},
        "alive": {},
        "want_media": {"n": "#", "h264": True},
        "answer_media": {"n": 1, "sdp": "v=0"},
        "pause_media": {"n": 1, "paused": True},
        "end_media": {"n": 1},
        "microphone": {"microphone": "off"},
        "mute": {"seat": ""},
        "hand": {"up": True},
        "lower_hand": {"seat": "x"},
        "health": {"transport": "stills", "round_trip_ms": 50},
        "request_follow": {"case": case},
        "cursor": {"case": case, "n": "#", "at": {"viewport": viewport["id"], **at}, "laser": False},
        "draft": {"case": case, "shape": shape},
        "explore": {"case": case, "n": "#", "view": view["view"], "rest": True},
        "show": {"control": 1, "case": case, "n": "#", "view": view["view"], "rest": True},
    }
    commands: dict[str, Message] = {
        "rename": {"name": "Name #"},
        "request_control": {},
        "take_control": {},
        "give_back_control": {},
        "grant_control": {"seat": "x"},
        "switch_case": {"to": "c2"},
        "remove_seat": {"seat": "x"},
        "end_consult": {},
        "put_mark": {"mark": shape},
        "delete_mark": {"mark": "flood-#"},
        "keep_image": {"viewport": viewport},
        "drop_image": {"key_image": "x"},
        "undo": {},
        "redo": {},
        "post_chat": {"text": "Text #", "view": None},
    }
    named = {kind: {"id": f"{tab}.#", "case": case, **fields} for kind, fields in commands.items()}
    ours = {kind: {"type": kind, **fields} for kind, fields in {**plain, **named}.items()}
    return {**{kind: _of_here(example, tab, case) for kind, example in examples().items()}, **ours}


def examples() -> dict[str, Message]:
    """The first good example of each kind that pages send."""
    kinds = (json.loads(path.read_text()) for path in sorted(WIRE.glob("*.json")))
    return {kind["good"][0]["type"]: kind["good"][0] for kind in kinds if kind["direction"] == "client"}


def _of_here(example: Message, tab: str, case: int) -> Message:
    """Of this page and of the case on the stage, where it says so."""
    here = {"id": f"{tab}.#", "case": case}
    return example | {name: value for name, value in here.items() if name in example}


@dataclass
class Offered:
    """What came of a flood."""

    frames: int = 0
    sent: int = 0
    closed: Counter[str] = field(default_factory=Counter)


class Flooder:
    """Each command is a method that is given the command's fields."""

    def __init__(self) -> None:
        self._client = LiveClient()
        self._view: Message = {}
        self._link = ""

    async def join(self, link: str) -> Message:
        """Take a seat, and see what is shown."""
        await self._client.join(link, "Flooder")
        self._view, self._link = self._client.view, link
        return {"kinds": [*texts(self._view, self._client.tab), *FRAMES, *MEDIA], "requests": [*REQUESTS]}

    async def flood(self, kind: str, per_s: float, seconds: float, *, deaf: bool = False) -> Message:
        """Offer so many of a kind for so long, over as many connections as it takes. `deaf`: without ever reading."""
        blocks = self._frames(kind)
        path = "" if kind in REQUESTS else f"media?tab={self._client.tab}" if kind in MEDIA else "ws"
        offered, began, cpu = Offered(), perf_counter(), process_time()
        while perf_counter() < began + seconds:
            connection = partial(self._connection, path, blocks, per_s, began + seconds, offered, deaf=deaf)
            await asyncio.to_thread(connection)
            if perf_counter() < began + seconds:
                await asyncio.sleep(0.05)
        took = perf_counter() - began
        return {
            "offered": offered.frames,
            "sent": offered.sent,
            "closed": offered.closed,
            "seconds": took,
            "cpu": 100 * (process_time() - cpu) / took,
        }

    async def leave(self) -> Message:
        """Go."""
        await self._client.close()
        return {}

    def _frames(self, kind: str) -> list[bytes]:
        if kind in REQUESTS:
            return [self._request(kind)] * DIFFERENT
        if kind in MEDIA:
            return [frame(Opcode.BINARY, MEDIA[kind])] * DIFFERENT
        if kind in FRAMES:
            opcode, payload, last = FRAMES[kind]
            if not last:
                return [frame(opcode, payload, last=False), *[frame(Opcode.CONT, b"", last=False)] * DIFFERENT]
            return [frame(opcode, payload)] * (10 if len(payload) > LARGE else DIFFERENT)
        text = json.dumps(texts(self._view, self._client.tab)[kind])
        numbered = text.replace('"#"', "#")
        return [frame(Opcode.TEXT, numbered.replace("#", str(n)).encode()) for n in range(1, DIFFERENT + 1)]

    def _request(self, kind: str) -> bytes:
        """As a client writes it."""
        method, path, body = REQUESTS[kind]
        link, _, secret = self._link.partition("#")
        parts = urlsplit(link)
        path, body = path.replace("{link}", parts.path), body.replace("{secret}", secret)
        head = f"{method} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n\r\n"
        return (head + body).encode()

    def _connection(  # what it offers, and how
        self, path: str, frames: list[bytes], per_s: float, until: float, offered: Offered, *, deaf: bool
    ) -> None:
        """One connection, until it is closed or the time is over."""
        try:
            connection = self._connect(path, deaf=deaf)
        except OSError as error:
            offered.closed[type(error).__name__] += 1
            return
        with connection:
            offered.closed[self._offer(connection, frames, per_s, until, offered, deaf=deaf)] += 1

    def _connect(self, path: str, *, deaf: bool) -> socket.socket:
        client: Any = self._client
        parts = urlsplit(client._address)
        connection = socket.socket()
        if deaf:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, DEAF_BUFFER)
        connection.settimeout(PATIENCE_S)
        connection.connect((parts.hostname, parts.port))
        if not path:
            connection.setblocking(False)
            return connection
        lines = [
            f"GET {client._path}{path} HTTP/1.1",
            f"Host: {parts.netloc}",
            f"Origin: {client._address}",
            f"Cookie: {client._cookie}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            "",
            "",
        ]
        connection.sendall("\r\n".join(lines).encode())
        if b" 101 " not in connection.recv(4096)[:16]:
            raise ConnectionError("no upgrade")
        if path == "ws":
            hello = {**texts(self._view, client.tab)["hello"], "tab": f"flood-{os.urandom(6).hex()}"}
            connection.sendall(frame(Opcode.TEXT, json.dumps(hello).encode()))
        connection.setblocking(False)
        return connection

    @staticmethod
    def _offer(
        connection: socket.socket, frames: list[bytes], per_s: float, until: float, offered: Offered, *, deaf: bool
    ) -> str:
        """Why it ended."""
        tail, unsent, began, due, n = b"", b"", perf_counter(), 0, 0
        while (now := perf_counter()) < until:
            more = int(per_s * (now - began)) - due
            due, offered.frames = due + more, offered.frames + more
            try:
                while not deaf and (data := connection.recv(1 << 18)):
                    tail = (tail + data)[-256:]
                if not deaf:
                    return closed_by(tail)
            except BlockingIOError:
                pass
            except OSError:
                return closed_by(tail)
            try:
                if not unsent:
                    unsent = b"".join(frames[(n + i) % len(frames)] for i in range(more))
                    n, offered.sent = n + more, offered.sent + more
                unsent = unsent[connection.send(unsent) :] if unsent else b""
            except BlockingIOError:
                pass
            except OSError:
                return closed_by(tail)
            wait = began + (due / per_s) + TICK_S - perf_counter()
            if wait > 0:
                sleep(wait)
        return "time over"


def closed_by(tail: bytes) -> str:
    """The close code at the end of what came; "cut" where there is none."""
    at = tail.rfind(bytes((0x80 | Opcode.CLOSE,)))
    return str(int.from_bytes(tail[at + 2 : at + 4], "big")) if 0 <= at <= len(tail) - 4 else "cut"


class FloodProcess(CommandProcess):
    """`async with FloodProcess() as flooder: await flooder.ask("join", link=...)`."""

    module = "tests.support.flood_process"


if __name__ == "__main__":
    asyncio.run(serve(Flooder()))
