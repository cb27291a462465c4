"""What a user does by the host API is in the audit trail, with their name: each request that changes something.

The route stands in the row as it is written down here (`DELETE /api/studies/{study}`); of a consult its id beside it.
What is asked of a seat, or in it, has rows of its own.
"""

from __future__ import annotations

import contextlib

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from consult.http.services import services
from consult.model.errors import StoreFailed

ACTS = ("POST", "PUT", "DELETE")
"""Not PATCH: the pieces of an upload, whose POST has a row."""
OWN_ROWS = ("/api/session", "/api/password", "/api/consults/{consult}/seat")
"""What says more by a row of its own."""
REFUSED = 400


class NotedActs:
    """Behind `Prefix`: paths are ours."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in ACTS:
            await self.app(scope, receive, send)
            return

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < REFUSED:
                await note_act(Request(scope))
            await send(message)

        await self.app(scope, receive, send_noted)


async def note_act(request: Request) -> None:
    """Who has done it, where `check_host` has found out that it is a user. It is done: where the trail takes nothing
    now, the row stays queued, and the answer is the one that is due."""
    host, route = getattr(request.state, "host", None), route_of(request)
    if host is not None and host.name and route not in OWN_ROWS:
        what = f"{request.method} {route}"
        consult = str(request.path_params.get("consult", ""))
        audit = services(request).registry.audit
        audit.note("act", consult=consult, role="host", user=host.name, what=what)
        with contextlib.suppress(StoreFailed):
            await audit.written()


def route_of(request: Request) -> str:
    """The path, with the names of what it names in its places."""
    names = {str(value): f"{{{name}}}" for name, value in request.path_params.items()}
    return "/".join(names.get(part, part) for part in request.scope["path"].split("/"))
