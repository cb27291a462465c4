"""Non-decoding people in a process of their own: commands as JSON lines on stdin, one answer line for each on stdout.

Run as `python -m tests.support.live_process`; `LivePeople` is its other end. They share one clock, so that what passes
between two of them can be timed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

import httpx

from tests.support.counting_peer import CountingPeer, Received, install
from tests.support.live_client import LiveClient

ROOT = Path(__file__).parent.parent.parent
MAX_PAYLOADS = 4096
Message = dict[str, Any]


class Voices:
    """Which voice payload left when; how long each took to whoever heard it, in seconds."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.heard = 0
        self._left: OrderedDict[bytes, float] = OrderedDict()

    def leaves(self, payload: bytes, now: float) -> None:
        """A talker sends it."""
        self._left[blake2b(payload, digest_size=12).digest()] = now
        while len(self._left) > MAX_PAYLOADS:
            self._left.popitem(last=False)

    def comes(self, payload: bytes, now: float) -> None:
        """A listener gets it."""
        self.heard += 1
        left = self._left.get(blake2b(payload, digest_size=12).digest())
        if left is not None:
            self.taken.append(now - left)


class StockViewer:
    """A viewer of the stock peer of benchmarks/stock.py: offers as aiortc's documentation has its page do."""

    def __init__(self, talk: int | None) -> None:
        self.peer = CountingPeer(talk)

    async def join(self, address: str, kinds: tuple[str, ...]) -> None:
        """Offer, be answered, be connected."""
        offer = await self.peer.offer(kinds)
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{address}/offer", json={"sdp": offer, "type": "offer"}, timeout=30)
        await self.peer.answered(answer.json()["sdp"])
        async with asyncio.timeout(20):
            await self.peer.connected.wait()

    def received(self) -> Received:
        """Of the picture, since this was last asked."""
        video = self.peer.video
        return video.take() if video is not None else Received()

    async def close(self) -> None:
        """Leave."""
        await self.peer.close()


class People:
    """Everybody of this process. Each command is a method that is given the command's fields."""

    def __init__(self) -> None:
        self.presenter: LiveClient | None = None
        self.viewers: list[LiveClient] = []
        self.stock: list[StockViewer] = []
        self.voices = Voices()

    async def present(self, link: str, screen: tuple[int, int], *, watch: bool = True) -> Message:
        """The host comes, by WebSocket."""
        self.presenter = LiveClient(screen)
        await self.presenter.join(link, "Host")
        if watch:
            await self.presenter.take_socket()
        return {}

    async def join(
        self,
        link: str,
        screen: tuple[int, int],
        *,
        count: int = 1,
        way: str = "webrtc",
        talk: bool = False,
        while_moving: float = 0.0,
    ) -> Message:
        """Viewers come, one after the other. `way`: webrtc, websocket or none. Milliseconds to their first picture.

        `while_moving`: changes of the view a second, by the presenter, meanwhile.
        """
        taken = []
        moving = asyncio.create_task(self._keep_moving(while_moving)) if while_moving else None
        for _ in range(count):
            viewer = LiveClient(screen)
            self.viewers.append(viewer)
            await viewer.join(link, f"Viewer {len(self.viewers)}")
            began = perf_counter()
            if way == "webrtc":
                await viewer.take_webrtc(len(self.viewers) if talk else None)
                assert viewer.peer is not None
                viewer.peer.on_voice(self.voices.comes, self.voices.leaves)
            elif way == "websocket":
                await viewer.take_socket()
            if way != "none":
                taken.append(1000 * (await self._first_picture(viewer) - began))
        if moving is not None:
            moving.cancel()
            await asyncio.gather(moving, return_exceptions=True)
        return {"first_picture_ms": taken}

    async def join_stock(
        self, address: str, kinds: tuple[str, ...], *, count: int = 1, talk: bool = False
    ) -> Message:
        """Viewers of the stock peer come."""
        for _ in range(count):
            viewer = StockViewer(len(self.stock) + 1 if talk else None)
            self.stock.append(viewer)
            await viewer.join(address, kinds)
        return {}

    async def leave(self, count: int | None = None) -> Message:
        """So many viewers leave, those that came first; without a number all, the presenter too."""
        going: list[LiveClient | StockViewer] = [*self.viewers[:count], *(self.stock if count is None else ())]
        del self.viewers[:count]
        if count is None:
            self.stock.clear()
            going += [self.presenter] if self.presenter else []
            self.presenter = None
        for one in going:
            await one.close()
        return {"ended": [one.ended for one in self.viewers if one.ended]}

    async def scroll(self, changes: int, per_s: float) -> Message:
        """The presenter changes the view many times."""
        assert self.presenter is not None
        await self.presenter.scroll(changes, per_s)
        if self.presenter.refused:
            raise RuntimeError(str(self.presenter.refused[-1]))
        return {}

    async def watch(self, seconds: float, changes_per_s: float = 0.0) -> Message:
        """Count for so long, while the presenter scrolls if told to; what each viewer got."""
        everybody = self._everybody()
        for one in everybody:
            one.received()
        self.voices.taken.clear()
        began = perf_counter()
        work: list[Awaitable[object]] = [asyncio.sleep(seconds)]
        if changes_per_s:
            work.append(self.scroll(round(seconds * changes_per_s), changes_per_s))
        await asyncio.gather(*work)
        took = perf_counter() - began
        told = [self._told(one, took) for one in everybody]
        return {"seconds": took, "viewers": told, "voice_ms": [1000 * s for s in self.voices.taken]}

    async def _keep_moving(self, per_s: float) -> None:
        assert self.presenter is not None
        while True:
            await self.presenter.scroll(10_000, per_s)

    def _everybody(self) -> list[LiveClient | StockViewer]:
        return [*self.viewers, *self.stock]

    def _told(self, one: LiveClient | StockViewer, took: float) -> Message:
        got = one.received()
        told: Message = {
            "frames_per_s": len(got.whole) / took,
            "bits_per_s": 8 * got.bytes / took,
            "packets": got.packets, "missing": got.missing, "again": got.again, "broken": got.broken,
            "keys": len(got.keys),
        }
        if isinstance(one, LiveClient):
            first: dict[int, float] = {}
            for rtp, at in got.whole.items():
                if (rev := one.stamps.get(rtp)) is not None:
                    first.setdefault(rev, at)
            shows = self.presenter.shown if self.presenter is not None else {}
            told["pictures_per_s"] = len(first) / took
            told["unstamped"] = sum(rtp not in one.stamps for rtp in got.whole)
            told["shown_ms"] = [1000 * (at - shows[rev]) for rev, at in first.items() if rev in shows]
            told["ended"] = one.ended
        return told

    @staticmethod
    async def _first_picture(viewer: LiveClient) -> float:
        """When the first frame that can be decoded was there."""
        async with asyncio.timeout(20):
            while True:
                received = viewer.by_socket
                if viewer.peer is not None and viewer.peer.video is not None:
                    received = viewer.peer.video.received
                if ready := [received.whole[rtp] for rtp in received.keys if rtp in received.whole]:
                    return min(ready)
                await asyncio.sleep(0.002)


async def serve() -> None:
    """Do what stdin says until it ends."""
    install()
    people = People()
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = json.loads(line)
        act: Callable[..., Awaitable[Message]] = getattr(people, command.pop("do"))
        answer: Message
        try:
            answer = await act(**command)
        except Exception as error:  # told to the other end, which fails on it
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    await people.leave()


class LivePeople:
    """`async with LivePeople() as people: await people.ask("join", link=..., ...)`."""

    async def __aenter__(self) -> LivePeople:
        """Start the process."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.live_process"),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=1 << 24,
            start_new_session=True, cwd=ROOT,
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
            raise RuntimeError("the process of the people has ended")
        answer: Message = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{do}: {answer['error']}")
        return answer

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid


if __name__ == "__main__":
    asyncio.run(serve())
