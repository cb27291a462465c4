"""A note as a document: `note.html`, `note.pdf`, `note.json`, and its lesions as `note.csv`; `summary` is another name
of it. For the host API here, for who sits in a consult in http/seat/reading.py."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.documents.collecting import DRAFT, contents_of
from consult.documents.contents import Contents
from consult.documents.maker import Form, Reader
from consult.http.pages.languages import language_of
from consult.http.pages.static import language_headers, site
from consult.http.responses import CONTENT_SECURITY_POLICY
from consult.http.security.host import check_host
from consult.http.services import services
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId
from consult.sessions.state import State

TYPES: dict[Form, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
STYLE = re.compile(rb"<style>(.*?)</style>", re.S)


async def note(request: Request) -> Response:
    """GET /api/consults/ID/note.html|pdf|json|csv?case=c1&version=2: of the case on the stage, and of its newest signed
    version, where nothing else is said; `version=draft`: what is written now.

    Raises:
        Refused: those of `contents_of`, "unknown_form".
    """
    host = await check_host(request)
    consult = ConsultId(request.path_params["consult"])
    state, _ = await services(request).registry.read(consult)
    contents = await contents_for(request, state, request.query_params.get("case", ""))
    response = await document(request, state, contents)
    audit = services(request).registry.audit
    audit.note("export", consult=consult, role="host", what=contents.id, user=host.name)
    await audit.written()
    return response


async def contents_for(request: Request, state: State, case: str) -> Contents:
    """What a document says: of that case ("": the one on the stage), in the version that is asked for."""
    made = await services(request).registry.audit.made(state.consult_id)
    return contents_of(state, case, wanted_version(request), made)


async def document(request: Request, state: State, contents: Contents, reader: Reader | None = None) -> Response:
    """The document in the form that the path names. `reader`: for whom; None: for whoever runs the server."""
    form, reader = wanted_form(request), reader or Reader(wanted_language(request))
    case = state.find_case(contents.case)
    assert case is not None  # the contents are of a case of that state
    body = await services(request).documents.make(case, contents, form, reader)
    name = f"consult-{contents.consult}-{contents.id}.{form}"
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'{"attachment" if form == "csv" else "inline"}; filename="{name}"',
        **language_headers(reader.language),
    }
    if form == "html":
        headers["Content-Security-Policy"] = policy_of(body)
    return Response(body, headers=headers, media_type=TYPES[form])


def policy_of(page: bytes) -> str:
    """Content-Security-Policy of a page that stands alone: its own style and the pictures in it, and nothing else."""
    found = STYLE.search(page)
    assert found is not None  # of our own template
    digest = base64.b64encode(hashlib.sha256(found[1]).digest()).decode()
    ends = CONTENT_SECURITY_POLICY.partition("base-uri")[2]
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri{ends}"


def wanted_form(request: Request) -> Form:
    """Of the path. Raises Refused: "unknown_form"."""
    asked = request.path_params["form"]
    form: Form | None = next((form for form in get_args(Form) if form == asked), None)
    if form is None:
        raise Refused("unknown_form", f"A note is there as {', '.join(get_args(Form))}, not as {asked[:20]!r}.")
    return form


def wanted_version(request: Request) -> int | None:
    """Of the query: a number, DRAFT, or None for the newest. Raises Refused: "unknown_version"."""
    asked = request.query_params.get("version", "")
    if asked in ("", "newest"):
        return None
    if asked == "draft":
        return DRAFT
    if re.fullmatch(r"[1-9][0-9]{0,3}", asked):
        return int(asked)
    raise Refused("unknown_version", "There is no such signed note.")


def wanted_language(request: Request) -> str:
    """Of the query, else of the browser."""
    offered = site.now().pages
    asked = request.query_params.get("language", "")
    return asked if asked in offered else language_of(request, offered)


routes = [Route(f"/api/consults/{{consult}}/{name}.{{form}}", note, methods=["GET"]) for name in ("note", "summary")]
