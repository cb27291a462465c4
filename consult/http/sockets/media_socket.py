"""The pump of the media WebSocket, below the seat: frames out, acknowledgements in (media/video/framing.py).

Rules:
- Exact Origin; the seat's cookie; `?tab=` names the page's control connection, which must be live.
- One task reads, one writes (`pump.py`).
- The frame is chosen after it can be sent; a peer that takes nothing for 3 s is aborted.
- A page that takes the picture by WebRTC meanwhile closes this socket, or it is closed with 4409.
"""

from __future__ import annotations

import asyncio
import logging

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from consult.clock import steady
from consult.http.security.address import same_origin
from consult.http.security.seat_access import check_seat
from consult.http.services import services
from consult.http.sockets.pump import NOT_NOW, REFUSED, close_code, pump
from consult.http.sockets.uvicorn_override import SEND_DEADLINE_S
from consult.media.pacing.backlog_gate import BacklogGate
from consult.media.pacing.subscriber_queue import SubscriberQueue
from consult.media.video import framing
from consult.media.video.framing import Acknowledged, KeyframeWanted, Ponged
from consult.model.errors import ConsultError, Malformed
from consult.streaming.subscription import Subscription

logger = logging.getLogger(__name__)
REPLACED = 4409
"""Close code: the page takes the moving picture by another transport, or by another socket."""


async def media(websocket: WebSocket) -> None:
    """The endpoint `/seat/SEAT/media`."""
    if not same_origin(websocket):
        await websocket.close(REFUSED)
        return
    await websocket.accept()
    try:
        access = await check_seat(websocket, None)
        gate = BacklogGate()
        subscribed = access.runner.subscribe(access.seat, websocket.query_params.get("tab", ""), gate)
    except ConsultError as error:
        await websocket.close(close_code(error), error.code)
        return
    reading, writing = read(websocket, subscribed.subscriber, gate), write(websocket, subscribed.subscription, gate)
    await pump(websocket, "a media socket", reading, writing, subscribed.end)


async def read(websocket: WebSocket, subscriber: SubscriberQueue, gate: BacklogGate) -> None:
    """The page's acknowledgements, until it sends anything else."""
    while True:
        try:
            message = framing.read(await websocket.receive_bytes())
        except (WebSocketDisconnect, KeyError, Malformed, RuntimeError):
            # KeyError: a text frame, which the protocol does not have. RuntimeError: closed by `write` meanwhile.
            return
        match message:
            case Acknowledged(number):
                subscriber.acknowledged(number)
            case Ponged(number):
                gate.pong(number, steady())
            case KeyframeWanted():
                subscriber.lost()


async def write(websocket: WebSocket, subscription: Subscription, gate: BacklogGate) -> None:
    """Frames to the page; then the close."""
    try:
        await _ping(websocket, gate)
        while (numbered := await subscription.take()) is not None:
            access_unit = numbered.access_unit
            message = framing.frame(numbered.number, access_unit.stamp.rtp or 0, access_unit.data, key=access_unit.key)
            await _send(websocket, message)
            await _ping(websocket, gate)
        if subscription.subscriber.stalled:
            logger.info("a media socket takes nothing, aborted")
            services(websocket).tally.count("closed", "takes_no_frames")
            return
        async with asyncio.timeout(SEND_DEADLINE_S):
            await websocket.close(REPLACED if subscription.replaced else NOT_NOW)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):  # RuntimeError: closed by the other side meanwhile
        logger.info("a media socket is gone or takes nothing")


async def _ping(websocket: WebSocket, gate: BacklogGate) -> None:
    number = gate.ping(steady())
    if number is not None:
        await _send(websocket, framing.ping(number))


async def _send(websocket: WebSocket, message: bytes) -> None:
    async with asyncio.timeout(SEND_DEADLINE_S):
        await websocket.send_bytes(message)


routes = [WebSocketRoute("/seat/{seat}/media", media)]
