"""Under which address this server is reached: what its links begin with, whose requests are its own, where cookies go.

Rules of this file:
- With `public_url` a page's Origin is ours where it is that one, and no other: a proxy may leave Host out or put
  another name there. Without it, where it is the very address that was asked (Host), scheme and all, and its name ours.
- Names that are ours: this machine's own, the one we listen on, those of `allowed_hosts`. Whoever makes a browser ask
  under another name (DNS rebinding) is no page of ours, and no link is made of it.
- `public_url` may have a path. A proxy passes it on or takes it away: both are answered (`Prefix`). Cookies have it in
  their path where the page is of that address; a page that asks the server itself has none.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from consult.http.services import services
from consult.model.errors import Refused

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_NAME = 253
NO_NAME = "No link can be made: start the server with --public-url, or with --allowed-hosts where {!r} is its name."
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def origin_of(url: str) -> str:
    """Scheme and host of an address, as a browser's Origin header names them."""
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc.removesuffix(DEFAULT_PORTS.get(parts.scheme, ''))}" if parts.netloc else ""


def same_origin(connection: HTTPConnection) -> bool:
    """A page of ours asks: of the public address, or, where there is none, of the very address that is asked."""
    if services(connection).public_url:
        return is_public(connection)
    origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
    return is_ours(connection) and origin in {f"{scheme}://{host}" for scheme in schemes(connection)}


def is_ours(connection: HTTPConnection) -> bool:
    """The name that was asked (Host) is one of this server's."""
    name = host_name(connection)
    return name in OWN_NAMES or name in services(connection).hosts


def host_name(connection: HTTPConnection) -> str:
    """The name that was asked, without port and brackets."""
    try:
        return urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    except ValueError:  # brackets that are not closed
        return ""


def schemes(connection: HTTPConnection) -> set[str]:
    """By which browsers reach this server: behind a TLS proxy by https, and from the same machine without it."""
    if not services(connection).behind_tls_proxy:
        return {"https" if connection.url.scheme in {"https", "wss"} else "http"}
    return {"https", "http"} if host_name(connection) in OWN_NAMES else {"https"}


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
    """What links begin with.

    Raises:
        Refused: "unknown_host": there is no `public_url`, and the name that was asked is none of ours.
    """
    if public := services(connection).public_url:
        return public
    if not is_ours(connection):
        raise Refused("unknown_host", NO_NAME.format(connection.headers.get("host", "")[:MAX_NAME]))
    return str(connection.base_url).rstrip("/")


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
