"""Non-decoding people in a process of their own (tests/support/command_process.py).

They share one clock, so that what passes between two of them can be timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from time import perf_counter

import httpx

from tests.support.command_process import CommandProcess, Message, serve
from tests.support.counting_peer import CountingPeer, Received, install
from tests.support.journeys import Journeys
from tests.support.live_client import LiveClient
from tests.support.waiting import PATIENCE_S


class StockViewer:
    """A viewer of the stock peer of benchmarks/stock.py: offers as aiortc's documentation has its page do."""

    def __init__(self, talk: int | None) -> None:
        self.peer = CountingPeer(talk)

    async def join(self, address: str, kinds: tuple[str, ...]) -> None:
        """Offer, be answered, be connected."""
        offer = await self.peer.offer(kinds)
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{address}/offer", json={"sdp": offer, "type": "offer"}, timeout=PATIENCE_S)
        await self.peer.answered(answer.json()["sdp"])
        async with asyncio.timeout(PATIENCE_S):
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
        self.voices = Journeys()
        """Voice payloads, from a talker to whoever receives them."""

    async def present(self, link: str, screen: tuple[int, int], *, video: bool = True) -> Message:
        """The host comes, by WebSocket."""
        self.presenter = LiveClient(screen)
        await self.presenter.join(link, "Host")
        if video:
            await self.presenter.take_socket()
        return {}

    async def join(
        self,
        link: str,
        screen: tuple[int, int],
        *,
        count: int = 1,
        transport: str = "webrtc",
        talk: bool = False,
        while_moving: float = 0.0,
    ) -> Message:
        """Viewers come one by one. `transport`: webrtc, websocket or none. Milliseconds to their first picture.

        `while_moving`: changes of the view a second, by the presenter, meanwhile.
        """
        taken = []
        moving = asyncio.create_task(self._keep_moving(while_moving)) if while_moving else None
        for _ in range(count):
            viewer = LiveClient(screen)
            self.viewers.append(viewer)
            await viewer.join(link, f"Viewer {len(self.viewers)}")
            began = perf_counter()
            if transport == "webrtc":
                await viewer.take_webrtc(len(self.viewers) if talk else None)
                assert viewer.peer is not None
                viewer.peer.on_voice(self.voices.comes, self.voices.leaves)
            elif transport == "websocket":
                await viewer.take_socket()
            if transport != "none":
                taken.append(1000 * (await self._first_picture(viewer) - began))
        if moving is not None:
            moving.cancel()
            await asyncio.gather(moving, return_exceptions=True)
        return {"first_picture_ms": taken}

    async def join_stock(self, address: str, kinds: tuple[str, ...], *, count: int = 1, talk: bool = False) -> Message:
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

    async def measure(self, seconds: float, changes_per_s: float = 0.0) -> Message:
        """Count for so long, while the presenter scrolls if asked to; what each viewer got."""
        everybody = self._everybody()
        for one in everybody:
            one.received()
        self.voices.take()
        began = perf_counter()
        work: list[Awaitable[object]] = [asyncio.sleep(seconds)]
        if changes_per_s:
            work.append(self.scroll(round(seconds * changes_per_s), changes_per_s))
        await asyncio.gather(*work)
        took = perf_counter() - began
        viewers = [self._counts(one, took) for one in everybody]
        return {"seconds": took, "viewers": viewers, "voice_ms": self.voices.take()}

    async def _keep_moving(self, per_s: float) -> None:
        assert self.presenter is not None
        while True:
            await self.presenter.scroll(10_000, per_s)

    def _everybody(self) -> list[LiveClient | StockViewer]:
        return [*self.viewers, *self.stock]

    def _counts(self, one: LiveClient | StockViewer, took: float) -> Message:
        got = one.received()
        counts: Message = {
            "frames_per_s": len(got.whole) / took,
            "bits_per_s": 8 * got.bytes / took,
            "packets": got.packets,
            "missing": got.missing,
            "again": got.again,
            "broken": got.broken,
            "keys": len(got.keys),
        }
        if isinstance(one, LiveClient):
            first: dict[int, float] = {}
            for rtp, at in got.whole.items():
                if (rev := one.stamps.get(rtp)) is not None:
                    first.setdefault(rev, at)
            shows = self.presenter.shown if self.presenter is not None else {}
            counts["pictures_per_s"] = len(first) / took
            counts["unstamped"] = sum(rtp not in one.stamps for rtp in got.whole)
            counts["shown_ms"] = [1000 * (at - shows[rev]) for rev, at in first.items() if rev in shows]
            counts["ended"] = one.ended
        return counts

    @staticmethod
    async def _first_picture(viewer: LiveClient) -> float:
        """When the first frame that can be decoded was there."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                received = viewer.by_socket
                if viewer.peer is not None and viewer.peer.video is not None:
                    received = viewer.peer.video.received
                if ready := [received.whole[rtp] for rtp in received.keys if rtp in received.whole]:
                    return min(ready)
                await asyncio.sleep(0.002)


class LivePeople(CommandProcess):
    """`async with LivePeople() as people: await people.ask("join", link=..., ...)`."""

    module = "tests.support.live_process"


if __name__ == "__main__":
    install()
    asyncio.run(serve(People()))
