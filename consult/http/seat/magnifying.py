"""The magnifier: a part of what a page is shown, exactly, at another scale. It is the reader's own, and nobody else's
picture waits for it."""

from __future__ import annotations

import re

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.security.seat_access import case_on_stage, check_seat
from consult.http.services import services
from consult.model.errors import Malformed, Refused
from consult.model.view import Viewport
from consult.sessions.publishing.document import check_disclosed, hidden_parts
from consult.sessions.views import check_viewport

MIN_SIZE, MAX_SIZE = 16, 1024
"""Device pixels of a side."""
MAX_VIEWPORT = 2_000
"""Characters of a viewport as it comes."""


async def magnified(request: Request) -> Response:
    """GET magnified?viewport=&size=&case=: the exact still of a viewport as large as the glass.

    Raises:
        Refused: as `check_seat`, `case_on_stage`, `check_viewport` and `check_disclosed`; "bad_screen", "too_often".
    """
    access = await check_seat(request, "stills")
    case = case_on_stage(access, request.query_params.get("case", ""))  # never another patient below the glass
    viewport, size = _viewport(request), _size(request)
    check_viewport(viewport, case)
    core = access.runner.core
    on_stage = core.shown.view.series if core.shown is not None else ()
    check_disclosed(core.state, access.role, (viewport,), on_stage)
    views = services(request).key_views
    whom = f"magnifier of {access.seat}"
    hidden = hidden_parts(core.state, access.role)
    drawn = await views.fetch(await views.offer(case, viewport, (size, size), whom, hidden), whom)
    headers = {"Cache-Control": "private, no-store", "X-Pixels-SHA256": drawn.sha256}
    return Response(drawn.png, media_type="image/png", headers=headers)


def _viewport(request: Request) -> Viewport:
    written = request.query_params.get("viewport", "")
    if len(written) > MAX_VIEWPORT:
        raise Malformed("too_large", f"A viewport is written in {MAX_VIEWPORT} characters at most.")
    try:
        return msgspec.json.decode(written, type=Viewport)
    except msgspec.MsgspecError as error:
        raise Malformed("malformed", f"This is no viewport: {error}.") from None


def _size(request: Request) -> int:
    written = request.query_params.get("size", "")
    size = int(written) if re.fullmatch(r"[0-9]{2,4}", written) else 0
    if not MIN_SIZE <= size <= MAX_SIZE:
        raise Refused("bad_screen", f"A glass has {MIN_SIZE} to {MAX_SIZE} pixels.")
    return size


routes = [Route("/seat/{seat}/magnified", magnified, methods=["GET"])]
