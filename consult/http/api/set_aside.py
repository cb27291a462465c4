"""Files that claim a study of another patient, in the host API.

| request | what |
| --- | --- |
| GET /api/set-aside | {"files": [...], "count"}: the newest, each with what differs |
| POST /api/set-aside/FILE | take it in: the host knows whose it is; as POST /api/studies |
| DELETE /api/set-aside/FILE | forget it |
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.api.studies import import_response
from consult.http.responses import json_response
from consult.http.security.host import check_host
from consult.http.services import services

MAX_LISTED = 500
"""Files in one answer."""


async def list_files(request: Request) -> Response:
    """GET."""
    await check_host(request)
    files = await services(request).library.aside.all()
    return json_response({"files": files[:MAX_LISTED], "count": len(files)})


async def one_file(request: Request) -> Response:
    """POST, DELETE. Raises Refused("unknown_file")."""
    await check_host(request)
    aside, file = services(request).library.aside, request.path_params["file"]
    if request.method == "POST":
        return import_response(await aside.take(file))
    await aside.remove(file)
    return Response(status_code=204)


routes = [
    Route("/api/set-aside", list_files, methods=["GET"]),
    Route("/api/set-aside/{file}", one_file, methods=["POST", "DELETE"]),
]
