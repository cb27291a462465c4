"""Uploads in the host API: all files are named first, then each comes in pieces at an offset (as in tus 1.0).

| request | what |
| --- | --- |
| POST /api/uploads {"name", "files": [{"name", "size"}]} | 201, the upload |
| GET /api/uploads, /api/uploads/ID | all; one, with its refused files |
| GET /api/uploads/ID/files | {"offsets": [bytes here of each file]}: where to go on after a cut |
| HEAD /api/uploads/ID/files/N | Upload-Offset, Upload-Length |
| PATCH /api/uploads/ID/files/N | Upload-Offset: where the body goes; 204 with the new one; 409 with the right one |
| DELETE /api/uploads/ID/files/N | the file will not come |
| DELETE /api/uploads/ID | forget it; what was taken in stays |
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.responses import error_response, json_response
from consult.http.security.host import check_host
from consult.http.services import services
from consult.library.uploading.upload import OffsetDiffers
from consult.library.uploading.upload_store import UploadFile
from consult.library.uploading.uploads import MAX_FILES, Uploads
from consult.model.errors import Malformed, Refused

MAX_BODY = 16 << 20
"""Of the list of files."""
MAX_REFUSED_LISTED = 5_000
"""Refused files in one answer."""


class FileToCome(Struct, forbid_unknown_fields=True):
    """One file: its name, with its folders, and its size in bytes."""

    name: Annotated[str, Meta(min_length=1, max_length=1000)]
    size: Annotated[int, Meta(ge=0, le=2**53)]


class CreateUploadRequest(Struct, forbid_unknown_fields=True):
    """POST /api/uploads."""

    files: Annotated[list[FileToCome], Meta(min_length=1, max_length=MAX_FILES)]
    name: Annotated[str, Meta(max_length=200)] = ""


async def uploads_for_host(request: Request) -> Uploads:
    """The uploads, for the host. Raises Refused."""
    await check_host(request)
    return services(request).uploads


async def list_uploads(request: Request) -> Response:
    """GET: all, the newest first."""
    return json_response({"uploads": (await uploads_for_host(request)).all()})


async def create(request: Request) -> Response:
    """POST: a new upload."""
    uploads = await uploads_for_host(request)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise Refused("too_large", f"The list of files has more than {MAX_BODY >> 20} MiB.")
    try:
        wanted = await asyncio.to_thread(msgspec.json.decode, bytes(body), type=CreateUploadRequest)
    except msgspec.MsgspecError as error:
        raise Malformed("malformed", f"The body is not what is expected here: {error}.") from None
    upload = await uploads.create(wanted.name, [UploadFile(file.name, file.size) for file in wanted.files])
    return json_response(upload.status(), 201, {"Location": f"/api/uploads/{upload.manifest.id}"})


async def one_upload(request: Request) -> Response:
    """GET: one, with its refused files. DELETE: forget it."""
    uploads, identifier = await uploads_for_host(request), request.path_params["upload"]
    if request.method == "DELETE":
        await uploads.remove(identifier)
        return Response(status_code=204)
    upload = uploads.find(identifier)
    refused = upload.outcome.refused[:MAX_REFUSED_LISTED]
    return json_response({**msgspec.structs.asdict(upload.status()), "refused_files": refused})


async def offsets(request: Request) -> Response:
    """GET: how many bytes of each file are here; settled files count as whole. With the files, to know them again."""
    upload = (await uploads_for_host(request)).find(request.path_params["upload"])
    return json_response({"offsets": upload.here, "files": upload.manifest.files})


async def one_file(request: Request) -> Response:
    """HEAD: how much of it is here. PATCH: more of it. DELETE: it will not come."""
    uploads = await uploads_for_host(request)
    identifier, number = request.path_params["upload"], request.path_params["number"]
    if request.method == "PATCH":
        return await append_piece(request, uploads)
    if request.method == "DELETE":
        await uploads.give_up(identifier, number, request.query_params.get("rule", ""))
        return Response(status_code=204)
    upload = uploads.find(identifier)
    if not 0 <= number < len(upload.here):
        raise Refused("unknown_file", "This upload has no such file.")
    size = upload.manifest.files[number].size
    return Response(headers={**offset_header(upload.here[number]), "Upload-Length": str(size)})


async def append_piece(request: Request, uploads: Uploads) -> Response:
    """A piece of a file. One that is cut off is stored as far as it came."""
    offset = request.headers.get("upload-offset", "")
    if not offset.isdecimal() or len(offset) > 18:
        raise Malformed("malformed", "Upload-Offset must name where the body goes.")
    receiving = services(request).receiving
    if receiving.locked():
        return error_response("busy", "Too many pieces come at once. Try again.", 503)
    async with receiving:
        identifier, number = request.path_params["upload"], request.path_params["number"]
        try:
            here = await uploads.append(identifier, number, int(offset), pieces(request))
        except OffsetDiffers as differs:
            response = error_response(differs.code, differs.sentence, 409)
            response.headers.update(offset_header(differs.offset))
            return response
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it
    return Response(status_code=204, headers=offset_header(here))


async def pieces(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Raises ClientDisconnect."""
    async for piece in request.stream():
        yield piece


def offset_header(offset: int) -> dict[str, str]:
    """How many bytes are here, never from a cache."""
    return {"Upload-Offset": str(offset), "Cache-Control": "no-store"}


FILE = "/api/uploads/{upload}/files/{number:int}"
routes = [
    Route("/api/uploads", list_uploads, methods=["GET"]),
    Route("/api/uploads", create, methods=["POST"]),
    Route("/api/uploads/{upload}", one_upload, methods=["GET", "DELETE"]),
    Route("/api/uploads/{upload}/files", offsets, methods=["GET"]),
    Route(FILE, one_file, methods=["HEAD", "PATCH", "DELETE"]),
]
