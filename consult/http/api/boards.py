"""Boards in the host API: the list of cases, as a file too; what was put off; the minutes."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, get_args

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.documents.maker import MinutesForm, Reader
from consult.documents.minutes.collecting import minutes_of
from consult.http.api.consults import StudyUids
from consult.http.api.documents import policy_of, wanted_language
from consult.http.api.invitations import link_json
from consult.http.pages.static import language_headers
from consult.http.responses import json_response, read_json
from consult.http.security.host import check_host
from consult.http.services import services
from consult.library.board_list import MAX_BYTES, BoardList, match, read_list
from consult.library.one_patient import Admission
from consult.model.errors import Malformed, Refused
from consult.model.identifiers import ConsultId
from consult.runtime.boards.cases import add_case, carried_over, drop_case, put_off
from consult.sessions.features.board.commands import MAX_MINUTES, MAX_TEXT, Prepare
from consult.sessions.state import State

MINUTES_TYPES: dict[MinutesForm, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "fhir": "application/fhir+json",
}
Words = Annotated[str, Meta(max_length=MAX_TEXT)]


class Deferred(Struct, forbid_unknown_fields=True):
    """A case that another board has put off."""

    consult: Annotated[str, Meta(min_length=1, max_length=80)]
    case: Annotated[str, Meta(min_length=1, max_length=40)]


class CaseRequest(Struct, forbid_unknown_fields=True):
    """A case of a board: its studies, of one patient, and what is prepared of it. `deferred`: it comes from there."""

    studies: StudyUids
    question: Words = ""
    history: Words = ""
    pathology: Words = ""
    minutes: Annotated[int, Meta(ge=0, le=MAX_MINUTES)] = 0
    deferred: Deferred | None = None


class OpenBoardRequest(Struct, forbid_unknown_fields=True):
    """POST /api/boards. `by_name`: as it is said of what the list brings."""

    cases: Annotated[list[CaseRequest], Meta(min_length=1, max_length=100)]
    title: Annotated[str, Meta(max_length=200)] = ""
    host_name: Annotated[str, Meta(min_length=1, max_length=80)] = "Dr. Host"


class AddCaseRequest(CaseRequest, forbid_unknown_fields=True):
    """POST /api/consults/ID/cases. `leave_out`, `same_patient`: as of a consult."""

    leave_out: Annotated[list[str], Meta(max_length=1000)] = []
    same_patient: bool = False


async def open_board(request: Request) -> Response:
    """POST /api/boards: a board of these cases in this order, and its links; one for who prepares it."""
    await check_host(request)
    registry = services(request).registry
    body = await read_json(request, OpenBoardRequest)
    brought = [await _brought(request, case, f"c{n}", body.host_name) for n, case in enumerate(body.cases, start=1)]
    first, *others = [case.studies for case in body.cases]
    consult = await registry.open(
        first, title=body.title, host_name=body.host_name, more_cases=others, kind="board", brought=brought
    )
    for case in body.cases:
        await _bring_photos(request, case, consult)
    await registry.invite(consult, "preparer")
    links = await registry.links(consult)
    return json_response({"consult": consult, "links": [link_json(request, link) for link in links]}, 201)


async def read_board_list(request: Request) -> Response:
    """POST /api/boards/list: a CSV file; of each row what was found. Nothing is stored.

    Raises:
        Malformed: "bad_list".
    """
    await check_host(request)
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > MAX_BYTES:
            raise Malformed("bad_list", f"A list has {MAX_BYTES >> 10} KiB at most.")
    rows, unknown = read_list(data)
    return json_response(BoardList(match(rows, await services(request).library.studies()), tuple(unknown)))


async def deferred_cases(request: Request) -> Response:
    """GET /api/boards/deferred: the cases that ended boards have put off, the newest first."""
    await check_host(request)
    found = await put_off(services(request).registry)
    return json_response({"cases": [_deferred_json(one.state, one.decision.case, one.studies) for one in found]})


async def new_case(request: Request) -> Response:
    """POST /api/consults/ID/cases: one more case at the end of a board's list."""
    await check_host(request)
    registry = services(request).registry
    body = await read_json(request, AddCaseRequest)
    consult = ConsultId(request.path_params["consult"])
    state, _ = await registry.read(consult)
    brought = await _brought(request, body, "new", state.consult.host_name)
    admission = Admission(tuple(body.leave_out), body.same_patient)
    await _bring_photos(request, body, consult)
    return json_response({"case": await add_case(registry, consult, body.studies, brought, admission)}, 201)


async def one_case(request: Request) -> Response:
    """DELETE /api/consults/ID/cases/CASE: it leaves the list, where nothing was said of it."""
    await check_host(request)
    case = request.path_params["case"]
    await drop_case(services(request).registry, ConsultId(request.path_params["consult"]), case)
    return json_response({"dropped": case})


async def minutes(request: Request) -> Response:
    """GET /api/consults/ID/minutes.html|pdf|json|fhir.

    Raises:
        Refused: "no_board", "unknown_form".
    """
    await check_host(request)
    consult = ConsultId(request.path_params["consult"])
    registry = services(request).registry
    state, _ = await registry.read(consult)
    form: MinutesForm | None = next((f for f in get_args(MinutesForm) if f == request.path_params["form"]), None)
    if form is None:
        raise Refused("unknown_form", f"Minutes are there as {', '.join(get_args(MinutesForm))}.")
    made, language = minutes_of(state, await registry.audit.made(consult)), wanted_language(request)
    body = await services(request).documents.minutes(made, form, Reader(language))
    registry.audit.note("export", consult=consult, role="host", what="minutes")
    await registry.audit.written()
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="minutes-{consult}.{form}"',
        **language_headers(language),
    }
    if form == "html":
        headers["Content-Security-Policy"] = policy_of(body)
    return Response(body, headers=headers, media_type=MINUTES_TYPES[form])


async def _brought(request: Request, case: CaseRequest, of: str, by_name: str) -> Prepare:
    written = {"question": case.question, "history": case.history, "pathology": case.pathology}
    texts = {name: words for name, words in written.items() if words}
    if case.deferred is None:
        return Prepare(of=of, by_name=by_name, texts=texts, minutes=case.minutes)  # type: ignore[arg-type]  # its names
    state, _ = await services(request).registry.read(ConsultId(case.deferred.consult))
    carried = carried_over(state, case.deferred.case, to=of)
    return Prepare(
        of=of, by_name=carried.by_name, texts={**carried.texts, **texts},  # type: ignore[dict-item]  # its names
        minutes=case.minutes or carried.minutes, views=carried.views, pictures=carried.pictures,
    )  # fmt: skip


async def _bring_photos(request: Request, case: CaseRequest, to: ConsultId) -> None:
    """Those of a case that was put off are the new board's as well."""
    if case.deferred is None:
        return
    source = ConsultId(case.deferred.consult)
    state, _ = await services(request).registry.read(source)
    preparation = state.preparations.get(case.deferred.case)
    names = () if preparation is None else tuple(picture.id for picture in preparation.pictures)
    await asyncio.to_thread(services(request).keeping.photos.copy, source, to, names)


def _deferred_json(state: State, case: str, studies: tuple[str, ...]) -> dict[str, Any]:
    found = state.find_case(case)
    decision = max((one for one in state.decisions.values() if one.case == case), key=lambda one: one.number)
    return {
        "consult": state.consult_id,
        "title": state.consult.title,
        "case": case,
        "patient": None if found is None else found.patient,
        "why": decision.words.text,
        "at": decision.at,
        "views": len(decision.views),
        "studies": studies,
    }


routes = [
    Route("/api/boards", open_board, methods=["POST"]),
    Route("/api/boards/list", read_board_list, methods=["POST"]),
    Route("/api/boards/deferred", deferred_cases, methods=["GET"]),
    Route("/api/consults/{consult}/cases", new_case, methods=["POST"]),
    Route("/api/consults/{consult}/cases/{case}", one_case, methods=["DELETE"]),
    Route("/api/consults/{consult}/minutes.{form}", minutes, methods=["GET"]),
]
