"""What who reads does below `/seat/SEAT/`: the note in full, its pictures as large as the screen, "I have read this".

Rules of this file:
- A reader has the signed versions of one case's note, and the stills of its key views: no other case, no draft, nothing
  of what is on the stage now. So has who took part in a consult that has ended, of the case that was on the stage then.
- `note.html`, `note.pdf` and `note.json` are for everybody who may be in the consult: of the case on the stage, for a
  host of any.
- Opened is what the page has shown; read is what somebody says.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.documents.collecting import Made, contents_of
from consult.documents.contents import Contents
from consult.documents.maker import Reader
from consult.documents.overlay import Canvas
from consult.http.api.documents import contents_for, document, wanted_language, wanted_version
from consult.http.responses import json_response, read_json
from consult.http.security.host import check_origin
from consult.http.security.seat_access import SeatAccess, check_reader, check_seat
from consult.http.services import services
from consult.model.errors import Refused
from consult.model.view import MAX_SCREEN_PIXELS
from consult.sessions.features.note.signing import versions_of
from consult.sessions.features.seen.commands import NoteRead, VersionId
from consult.sessions.publishing.document import hidden_parts, hides, told_patient

MIN_SIDE, MAX_SIDE = 64, 8192
MAX_RATIO = 8.0


class OpenedRequest(Struct, forbid_unknown_fields=True):
    """POST opened: the page has shown that version."""

    version: VersionId


class SeenRequest(Struct, forbid_unknown_fields=True):
    """POST seen: "I have read this", by that name."""

    version: VersionId
    name: Annotated[str, Meta(min_length=1, max_length=80)]


async def note(request: Request) -> Response:
    """GET note.html|pdf|json: as in the host API, of what this seat may read.

    Raises:
        Refused: "not_allowed": another case; "too_often"; those of `signed_only` and `contents_of`.
    """
    access = await check_seat(request, "documents", reads=True)
    case = request.query_params.get("case", "") or access.case
    if access.role != "host" and case != access.case:
        raise Refused("not_allowed", "This case is not open to you now.")
    contents = told(access, signed_only(access, await contents_for(request, access.runner.core.state, case)))
    response = await document(request, access.runner.core.state, contents, reader_of(request, access))
    audit = services(request).registry.audit
    audit.note("export", consult=access.runner.id, who=access.seat, role=access.role, what=contents.id)
    await audit.written()
    return response


def told(access: SeatAccess, contents: Contents) -> Contents:
    """As whoever has that seat is told it: where patients are hidden, a guest reads a label in place of one."""
    state = access.runner.core.state
    if not hides(state, access.role):
        return contents
    patient = told_patient(state, access.role, contents.case, contents.patient)
    return replace(contents, patient=patient, title="")


def signed_only(access: SeatAccess, contents: Contents) -> Contents:
    """What somebody may read. Raises Refused: "not_signed": a reader reads signed versions alone."""
    if access.reads and not contents.version:
        raise Refused("not_signed", "This note is not signed yet. Open the link again later.")
    return contents


async def reading(request: Request) -> Response:
    """GET reading: the note as the reader's page shows it, and which versions there are."""
    access = await check_reader(request)
    made = await services(request).registry.audit.made(access.runner.id)
    state, contents = access.runner.core.state, _contents(request, access, made)
    case = state.find_case(contents.case)
    assert case is not None  # the contents are of a case of that state
    page, drawn = await services(request).documents.read(case, contents, reader_of(request, access))
    seen = state.seen.get(f"{contents.id}/{access.seat}")
    body = {
        "version": contents.id,
        "number": contents.version,
        "newest": contents.later or contents.version,
        "title": contents.title,
        "host_name": contents.host_name,
        "name": state.seats[access.seat].name,
        "seen_at": None if seen is None else seen.seen_at,
        "seen_name": "" if seen is None else seen.name,
        "own": state.signed[contents.id].signature.seat == access.seat,
        "pictures": [{"n": one.n, "sentence": one.sentence} for one in drawn],
        "page": page.decode(),
    }
    return json_response(body)


async def view(request: Request) -> Response:
    """GET views/N?width=&height=&ratio=: the exact still of a key view for that screen, and what lies over it.

    Raises:
        Refused: "bad_screen", "unknown_picture", "not_signed".
    """
    access = await check_reader(request)
    contents = _contents(request, access, Made(now()))  # nothing of the audit trail lies over a picture
    case = access.runner.core.state.find_case(contents.case)
    assert case is not None  # the contents are of a case of that state
    n, canvas, reader = request.path_params["n"], _screen(request), reader_of(request, access)
    drawn, page = await services(request).documents.view(case, contents, n, canvas, reader)
    body: dict[str, Any] = {"n": drawn.n, "digest": drawn.digest, "width": drawn.width, "height": drawn.height}
    return json_response(body | {"scale": drawn.scale, "sentence": drawn.sentence, "page": page.decode()})


async def opened(request: Request) -> Response:
    """POST opened: the page shows a version to the person before it."""
    access = await _posting(request)
    body = await read_json(request, OpenedRequest)
    await access.runner.command(NoteRead(seat=access.seat, version=body.version))
    return json_response({"opened": body.version})


async def seen(request: Request) -> Response:
    """POST seen: somebody says that they have read a version, by name."""
    access = await _posting(request)
    body = await read_json(request, SeenRequest)
    await access.runner.command(NoteRead(seat=access.seat, version=body.version, confirmed=True, name=body.name))
    found = access.runner.core.state.seen[f"{body.version}/{access.seat}"]
    return json_response({"version": body.version, "name": found.name, "seen_at": found.seen_at})


async def _posting(request: Request) -> SeatAccess:
    access = await check_reader(request)
    check_origin(request)
    return access


def _contents(request: Request, access: SeatAccess, made: Made) -> Contents:
    """Of the version that is asked for, else of the newest. Raises Refused: "not_signed", "unknown_version"."""
    state = access.runner.core.state
    if not versions_of(state, access.case):
        raise Refused("not_signed", "This note is not signed yet. Open the link again later.")
    return told(access, signed_only(access, contents_of(state, access.case, wanted_version(request), made)))


def reader_of(request: Request, access: SeatAccess) -> Reader:
    """For whom a seat's documents are made: in their language, without what they are not shown."""
    state, role = access.runner.core.state, access.role
    return Reader(wanted_language(request), access.seat, hidden_parts(state, role), not hides(state, role))


def _screen(request: Request) -> Canvas:
    """What the picture is shown on. Raises Refused: "bad_screen"."""
    try:
        width, height = (int(request.query_params.get(name, "")) for name in ("width", "height"))
        ratio = float(request.query_params.get("ratio", "1"))
    except ValueError:
        raise Refused("bad_screen", "A picture is asked for by width, height and ratio.") from None
    fits = MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE and width * height <= MAX_SCREEN_PIXELS
    if not fits or not 0.25 <= ratio <= MAX_RATIO:
        raise Refused("bad_screen", f"A picture has {MIN_SIDE} to {MAX_SIDE} pixels a side, and not {width}x{height}.")
    return Canvas(width, height, ratio)


routes = [
    Route("/seat/{seat}/note.{form}", note, methods=["GET"]),
    Route("/seat/{seat}/reading", reading, methods=["GET"]),
    Route("/seat/{seat}/views/{n:int}", view, methods=["GET"]),
    Route("/seat/{seat}/opened", opened, methods=["POST"]),
    Route("/seat/{seat}/seen", seen, methods=["POST"]),
]
