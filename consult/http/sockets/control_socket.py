"""The pump of the control WebSocket: frames in, messages out. It decides nothing.

Rules:
- Exact Origin; the seat's cookie; at most 16 KiB a message (signaling.codec).
- One task reads, one writes (`pump.py`). A peer that takes nothing for 3 s is aborted.
"""

from __future__ import annotations

import asyncio
import logging

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from consult.http.security.address import same_origin
from consult.http.security.seat_access import check_seat
from consult.http.services import services
from consult.http.sockets.pump import REFUSED, close_code, pump
from consult.http.sockets.uvicorn_override import SEND_DEADLINE_S, send_texts
from consult.model.errors import ConsultError
from consult.runtime.connections import ConnectionHandle
from consult.sessions.messages import Closing, Reason
from consult.signaling.codec import encode

logger = logging.getLogger(__name__)
REASONS: dict[str, Reason] = {
    "no_seat": "denied",
    "unknown_consult": "over",
    "removed": "removed",
    "revoked": "revoked",
    "expired": "expired",
    "over": "over",
    "lobby": "lobby",
}


async def control(websocket: WebSocket) -> None:
    """The endpoint `/seat/SEAT/ws`."""
    if not same_origin(websocket):
        await websocket.close(REFUSED)
        return
    await websocket.accept()
    try:
        access = await check_seat(websocket, None)
        handle = access.runner.attach(access.seat)
    except ConsultError as error:
        await websocket.send_text(encode(Closing(REASONS.get(error.code, ""), error.sentence)))
        await websocket.close(close_code(error), error.code)
        return
    name = f"connection {handle.connection}"
    await pump(websocket, name, read(websocket, handle), write(websocket, handle), handle.detach)


async def read(websocket: WebSocket, handle: ConnectionHandle) -> None:
    """Frames to the consult, one after the other."""
    while True:
        try:
            text = await websocket.receive_text()
        except (WebSocketDisconnect, KeyError, RuntimeError):
            # KeyError: a binary frame, which the protocol does not have. RuntimeError: `write` has closed it meanwhile.
            return
        handle.receive(text)


async def write(websocket: WebSocket, handle: ConnectionHandle) -> None:
    """Messages of the outbox to the peer; then the close."""
    while texts := await handle.outbox.take():
        try:
            await send_texts(websocket, texts)
        except (TimeoutError, ConnectionError):
            logger.info("connection %s: takes nothing or is closed, aborted", handle.connection)
            services(websocket).tally.count("closed", "takes_nothing")
            return
    if handle.outbox.overflowed:
        logger.info("connection %s: outbox overflowed, aborted", handle.connection)
        services(websocket).tally.count("closed", "outbox_full")
        return
    code, reason = handle.close_frame
    try:
        async with asyncio.timeout(SEND_DEADLINE_S):
            await websocket.close(code, reason)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return


routes = [WebSocketRoute("/seat/{seat}/ws", control)]
