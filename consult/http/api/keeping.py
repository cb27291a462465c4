"""Whole consults in the host API: as one file, from one, and deleted for good."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from consult.http.api.posted_file import posted_file
from consult.http.responses import json_response
from consult.http.security.host import check_host
from consult.http.services import services
from consult.model.identifiers import ConsultId
from consult.runtime.keeping.exporting import file_name


async def export(request: Request) -> Response:
    """GET /api/consults/ID/export: its file, which is made anew each time. Raises as `Keeping.export`."""
    host = await check_host(request)
    consult = ConsultId(request.path_params["consult"])
    path = services(request).library.new_partial_file()
    try:
        written = await services(request).keeping.export(consult, path, user=host.name)
    except BaseException:
        await asyncio.to_thread(_unlink, path)
        raise
    headers = {"Cache-Control": "no-store", "X-Manifest-SHA256": written.sha256}
    done = BackgroundTask(_unlink, path)
    return FileResponse(path, 200, headers, "application/zip", done, file_name(consult))


async def import_posted(request: Request) -> Response:
    """POST /api/consults/import: such a file, as the body or as a form's file; 201. Raises as `Keeping.import_file`."""
    await check_host(request)
    path = services(request).library.new_partial_file()
    try:
        await posted_file(request, path)
        return json_response(await services(request).keeping.import_file(path), 201)
    finally:
        await asyncio.to_thread(_unlink, path)


async def what_goes(request: Request) -> Response:
    """GET /api/consults/ID/deletion: how many studies would go with it. Raises Refused("unknown_consult")."""
    await check_host(request)
    consult = ConsultId(request.path_params["consult"])
    return json_response({"studies": await services(request).keeping.own_studies(consult)})


async def delete(request: Request) -> Response:
    """DELETE /api/consults/ID/record (?keep_studies=1&force=1): it is deleted for good; what is proved of it.

    Raises:
        Refused: "unknown_consult", "critical_open", where it is not forced.
    """
    await check_host(request)
    consult, query = ConsultId(request.path_params["consult"]), request.query_params
    keep, force = query.get("keep_studies") == "1", query.get("force") == "1"
    gone = await services(request).keeping.delete(consult, keep_studies=keep, force=force)
    return json_response(
        {
            "consult": gone.consult,
            "entries": gone.entries,
            "log_sha256": gone.log,
            "studies": gone.studies,
            "objects": len(gone.objects),
        }
    )


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


routes = [
    Route("/api/consults/import", import_posted, methods=["POST"]),
    Route("/api/consults/{consult}/export", export, methods=["GET"]),
    Route("/api/consults/{consult}/deletion", what_goes, methods=["GET"]),
    Route("/api/consults/{consult}/record", delete, methods=["DELETE"]),
]
