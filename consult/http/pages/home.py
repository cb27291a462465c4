"""The host's home: the page, which is the same for everybody, and the session that fills it."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.access.keys import same_secret
from consult.clock import now, steady
from consult.http.pages.static import page
from consult.http.responses import error_response, json_response, read_json
from consult.http.security.host import SESSION_S, begin_session, check_host, end_session, session_ends
from consult.http.security.rationing import address_of
from consult.http.services import services


class SignInRequest(Struct, forbid_unknown_fields=True):
    """POST /api/session."""

    token: Annotated[str, Meta(max_length=200)]


async def home_page(request: Request) -> Response:
    """GET: the page; without a session it asks for the token."""
    return page(request, "home.html")


async def session(request: Request) -> Response:
    """GET: whether this browser has a session; one that is half used up is renewed."""
    check_host(request)
    response = json_response({"host": True})
    ends = session_ends(request)
    if ends is not None and ends - now() < SESSION_S / 2:
        begin_session(request, response)
    return response


async def sign_in(request: Request) -> Response:
    """POST {"token"}: the token buys a session."""
    body = await read_json(request, SignInRequest)
    keys, throttle = services(request).keys, services(request).throttle
    address = address_of(request)
    if not same_secret(body.token.strip(), keys.host_token()):  # first: the right one is right, whoever guesses beside
        if wait_s := throttle.wait_s(address, steady()):
            return too_often(wait_s)
        throttle.wrong(address, steady())
        message = "This is not the token of this server. It stands where it was started."
        return error_response("wrong_token", message, 401)
    response = json_response({"host": True})
    begin_session(request, response)
    return response


def too_often(wait_s: float) -> Response:
    """Too many wrong tokens came from there."""
    seconds = math.ceil(wait_s)
    message = f"Too many wrong tokens came from here. Try again in {seconds} s."
    return error_response("too_often", message, 429, retry_after_s=seconds)


async def sign_out(request: Request) -> Response:
    """DELETE: the session is over, for whoever has its cookie."""
    check_host(request)
    response = json_response({"host": False})
    end_session(request, response)
    return response


routes = [
    Route("/", home_page, methods=["GET"]),
    Route("/api/session", session, methods=["GET"]),
    Route("/api/session", sign_in, methods=["POST"]),
    Route("/api/session", sign_out, methods=["DELETE"]),
]
