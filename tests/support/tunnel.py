"""The network of one page: cut as a tunnel cuts it, or slow, so that the page does not know yet what has happened."""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import WebSocketRoute

from tests.support.person import Person

GOING_AWAY = 1001


class Tunnel:
    """Within, what is on its way is lost without a sign; no socket opens. `lay` it before the page connects."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._within = False

    async def lay(self) -> None:
        """Let all sockets of the page go through here."""
        await self._person.page.route_web_socket(lambda _: True, self._connect)

    async def enter(self) -> None:
        """From now on nothing passes."""
        self._within = True
        await self._person.context.set_offline(offline=True)

    async def leave(self) -> None:
        """All passes again; what was within is lost."""
        self._within = False
        await self._person.context.set_offline(offline=False)

    async def _connect(self, page_side: WebSocketRoute) -> None:
        if self._within:
            await page_side.close(code=GOING_AWAY)
            return
        server_side = page_side.connect_to_server()

        def pass_on(to: WebSocketRoute, message: str | bytes) -> None:
            if not self._within:
                to.send(message)

        page_side.on_message(lambda message: pass_on(server_side, message))
        server_side.on_message(lambda message: pass_on(page_side, message))


class SlowLine:
    """The page's control connection; what the server sends can be held back. `lay` it before the page connects."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._waiting: list[tuple[WebSocketRoute, str | bytes]] | None = None

    async def lay(self) -> None:
        """Let the page's control connection go through here."""
        await self._person.page.route_web_socket(lambda url: url.endswith("/ws"), self._connect)

    def hold(self) -> None:
        """From now on the page receives nothing."""
        self._waiting = []

    def let_go(self) -> None:
        """The page receives all of it, in its order."""
        waiting, self._waiting = self._waiting or [], None
        for page_side, message in waiting:
            page_side.send(message)

    @property
    def held(self) -> list[dict[str, Any]]:
        """What waits."""
        return [json.loads(message) for _, message in self._waiting or []]

    def _connect(self, page_side: WebSocketRoute) -> None:
        def on_message(message: str | bytes) -> None:
            if self._waiting is None:
                page_side.send(message)
            else:
                self._waiting.append((page_side, message))

        page_side.connect_to_server().on_message(on_message)
