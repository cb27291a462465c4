"""Under which address this server is reached: what its links begin with, whose requests are its own, where cookies go.

Rules of this file:
- A page's Origin is ours where it is the very address that was asked (Host), or that of `public_url`: a proxy may leave
  Host out or put another name there.
- `public_url` may have a path. A proxy passes it on or takes it away: both are answered (`Prefix`). Cookies have it in
  their path where the page is of that address; a page that asks the server itself has none.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from consult.http.services import services

DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def origin_of(url: str) -> str:
    """Scheme and host of an address, as a browser's Origin header names them."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ''))}" if parts.netloc else ""


def same_origin(connection: HTTPConnection) -> bool:
    """The Origin header names this very address, or the public one."""
    origin = connection.headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc == connection.headers.get("host") or is_public(connection)


def is_public(connection: HTTPConnection) -> bool:
    """A page of the public address asks."""
    public = origin_of(services(connection).public_url)
    return bool(public) and connection.headers.get("origin", "").lower() == public


def is_secure(connection: HTTPConnection) -> bool:
    """The browser reaches this server by https."""
    return connection.url.scheme == "https" or connection.headers.get("origin", "").startswith("https:")


def prefix_of(public_url: str) -> str:
    """The path of the public address, without a last slash; "": it has none."""
    return urlsplit(public_url).path.rstrip("/")


def base_path(connection: HTTPConnection) -> str:
    """What stands before our paths in the browser that asks; who names no Origin is taken for one of the public."""
    named = "origin" in connection.headers
    return prefix_of(services(connection).public_url) if is_public(connection) or not named else ""


def base_url(connection: HTTPConnection) -> str:
    """What links begin with."""
    return services(connection).public_url or str(connection.base_url).rstrip("/")


class Prefix:
    """Takes the path of the public address off, where the proxy has passed it on."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app, self._prefix = app, prefix_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI. `/consult` alone is sent on to `/consult/`: relative addresses need the slash."""
        path = scope.get("path", "")
        if self._prefix and path == self._prefix and scope["type"] == "http":
            await RedirectResponse(f"{self._prefix}/")(scope, receive, send)
            return
        if self._prefix and path.startswith(f"{self._prefix}/"):
            raw = scope.get("raw_path") or b""
            prefix = self._prefix.encode()
            scope = {**scope, "path": path.removeprefix(self._prefix), "raw_path": raw.removeprefix(prefix)}
        await self.app(scope, receive, send)
