"""The pump of the picture socket, below the seat: exact stills out before they are asked for, reports in
(media/video/still_framing.py).

Rules:
- Exact Origin; the seat's cookie; `?tab=` names the page's control connection, which must be live.
- One task reads, one writes (`pump.py`).
- The still is chosen after it can be sent; a peer that takes nothing for 3 s is aborted.
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
from consult.media.video import still_framing
from consult.media.video.still_framing import Acknowledged, Decodes, Forgotten, Ponged, StillHeader
from consult.model.errors import ConsultError, Malformed
from consult.streaming.feeds.feed import Feed, Sent

logger = logging.getLogger(__name__)


async def pictures(websocket: WebSocket) -> None:
    """The endpoint `/seat/SEAT/pictures`."""
    if not same_origin(websocket):
        await websocket.close(REFUSED)
        return
    await websocket.accept()
    try:
        access = await check_seat(websocket, None)
        handle = access.runner.feed(access.seat, websocket.query_params.get("tab", ""))
    except ConsultError as error:
        await websocket.close(close_code(error), error.code)
        return
    await pump(websocket, "a picture socket", read(websocket, handle.feed), write(websocket, handle.feed), handle.end)


async def read(websocket: WebSocket, feed: Feed) -> None:
    """The page's reports, until it sends anything else."""
    while True:
        try:
            report = still_framing.read(await websocket.receive_bytes())
        except (WebSocketDisconnect, KeyError, Malformed, RuntimeError):
            # KeyError: a text frame, which the protocol does not have. RuntimeError: closed by `write` meanwhile.
            return
        match report:
            case Acknowledged(number):
                feed.acknowledged(number)
            case Ponged(number):
                feed.gate.pong(number, steady())
            case Forgotten(digests):
                feed.forgotten(digests)
            case Decodes(jpeg_xl, raw):
                feed.jpeg_xl, feed.raw = jpeg_xl, raw


async def write(websocket: WebSocket, feed: Feed) -> None:
    """Stills to the page; then the close."""
    try:
        await _ping(websocket, feed)
        while (sent := await feed.take()) is not None:
            await _send(websocket, _message(sent, jpeg_xl=feed.jpeg_xl))
            await _ping(websocket, feed)
        if feed.stalled:
            logger.info("a picture socket takes nothing, aborted")
            services(websocket).tally.count("closed", "takes_no_stills")
            return
        async with asyncio.timeout(SEND_DEADLINE_S):
            await websocket.close(NOT_NOW)
    except (TimeoutError, WebSocketDisconnect, RuntimeError):  # RuntimeError: closed by the other side meanwhile
        logger.info("a picture socket is gone or takes nothing")


def _message(sent: Sent, *, jpeg_xl: bool) -> bytes:
    still = sent.still
    if still is None:
        return still_framing.missing(sent.digest)
    small, raw = (still.jpeg_xl if jpeg_xl else None), still.raw
    of = {"jpeg_xl": small is not None, "colour": still.colour, "raw": raw is not None}
    header = StillHeader(sent.number, sent.case, sent.digest, still.sha256, sent.due, **of)
    return still_framing.still(header, raw or small or still.png)


async def _ping(websocket: WebSocket, feed: Feed) -> None:
    number = feed.gate.ping(steady())
    if number is not None:
        await _send(websocket, still_framing.ping(number))


async def _send(websocket: WebSocket, message: bytes) -> None:
    async with asyncio.timeout(SEND_DEADLINE_S):
        await websocket.send_bytes(message)


routes = [WebSocketRoute("/seat/{seat}/pictures", pictures)]
