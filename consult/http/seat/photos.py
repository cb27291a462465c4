"""Pictures of pathology below `/seat/SEAT/`: added by who prepares a board, seen by whom its case is told."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.api.posted_file import posted_file
from consult.http.responses import json_response
from consult.http.security.host import check_origin
from consult.http.security.seat_access import SeatAccess, check_seat
from consult.http.services import services
from consult.model.disclosure import KNOWING
from consult.model.errors import Refused
from consult.sessions.features.board.commands import MAX_LINE, Prepare
from consult.sessions.features.board.events import Picture
from consult.sessions.features.board.preparing import of_case
from consult.sessions.features.limits import MAX_PICTURES, full_part
from consult.sessions.publishing.document import document_hidden, hides

MAX_BYTES = 30 << 20


async def add_photo(request: Request) -> Response:
    """POST cases/CASE/photos?line=: a JPEG or PNG file in the body. It is written anew without what it says besides
    its pixels, and on the disk before anybody is told.

    Raises:
        Refused: as `check_seat`; "not_preparer", "no_board", "unknown_case", "too_many_pictures", "too_large".
        DicomRefused: "no_photo".
    """
    access = await check_seat(request, "documents")
    check_origin(request)
    case = _prepared(access, request.path_params["case"])
    library, photos = services(request).library, services(request).keeping.photos
    path = library.new_partial_file()
    try:
        await posted_file(request, path, MAX_BYTES)
        photo = await library.photo(path)
    finally:
        path.unlink(missing_ok=True)
    name = await asyncio.to_thread(photos.put, access.runner.id, photo.content)
    line, by = request.query_params.get("line", "")[:MAX_LINE], access.runner.core.state.seats[access.seat].name
    picture = Picture(id=name, line=line, kind=photo.kind, width=photo.width, height=photo.height, by_name=by)
    await access.runner.command(Prepare(of=case, by_name=by, pictures=(picture,)))
    return json_response({"picture": name}, 201)


async def photo(request: Request) -> Response:
    """GET photos/PICTURE: of a case that the seat is told of.

    Raises:
        Refused: as `check_seat`; "unknown_picture"; "document_hidden": a name may stand in it.
    """
    access = await check_seat(request, "lists")
    name = request.path_params["picture"]
    state, role = access.runner.core.state, access.role
    if hides(state, role):
        raise document_hidden()
    told = [one for one in state.preparations.values() if role in KNOWING or one.case == state.current]
    picture = next((picture for one in told for picture in one.pictures if picture.id == name), None)
    photos = services(request).keeping.photos
    content = None if picture is None else await asyncio.to_thread(photos.find, access.runner.id, name)
    if picture is None or content is None:
        raise Refused("unknown_picture", "This case does not have that picture (any more).")
    return Response(content, media_type=picture.kind, headers={"Cache-Control": "private, no-store"})


def _prepared(access: SeatAccess, case: str) -> str:
    """The case, which this seat prepares. Raises Refused."""
    state = access.runner.core.state
    if state.board is None:
        raise Refused("no_board", "This consult is no board.")
    if access.role not in KNOWING or state.ended:
        raise Refused("not_preparer", "Who prepares or leads the board adds pictures.")
    if len(of_case(state, case).pictures) >= MAX_PICTURES:
        raise full_part("too_many_pictures", "case", MAX_PICTURES, "pictures", "drop one first")
    return case


routes = [
    Route("/seat/{seat}/cases/{case}/photos", add_photo, methods=["POST"]),
    Route("/seat/{seat}/photos/{picture}", photo, methods=["GET"]),
]
