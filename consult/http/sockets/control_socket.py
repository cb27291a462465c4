"""The pump of the control WebSocket: frames in, messages out. It decides nothing.

Rules:
- Exact Origin; the seat's cookie; at most 16 KiB a message (signaling.codec).
- One task reads, one writes; whichever ends first ends the other. A peer that takes nothing for 3 s is aborted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.http11 import Request as HandshakeRequest

from consult.http.seat.seat import sitting
from consult.http.security.host import same_origin
from consult.model.errors import ConsultError, Refused
from consult.runtime.connections import ConnectionHandle
from consult.sessions.messages import Closing, Reason
from consult.signaling.codec import encode

logger = logging.getLogger(__name__)
Send = Callable[[list[str]], Awaitable[None]]
Piping = Coroutine[Any, Any, None]
SEND_DEADLINE_S = 3.0
REFUSED = 4403
NOT_NOW = 1013
TRANSPORT = "consult.abort"
REASONS: dict[str, Reason] = {
    "no_seat": "denied",
    "unknown_consult": "over",
    "removed": "removed",
    "revoked": "revoked",
    "expired": "expired",
    "over": "over",
}


class AbortableWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol, whose transport the pump can abort (its own close waits for the peer) and write to."""

    def handle_connect(self, event: HandshakeRequest) -> None:
        """Put the transport's abort into the scope, before the application runs."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.scope["extensions"][TRANSPORT] = {"abort": self.transport.abort, "send": self.send_texts}

    async def send_texts(self, texts: list[str]) -> None:
        """Text frames in one write: a system call for all, and none of ASGI's messages.

        Raises:
            TimeoutError: the peer took nothing for `SEND_DEADLINE_S`.
            RuntimeError: the connection is closed.
        """
        if not self.writable.is_set():
            async with asyncio.timeout(SEND_DEADLINE_S):
                await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise RuntimeError("closed")
        for text in texts:
            self.conn.send_text(text.encode())
        self.transport.write(b"".join(self.conn.data_to_send()))


async def control(websocket: WebSocket) -> None:
    """The endpoint `/seat/SEAT/ws`."""
    if not same_origin(websocket):
        await websocket.close(REFUSED)
        return
    await websocket.accept()
    try:
        who = await sitting(websocket)
    except ConsultError as error:
        await websocket.send_text(encode(Closing(REASONS.get(error.code, ""), error.sentence)))
        await websocket.close(REFUSED if isinstance(error, Refused) else NOT_NOW, error.code)
        return
    attached = who.running.attach(who.seat)
    name = f"connection {attached.connection}"
    await pump(websocket, name, read(websocket, attached), write(websocket, attached), attached.detach)


async def pump(
    websocket: WebSocket, name: str, read: Piping, write: Piping, leave: Callable[[], None]
) -> None:
    """Read and write until one of both ends; then `leave`, end the other, and abort what is not closed yet."""
    abort: Callable[[], Any] = websocket.scope["extensions"][TRANSPORT]["abort"]
    tasks = [asyncio.create_task(read), asyncio.create_task(write)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leave()
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                logger.error("%s: ended by a fault of ours", name, exc_info=ended)
        if websocket.application_state is not WebSocketState.DISCONNECTED:
            abort()


async def read(websocket: WebSocket, attached: ConnectionHandle) -> None:
    """Frames to the consult, one after the other."""
    while True:
        try:
            text = await websocket.receive_text()
        except (WebSocketDisconnect, KeyError):  # KeyError: a binary frame, which the protocol does not have
            return
        attached.receive(text)


async def write(websocket: WebSocket, attached: ConnectionHandle) -> None:
    """Messages of the outbox to the peer; then the close."""
    send: Send = websocket.scope["extensions"][TRANSPORT]["send"]
    while texts := await attached.outbox.take():
        try:
            await send(texts)
        except (TimeoutError, InvalidState, RuntimeError):  # RuntimeError: closed by the other side meanwhile
            logger.info("connection %s: takes nothing, aborted", attached.connection)
            return
    if attached.outbox.overflowed:
        logger.info("connection %s: outbox overflowed, aborted", attached.connection)
        return
    code, reason = attached.close_frame
    try:
        async with asyncio.timeout(SEND_DEADLINE_S):
            await websocket.close(code, reason)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return


routes = [WebSocketRoute("/seat/{seat}/ws", control)]
