"""One request, or one WebSocket, passed on to another node. httpx and the client of websockets stop here.

Rules of this file:
- What another node answers is passed on as it comes: nothing is read whole, and whoever takes nothing is not read for.
- What was sent and not answered is not sent again, unless it only reads.
- Nobody waits for a node that has died, or was paused: its connections would say nothing for minutes.
- A WebSocket that breaks behind this node is closed so that its page comes back.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

import httpx
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from consult.http.bridging.passport import HEADER, method_of, target_of
from consult.http.sockets.pump import NOT_NOW, pump
from consult.http.sockets.uvicorn_override import SEND_DEADLINE_S
from consult.sessions.features.seats.closing import TO_ANOTHER
from consult.store.leases import Node

T = TypeVar("T")
logger = logging.getLogger(__name__)
READS = ("GET", "HEAD")
MAX_BODY = 256 * 1024
"""What is longer is not kept until it is known who takes it, bytes."""
MISDIRECTED = 421
"""Status of a node that is asked for what it does not have."""
OF_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
)
OF_HANDSHAKE = OF_HOP | frozenset(
    b"host content-length sec-websocket-key sec-websocket-version sec-websocket-extensions".split()
)
CONNECT_S, ANSWER_S, KEEP_S = 1.0, 120.0, 2.0


class NotThere(Exception):
    """The node does not take it: nothing was done."""


class Broken(Exception):
    """The node was asked, and did not answer."""


class Ended(Exception):
    """The node has gone while it was asked."""


class Hops:
    """The ways to other nodes."""

    def __init__(self) -> None:
        self._leaving = asyncio.Event()
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log every address that is passed on
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=1024, max_keepalive_connections=64, keepalive_expiry=KEEP_S),
            trust_env=False,
        )

    async def close(self) -> None:
        """Nothing is passed on any more."""
        await self._client.aclose()

    def leave(self) -> None:
        """This node ends: pages whose WebSockets it passes on go to other nodes, at once."""
        self._leaving.set()

    async def request(  # noqa: PLR0917  # a request, and whereto
        self, node: Node, end: asyncio.Event, scope: Scope, body: bytes | Pieces, proof: str, send: Send
    ) -> None:
        """Pass a request on, and its answer back.

        Args:
            node, end: who answers; the end of it.
            scope, body, send: of the request.
            proof: of this node.

        Raises:
            NotThere: the node does not have it, or is not reached; what only reads may be asked of another too.
            Broken: it began to answer it, perhaps.
        """
        headers = [(name, value) for name, value in scope["headers"] if name not in OF_HOP and name != HEADER]
        if isinstance(body, bytes):
            headers = [(name, value) for name, value in headers if name != b"content-length"]
        target = f"{node.address}{target_of(scope)}"
        asked = self._client.build_request(
            method_of(scope), target, headers=[*headers, (HEADER, proof.encode())], content=body
        )
        unanswered = NotThere if method_of(scope) in READS else Broken
        try:
            answer = await until_end(self._client.send(asked, stream=True), end)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotThere from error
        except (httpx.HTTPError, Ended) as error:
            raise unanswered from error
        try:
            if answer.status_code == MISDIRECTED:
                raise NotThere
            with contextlib.suppress(Ended):
                await until_end(_answer(answer, send), end)
        finally:
            await answer.aclose()

    async def get(self, node: Node, path: str, headers: list[tuple[bytes, bytes]]) -> bytes | None:
        """What a node answers to a GET; None where it does not, or not well."""
        try:
            answer = await self._client.get(f"{node.address}{path}", headers=headers)
        except httpx.HTTPError:
            return None
        content: bytes = answer.content
        return content if answer.status_code == httpx.codes.OK else None

    async def socket(  # noqa: PLR0917  # a request, and whereto
        self, node: Node, end: asyncio.Event, scope: Scope, receive: Receive, send: Send, proof: str
    ) -> None:
        """Pass a WebSocket on until one side closes it, or the node ends.

        Raises:
            NotThere: the node does not have it, or is not reached; the browser waits still.
        """
        headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in scope["headers"] if n not in OF_HANDSHAKE]
        target = f"{node.address.replace('http', 'ws', 1)}{target_of(scope)}"
        connecting = _connect(target, [*headers, (HEADER.decode(), proof)])
        try:
            far = await until_end(connecting, end)
        except (OSError, TimeoutError, InvalidStatus, InvalidHandshake, ConnectionClosed, Ended) as error:
            raise NotThere from error
        websocket = WebSocket(scope, receive, send)
        try:
            await websocket.accept()
            back = _back(far, websocket, end, self._leaving)
            await pump(websocket, "a bridged socket", _there(websocket, far), back, lambda: None)
        finally:
            far.transport.abort() if end.is_set() else await far.close()


async def _connect(target: str, headers: list[tuple[str, str]]) -> ClientConnection:
    return await connect(
        target, additional_headers=headers, compression=None, max_size=None, open_timeout=ANSWER_S, ping_interval=None,
        close_timeout=1, user_agent_header=None, proxy=None,
    )  # fmt: skip


async def until_end(work: Coroutine[Any, Any, T], *ends: asyncio.Event) -> T:
    """What comes of it, unless the node ends first, or this one leaves. Raises Ended."""
    working, ending = asyncio.create_task(work), [asyncio.create_task(end.wait()) for end in ends]
    try:
        await asyncio.wait((working, *ending), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Ended
        return working.result()
    finally:
        for task in (working, *ending):
            task.cancel()
        await asyncio.gather(working, *ending, return_exceptions=True)


class Pieces:
    """A body as it comes. Raises Broken where the browser has gone: then it is not whole there either."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.begun = False
        """Some of it was read: what is left is not the whole of it."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            message = await self._receive()
            self.begun = True
            if message["type"] == "http.disconnect":
                raise Broken
            if piece := message.get("body", b""):
                yield piece
            if not message.get("more_body"):
                return


async def body_of(scope: Scope, receive: Receive) -> bytes | Pieces:
    """What a request brings: as a whole where it is small, so that another node can be asked with it again.

    Raises:
        asyncio.CancelledError: the browser has gone.
    """
    given = {name: value for name, value in scope["headers"] if name in (b"content-length", b"transfer-encoding")}
    length = given.get(b"content-length", b"0")
    if b"transfer-encoding" in given or not length.isdigit() or int(length) > MAX_BODY:
        return Pieces(receive)
    return await _whole(receive)


async def _whole(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise asyncio.CancelledError
        piece: bytes = message.get("body", b"")
        body += piece
        if not message.get("more_body"):
            return body


async def _answer(answer: httpx.Response, send: Send) -> None:
    headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in OF_HOP]
    started: Message = {"type": "http.response.start", "status": answer.status_code, "headers": headers}
    await send(started)
    with contextlib.suppress(httpx.HTTPError):  # cut off there: cut off here, for less has come than was said
        async for piece in answer.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _there(near: WebSocket, far: ClientConnection) -> None:
    """Frames of the page to the node."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            message = await near.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            await far.send(message["bytes"] if text is None else text)


async def _back(far: ClientConnection, near: WebSocket, end: asyncio.Event, leaving: asyncio.Event) -> None:
    """Frames of the node to the page; then its close. Where the node has ended, or this one leaves, the page comes back
    at once."""
    code, reason = NOT_NOW, ""
    try:
        await until_end(_frames(far, near), end, leaving)
        if far.close_code is not None and is_said(far.close_code):
            code, reason = far.close_code, far.close_reason or ""
    except Ended:
        reason = TO_ANOTHER
        logger.info("a bridged socket: its node has gone, or this one leaves")
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return
    if near.application_state is not WebSocketState.DISCONNECTED:
        with contextlib.suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(SEND_DEADLINE_S):
                await near.close(code, reason)


async def _frames(far: ClientConnection, near: WebSocket) -> None:
    with contextlib.suppress(ConnectionClosed):
        async for frame in far:
            async with asyncio.timeout(SEND_DEADLINE_S):
                await (near.send_text(frame) if isinstance(frame, str) else near.send_bytes(frame))


def is_said(code: int) -> bool:
    """Of a close code: it was sent (RFC 6455 7.4.1), and may be sent on."""
    return 1000 <= code < 5000 and code not in (1005, 1006, 1015)
