"""Consults in the host API. Every route below /api/ wants the host (host.py)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.api.invitations import link_json, link_state, link_url, seats_json
from consult.http.responses import error_response, json_response, read_json
from consult.http.security.host import Host, check_host
from consult.http.services import services
from consult.library.one_patient import Admission
from consult.model.errors import DifferentPatients
from consult.model.identifiers import ConsultId
from consult.sessions.features.note.signing import versions_of
from consult.sessions.state import State

StudyUids = Annotated[list[str], Meta(min_length=1, max_length=50)]


class OpenConsultRequest(Struct, forbid_unknown_fields=True):
    """POST /api/consults. `studies`: of one patient. `more_cases`: the studies of each further case.

    `leave_out`: keys of series and SOPInstanceUIDs of files that are left out; `same_patient`: the host confirms that
    what differs is one patient's. Both answer a refusal "different_patients", which names them.
    """

    studies: StudyUids
    title: Annotated[str, Meta(max_length=200)] = ""
    host_name: Annotated[str, Meta(min_length=1, max_length=80)] = "Dr. Host"
    more_cases: Annotated[list[StudyUids], Meta(max_length=50)] = []
    leave_out: Annotated[list[str], Meta(max_length=1000)] = []
    same_patient: bool = False


async def list_consults(request: Request) -> Response:
    """GET /api/consults."""
    host, registry = await check_host(request), services(request).registry
    found = [await _listed(request, consult, host) for consult in await registry.consults()]
    return json_response({"consults": found})


async def _listed(request: Request, consult: ConsultId, host: Host) -> Any:
    """As the node says that has it: who is there, only that one knows."""
    bridge = services(request).bridge
    known = None if bridge is None else await bridge.ask(request, f"/api/consults/{consult}", consult)
    return await consult_json(request, consult, host) if known is None else known


async def open_consult(request: Request) -> Response:
    """POST /api/consults: a consult on studies of one patient (each case is one patient's), and its links.

    A user invites under their own name, whatever the request says.
    """
    host = await check_host(request)
    registry = services(request).registry
    body = await read_json(request, OpenConsultRequest)
    try:
        consult = await registry.open(
            body.studies,
            title=body.title,
            host_name=host.user.full_name if host.user else body.host_name,
            more_cases=body.more_cases,
            admission=Admission(tuple(body.leave_out), body.same_patient),
        )
    except DifferentPatients as differ:
        fields = [{"tag": tag, "values": values} for tag, values in differ.fields.items()]
        return error_response(differ.code, differ.sentence, 409, fields=fields, parts=differ.parts)
    links = await registry.links(consult)
    return json_response({"consult": consult, "links": [link_json(request, link) for link in links]}, 201)


async def one_consult(request: Request) -> Response:
    """GET or DELETE /api/consults/ID; DELETE ends it for everybody."""
    host, registry = await check_host(request), services(request).registry
    consult = ConsultId(request.path_params["consult"])
    if request.method == "DELETE":
        await (await registry.find(consult)).end()
    return json_response(await consult_json(request, consult, host))


async def consult_json(request: Request, consult: ConsultId, host: Host) -> dict[str, Any]:
    """A consult as the host API represents it, for who asks."""
    registry = services(request).registry
    state, people = await registry.read(consult)
    return {
        "id": consult,
        "kind": state.consult.kind,
        "title": state.consult.title,
        "host_name": state.consult.host_name,
        "opened_at": state.consult.opened_at,
        "ended_at": state.consult.ended_at,
        "people": people,
        "seq": state.seq,
        "patients": [case.patient for case in state.cases],
        "studies": sum(len(case.studies) for case in state.cases),
        "host_url": host_url(request, state, host),
        "notes": notes_json(state),
        "seats": [
            {"name": seat["name"], "role": seat["role"], "online": seat["online"]}
            for seat in seats_json(registry, state)
        ],
    }


def notes_json(state: State) -> list[dict[str, Any]]:
    """Of which cases there is a note, or something to make one of, and how many versions of it are signed."""
    found = []
    for case in state.cases:
        signed = versions_of(state, case.id)
        if signed or case.id in state.notes or any(finding.case == case.id for finding in state.findings.values()):
            found.append({"case": case.id, "versions": len(signed), "status": signed[-1].status if signed else "draft"})
    return found


def host_url(request: Request, state: State, host: Host) -> str:
    """The host's own link; "" where none works, and for a user whose consult it is not: it has another's name."""
    if host.user and host.user.full_name != state.consult.host_name:
        return ""
    registry = services(request).registry
    for invitation in state.invitations.values():
        if invitation.role == "host" and link_state(state, invitation) == "active":
            return link_url(request, registry.link(state.consult_id, invitation.id, invitation.role))
    return ""


routes = [
    Route("/api/consults", list_consults, methods=["GET"]),
    Route("/api/consults", open_consult, methods=["POST"]),
    Route("/api/consults/{consult}", one_consult, methods=["GET", "DELETE"]),
]
