"""Studies in the host API: the list, their pictures, taking one file or zip in, and the demo."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.demo.demo_studies import DemoStudies
from consult.http.answers import error_answer, json_answer
from consult.http.api.posted_file import posted_file
from consult.http.security.host import check_host
from consult.library.importer import ImportReport
from consult.library.library import Library
from consult.library.sources import Source, printable
from consult.model.errors import Refused


async def list_studies(request: Request) -> Response:
    """GET /api/studies."""
    check_host(request)
    library: Library = request.app.state.library
    return json_answer({"studies": await library.studies()})


async def thumbnail(request: Request) -> Response:
    """GET /api/studies/UID/thumbnail: a small picture of a study; never kept by the browser."""
    check_host(request)
    library: Library = request.app.state.library
    png = await library.study_thumbnail(request.path_params["study"])
    return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})


async def take_in(request: Request) -> Response:
    """POST /api/studies: one DICOM file or zip, as the body or as a form's file.

    201: something is new. 200: all of it was here already. 422: all of it is refused, and why.
    """
    check_host(request)
    library: Library = request.app.state.library
    partial = library.new_partial_file()
    try:
        name = await posted_file(request, partial)
        report = await library.import_sources([Source(name, partial, ours=True)], lambda progress: None)
    finally:
        await asyncio.to_thread(_unlink, partial)
    if report.taken:
        return json_answer(report, 201)
    if report.duplicates or report.skipped:
        return json_answer(report, 200)
    return error_answer("refused", said(report), 422, **report_told(report))


def _unlink(partial: Path) -> None:
    partial.unlink(missing_ok=True)


def said(report: ImportReport) -> str:
    """Why nothing was taken, in a sentence."""
    if not report.refused:
        return "There is nothing in it."
    first = report.refused[0]
    more = f" ({len(report.refused)} files are refused.)" if len(report.refused) > 1 else ""
    where = f"{first.tag} is {first.value!r}: " if first.tag else ""
    return f"{printable(first.name)}: {where}{first.rule}.{more}"


def report_told(report: ImportReport) -> dict[str, Any]:
    """The report beside the error."""
    return {"refused": report.refused}


async def demo(request: Request) -> Response:
    """GET /api/demo: how far the demo studies are; POST: make them and take them in."""
    check_host(request)
    room: DemoStudies = request.app.state.demo
    return json_answer(room.start(), 202) if request.method == "POST" else json_answer(room.told)


async def one_study(request: Request) -> Response:
    """GET /api/studies/UID: one line of the list. Raises Refused("unknown_study")."""
    check_host(request)
    library: Library = request.app.state.library
    for entry in await library.studies():
        if entry.uid == request.path_params["study"]:
            return json_answer(entry)
    raise Refused("unknown_study", "There is no such study here.")


routes = [
    Route("/api/studies", list_studies, methods=["GET"]),
    Route("/api/studies", take_in, methods=["POST"]),
    Route("/api/studies/{study}", one_study, methods=["GET"]),
    Route("/api/studies/{study}/thumbnail", thumbnail, methods=["GET"]),
    Route("/api/demo", demo, methods=["GET", "POST"]),
]
