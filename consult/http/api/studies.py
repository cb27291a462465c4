"""Studies in the host API: the list, their pictures, taking one file or zip in, and the demo."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.api.posted_file import posted_file
from consult.http.responses import error_response, json_response, status_of
from consult.http.security.host import check_host
from consult.http.services import services
from consult.library.contents import chosen, contents
from consult.library.import_report import ImportReport
from consult.library.sources import Source, printable
from consult.model.errors import Refused
from consult.model.identifiers import StudyKey
from consult.runtime.deletion import StudyInUse, Target, delete


async def list_studies(request: Request) -> Response:
    """GET /api/studies."""
    await check_host(request)
    library = services(request).library
    return json_response({"studies": await library.studies()})


async def thumbnail(request: Request) -> Response:
    """GET /api/studies/KEY/thumbnail: a small picture of a study; never kept by the browser."""
    await check_host(request)
    library = services(request).library
    png = await library.study_thumbnail(await study_uid(request))
    return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})


async def import_posted(request: Request) -> Response:
    """POST /api/studies: one DICOM file or zip, as the body or as a form's file.

    201: something is new. 200: all of it was here already. 422: all of it is refused, and why.
    """
    await check_host(request)
    library = services(request).library
    partial = library.new_partial_file()
    try:
        name = await posted_file(request, partial)
        report = await library.import_sources([Source(name, partial, ours=True)], lambda progress: None)
    finally:
        await asyncio.to_thread(_unlink, partial)
    return import_response(report)


def import_response(report: ImportReport) -> Response:
    """What became of one file or zip."""
    if report.taken:
        return json_response(report, 201)
    if report.duplicates or report.skipped:
        return json_response(report, 200)
    return error_response("refused", why_nothing(report), 422, refused=report.refused)


def _unlink(partial: Path) -> None:
    partial.unlink(missing_ok=True)


def why_nothing(report: ImportReport) -> str:
    """Why nothing was taken, in a sentence."""
    if not report.refused:
        return "There is nothing in it."
    first = report.refused[0]
    more = f" ({len(report.refused)} files are refused.)" if len(report.refused) > 1 else ""
    where = f"{first.tag} is {first.value!r}: " if first.tag else ""
    return f"{printable(first.name)}: {where}{first.rule}.{more}"


async def demo(request: Request) -> Response:
    """GET /api/demo: how far the demo studies are; POST: make them and take them in."""
    await check_host(request)
    studies = services(request).demo
    return json_response(studies.start(), 202) if request.method == "POST" else json_response(studies.status)


async def one_study(request: Request) -> Response:
    """GET /api/studies/KEY: one line of the list; DELETE (?force=1): it is deleted. Raises Refused("unknown_study")."""
    await check_host(request)
    uid = await study_uid(request)
    if request.method == "DELETE":
        return await _delete(request, uid)
    for entry in await services(request).library.studies():
        if entry.uid == uid:
            return json_response(entry)
    raise Refused("unknown_study", "There is no such study here.")


async def study_uid(request: Request) -> str:
    """The study of a key: addresses get into histories and logs, so no UID is in one. Raises Refused."""
    return await services(request).library.uid_of(StudyKey(request.path_params["study"]))


async def list_series(request: Request) -> Response:
    """GET /api/studies/KEY/series: what it holds. Raises Refused("unknown_study")."""
    await check_host(request)
    records = chosen(await services(request).library.files(await study_uid(request)), "", "")
    return json_response({"series": contents(records)})


async def one_part(request: Request) -> Response:
    """DELETE /api/studies/KEY/series/UID and /api/studies/KEY/objects/UID (?force=1): that part of it is deleted."""
    await check_host(request)
    return await _delete(request, await study_uid(request))


async def _delete(request: Request, study: str) -> Response:
    """Delete what the path names; 409 `study_in_use` where consults have it, unless it is forced: they say so then."""
    inner, named = services(request), request.path_params
    target = Target(study, named.get("series", ""), named.get("instance", ""))
    force = request.query_params.get("force") == "1"
    try:
        used = await delete(inner.registry, inner.library, inner.volumes, target, force=force)
    except StudyInUse as error:
        return error_response(error.code, error.sentence, status_of(error), consults=error.uses)
    return json_response({**named, "study": study, "consults": used})


routes = [
    Route("/api/studies", list_studies, methods=["GET"]),
    Route("/api/studies", import_posted, methods=["POST"]),
    Route("/api/studies/{study}", one_study, methods=["GET", "DELETE"]),
    Route("/api/studies/{study}/thumbnail", thumbnail, methods=["GET"]),
    Route("/api/studies/{study}/series", list_series, methods=["GET"]),
    Route("/api/studies/{study}/series/{series}", one_part, methods=["DELETE"]),
    Route("/api/studies/{study}/objects/{instance}", one_part, methods=["DELETE"]),
    Route("/api/demo", demo, methods=["GET", "POST"]),
]
