"""Middleware: each request is answered by the node whose matter it is, whichever node it comes to.

Rules of this file:
- What another node has passed on is answered here, or refused by 421 before anything is done: it is not passed on a
  second time. The first node then looks anew.
- Who may have died is waited for (`Cluster.whose`), so that a page that comes back comes back once.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from consult.access.keys import Keys
from consult.cluster.cluster import Cluster, Elsewhere
from consult.http.bridging.hops import MISDIRECTED, Broken, Hops, NotThere, Pieces, body_of
from consult.http.bridging.passport import HEADER, arrived, passport_of, signed
from consult.http.bridging.places import NEW, STATIC, place_of
from consult.http.pages.static import site
from consult.http.responses import error_response, status_of
from consult.http.services import services
from consult.http.sockets.pump import NOT_NOW
from consult.model.errors import ConsultError, Refused, StoreFailed
from consult.runtime.keeping.house import House
from consult.sessions.messages import Closing
from consult.signaling.codec import encode
from consult.store.leases import HOUSE, Node

logger = logging.getLogger(__name__)
TRIES = 20
AGAIN_S = 0.15
FOR_WHOM = (b"authorization", b"cookie", b"origin", b"accept-language")
"""Headers by which a node knows who asks."""
RESTARTS = "The server that answers for this restarts. Try again in a moment."


@dataclass(frozen=True)
class Bridge:
    """The ways from this node to the others."""

    cluster: Cluster
    house: House
    keys: Keys
    hops: Hops = field(default_factory=Hops)

    async def ask(self, request: HTTPConnection, path: str, consult: str) -> Any:
        """What the other node that has a consult answers to a GET of that path, as JSON, asked on behalf of whoever
        asks here; None: no other has it, or it does not answer. Raises StoreFailed."""
        node = await self.cluster.elsewhere(consult)
        if node is None:
            return None
        scope = {**request.scope, "path": path, "raw_path": path.encode(), "query_string": b"", "method": "GET"}
        headers = [(name, value) for name, value in scope["headers"] if name in FOR_WHOM]
        passport = (HEADER, self.proof(scope, node).encode())
        answer = await self.hops.get(node, path, [*headers, passport])
        return None if answer is None else msgspec.json.decode(answer)

    def proof(self, scope: Scope, node: Node) -> str:
        """What that node believes."""
        return signed(passport_of(scope, node.incarnation), self.keys)


class Bridged:
    """Answers here, or has another node answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        bridge = services(HTTPConnection(scope)).bridge if scope["type"] in ("http", "websocket") else None
        if bridge is None:
            await self.app(scope, receive, send)
            return
        came = arrived(scope, bridge.cluster.node.incarnation, bridge.keys)
        if came is None and any(name == HEADER for name, _ in scope["headers"]):
            await _misdirected(scope, receive, send)
            return
        try:
            if came is not None:
                await self._passed_on(bridge, came, receive, send)
            else:
                await self._first(bridge, scope, receive, send)
        except ConsultError as error:
            await _refuse(error, scope, receive, send)

    async def _passed_on(self, bridge: Bridge, scope: Scope, receive: Receive, send: Send) -> None:
        """Another node thinks that it is this one's."""
        try:
            await _have(bridge, place_of(scope))
        except Elsewhere:
            await _misdirected(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _first(self, bridge: Bridge, scope: Scope, receive: Receive, send: Send) -> None:
        place = place_of(scope)
        body: bytes | Pieces | None = None
        for _ in range(TRIES):
            node = await _node_of(bridge, place)
            if node is None:
                try:
                    await _have(bridge, place)
                except Elsewhere:  # another was faster
                    await asyncio.sleep(AGAIN_S)
                    continue
                await self.app(scope, _again(body, receive), send)
                return
            if scope["type"] == "http" and body is None:
                body = await body_of(scope, receive)
            try:
                await _pass_on(bridge, node, scope, receive, send, body)
                return
            except NotThere:
                if isinstance(body, Pieces) and body.begun:
                    break
                await asyncio.sleep(AGAIN_S)
            except Broken:
                break
        raise StoreFailed("elsewhere", RESTARTS)


async def _node_of(bridge: Bridge, place: str) -> Node | None:
    """Which node answers; None: this one. Raises Elsewhere, StoreFailed."""
    if place.startswith(STATIC):
        version = place.removeprefix(STATIC)
        if version == site.now().version:
            return None
        return next((node for node in bridge.cluster.living() if node.site == version and node.address), None)
    if place == NEW:
        return bridge.cluster.least()
    return await bridge.cluster.whose(place) if place else None


async def _have(bridge: Bridge, place: str) -> None:
    """It is this node's, or nobody's in particular. Raises Elsewhere, StoreFailed."""
    if not place or place == NEW or place.startswith(STATIC):
        return
    try:
        if place == HOUSE:
            await bridge.house.enter()
        else:
            await bridge.cluster.own(place)
    except Refused:  # there is no such consult: whoever answers says so in its own words
        return


async def _pass_on(  # noqa: PLR0917  # a request, and whereto
    bridge: Bridge, node: Node, scope: Scope, receive: Receive, send: Send, body: bytes | Pieces | None
) -> None:
    proof, end = bridge.proof(scope, node), bridge.cluster.end_of(node)
    if scope["type"] == "websocket":
        await bridge.hops.socket(node, end, scope, receive, send, proof)
    else:
        await bridge.hops.request(node, end, scope, b"" if body is None else body, proof, send)


def _again(body: bytes | Pieces | None, receive: Receive) -> Receive:
    """As `receive`, where the body was read already."""
    if not isinstance(body, bytes):
        return receive
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return left.pop() if left else await receive()

    return receive_again


async def _misdirected(scope: Scope, receive: Receive, send: Send) -> None:
    """Not this node's. A WebSocket is refused before it is one, so that the other side can try elsewhere."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": NOT_NOW})
        return
    await PlainTextResponse("This is another node's.\n", MISDIRECTED)(scope, receive, send)


async def _refuse(error: ConsultError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        websocket = WebSocket(scope, receive, send)
        await websocket.accept()
        await websocket.send_text(encode(Closing("", error.sentence)))
        await websocket.close(NOT_NOW, error.code)
        return
    await error_response(error.code, error.sentence, status_of(error))(scope, receive, send)
