"""The network of one page that can be cut as a tunnel cuts it: what is on its way is lost, and nobody is told."""

from __future__ import annotations

from playwright.async_api import WebSocketRoute

from tests.support.person import Person

GOING_AWAY = 1001


class Tunnel:
    """`lay` it before the page connects. Its sockets fall silent within; new ones do not open, as offline."""

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
