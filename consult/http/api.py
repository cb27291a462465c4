"""The host API and the health of the server. Every route below /api/ wants `Authorization: Bearer TOKEN`."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from consult.http.answers import json_answer, read_json
from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, InvitationId
from consult.runtime.clock import now
from consult.runtime.keys import Keys, same_secret
from consult.runtime.library import Library
from consult.runtime.registry import Link, Registry
from consult.sessions.commands import RevokeInvitation
from consult.sessions.state import State


class Opening(Struct, forbid_unknown_fields=True):
    """POST /api/consults."""

    studies: Annotated[list[str], Meta(min_length=1, max_length=50)]
    title: Annotated[str, Meta(max_length=200)] = ""
    host_name: Annotated[str, Meta(min_length=1, max_length=80)] = "Dr. Host"


class Inviting(Struct, forbid_unknown_fields=True):
    """POST /api/consults/ID/invitations."""

    role: Role = "participant"
    name: Annotated[str, Meta(max_length=80)] = ""
    expires_in_s: Annotated[float, Meta(gt=0, le=366 * 24 * 3600)] | None = None


class Revoking(Struct, forbid_unknown_fields=True):
    """DELETE /api/consults/ID/invitations."""

    invitation: InvitationId


def check_token(request: Request) -> None:
    """Raises Refused("no_token")."""
    keys: Keys = request.app.state.keys
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not same_secret(given, keys.host_token()):
        raise Refused("no_token", "The host API wants `Authorization: Bearer TOKEN`; the server printed its token.")


async def healthz(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The log can be read: the server can do its work. Raises StoreFailed."""
    registry: Registry = request.app.state.registry
    await registry.consults()
    return PlainTextResponse("ready\n")


async def list_studies(request: Request) -> Response:
    """GET /api/studies."""
    check_token(request)
    library: Library = request.app.state.library
    return json_answer({"studies": await library.studies()})


async def list_consults(request: Request) -> Response:
    """GET /api/consults."""
    check_token(request)
    registry: Registry = request.app.state.registry
    return json_answer({"consults": [told(c, *await registry.look(c)) for c in await registry.consults()]})


async def open_consult(request: Request) -> Response:
    """POST /api/consults: a consult on studies of one patient, and its links."""
    check_token(request)
    registry: Registry = request.app.state.registry
    body = await read_json(request, Opening)
    consult = await registry.open(body.studies, title=body.title, host_name=body.host_name)
    links = await registry.links(consult)
    return json_answer({"consult": consult, "links": [link_told(request, link) for link in links]}, 201)


async def one_consult(request: Request) -> Response:
    """GET or DELETE /api/consults/ID; DELETE ends it for everybody."""
    check_token(request)
    registry: Registry = request.app.state.registry
    consult = ConsultId(request.path_params["consult"])
    if request.method == "DELETE":
        await (await registry.find(consult)).end()
    return json_answer(told(consult, *await registry.look(consult)))


async def invitations(request: Request) -> Response:
    """GET, POST or DELETE /api/consults/ID/invitations."""
    check_token(request)
    registry: Registry = request.app.state.registry
    consult = ConsultId(request.path_params["consult"])
    if request.method == "POST":
        body = await read_json(request, Inviting)
        expires_at = None if body.expires_in_s is None else now() + body.expires_in_s
        link = await registry.invite(consult, body.role, name=body.name, expires_at=expires_at)
        return json_answer(link_told(request, link), 201)
    if request.method == "DELETE":
        revoking = await read_json(request, Revoking)
        await (await registry.find(consult)).command(RevokeInvitation(invitation=revoking.invitation))
    return json_answer({"invitations": [link_told(request, link) for link in await registry.links(consult)]})


def told(consult: ConsultId, state: State, people: int) -> dict[str, Any]:
    """What the API says of a consult."""
    return {
        "id": consult,
        "title": state.consult.title,
        "host_name": state.consult.host_name,
        "opened_at": state.consult.opened_at,
        "ended_at": state.consult.ended_at,
        "people": people,
        "seq": state.seq,
    }


def link_told(request: Request, link: Link) -> dict[str, str]:
    """What the API says of a link."""
    base = str(request.base_url).rstrip("/")
    return {"invitation": link.invitation, "role": link.role, "url": base + link.path}


routes = [
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/api/studies", list_studies, methods=["GET"]),
    Route("/api/consults", list_consults, methods=["GET"]),
    Route("/api/consults", open_consult, methods=["POST"]),
    Route("/api/consults/{consult}", one_consult, methods=["GET", "DELETE"]),
    Route("/api/consults/{consult}/invitations", invitations, methods=["GET", "POST", "DELETE"]),
]
