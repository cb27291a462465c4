"""All that a participant does lies below `/seat/SEAT/`: the page, stills, thumbnails and the control WebSocket."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from consult.access.keys import same_secret
from consult.clock import now
from consult.http.pages.templates import page
from consult.http.seat.joining import cookie_name
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, SeatId, SeriesKey
from consult.runtime.registry import Registry
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import ENDINGS, why_out

DIGEST = re.compile(r"[0-9a-f]{16,128}")
IMMUTABLE = "private, no-store, immutable"
"""The address names its content for ever; yet no patient image is left on a guest's disk."""


REFUSALS = {"denied": "no_seat"}


@dataclass(frozen=True)
class Sitting:
    """Somebody who has shown the cookie of a seat."""

    running: ConsultRunner
    seat: SeatId


async def sitting(request: HTTPConnection) -> Sitting:
    """Who asks.

    Raises:
        Refused: without the right cookie there is no seat, whatever the path says; with it there is none once the
            link has expired or was revoked, the person was removed, or the consult is over.
    """
    registry: Registry = request.app.state.registry
    seat = SeatId(request.path_params["seat"])
    consult, _, secret = request.cookies.get(cookie_name(seat), "").partition(".")
    if not same_secret(secret, registry.keys.seat_secret(ConsultId(consult), seat)):
        raise Refused("no_seat", "Open the link that you were given; this page belongs to somebody else's seat.")
    running = await registry.find(ConsultId(consult))
    if (reason := why_out(running.core.state, seat, now())) is not None:
        raise Refused(REFUSALS.get(reason, reason), ENDINGS[reason].closing.sentence)
    return Sitting(running, seat)


async def seat_page(request: Request) -> Response:
    """GET: the consult's page; without the seat's cookie, the page that says so."""
    try:
        await sitting(request)
    except Refused as refused:
        return page(request, "join.html", 403 if refused.code != "unknown_consult" else 404)
    return page(request, "consult.html")


async def add_slash(request: Request) -> Response:
    """GET without the last slash: relative addresses need it."""
    return RedirectResponse(request.url.path + "/")


async def still(request: Request) -> Response:
    """GET stills/DIGEST: an exact still. Immutable: its name says what it shows."""
    digest = request.path_params["digest"]
    who = await sitting(request)
    if not DIGEST.fullmatch(digest):
        raise Refused("unknown_still", "This is not the name of a picture.")
    picture = await who.running.pictures.fetch(digest)
    headers = {"Cache-Control": IMMUTABLE, "X-Pixels-SHA256": picture.sha256}
    return Response(picture.png, media_type="image/png", headers=headers)


async def thumbnail(request: Request) -> Response:
    """GET thumbnails/SERIES: a small picture of a series of this consult, and of no other."""
    who = await sitting(request)
    key = SeriesKey(request.path_params["series"])
    if all(case.find(key) is None for case in who.running.core.state.cases):
        raise Refused("unknown_series", "This consult has no such series.")
    registry: Registry = request.app.state.registry
    png = await registry.library.thumbnail(key)
    return Response(png, media_type="image/png", headers={"Cache-Control": IMMUTABLE})


routes = [
    Route("/seat/{seat}", add_slash, methods=["GET"]),
    Route("/seat/{seat}/", seat_page, methods=["GET"]),
    Route("/seat/{seat}/stills/{digest}", still, methods=["GET"]),
    Route("/seat/{seat}/thumbnails/{series}", thumbnail, methods=["GET"]),
]
