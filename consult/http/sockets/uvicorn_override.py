"""What this product changes in uvicorn's WebSocket, in one file; a test fails when what is overridden there changes.

uvicorn's private class is subclassed because ASGI alone has neither of the two things that a pump needs: its close
waits for the peer's, so a peer that takes nothing would hold a connection for ever; and each ASGI message is a write
of its own, so twenty messages that wait would be twenty system calls.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request as HandshakeRequest

from consult.http.connections.guard import places_of

SEND_DEADLINE_S = 3.0
"""A peer that takes nothing for so long is aborted."""
EXTENSION = "consult.websocket"
"""Name in the ASGI scope's extensions."""


class AbortableWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, whose transport the pump can abort and write to, and whose place is given back."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back that the request before it took."""
        places_of(self.config).leave(self.transport)
        super().connection_lost(exc)

    def handle_connect(self, event: HandshakeRequest) -> None:
        """Put the extension into the scope, before the application runs."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][EXTENSION] = {"abort": self.transport.abort, "send": self.send_texts}

    async def send_texts(self, texts: list[str]) -> None:
        """Text frames in one write: a system call for all, and none of ASGI's messages.

        Raises:
            TimeoutError: the peer took nothing for `SEND_DEADLINE_S`.
            ConnectionError: the connection is closed.
        """
        if not self.writable.is_set():
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise ConnectionError("closed")
        try:
            for text in texts:
                self.conn.send_text(text.encode())
        except InvalidState:
            raise ConnectionError("closed by the peer") from None
        self.transport.write(b"".join(self.conn.data_to_send()))


def abort(websocket: WebSocket) -> None:
    """Cut the connection at once, without a close handshake."""
    cut: Callable[[], None] = websocket.scope["extensions"][EXTENSION]["abort"]
    cut()


async def send_texts(websocket: WebSocket, texts: list[str]) -> None:
    """As `AbortableWebSocket.send_texts`."""
    send: Callable[[list[str]], Awaitable[None]] = websocket.scope["extensions"][EXTENSION]["send"]
    await send(texts)
