"""Small pictures of prepared views below `/seat/SEAT/`: of each what it shows, not the middle of its series."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.security.seat_access import check_seat
from consult.http.services import services
from consult.model.disclosure import KNOWING
from consult.model.errors import Refused
from consult.sessions.publishing.document import document_hidden, hidden_parts, hides

SIZE = (264, 128)
"""Device pixels: twice those of the strip (web/css/board-stage.css)."""


async def prepared_picture(request: Request) -> Response:
    """GET prepared/VIEW: a PNG of its first viewport, of a case that the seat is told of.

    Raises:
        Refused: as `check_seat`; "unknown_picture", "too_often"; "document_hidden": a name may stand in it.
        NotReady, DicomRefused: its images are not here.
    """
    access = await check_seat(request, "lists")
    state, role = access.runner.core.state, access.role
    prepared = state.prepared.get(request.path_params["prepared"])
    case = None if prepared is None else state.find_case(prepared.case)
    if prepared is None or case is None or (role not in KNOWING and case.id != state.current):
        raise Refused("unknown_picture", "There is no such prepared view (any more).")
    viewport = prepared.view.viewports[0]
    if hides(state, role) and case.shown_image(viewport.shows)[0].document:
        raise document_hidden()
    views, whom = services(request).key_views, f"prepared views of {access.seat}"
    drawn = await views.fetch(await views.offer(case, viewport, SIZE, whom, hidden_parts(state, role)), whom)
    return Response(drawn.png, media_type="image/png", headers={"Cache-Control": "private, no-store"})


routes = [Route("/seat/{seat}/prepared/{prepared}", prepared_picture, methods=["GET"])]
