"""Who is the host: by the token of the API, or by the session of a browser in which somebody has signed in.

Rules of this file:
- `Authorization: Bearer TOKEN`, or the cookie of a session: HttpOnly, SameSite=Strict, sent to /api alone.
- A session is a random secret, of which a proof is kept (`store/accounts`): so it outlives a restart, and ends on the
  server. It ends some time after it was last used, and some time after it began however much it is used.
- Every user is a host of this server and sees all its consults. Who did what is in the audit trail.
- With the cookie, what changes something must come from this very address: pages of other ports of one machine count
  as the same site.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from consult.access.keys import same_secret
from consult.http.security.address import base_path, is_secure, same_origin
from consult.http.security.rationing import address_of
from consult.http.services import services
from consult.http.sign_in.accounts import Browser
from consult.http.sign_in.browser_name import browser_name
from consult.model.errors import Refused
from consult.store.accounts import SignIn, User, Way

COOKIE = "consult-host"
DEVICE_COOKIE = "consult-device"
"""By which browser somebody has signed in before, so that nobody's guessing keeps them out (`ration.py`)."""
DEVICE_S = 365 * 24 * 3600
COOKIE_PATH = "/api"
"""Behind what stands before our paths."""
READING = ("GET", "HEAD")


@dataclass(frozen=True)
class Host:
    """Who asks, as the host.

    Attributes:
        user: whose session it is; None: of whoever has the server's token.
        sign_in: the session; None: the token itself was shown.
    """

    user: User | None = None
    sign_in: SignIn | None = None

    @property
    def name(self) -> str:
        """Of the user, for the audit trail; "" for the token's."""
        return self.user.name if self.user else ""


async def check_host(request: Request) -> Host:
    """Let the host pass.

    Raises:
        Refused: "no_token"; "cross_origin": a page of another address asks with the host's session.
    """
    keys = services(request).keys
    bearer = request.headers.get("authorization")
    if bearer is not None:
        if same_secret(bearer.removeprefix("Bearer "), keys.host_token()):
            return Host()
    elif (sign_in := await session_of(request)) is not None:
        check_origin(request)
        user = await services(request).accounts.store.user(sign_in.user) if sign_in.user else None
        request.state.host = Host(user, sign_in)
        return Host(user, sign_in)
    raise Refused("no_token", "The host API wants `Authorization: Bearer TOKEN`; the server printed its token.")


def check_origin(request: Request) -> None:
    """Let pass what only reads, and what a page of this very address asks. Others send the cookie too.

    Raises:
        Refused: "cross_origin".
    """
    if request.method not in READING and not same_origin(request):
        raise Refused("cross_origin", "This was not asked by a page of this server.")


async def session_of(request: Request) -> SignIn | None:
    """The session of a browser; None: it has none, or that is over."""
    return await services(request).accounts.find(request.cookies.get(COOKIE, ""))


async def begin_session(request: Request, response: Response, user: str, way: Way) -> None:
    """Somebody has signed in: the browser has a session of theirs, and none of before. Raises StoreFailed."""
    accounts = services(request).accounts
    if (former := await session_of(request)) is not None:
        await accounts.store.end(former.user, former.id)
    secret = await accounts.begin(user, way, browser_of(request))
    set_host_cookie(request, response, COOKIE, secret, int(accounts.times.idle_s))
    if user:
        set_host_cookie(request, response, DEVICE_COOKIE, accounts.device(user), DEVICE_S)
    services(request).registry.audit.note("sign_in", role="host", user=user, what=way)


async def use_session(request: Request, response: Response) -> None:
    """Somebody uses their session: it ends later, and the browser keeps its cookie as long. Raises StoreFailed."""
    accounts, sign_in = services(request).accounts, await session_of(request)
    if sign_in is not None and await accounts.use(sign_in):
        secret = request.cookies[COOKIE]
        set_host_cookie(request, response, COOKIE, secret, int(accounts.seconds_left(sign_in)))


async def end_session(request: Request, response: Response) -> None:
    """It is over, here too: whoever has kept its cookie is nobody. Raises StoreFailed."""
    if (sign_in := await session_of(request)) is not None:
        await services(request).accounts.store.end(sign_in.user, sign_in.id)
        services(request).registry.audit.note("sign_out", role="host", user=sign_in.user)
    response.delete_cookie(COOKIE, path=base_path(request) + COOKIE_PATH, httponly=True, samesite="strict")


def set_host_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """A cookie for the host API alone, which no script reads and no other site sends."""
    path = base_path(request) + COOKIE_PATH
    response.set_cookie(
        name, value, max_age=seconds, path=path, httponly=True, samesite="strict", secure=is_secure(request)
    )


def browser_of(request: Request) -> Browser:
    """Which browser it is, and from where it comes."""
    return Browser(browser_name(request.headers.get("user-agent", "")), address_of(request))
