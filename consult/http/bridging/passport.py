"""What a node tells another of whom it asks for, signed by the key that all nodes have.

Rules of this file:
- A node believes what another says of the browser's address, scheme and host, and nobody else.
- A passport is for one process, one method and one address: it opens nothing else, nor anything after that process.
"""

from __future__ import annotations

import base64

import msgspec
from msgspec import Struct
from starlette.types import Scope

from consult.access.keys import Keys, same_secret

HEADER = b"x-consult-hop"
MAX_BYTES = 4096


class Passport(Struct, frozen=True):
    """Whom a node asks for.

    Attributes:
        to: incarnation of the node that is asked.
        method, path: of the request; path with its query.
        client, port: of the browser, as the first node knows it.
        scheme, host: by which the browser asks.
    """

    to: str
    method: str
    path: str
    client: str
    port: int
    scheme: str
    host: str


_decode = msgspec.json.Decoder(Passport).decode


def method_of(scope: Scope) -> str:
    """Of a request; WebSockets have their own."""
    return str(scope.get("method", "WEBSOCKET"))


def target_of(scope: Scope) -> str:
    """Path and query as they came."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    return (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def passport_of(scope: Scope, to: str) -> Passport:
    """Of a request that is passed on to that node."""
    client = scope.get("client") or ("", 0)
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    asked = method_of(scope), target_of(scope)
    return Passport(to, *asked, client[0], client[1] or 0, scope.get("scheme", "http"), host)


def signed(passport: Passport, keys: Keys) -> str:
    """As a header's value."""
    body = base64.urlsafe_b64encode(msgspec.json.encode(passport)).decode()
    return f"{body}.{keys.hop(body)}"


def arrived(scope: Scope, me: str, keys: Keys) -> Scope | None:
    """The request as the browser made it, where another node has passed it on to this one; None where none has, or
    what says so is not right."""
    given = next((value for name, value in scope["headers"] if name == HEADER), None)
    if given is None or len(given) > MAX_BYTES:
        return None
    body, _, proof = given.decode("latin-1").rpartition(".")
    if not same_secret(proof, keys.hop(body)):
        return None
    try:
        passport = _decode(base64.urlsafe_b64decode(body))
    except (msgspec.MsgspecError, ValueError):
        return None
    if (passport.to, passport.method, passport.path) != (me, method_of(scope), target_of(scope)):
        return None
    rest = [(name, value) for name, value in scope["headers"] if name not in (HEADER, b"host")]
    headers = [(b"host", passport.host.encode("latin-1")), *rest]
    client = (passport.client, passport.port) if passport.client else None
    return {**scope, "client": client, "scheme": passport.scheme, "headers": headers}
