"""The session of a host in a browser: signing in by a password or the token, going on, signing out."""

from __future__ import annotations

import math
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.access.keys import same_secret
from consult.clock import steady
from consult.http.responses import error_response, json_response, read_json
from consult.http.security.host import (
    DEVICE_COOKIE,
    Host,
    begin_session,
    browser_of,
    check_host,
    end_session,
    use_session,
)
from consult.http.security.ration import Attempt
from consult.http.services import services
from consult.model.errors import Refused
from consult.store.accounts import User, user_name

NOT_OURS = "This is not the token of this server. It stands where it was started."
NO_PAIR = "User name and password do not belong together."
UNKNOWN = "?"
"""Whoever gives no name that one can have."""


class SignInRequest(Struct, forbid_unknown_fields=True):
    """POST /api/session: either the token, or user name and password."""

    token: Annotated[str, Meta(max_length=200)] = ""
    user: Annotated[str, Meta(max_length=200)] = ""
    password: Annotated[str, Meta(max_length=1000)] = ""


async def ways(request: Request) -> Response:
    """GET /api/sign-in: the ways besides the token: {"password", "provider": its name, "" without one}. For anybody."""
    found = services(request)
    provider = found.provider.client.shown_name if found.provider else ""
    return json_response({"password": await found.accounts.store.has_passwords(), "provider": provider})


async def session(request: Request) -> Response:
    """GET: who is signed in by this browser; a session that is used is renewed."""
    host = await check_host(request)
    response = json_response(host_json(host))
    await use_session(request, response)
    return response


def host_json(host: Host) -> dict[str, Any]:
    """Who is the host: {"host": true}, and with a session of theirs the user."""
    return {"host": True} | ({"user": user_json(host.user)} if host.user else {})


def user_json(user: User) -> dict[str, Any]:
    """A user, as they read it themselves."""
    return {
        "name": user.name, "full_name": user.full_name, "title": user.title, "has_password": user.has_password
    }  # fmt: skip


async def sign_in(request: Request) -> Response:
    """POST {"token"}, or {"user", "password"}: buys a session.

    Raises:
        Refused: "wrong_token", "wrong_password", "too_often".
    """
    body = await read_json(request, SignInRequest)
    return await (by_password(request, body) if body.user else by_token(request, body.token))


async def by_token(request: Request, token: str) -> Response:
    """The token buys a session."""
    keys, throttle = services(request).keys, services(request).throttle
    address = browser_of(request).address
    if not same_secret(token.strip(), keys.host_token()):  # first: the right one is right, whoever guesses beside
        if wait_s := throttle.wait_s(address, steady()):
            seconds = math.ceil(wait_s)
            return too_often(f"Too many wrong tokens came from here. Try again in {seconds} s.", seconds)
        throttle.wrong(address, steady())
        raise Refused("wrong_token", NOT_OURS)
    response = json_response({"host": True})
    await begin_session(request, response, "", "token")
    return response


async def by_password(request: Request, body: SignInRequest) -> Response:
    """The password buys a session; of a user that there is not it is answered alike, and takes as long."""
    accounts, name = services(request).accounts, _name(body.user)
    device = accounts.known_device(name, request.cookies.get(DEVICE_COOKIE, ""))
    attempt = Attempt(name, browser_of(request).address, device)
    if wait_s := accounts.ration.wait_s(attempt, steady()):
        return passwords_too_often(wait_s)
    accounts.ration.begin(attempt, steady())
    user = await accounts.by_password(name, body.password)
    if user is None:
        raise Refused("wrong_password", NO_PAIR)
    accounts.ration.right(attempt, steady())
    response = json_response(host_json(Host(user)))
    await begin_session(request, response, user.name, "password")
    return response


def _name(text: str) -> str:
    """As it is kept; what cannot be a name is nobody's."""
    try:
        return user_name(text)
    except Refused:
        return UNKNOWN


def passwords_too_often(wait_s: float) -> Response:
    """Too many wrong passwords were tried."""
    seconds = math.ceil(wait_s)
    return too_often(f"Too many wrong passwords were tried. Try again in {seconds} s.", seconds)


def too_often(message: str, seconds: int) -> Response:
    """Too many wrong answers came."""
    return error_response("too_often", message, 429, retry_after_s=seconds)


async def sign_out(request: Request) -> Response:
    """DELETE: the session is over, for whoever has its cookie."""
    await check_host(request)
    response = json_response({"host": False})
    await end_session(request, response)
    return response


routes = [
    Route("/api/sign-in", ways, methods=["GET"]),
    Route("/api/session", session, methods=["GET"]),
    Route("/api/session", sign_in, methods=["POST"]),
    Route("/api/session", sign_out, methods=["DELETE"]),
]
