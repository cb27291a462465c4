"""Joining by a spoken code: `/join` asks for code and name. Who comes so always waits to be let in."""

from __future__ import annotations

import math
import secrets
from typing import Annotated

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.access.spoken_codes import StoredCode
from consult.clock import now, steady
from consult.http.pages.static import page
from consult.http.responses import error_response, read_json
from consult.http.seat.joining import CLOSED_LINKS, seat_response
from consult.http.security.address import same_origin
from consult.http.security.rationing import address_of
from consult.http.services import services
from consult.model.errors import Refused
from consult.model.identifiers import SeatId
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.commands import TakeSeat

DIGITS = 6
USED = "This code opens nothing (any more). Ask the person who said it for a new one."
WRONG = "This is not a code that works now. Ask the person who said it to say it once more."


class CodeRequest(Struct, forbid_unknown_fields=True):
    """POST /join: the code as it was typed, and a name."""

    code: Annotated[str, Meta(max_length=40)]
    name: Annotated[str, Meta(max_length=80)] = ""


async def code_page(request: Request) -> Response:
    """GET: the page that asks for a code."""
    return page(request, "code.html")


async def join_by_code(request: Request) -> Response:
    """POST: come before the door.

    Raises:
        Refused: "wrong_origin": other sites' pages guess by nobody's browser; "no_name", "bad_code", "unknown_code",
            "full", or why the consult is shut. 429 "too_often": too many wrong codes came.
    """
    if not same_origin(request):
        raise Refused("wrong_origin", "This was not asked by a page of this server.")
    body = await read_json(request, CodeRequest)
    name, code = body.name.strip(), digits(body.code)
    if not name:
        raise Refused("no_name", "Please give your name, as others will see it.")
    address = address_of(request)
    if wait_s := services(request).guesses.wait_s(address, steady()):
        return too_often(wait_s)
    found = services(request).codes.guess(code, steady(), now())
    if found is None:
        services(request).guesses.wrong(address, steady())
        services(request).registry.audit.note("refusal", what="unknown_code", outcome="refused")
        raise Refused("unknown_code", WRONG)
    runner = await services(request).registry.find(found.consult, insist=True)
    seat = await before_the_door(runner, found, name)
    services(request).codes.end(found.invitation)
    return seat_response(request, runner.id, seat, services(request).keys.seat_secret(runner.id, seat))


def digits(typed: str) -> str:
    """A code as it was typed: "418 205", "418-205". Raises Refused("bad_code")."""
    found = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
    if len(found) != DIGITS or any(letter.isalpha() for letter in typed):
        raise Refused("bad_code", "A code has six digits, for example 418 205.")
    return found


def too_often(wait_s: float) -> Response:
    """Too many wrong codes came, from there or from everywhere."""
    message = "Too many wrong codes were tried. Wait a minute, or ask for a link."
    return error_response("too_often", message, 429, retry_after_s=math.ceil(wait_s))


async def before_the_door(runner: ConsultRunner, found: StoredCode, name: str) -> SeatId:
    """A seat of who has said the right code.

    Raises:
        Refused: "unknown_code" where somebody was quicker; "full"; why the consult is shut.
    """
    invitation = runner.core.state.invitations.get(found.invitation)
    if invitation is None:
        raise Refused("unknown_code", USED)
    if not runner.core.has_place(invitation.role):
        raise Refused("full", "The consult is full. Ask the host to let somebody go.")
    seat = SeatId(secrets.token_urlsafe(9))
    try:
        await runner.command(TakeSeat(seat=seat, invitation=invitation.id, name=name))
    except Refused as refused:
        if refused.code == "over":
            raise Refused("over", CLOSED_LINKS["over"]) from None
        if refused.code == "bad_name":
            raise
        raise Refused("unknown_code", USED) from None
    return seat


routes = [
    Route("/join", code_page, methods=["GET"]),
    Route("/join", join_by_code, methods=["POST"]),
]
