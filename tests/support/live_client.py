"""Somebody in a consult without a browser: joins by the link, speaks the real control WebSocket, counts media.

What a page does that matters to the server: hello, want_media, answer_media, acknowledgements on `media`; shows, where
it has control. Times are of this process's `perf_counter`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections import OrderedDict
from collections.abc import Coroutine
from math import cos, pi, sin
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import httpx
import websockets

from tests.support.counting_peer import CountingPeer, Received
from tests.support.snapshot_parts import Parts, with_lists
from tests.support.waiting import PATIENCE_S

FRAME, PING, ACKNOWLEDGEMENT, PONG = 1, 2, 1, 2
"""Kinds of media messages (media/video/framing.py), written down again: a peer that shares no code with ours."""
MAX_STAMPS = 4096
SMALL_BUFFER = 4096
DRAGGED_MM, DRAGGED_ROUND = 15.0, 60
"""How far planes are dragged from the middle, and shows of one round."""
PLANES: tuple[tuple[str, list[int], list[int]], ...] = (
    ("axial", [1, 0, 0], [0, 1, 0]),
    ("sagittal", [0, 1, 0], [0, 0, -1]),
    ("coronal", [1, 0, 0], [0, 0, -1]),
)
"""Name, right and down of each."""
"""Bytes that the kernel takes for somebody who does not read."""
Message = dict[str, Any]


class LiveClient:
    """One seat with one page. `screen`: (width, height) in device pixels. `buffered`: the kernel reads ahead for it."""

    def __init__(self, screen: tuple[int, int] = (1920, 1080), *, buffered: bool = True) -> None:
        self._buffered = buffered
        self._sockets: list[websockets.ClientConnection] = []
        self.tab = secrets.token_urlsafe(9)
        self.screen = screen
        self.peer: CountingPeer | None = None
        self.stamps: OrderedDict[int, int] = OrderedDict()
        """RTP timestamp to revision."""
        self.shown: dict[int, float] = {}
        """Of shows of this client: revision to the time at which it was sent."""
        self.welcome: Message = {}
        self.view: Message = {}
        self.ended = ""
        self.by_socket = Received()
        self.refused: list[Message] = []
        self.seat = ""
        self._address = self._path = self._cookie = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._sent: dict[int, float] = {}
        self._n = self._media = self._control = 0
        self._planes: Message = {}
        self._offer: asyncio.Future[Message] | None = None
        self._welcomed = asyncio.Event()
        self._parts = Parts()

    async def join(self, link: str, name: str) -> None:
        """Take a seat, connect, be welcomed."""
        await self.take_seat(link, name)
        await self.connect()

    async def take_seat(self, link: str, name: str) -> None:
        """As the page of a link does."""
        where, _, secret = link.partition("#")
        parts = urlsplit(where)
        self._address = f"{parts.scheme}://{parts.netloc}"
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{where}/seat", json={"secret": secret, "name": name})
            assert answer.status_code == 200, answer.text
            self._path = answer.json()["seat"]
            self.seat = self._path.rstrip("/").rpartition("/")[2]
            self._cookie = "; ".join(f"{c.name}={c.value}" for c in http.cookies.jar if self.seat in c.name)

    async def connect(self, **seen: Any) -> None:
        """Open the control WebSocket, say hello, be welcomed. `seen`: `log`, `after` and `rev` of one who was here.

        Raises:
            ConnectionError: it was closed before.
        """
        self._welcomed.clear()
        self._socket = await self._connect("ws")
        self._tasks.append(asyncio.create_task(self._listen(self._socket)))
        width, height = self.screen
        await self.send("hello", protocol=2, tab=self.tab, screen={"width": width, "height": height}, **seen)
        async with asyncio.timeout(PATIENCE_S):
            await self._unless_closed(self._welcomed.wait())
        await self._fetch_lists()

    async def _unless_closed(self, state: Coroutine[Any, Any, Any]) -> None:
        """Wait for it. Raises ConnectionError."""
        waiting = [asyncio.create_task(state), asyncio.create_task(self._socket.wait_closed())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not waiting[0].done():
                raise ConnectionError(f"closed before: {self._socket.close_code} {self._socket.close_reason}")
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _fetch_lists(self) -> None:
        """Of the series that are shown, as a page does."""
        shown = {viewport["shows"]["series"] for viewport in self.view["view"]["viewports"]}
        async with httpx.AsyncClient() as http:
            for case in self.welcome["snapshot"]["cases"]:
                for i, series in enumerate(case["series"]):
                    if series["key"] in shown and series["unlisted"]:
                        url = f"{self._address}{self._path}series/{series['key']}"
                        answer = await http.get(url, headers={"Cookie": self._cookie})
                        answer.raise_for_status()
                        case["series"][i] = with_lists(series, answer.json())

    async def send(self, kind: str, **fields: Any) -> None:
        """One control message."""
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def take_webrtc(self, talk: int | None = None) -> float:
        """Ask for an offer, answer it, be connected; seconds that it took."""
        began = perf_counter()
        self._media += 1
        self._offer = asyncio.get_running_loop().create_future()
        await self.send("want_media", n=self._media, h264=True)
        async with asyncio.timeout(PATIENCE_S):
            offer = await self._offer
        peer = self.peer = CountingPeer(talk)
        await self.send("answer_media", n=self._media, sdp=await peer.answer(offer["sdp"]))
        async with asyncio.timeout(PATIENCE_S):
            await peer.connected.wait()
        if talk is not None:
            await self.send("microphone", microphone="on")
        return perf_counter() - began

    async def take_socket(self) -> None:
        """Take the moving picture over the media WebSocket."""
        socket = await self._connect(f"media?tab={self.tab}")
        self._tasks.append(asyncio.create_task(self._take_frames(socket)))

    def stop_reading(self) -> None:
        """Take nothing from any of its sockets any more, as a page that hangs."""
        for connection in self._sockets:
            if not connection.transport.is_closing():
                kernels = connection.transport.get_extra_info("socket")
                kernels.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
                connection.transport.pause_reading()

    async def scroll(self, changes: int, per_s: float) -> None:
        """Change the view many times, image by image through the series and back; the last one is at rest."""
        (viewport,) = self.view["view"]["viewports"]
        shows = viewport["shows"]
        images = next(
            s["images"] for c in self.welcome["snapshot"]["cases"] for s in c["series"] if s["key"] == shows["series"]
        )
        turn = 2 * (images - 1)
        began = perf_counter()
        for i in range(changes):
            place = (shows["place"] + i + 1) % turn
            moved = {**shows, "place": min(place, turn - place)}
            await self._show({**viewport, "shows": moved}, rest=i == changes - 1)
            await asyncio.sleep(max(0.0, began + (i + 1) / per_s - perf_counter()))

    async def drag_planes(self, changes: int, per_s: float) -> None:
        """Drag the point of three planes of the series about the middle of its image, many times."""
        self._planes = self._planes or self._three_planes()
        (x, y, z), began = self._planes["crosshair"]["point"], perf_counter()
        for i in range(changes):
            turn = 2 * pi * i / DRAGGED_ROUND
            point = [x + DRAGGED_MM * cos(turn), y + DRAGGED_MM * sin(2 * turn), z + DRAGGED_MM * sin(turn)]
            cameras = [{**v["camera"], "center": point} for v in self._planes["viewports"]]
            viewports = [{**v, "camera": c} for v, c in zip(self._planes["viewports"], cameras, strict=True)]
            view = {**self._planes, "viewports": viewports, "crosshair": {**self._planes["crosshair"], "point": point}}
            await self._show_view(view, rest=i == changes - 1)
            await asyncio.sleep(max(0.0, began + (i + 1) / per_s - perf_counter()))

    def _three_planes(self) -> Message:
        """Of the image that is shown alone."""
        (viewport,) = self.view["view"]["viewports"]
        camera, series = viewport["camera"], viewport["shows"]["series"]
        viewports = [
            {
                **viewport,
                "id": identifier,
                "shows": {"type": "plane", "volume": {"series": series, "time": 0}, "name": name},
                "camera": {**camera, "right": right, "down": down},
            }
            for identifier, (name, right, down) in zip("abc", PLANES, strict=True)
        ]
        crosshair = {"series": series, "point": camera["center"], "right": [1, 0, 0], "down": [0, 1, 0]}
        layout = {"rows": 1, "columns": 3}
        return {**self.view["view"], "layout": layout, "viewports": viewports, "active": "a", "crosshair": crosshair}

    async def close(self) -> None:
        """Leave."""
        if self.peer is not None:
            await self.peer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    def received(self) -> Received:
        """Of the moving picture since this was last asked, by whichever transport it came."""
        if self.peer is not None and self.peer.video is not None:
            return self.peer.video.take()
        received, self.by_socket = self.by_socket, Received()
        return received

    async def _show(self, viewport: Message, *, rest: bool) -> None:
        await self._show_view({**self.view["view"], "viewports": [viewport]}, rest=rest)

    async def _show_view(self, view: Message, *, rest: bool) -> None:
        self._n += 1
        self._sent[self._n] = perf_counter()
        epochs = {"control": self._control, "case": self.view["case"]}
        await self.send("show", **epochs, n=self._n, view=view, rest=rest)

    async def _connect(self, path: str) -> websockets.ClientConnection:
        url = f"{self._address}{self._path}{path}".replace("http", "ws", 1)
        headers = {"Cookie": self._cookie}
        connecting = socket.socket()
        if not self._buffered:
            connecting.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        parts = urlsplit(self._address)
        connecting.connect((parts.hostname, parts.port))
        connection = await websockets.connect(
            url,
            sock=connecting,
            origin=websockets.Origin(self._address),
            additional_headers=headers,
            compression=None,
            max_size=1 << 22,
            ping_interval=None,
        )
        self._sockets.append(connection)
        return connection

    async def _listen(self, socket: websockets.ClientConnection) -> None:
        try:
            async for text in socket:
                self.on_message(json.loads(text))
        except websockets.ConnectionClosed as closed:
            self.ended = str(closed)

    def on_message(self, message: Message) -> None:
        """A message of the server."""
        match message["type"]:
            case "stamp" if (rtp := message["stamp"].get("rtp")) is not None:
                self.stamps[rtp] = message["stamp"]["rev"]
                while len(self.stamps) > MAX_STAMPS:
                    self.stamps.popitem(last=False)
            case "view":
                self.view = message
                if message["tab"] == self.tab and message["n"] in self._sent:
                    self.shown[message["rev"]] = self._sent.pop(message["n"])
            case "part" | "probe":
                self._answer(message)
            case "welcome":
                self._enter(message)
            case "event" if message["event"]["type"] == "control_put":
                self._control = message["event"]["control"]["epoch"]
            case "offer" | "media_ended":
                self._on_call(message)
            case "refused":
                self.refused.append(message)

    def _answer(self, message: Message) -> None:
        """It is there, also while a long snapshot comes."""
        if message["type"] == "part":
            self._parts.take(message)
        self._tasks.append(asyncio.create_task(self.send("alive")))

    def _enter(self, welcome: Message) -> None:
        self.view = welcome["view"]
        if welcome["snapshot"] is not None:
            welcome["snapshot"] = self._parts.whole(welcome["snapshot"])
            self.welcome = welcome
            self._control = welcome["snapshot"]["control"]["epoch"]
        self._welcomed.set()

    def _on_call(self, message: Message) -> None:
        if self._offer is None or self._offer.done():
            return
        if message["type"] == "offer":
            self._offer.set_result(message)
        else:
            self._offer.set_exception(RuntimeError(message["sentence"]))

    async def _take_frames(self, socket: websockets.ClientConnection) -> None:
        async with socket:
            async for message in socket:
                assert isinstance(message, bytes)
                number = message[1:5] if message[0] == PING else message[2:6]
                kind = PONG if message[0] == PING else ACKNOWLEDGEMENT
                await socket.send(bytes((kind,)) + number)
                if message[0] == FRAME:
                    self._count(message)

    def _count(self, message: bytes) -> None:
        rtp = int.from_bytes(message[6:10], "big")
        self.by_socket.packets += 1
        self.by_socket.bytes += len(message) - 10
        self.by_socket.whole[rtp] = perf_counter()
        if message[1] & 1:
            self.by_socket.keys.add(rtp)
