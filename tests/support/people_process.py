"""Many people without media in a process of their own: they point, draw, are cut off, come back.

They share one clock, so what passes between them can be timed. `come_to_peer` puts people of the peer of
benchmarks/broadcast_server.py in their place: what they send is passed on by it as it is.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from itertools import count
from time import perf_counter
from typing import Protocol

import websockets

from tests.support.command_process import CommandProcess, Message, serve
from tests.support.consult_client import ConsultClient
from tests.support.journeys import Journeys
from tests.support.waiting import PATIENCE_S

PAUSE_S = 0.05
"""Between two marks that are timed."""
VIEWS_PER_S, DRAFTS, DRAFT_S, MARKS_KEPT = 30, 10, 0.005, 250
"""Of `work`: changes a second; drafts of each mark, and the time between two; marks that stay."""


OWN_MARKS, POINTS_PER_S = 4, 30
"""Of `write`: marks of each, put again and again; cursors of each who points, a second."""


class Member(Protocol):
    """Who points and draws."""

    async def point(self, at: float) -> None:
        """Point somewhere."""

    async def draw(self, name: str, at: float) -> float:
        """A mark; seconds until it is acknowledged."""

    async def close(self) -> None:
        """Leave."""


class BroadcastMember:
    """Of the bare peer: sends what a page sends, receives what others sent. Its own mark comes back to it."""

    def __init__(self, cursors: Journeys, marks: Journeys) -> None:
        self._cursors, self._marks = cursors, marks
        self._numbers = count(1)
        self._back: dict[str, asyncio.Future[float]] = {}

    async def join(self, address: str, name: str) -> None:
        """Connect."""
        self._name = name
        self._socket = await websockets.connect(address, compression=None, ping_interval=None, open_timeout=PATIENCE_S)
        self._task = asyncio.create_task(self._listen())

    async def point(self, at: float) -> None:
        """Point somewhere: the size of a real cursor."""
        n = next(self._numbers)
        spot = {"viewport": "a", "series": "0" * 32, "image": 30, "point": [at, -164.7123, -893.0]}
        self._cursors.leaves((self._name, n), perf_counter())
        await self._send(type="cursor", seat=self._name, case=1, n=n, at=spot, laser=False)

    async def draw(self, name: str, at: float) -> float:
        """The size of a real mark; seconds until it comes back."""
        points = [[at, -164.7123, -893.0], [20.0, -171.5123, -893.0]]
        mark = {"id": name, "kind": "length", "series": "0" * 32, "image": 30, "points": points}
        back = self._back[name] = asyncio.get_running_loop().create_future()
        began = perf_counter()
        self._marks.leaves(name, began)
        await self._send(type="put_mark", id=name, case=1, mark=mark)
        async with asyncio.timeout(PATIENCE_S):
            returned: float = await back
        return returned - began

    async def close(self) -> None:
        """Leave."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._socket.close()

    async def _send(self, **fields: object) -> None:
        await self._socket.send(json.dumps(fields))

    async def _listen(self) -> None:
        async for text in self._socket:
            message, now = json.loads(text), perf_counter()
            if message["type"] == "cursor":
                self._cursors.comes((message["seat"], message["n"]), now)
            elif (back := self._back.pop(message["id"], None)) is not None:
                back.set_result(now)
            else:
                self._marks.comes(message["id"], now)


class PeopleCommands:
    """Everybody of this process. Each command is a method that is given the command's fields."""

    def __init__(self) -> None:
        self.clients: list[ConsultClient] = []
        self.bare: list[BroadcastMember] = []
        self.cursors, self.marks = Journeys(), Journeys()
        self._names = count(1)
        self._stored: deque[str] = deque()
        self._busy = False

    async def come(self, link: str, count: int = 1) -> Message:
        """So many come by a link, one after the other, each with another screen."""
        for _ in range(count):
            i = len(self.clients)
            client = ConsultClient((1200 + 16 * i, 700 + 9 * i), self.cursors, self.marks)
            self.clients.append(client)
            await client.join(link, f"Member {i}")
            await client.stay()
        return {}

    async def come_to_peer(self, address: str, count: int = 1) -> Message:
        """So many connect to the bare peer."""
        for _ in range(count):
            member = BroadcastMember(self.cursors, self.marks)
            self.bare.append(member)
            await member.join(address, f"member-{len(self.bare)}")
        return {}

    async def point(self, movers: int, seconds: float, per_s: float) -> Message:
        """The first `movers` point all the time; how long it took to whoever received it, in ms."""
        self.cursors.take()
        moving = self._members()[:movers]
        began, before = perf_counter(), self.cursors.received
        await asyncio.gather(*(self._keep_pointing(who, i / movers, seconds, per_s) for i, who in enumerate(moving)))
        return {
            "seconds": perf_counter() - began,
            "received": self.cursors.received - before,
            "taken_ms": self.cursors.take(),
        }

    async def lost(self) -> Message:
        """How often each has lost its connection so far."""
        return {"lost": [client.losses for client in self.clients]}

    async def draw(self, times: int) -> Message:
        """The last one draws, mark after mark: ms until each was acknowledged, and until each other had it."""
        self.marks.take()
        who = self._members()[-1]
        taken = []
        for i in range(times):
            taken.append(1000 * await who.draw(f"mark-{next(self._names)}", i / times))
            await asyncio.sleep(PAUSE_S)
        return {"acknowledged_ms": taken, "received_ms": self.marks.take()}

    async def write(self, seconds: float, per_s: float, *, silent: int = 0, movers: int = 0) -> Message:
        """All but the last `silent` put marks, so many a second in all, evenly; the first `movers` point meanwhile.

        Answers `acknowledged_ms`: of each mark.
        """
        writers, began = self.clients[: len(self.clients) - silent], perf_counter()
        each_s = len(writers) / per_s
        taken = list[float]()

        async def put(i: int, who: ConsultClient) -> None:
            for n in range(round(seconds / each_s)):
                await asyncio.sleep(max(0.0, began + (n + i / len(writers)) * each_s - perf_counter()))
                taken.append(1000 * await who.draw(f"of-{who.seat[:8]}-{n % OWN_MARKS}", n / OWN_MARKS))

        pointing = asyncio.create_task(self.point(movers, seconds, POINTS_PER_S)) if movers else None
        await asyncio.gather(*(put(i, who) for i, who in enumerate(writers)))
        if pointing is not None:
            await pointing
        return {"acknowledged_ms": taken}

    async def hang(self, number: int) -> Message:
        """The last so many take nothing from their sockets any more."""
        for client in self.clients[-number:]:
            client.stop_reading()
        return {}

    async def wake(self, number: int) -> Message:
        """Their connections break, and they come back."""
        awake = self.clients[-number:]
        before = [client.losses for client in awake]
        for client in awake:
            client.cut()
        async with asyncio.timeout(PATIENCE_S):
            while not all(c.losses > n and c.back for c, n in zip(awake, before, strict=True)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return {}

    async def cut(self) -> Message:
        """All connections break at once; answers as `back` does."""
        waiting = asyncio.create_task(self.back())
        await asyncio.sleep(0)
        for client in self.clients:
            client.cut()
        return await waiting

    async def back(self) -> Message:
        """Wait until all have lost their connection and are back with all that is stored.

        Answers, of each: `lost` and `back` (times of this machine's monotonic clock), `tries`; `sees_all`: when the
        last was sent that everybody is here; `refused`: what anybody was refused.
        """
        before = {client: client.losses for client in self.clients}
        lost: dict[ConsultClient, float] = {}
        async with asyncio.timeout(PATIENCE_S):
            while not all(client in lost and client.back for client in self.clients):
                for client in self.clients:
                    if client.losses > before[client]:
                        lost.setdefault(client, perf_counter())
                await asyncio.sleep(0.001)
            while not all(client.here == len(self.clients) for client in self.clients):  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        return {
            "lost": [lost[client] for client in self.clients],
            "back": [client.back for client in self.clients],
            "tries": [client.tries for client in self.clients],
            "sees_all": perf_counter(),
            "refused": [refusal for client in self.clients for refusal in client.refused],
            "marks": [len(client.marks_stored) for client in self.clients],
        }

    async def work(  # what an hour is made of, by name
        self, *, views: int, marks: int, chats: int, returns: int, visits: int, movers: int, link: str
    ) -> Message:
        """The first presents, the last ones work beside it, others point, all at once; all is done when this answers.

        Args:
            views: changes of the view, `VIEWS_PER_S`.
            marks: each sent as a draft many times; of those that are stored `MARKS_KEPT` stay.
            chats: messages, each tenth with a view.
            returns: losses of a connection that comes back.
            visits: people who come by `link` for the first time, and leave.
            movers: who point as fast as they can meanwhile.
        """
        host, *_, writer, drawer, restless = self.clients
        self._busy = True
        pointing = asyncio.create_task(self._point_while_busy(movers))
        await asyncio.gather(
            host.scroll(views, VIEWS_PER_S),
            self._draw_many(drawer, marks),
            self._write_many(writer, chats),
            self._come_and_go(restless, returns),
            self._visit(link, visits),
        )
        self._busy = False
        await pointing
        return {"refused": [refusal for client in self.clients for refusal in client.refused]}

    async def point_fast(self, movers: int, times: int) -> Message:
        """The last but three and those before point so many times each, as fast as the host receives it."""
        moving, host = self.clients[-3 - movers : -3], self.clients[0]
        for _ in range(times):
            for j, client in enumerate(moving):
                await client.point(client.pointed / 90 + j / movers, laser=j == 0 and client.pointed % 300 < 200)
            async with asyncio.timeout(PATIENCE_S):
                while not all(host.has_seen(client) for client in moving):
                    host.cursors_seen.clear()
                    await host.cursors_seen.wait()
        return {}

    async def leave(self) -> Message:
        """All leave."""
        members, self.clients, self.bare = self._members(), [], []
        for member in members:
            await member.close()
        return {}

    def _members(self) -> Sequence[Member]:
        return [*self.clients, *self.bare]

    async def _point_while_busy(self, movers: int) -> None:
        while self._busy:
            await self.point_fast(movers, 1)

    async def _draw_many(self, who: ConsultClient, times: int) -> None:
        for i in range(times):
            name, kind = f"mark-{next(self._names)}", ("length", "ellipse")[i % 2]
            for j in range(DRAFTS):
                await who.draw(name, j / DRAFTS, kind, draft=True)
                await asyncio.sleep(DRAFT_S)
            await who.draw(name, 1.0, kind)
            self._stored.append(name)
            if len(self._stored) > MARKS_KEPT:
                await who.command("delete_mark", mark=self._stored.popleft())

    @staticmethod
    async def _write_many(who: ConsultClient, times: int) -> None:
        for i in range(times):
            linked = {} if i % 10 else {"view": who.view["view"]}
            text = f"Message {i}: " + "the nodule in the right upper lobe " * 3
            await who.command("post_chat", about=who.current, text=text, **linked)

    @staticmethod
    async def _come_and_go(who: ConsultClient, times: int) -> None:
        for _ in range(times):
            before = who.losses
            who.cut()
            async with asyncio.timeout(PATIENCE_S):
                while not (who.losses > before and who.back):  # noqa: ASYNC110
                    await asyncio.sleep(0.001)

    async def _visit(self, link: str, times: int) -> None:
        for i in range(times):
            visitor = ConsultClient((1280, 720), self.cursors, self.marks)
            await visitor.join(link, f"Visitor {i}")
            await visitor.close()

    @staticmethod
    async def _keep_pointing(who: Member, phase: float, seconds: float, per_s: float) -> None:
        began = perf_counter() + phase / per_s
        for i in range(round(seconds * per_s)):
            await asyncio.sleep(max(0.0, began + i / per_s - perf_counter()))
            await who.point(phase + i / per_s / 2)


class PeopleProcess(CommandProcess):
    """`async with PeopleProcess() as people: await people.ask("come", link=..., ...)`."""

    module = "tests.support.people_process"


if __name__ == "__main__":
    asyncio.run(serve(PeopleCommands()))
