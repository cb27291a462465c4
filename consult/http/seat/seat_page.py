"""What a participant fetches below `/seat/SEAT/`: the page, exact stills, thumbnails, lists of series, hangings."""

from __future__ import annotations

import asyncio
import hashlib
import re

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from consult.clock import steady
from consult.http.pages.static import page
from consult.http.responses import error_response, json_response
from consult.http.seat.reading import reader_of
from consult.http.security.address import same_origin
from consult.http.security.seat_access import SeatAccess, check_seat
from consult.http.services import services
from consult.model.catalogue import Series
from consult.model.disclosure import image_lists
from consult.model.errors import Refused
from consult.model.identifiers import SeriesKey
from consult.rendering.blackout import small_picture
from consult.sessions.features.seats.closing import refused_for
from consult.sessions.hanging.hang import hangings
from consult.sessions.publishing.document import document_hidden, hidden_parts, hides, is_guest, visible_series
from consult.streaming.stills import Still

DIGEST = re.compile(r"[0-9a-f]{16,128}")
IMMUTABLE = "private, no-store, immutable"
"""The address names its content for ever; yet no patient image is left on a guest's disk."""
PAGE_STATUS = {"unknown_consult": 404, "too_often": 429, "lobby": 200}
JPEG_XL = "image/jxl"
REVALIDATED = "private, no-cache"
"""A browser may keep it, and asks each time whether it may still be used."""


async def seat_page(request: Request) -> Response:
    """GET: the consult's page; of who waits to be let in, and of who may not be here, the page that says so."""
    try:
        access = await check_seat(request, "pages", reads=True)
    except Refused as refused:
        return page(request, "join.html", PAGE_STATUS.get(refused.code, 403))
    return page(request, "reader.html" if access.reads else "consult.html")


async def add_slash(request: Request) -> Response:
    """GET without the last slash: relative addresses need it. Relative itself: nobody here knows what is before it."""
    return RedirectResponse(f"{request.path_params['seat']}/")


async def seat_state(request: Request) -> Response:
    """POST: for a page that is not live: whether the seat may be here, and what its sockets meet on their way.

    Raises:
        Refused: as `check_seat`; "wrong_origin": this server takes the page for somebody else's.
    """
    access = await check_seat(request, "pages", reads=True)
    if access.reads and access.role != "reader":
        raise refused_for("over")  # such a page is still the consult's
    if not same_origin(request):
        origin = request.headers.get("origin", "")
        raise Refused("wrong_origin", f"This server does not know that it is reached as {origin}.")
    lost = services(request).lost_upgrades.is_lost(access.seat, steady())
    return json_response({"upgrade": not lost})


async def not_upgraded(request: Request) -> Response:
    """GET of a WebSocket's address without an upgrade: a proxy has lost it on the way."""
    access = await check_seat(request, "pages")
    services(request).lost_upgrades.lost(access.seat, steady())
    return error_response("no_upgrade", "A proxy before this server passes no WebSocket upgrade on.", 426)


async def still(request: Request) -> Response:
    """GET stills/DIGEST: an exact still. Immutable: its name is the digest of what it shows."""
    digest = request.path_params["digest"]
    access = await check_seat(request, "stills", reads=True)
    if not DIGEST.fullmatch(digest):
        raise Refused("unknown_still", "This is not the name of a picture.")
    still = await _picture(request, access, digest)
    headers = {"Cache-Control": IMMUTABLE, "X-Pixels-SHA256": still.sha256, "Vary": "Accept"}
    if still.jpeg_xl is None or JPEG_XL not in request.headers.get("accept", ""):
        return Response(still.png, media_type="image/png", headers=headers)
    headers["X-Pixels-Channels"] = "3" if still.colour else "1"
    return Response(still.jpeg_xl, media_type=JPEG_XL, headers=headers)


async def preview(request: Request) -> Response:
    """GET stills/DIGEST/preview: a JPEG of fewer pixels, to be shown as what it is until the exact still is here."""
    digest = request.path_params["digest"]
    access = await check_seat(request, "stills")
    jpeg = await access.runner.pictures.preview(digest, access.seat, guest=is_guest(access.role))
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": IMMUTABLE})


async def _picture(request: Request, access: SeatAccess, digest: str) -> Still:
    """A still: a reader's are those of the note's key views, everybody else's those of the consult. Who accepts JPEG XL
    may get it where it is there; who accepts nothing else waits for it."""
    if access.reads:
        read = await services(request).documents.fetch(digest, reader_of(request, access).whom)
        return Still(read.png, read.sha256)
    accepts, guest = request.headers.get("accept", ""), is_guest(access.role)
    if JPEG_XL not in accepts:
        return await access.runner.pictures.fetch(digest, access.seat, guest=guest)
    return await access.runner.pictures.fetch_small(digest, access.seat, now="image/png" not in accepts, guest=guest)


async def thumbnail(request: Request) -> Response:
    """GET thumbnails/SERIES: a small picture of a series that the seat is told of, and of no other.

    Raises:
        Refused: as `disclosed_series`; "document_hidden": its title may be a name.
    """
    access = await check_seat(request, "lists")
    series = series_for(access, request)
    if series.document and hides(access.runner.core.state, access.role):
        raise document_hidden()
    png = await services(request).library.thumbnail(series.key)
    parts = hidden_parts(access.runner.core.state, access.role).get(series.key, ())
    if not parts:
        return Response(png, media_type="image/png", headers={"Cache-Control": IMMUTABLE})
    shape = series.grid.rows, series.grid.columns
    small = await asyncio.to_thread(small_picture, png, parts, shape)
    return Response(small, media_type="image/png", headers={"Cache-Control": "private, no-store"})


async def series_lists(request: Request) -> Response:
    """GET series/SERIES: the lists of a series that the seat is told of: positions of its places, values of images."""
    body = msgspec.json.encode(image_lists(await disclosed_series(request)))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"Cache-Control": REVALIDATED, "ETag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def hangings_of_case(request: Request) -> Response:
    """GET hangings: the ways to hang the case on the stage by the site's rules, each with its view and its case."""
    core = (await check_seat(request, "lists")).runner.core
    case = core.state.current_case
    found = () if case is None else hangings(case, core.rules)
    return json_response({"case": core.state.current, "hangings": found})


async def report_text(request: Request) -> Response:
    """GET reports/SERIES: a structured report as text, line by line, of a series that the seat is told of."""
    access = await check_seat(request, "lists")
    series = series_for(access, request)
    if hides(access.runner.core.state, access.role):
        raise document_hidden()
    report = await services(request).library.report(series.key)
    return Response(msgspec.json.encode(report), headers={"Cache-Control": IMMUTABLE}, media_type="application/json")


async def disclosed_series(request: Request) -> Series:
    """The series of the path. Raises Refused: as `check_seat` and `series_for`."""
    return series_for(await check_seat(request, "lists"), request)


def series_for(access: SeatAccess, request: Request) -> Series:
    """The series of the path. Raises Refused: "unknown_series": the seat is told of none such."""
    state = access.runner.core.state
    found = visible_series(state, state.seats[access.seat].role, SeriesKey(request.path_params["series"]))
    if found is None:
        raise Refused("unknown_series", "There is no such series here.")
    return found


routes = [
    Route("/seat/{seat}", add_slash, methods=["GET"]),
    Route("/seat/{seat}/", seat_page, methods=["GET"]),
    Route("/seat/{seat}/state", seat_state, methods=["POST"]),
    *(Route(f"/seat/{{seat}}/{socket}", not_upgraded, methods=["GET"]) for socket in ("ws", "media", "pictures")),
    Route("/seat/{seat}/stills/{digest}", still, methods=["GET"]),
    Route("/seat/{seat}/stills/{digest}/preview", preview, methods=["GET"]),
    Route("/seat/{seat}/thumbnails/{series}", thumbnail, methods=["GET"]),
    Route("/seat/{seat}/series/{series}", series_lists, methods=["GET"]),
    Route("/seat/{seat}/hangings", hangings_of_case, methods=["GET"]),
    Route("/seat/{seat}/reports/{series}", report_text, methods=["GET"]),
]
