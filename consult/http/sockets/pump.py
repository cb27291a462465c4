"""What both sockets share: one task reads, one writes, and whichever ends first ends the other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketState

from consult.http.sockets.uvicorn_override import abort, seated
from consult.model.errors import ConsultError, Refused
from consult.runtime.runner import TOO_OFTEN

logger = logging.getLogger(__name__)
Loop = Coroutine[Any, Any, None]
REFUSED = 4403
"""Close code: not with this cookie, or not from this origin."""
NOT_NOW = 1013
"""Close code of RFC 6455's registry, "try again later"."""
NOT_YET = ("no_page", TOO_OFTEN)
"""Refusals that pass by themselves."""


def close_code(error: ConsultError) -> int:
    """Of a socket that is not let in for this reason."""
    return REFUSED if isinstance(error, Refused) and error.code not in NOT_YET else NOT_NOW


async def pump(websocket: WebSocket, name: str, read: Loop, write: Loop, leave: Callable[[], None]) -> None:
    """Of somebody's seat: read and write until one of both ends; then `leave`, end the other, and abort what is not
    closed yet."""
    seated(websocket)
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
            abort(websocket)
