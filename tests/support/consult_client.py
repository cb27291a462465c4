"""Somebody in a consult who points, draws, and comes back after a loss as the page does (connection.js)."""

from __future__ import annotations

import asyncio
import contextlib
import random
from itertools import count
from math import ceil
from time import perf_counter
from typing import Any

import httpx
import numpy as np
import websockets

from tests.support.journeys import Journeys
from tests.support.live_client import LiveClient, Message
from tests.support.waiting import PATIENCE_S

FIRST_RETRY_S, LAST_RETRY_S, TICK_S = 0.25, 2.0, 0.1
"""Of the page: when it tries again, and how often it looks whether it is time. Written down again, as a peer would."""
CONNECT_S = 10.0
"""So long may it take to be let in."""
FOR_GOOD = range(4001, 4500)
"""Close codes after which a page does not come back."""
ROUND_MM = 20.0
ANEW, MOVED = "anew", "moved"
"""Reasons of a close frame: nothing of what this page has counts any more; another server takes it at once."""


class ConsultClient(LiveClient):
    """One seat with one page, without media.

    Attributes:
        cursors, marks: where times are noted, of all clients of this process.
        marks_stored: names of the marks that are stored, as this client was sent.
        losses: how often it lost its connection.
        reasons: of the close frames of these losses, "" where there was none.
        back: when it was welcomed and had received all again after the newest loss; 0.0 while it has not.
        tries: connections tried since that loss.
        here: how many seats are here, by the newest presence.
        pointed: number of its newest cursor.
        cursors_seen: set when it was sent where the others point.
        acknowledged: ids of commands, and the numbers under which they are stored.
        denied: ids of commands that were refused.
        insists: what was not answered is sent again, under its own id, when it is back.
    """

    def __init__(self, screen: tuple[int, int], cursors: Journeys, marks: Journeys, *, insists: bool = False) -> None:
        super().__init__(screen)
        self.insists = insists
        self._unanswered: dict[str, Message] = {}
        self.acknowledged: dict[str, int] = {}
        self.denied: set[str] = set()
        self.cursors, self.marks = cursors, marks
        self.marks_stored: set[str] = set()
        self.back, self.losses, self.tries, self.here = 0.0, 0, 0, 0
        self.reasons: list[str] = []
        self.pointed, self.cursors_seen = 0, asyncio.Event()
        self._answers: dict[str, asyncio.Future[float]] = {}
        self._numbers, self._seq, self._due, self._log = count(1), 0, 0, ""
        self._shown: dict[str, int] = {}
        self._life: asyncio.Task[None] | None = None

    async def stay(self) -> None:
        """From now on, come back after each loss."""
        self._life = asyncio.create_task(self._live())

    def cut(self) -> None:
        """The connection breaks, without a word."""
        self._socket.transport.abort()

    async def point(self, at: float, *, laser: bool = False) -> None:
        """Point somewhere on the image that is shown; `at` goes round, one turn a unit."""
        n = self.pointed = self.pointed + 1
        spot = self._image()
        where = {"viewport": self.viewport["id"], **spot, "point": self._around(at)}
        self.cursors.leaves((self.seat, n), perf_counter())
        await self.send("cursor", case=self.view["case"], n=n, at=where, laser=laser)

    async def draw(self, name: str, at: float, kind: str = "length", *, draft: bool = False) -> float:
        """A mark of that name, or what will be one; seconds until the mark is acknowledged."""
        points = [self._around(at), self._around(at + 0.25)]
        if kind == "ellipse":
            middle = [(a + b) / 2 for a, b in zip(self._around(at), self._around(at + 0.5), strict=True)]
            points = [middle, *points]
        spot = self._image()
        shape = {"id": name, "kind": kind, **spot, "points": points}
        if draft:
            await self.send("draft", case=self.view["case"], shape=shape)
            return 0.0
        self.marks.leaves(name, perf_counter())
        return await self.command("put_mark", mark=shape)

    async def command(self, kind: str, **fields: Any) -> float:
        """Something that is stored; seconds until it is acknowledged. Raises RuntimeError where it is refused."""
        name = f"{self.tab}.{next(self._numbers)}"
        answer: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._answers[name] = answer
        began = perf_counter()
        message = {"id": name, "case": self.view["case"], **fields}
        try:
            if self.insists:
                self._unanswered[name] = {"kind": kind, **message}
                with contextlib.suppress(websockets.ConnectionClosed):  # it goes when it is back
                    await self.send(kind, **message)
            else:
                await self.send(kind, **message)
            async with asyncio.timeout(PATIENCE_S):
                acknowledged: float = await answer
        finally:
            self._unanswered.pop(name, None)
            self._answers.pop(name, None)
        return acknowledged - began

    @property
    def current(self) -> str:
        """Id of the case on the stage, as it was when it came."""
        current: str = self.welcome["snapshot"]["current"]
        return current

    @property
    def viewport(self) -> Message:
        """What it is shown, the only one."""
        (viewport,) = self.view["view"]["viewports"]
        found: Message = viewport
        return found

    def on_message(self, message: Message) -> None:
        """A message of the server."""
        super().on_message(message)
        now = perf_counter()
        match message["type"]:
            case "cursors":
                self._see({p["seat"]: p["n"] for p in message["cursors"]}, now)
            case "event":
                self._seq = message["seq"]
                self._learn(message["event"], now)
            case "ack" | "refused":
                self._note_answer(message, now)
            case "presence":
                self.here = sum(person["online"] for person in message["people"])
            case "welcome":
                self._log, self._due = message["log"], message["seq"]
                if message["snapshot"] is not None:
                    self._seq = message["seq"]
                    self.marks_stored = {mark["id"] for mark in message["snapshot"]["marks"]}
        if not self.back and self._welcomed.is_set() and self._seq >= self._due:
            self.back = now

    def _note_answer(self, message: Message, now: float) -> None:
        name = message.get("id", "")
        answer = self._answers.pop(name, None)
        if message["type"] == "ack":
            self.acknowledged[name] = message["seq"]
            if answer is not None:
                answer.set_result(now)
            return
        self.denied.add(name)
        if answer is not None:
            answer.set_exception(RuntimeError(message["message"]))

    def has_seen(self, other: ConsultClient) -> bool:
        """It was sent where the other one points now."""
        return self._shown.get(other.seat, 0) == other.pointed

    async def close(self) -> None:
        """Leave."""
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
        await super().close()

    def _see(self, numbers: dict[str, int], now: float) -> None:
        for seat, n in numbers.items():
            if self._shown.get(seat) != n:
                self.cursors.comes((seat, n), now)
        self._shown = numbers
        self.cursors_seen.set()

    def _learn(self, event: Message, now: float) -> None:
        if event["type"] == "mark_put":
            self.marks_stored.add(event["mark"]["id"])
            if event["mark"]["author"] != self.seat:
                self.marks.comes(event["mark"]["id"], now)
        elif event["type"] == "mark_deleted":
            self.marks_stored.discard(event["mark"])

    async def _live(self) -> None:
        while True:
            await self._socket.wait_closed()
            if self._socket.close_code in FOR_GOOD:
                return
            self.back, self.tries, self.losses = 0.0, 0, self.losses + 1
            self.reasons.append(self._socket.close_reason or "")
            if self._socket.close_reason == ANEW:
                self._seq = self.view["rev"] = 0
            if self._socket.close_reason == MOVED:
                await self._try()
            ticks = perf_counter() + random.uniform(0, TICK_S)  # pages do not tick together
            while not self.back:
                due = perf_counter() + min(FIRST_RETRY_S * 2**self.tries, LAST_RETRY_S)
                await asyncio.sleep(ticks + TICK_S * ceil((due - ticks) / TICK_S) - perf_counter())
                self.tries += 1
                await self._try()

    async def _try(self) -> None:
        try:
            async with asyncio.timeout(CONNECT_S):
                await self.connect(log=self._log, after=self._seq, rev=self.view["rev"])
                for message in list(self._unanswered.values()):
                    await self.send(**message)
                await self._unless_closed(self._until_back())
        except (OSError, TimeoutError, websockets.WebSocketException, httpx.HTTPError):
            self._socket.transport.abort()

    async def _until_back(self) -> None:
        while not self.back:  # noqa: ASYNC110 - what was missed comes one by one
            await asyncio.sleep(0.001)

    def _image(self) -> dict[str, Any]:
        """The image that is shown, of a series without a second axis."""
        shows = self.viewport["shows"]
        return {"series": shows["series"], "image": shows["place"]}

    def _around(self, at: float) -> list[float]:
        """A point on the image that is shown, around what is in the middle, LPS mm."""
        camera = self.viewport["camera"]
        right, down, centre = (np.array(camera[key]) for key in ("right", "down", "center"))
        normal = np.cross(right, down)
        series = next(
            s for c in self.welcome["snapshot"]["cases"] for s in c["series"] if s["key"] == self._image()["series"]
        )
        off = normal @ (np.array(series["grid"]["positions"][self._image()["image"]]) - centre)
        turned = np.cos(2 * np.pi * at) * right + np.sin(2 * np.pi * at) * down
        around: list[float] = np.round(centre + off * normal + ROUND_MM * turned, 4).tolist()
        return around
