"""Notes and critical results in the host API. What is signed is read; nothing changes it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.responses import json_response
from consult.http.security.host import check_host
from consult.http.services import services
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.sessions.features.critical.events import Critical
from consult.sessions.features.note.events import Note, SignedNote
from consult.sessions.features.note.signing import is_whole, versions_of
from consult.sessions.state import State


async def notes(request: Request) -> Response:
    """GET /api/consults/ID/notes: of each case the note as it is written, and its signed versions."""
    host = await check_host(request)
    consult = ConsultId(request.path_params["consult"])
    state, _ = await services(request).registry.read(consult)
    audit = services(request).registry.audit
    audit.note("read", consult=consult, role="host", what="notes", user=host.name)
    await audit.written()
    return json_response({"notes": [note_json(state, case.id) for case in state.cases]})


def note_json(state: State, case: str) -> dict[str, Any]:
    """A case's note. `whole`: each version is as it was signed, and none is missing."""
    versions = versions_of(state, case)
    return {"case": case, "draft": state.notes.get(case, Note(case)), "versions": versions, "whole": is_whole(versions)}


async def version(request: Request) -> Response:
    """GET a signed version; whatever else is tried with it is a conflict.

    Raises:
        Refused: "unknown_version"; "signed_note": it never changes.
    """
    await check_host(request)
    state, _ = await services(request).registry.read(ConsultId(request.path_params["consult"]))
    found: SignedNote | None = state.signed.get(request.path_params["version"])
    if found is None:
        raise Refused("unknown_version", "There is no such signed note.")
    if request.method not in ("GET", "HEAD"):
        raise Refused("signed_note", "A signed note never changes. Sign a new version, which says what is changed.")
    return json_response(found)


async def criticals(request: Request) -> Response:
    """GET /api/criticals: the critical results of all consults that nobody has closed, the most urgent first."""
    await check_host(request)
    found = await services(request).registry.open_criticals()
    return json_response({"criticals": [critical_json(state, one) for state, one in found], "now": now()})


def critical_json(state: State, critical: Critical) -> dict[str, Any]:
    """An open critical result, with whose it is and which of how many cases; `patient` null: the case is not there."""
    number = next((n for n, case in enumerate(state.cases, start=1) if case.id == critical.case), 0)
    return {
        "consult": state.consult_id,
        "title": state.consult.title,
        "ended": state.ended,
        "patient": state.cases[number - 1].patient if number else None,
        "case": number,
        "cases": len(state.cases),
        "critical": critical,
    }


routes = [
    Route("/api/consults/{consult}/notes", notes, methods=["GET"]),
    Route("/api/consults/{consult}/notes/{version}", version, methods=["GET", "PUT", "PATCH", "POST", "DELETE"]),
    Route("/api/criticals", criticals, methods=["GET"]),
]
