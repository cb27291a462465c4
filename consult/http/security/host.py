"""Who is the host: by the token of the API, or by the session that the token has bought for a browser.

Rules of this file:
- `Authorization: Bearer TOKEN`, or the cookie of a session: HttpOnly, SameSite=Strict, sent to /api alone.
- A session is signed with the server's key, so it outlives a restart; nothing of it is stored but that it was ended.
  One that is renewed stays the same session, so that signing out ends it in all its forms.
- With the cookie, what changes something must come from this very address: pages of other ports of one machine count
  as the same site.
"""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response

from consult.access.keys import same_secret
from consult.clock import now
from consult.http.security.address import base_path, is_secure, same_origin
from consult.http.services import services
from consult.model.errors import Refused

COOKIE = "consult-host"
COOKIE_PATH = "/api"
"""Behind what stands before our paths."""
SESSION_S = 12 * 3600
"""Of the last use at most: a session that is used is renewed."""
READING = ("GET", "HEAD")


def check_host(request: Request) -> None:
    """Let the host pass.

    Raises:
        Refused: "no_token"; "cross_origin": a page of another address asks with the host's session.
    """
    keys = services(request).keys
    bearer = request.headers.get("authorization")
    if bearer is not None:
        if same_secret(bearer.removeprefix("Bearer "), keys.host_token()):
            return
    elif session_ends(request) is not None:
        check_origin(request)
        return
    raise Refused("no_token", "The host API wants `Authorization: Bearer TOKEN`; the server printed its token.")


def check_origin(request: Request) -> None:
    """Let pass what only reads, and what a page of this very address asks. Others send the cookie too.

    Raises:
        Refused: "cross_origin".
    """
    if request.method not in READING and not same_origin(request):
        raise Refused("cross_origin", "This was not asked by a page of this server.")


def session_ends(request: Request) -> float | None:
    """When the session of this browser ends, in seconds since 1970; None: it has none."""
    keys = services(request).keys
    ends, _, rest = request.cookies.get(COOKIE, "").partition(".")
    nonce, _, proof = rest.partition(".")
    if not same_secret(proof, keys.host_session(f"{ends}.{nonce}")) or nonce in services(request).ended_sessions:
        return None
    return float(ends) if float(ends) > now() else None


def session_of(request: Request) -> str:
    """What names the session of a browser, however often it is renewed; "": it has none."""
    return request.cookies.get(COOKIE, "").split(".")[1] if session_ends(request) is not None else ""


def begin_session(request: Request, response: Response) -> None:
    """Give the browser a session, or its session more time."""
    keys = services(request).keys
    payload = f"{int(now()) + SESSION_S}.{session_of(request) or secrets.token_urlsafe(12)}"
    value = f"{payload}.{keys.host_session(payload)}"
    path = base_path(request) + COOKIE_PATH
    response.set_cookie(
        COOKIE, value, max_age=SESSION_S, path=path, httponly=True, samesite="strict", secure=is_secure(request)
    )


def end_session(request: Request, response: Response) -> None:
    """It is over, here too: whoever has kept its cookie is nobody. Raises StoreFailed."""
    if session := session_of(request):
        services(request).ended_sessions.end(session, now() + SESSION_S, now())
    response.delete_cookie(COOKIE, path=base_path(request) + COOKIE_PATH, httponly=True, samesite="strict")
