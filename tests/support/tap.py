"""Sits between a page and the server: sees what passes, can change it, put a message in, and close."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.async_api import WebSocketRoute

from tests.support.person import Person

Message = dict[str, Any]


def as_is(message: Message) -> Message:
    """Pass a message on."""
    return message


class Tap:
    """The line of one page. `change`: what becomes of each message of the server."""

    def __init__(self, change: Callable[[Message], Message] = as_is) -> None:
        self.stamps: list[Message] = []
        """Of stills."""
        self.welcomes: list[Message] = []
        self._change = change
        self._page_side: WebSocketRoute | None = None

    async def tap(self, person: Person) -> None:
        """Before the page connects."""
        await person.page.route_web_socket("**/ws", self._connect)

    def put(self, message: Message) -> None:
        """Put a message in, as if the server had sent it."""
        assert self._page_side
        self._page_side.send(json.dumps(message))

    async def close(self, code: int) -> None:
        """Close the page's connection, as the server does."""
        assert self._page_side
        await self._page_side.close(code=code)

    def _connect(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()
        self._page_side = page_side

        def from_server(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "stamp" and message["stamp"]["stream"] == "still":
                self.stamps.append(message)
            elif message["type"] == "welcome":
                self.welcomes.append(message)
            page_side.send(json.dumps(self._change(json.loads(text))))

        server_side.on_message(from_server)
