"""Middleware: requests of an address are let through at the rates of `OF_ADDRESS`, before anything is looked at.

Rules of this file:
- Below `/seat/` a seat has its own rates (`seat_access.py`), and whoever runs the server is never kept waiting: there
  only what is refused counts, and who is refused over the rate has to connect anew each time.
- Who is over a rate gets a short answer, and is disconnected.
"""

from __future__ import annotations

import math

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consult.clock import steady
from consult.http.pages.not_found import wants_page
from consult.http.responses import error_response
from consult.http.services import services

OF_SEATS_AND_HOST = ("seat", "api")
CHEAP = ("static", "healthz", "livez", "readyz", "metrics")
REFUSED = (401, 403)
TOO_MANY = "Too many requests came from this address in a short time. Try again in a moment."


def address_of(connection: HTTPConnection) -> str:
    """Of who asks; of a proxy's client, where the proxy is known as one. "": it has none."""
    return connection.client.host if connection.client else ""


def kind_of(method: str, path: str) -> str:
    """Which of `OF_ADDRESS` a request is; "": a seat's, or the host's."""
    first = path.lstrip("/").partition("/")[0]
    if first in OF_SEATS_AND_HOST:
        return ""
    if first == "join" and method == "POST":
        return "joining"
    return "files" if first in CHEAP else "pages"


class Rationed:
    """Lets pass what is within the rate of its address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        kind = kind_of(request.method, scope["path"])
        if not kind:
            await self.app(scope, receive, _disconnecting(request, send))
        elif wait_s := _take(request, kind):
            await _too_many(request, wait_s)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _take(request: Request, kind: str) -> float:
    return services(request).address_rates.take(address_of(request), kind, steady())


def _disconnecting(request: Request, send: Send) -> Send:
    """As `send`; who is refused over the rate is disconnected behind the answer."""

    async def send_counted(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in REFUSED and _take(request, "pages"):
            MutableHeaders(scope=message)["Connection"] = "close"
        await send(message)

    return send_counted


def _too_many(request: Request, wait_s: float) -> Response:
    headers = {"Retry-After": str(math.ceil(wait_s)), "Connection": "close", "Cache-Control": "no-store"}
    if wants_page(request):
        return PlainTextResponse(f"{TOO_MANY}\n", 429, headers)
    response = error_response("too_often", TOO_MANY, 429)
    response.headers.update(headers)
    return response
