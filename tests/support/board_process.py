"""Many people of a board without browsers, in a process of their own: they take the moving picture and every exact
still, as pages do, decide, and come back after kill -9. Times are those of the wall clock, which pages share."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx

from tests.support.command_process import CommandProcess, Message, serve
from tests.support.consult_client import ConsultClient
from tests.support.journeys import Journeys
from tests.support.waiting import PATIENCE_S

SCREEN = (1400, 900)
LOOK_S = 0.005


class BoardClient(ConsultClient):
    """One of them.

    Attributes:
        picture, exact: by case epoch, when its first picture was here, and when all of it was exact.
        decided, drafts: ids of decisions, and cases with a draft, as it was told.
    """

    def __init__(self) -> None:
        super().__init__(SCREEN, Journeys(), Journeys())
        self.picture: dict[int, float] = {}
        self.exact: dict[int, float] = {}
        self.decided: set[str] = set()
        self.drafts: set[str] = set()
        self._cases: dict[int, int] = {}
        """Of frames by RTP timestamp."""
        self._http = httpx.AsyncClient(timeout=PATIENCE_S)
        self._fetching: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Leave."""
        for task in self._fetching:
            task.cancel()
        await super().close()
        await self._http.aclose()

    def on_message(self, message: Message) -> None:
        """A message of the server."""
        super().on_message(message)
        match message["type"]:
            case "stamp":
                self._stamped(message["stamp"])
            case "welcome" if message["snapshot"] is not None:
                snapshot = self.welcome["snapshot"]
                self.decided = {one["id"] for one in snapshot["decisions"]}
                self.drafts = {one["case"] for one in snapshot["decision_drafts"]}
            case "event":
                self._told(message["event"])

    def _told(self, event: Message) -> None:
        if event["type"] == "decision_saved":
            self.decided.add(event["decision"]["id"])
            self.drafts.discard(event["decision"]["case"])
        elif event["type"] == "decision_drafted":
            self.drafts.add(event["draft"]["case"])

    def _stamped(self, stamp: Message) -> None:
        if "rtp" in stamp:
            self._cases[stamp["rtp"]] = stamp["case"]
        elif stamp["case"] not in self.exact:
            task = asyncio.create_task(self._fetch(stamp["case"], [v["digest"] for v in stamp["viewports"]]))
            self._fetching.add(task)
            task.add_done_callback(self._fetching.discard)

    async def _fetch(self, case: int, digests: list[str]) -> None:
        """The exact stills of a picture; what is overtaken meanwhile is not here any more."""
        for digest in digests:
            url = f"{self._address}{self._path}stills/{digest}"
            answer = await self._http.get(url, headers={"Cookie": self._cookie})
            if answer.status_code != httpx.codes.OK:
                return
        now = time.time()
        self.picture.setdefault(case, now)
        self.exact.setdefault(case, now)

    def _count(self, message: bytes) -> None:
        super()._count(message)
        case = self._cases.get(int.from_bytes(message[6:10], "big"))
        if case is not None:
            self.picture.setdefault(case, time.time())


class Board:
    """Everybody of this process; the first is the host, where there is one. Each command is a method."""

    def __init__(self) -> None:
        self.clients: list[BoardClient] = []

    async def come(self, link: str, count: int = 1) -> Message:
        """So many come by a link, and take pictures."""
        for _ in range(count):
            client = BoardClient()
            self.clients.append(client)
            await client.join(link, f"Member {len(self.clients)}")
            await client.take_socket()
            await client.stay()
        return {}

    async def seen(self, epoch: int) -> Message:
        """Once everybody has the exact picture of a case: when each had its first one, and that."""
        async with asyncio.timeout(PATIENCE_S):
            while not all(epoch in client.exact for client in self.clients):  # noqa: ASYNC110 - they come one by one
                await asyncio.sleep(LOOK_S)
        return {name: [getattr(client, name)[epoch] for client in self.clients] for name in ("picture", "exact")}

    async def decide(self, cases: int) -> Message:
        """The host begins the board, decides so many cases, and shows what may be decided of the one behind them."""
        host = self.clients[0]
        await host.command("begin_board")
        ids = [case["id"] for case in host.welcome["snapshot"]["cases"]]
        for number in range(1, cases + 2):
            await host.command("put_decision", base=0, words=_words(number), shown=True)
            if number > cases:
                break
            await host.command("save_decision", base=1)
            await host.command("switch_case", to=ids[number])
            await self._all_see(number + 1)
        return {}

    async def back(self, link: str, decisions: int) -> Message:
        """Wait for a loss, and until everybody is back; when each was. All have the draft; a host has all decisions,
        and so has one who comes anew by that link: guests are told those of the case on the stage alone."""
        losses, clients = [client.losses for client in self.clients], list(self.clients)
        async with asyncio.timeout(PATIENCE_S):
            while not all(c.losses > n and c.back for c, n in zip(clients, losses, strict=True)):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)
        ahead = time.time() - time.perf_counter()
        await self.come(link)
        for client in (self.clients[0], self.clients[-1]):
            assert len(client.decided) == decisions, client.decided
        for client in self.clients:
            assert len(client.drafts) == 1, client.drafts
        return {"back": [client.back + ahead for client in clients]}

    async def leave(self) -> Message:
        """All of them."""
        await asyncio.gather(*(client.close() for client in self.clients))
        return {}

    async def _all_see(self, epoch: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not all(client.view["case"] == epoch for client in self.clients):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)


def _words(number: int) -> dict[str, Any]:
    return {"text": f"Decision {number}.", "stage": "cT2", "owner": "Surgery", "due": "", "outcome": "decision"}


class BoardPeople(CommandProcess):
    """`async with BoardPeople() as people: await people.ask("come", link=..., count=12)`."""

    module = "tests.support.board_process"


if __name__ == "__main__":
    asyncio.run(serve(Board()))
