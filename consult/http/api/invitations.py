"""The links of a consult: list, make, revoke, and each as a QR code. For the host API, and for hosts in the consult."""

from __future__ import annotations

import io
import secrets
from typing import Annotated, Any, Literal

import segno
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.responses import json_response, read_json
from consult.http.security.address import base_url
from consult.http.security.host import check_host, check_origin
from consult.http.security.seat_access import check_seat
from consult.http.services import services
from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, InvitationId
from consult.runtime.registry import LINK_S, Link, Registry
from consult.sessions.features.seats.closing import has_signed, refused_for, why_invalid
from consult.sessions.features.seats.commands import RevokeInvitation
from consult.sessions.features.seats.decide import MAX_SEATS_OF_LINK, seats_taken
from consult.sessions.features.seats.events import Invitation
from consult.sessions.state import State

POINTS = "~point"
"""Behind a link's secret; pages know it (web/js/core/joining/link-address.js)."""
QR_BORDER = 2
"""Modules. The card around it is white as well, so that the quiet zone is wider than the four that scanners want."""


class CreateInvitationRequest(Struct, forbid_unknown_fields=True):
    """POST /api/consults/ID/invitations. `expires_in_s`: null: it is valid until the consult ends, a reader's for ever.
    `case`: of a reader, whose note it opens; "": of the case on the stage. `lobby`: who comes by it waits to be let in;
    `people`: how many it lets in, 0: as many as any link; `pin`: it asks for one."""

    role: Role = "participant"
    case: Annotated[str, Meta(max_length=60)] = ""
    name: Annotated[str, Meta(max_length=80)] = ""
    label: Annotated[str, Meta(max_length=80)] = ""
    expires_in_s: Annotated[float, Meta(gt=0, le=366 * 24 * 3600)] | None = LINK_S
    lobby: bool = False
    people: Annotated[int, Meta(ge=0, le=MAX_SEATS_OF_LINK)] = 0
    pin: bool = False


class CreateCodeRequest(Struct, forbid_unknown_fields=True):
    """POST /api/consults/ID/codes: what whoever says the code comes as, once they are let in."""

    role: Literal["participant", "viewer"] = "participant"
    label: Annotated[str, Meta(max_length=80)] = ""


class RevokeInvitationRequest(Struct, forbid_unknown_fields=True):
    """DELETE /api/consults/ID/invitations."""

    invitation: InvitationId


async def consult_of(request: Request) -> ConsultId:
    """The consult whose links these are, for who may see them: the host API, or a host's seat in the consult.

    Raises:
        Refused: "no_token", "cross_origin" as `check_host`; "not_host": it is somebody else's seat; "too_often".
    """
    if "consult" in request.path_params:
        await check_host(request)
        return ConsultId(request.path_params["consult"])
    access = await check_seat(request, "lists")
    if access.runner.core.state.seats[access.seat].role != "host":
        raise Refused("not_host", "Only the host invites.")
    check_origin(request)
    return access.runner.id


async def list_invitations(request: Request) -> Response:
    """GET: the links that work, and those that work no more."""
    return await invitations_response(request, await consult_of(request))


async def invite(request: Request) -> Response:
    """POST: a new link."""
    consult = await consult_of(request)
    registry = services(request).registry
    body = await read_json(request, CreateInvitationRequest)
    expires_at = None if body.expires_in_s is None else now() + body.expires_in_s
    link = await registry.invite(
        consult, body.role, name=body.name, expires_at=expires_at, label=body.label, case=body.case, lobby=body.lobby,
        max_seats=body.people, pin=body.pin,
    )  # fmt: skip
    state, _ = await registry.read(consult)
    made = invitation_json(request, state, state.invitations[link.invitation])
    return json_response(made | link_json(request, link), 201)


async def make_code(request: Request) -> Response:
    """POST .../codes: a new spoken code. It is shown now and never again; its invitation is one of the list."""
    consult = await consult_of(request)
    registry = services(request).registry
    body = await read_json(request, CreateCodeRequest)
    if (await registry.read(consult))[0].ended:
        raise refused_for("over")
    invitation = InvitationId(secrets.token_urlsafe(9))
    code, until = services(request).codes.make(consult, invitation, now())
    try:
        await registry.invite_by_code(consult, invitation, body.role, until=until, label=body.label)
    except BaseException:  # also where whoever asked is gone: a code without an invitation would take a place
        services(request).codes.end(invitation)
        raise
    spoken = {"code": f"{code[:3]} {code[3:]}", "until": until, "now": now(), "url": f"{base_url(request)}/join"}
    return json_response(spoken | {"invitation": invitation, "role": body.role}, 201)


async def revoke(request: Request) -> Response:
    """DELETE: a link works no more, and the seats taken with it are closed."""
    consult = await consult_of(request)
    registry = services(request).registry
    revoking = await read_json(request, RevokeInvitationRequest)
    await (await registry.find(consult)).command(RevokeInvitation(invitation=revoking.invitation))
    services(request).codes.end(revoking.invitation)
    return await invitations_response(request, consult)


async def qr_code(request: Request) -> Response:
    """GET .../INVITATION/qr.svg: the link as a QR code. `?points=1`: who comes by it has the pointer in hand."""
    consult = await consult_of(request)
    registry = services(request).registry
    state, _ = await registry.read(consult)
    invitation = state.invitations.get(InvitationId(request.path_params["invitation"]))
    if invitation is None or invitation.spoken or link_state(state, invitation) != "active":
        raise Refused("unknown_link", "This link does not work (any more).")
    drawn = io.BytesIO()
    link = registry.link(consult, invitation.id, invitation.role)
    address = link_url(request, link) + (POINTS if request.query_params.get("points") == "1" else "")
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", border=QR_BORDER, xmldecl=False, omitsize=True, light="#fff"
    )
    return Response(drawn.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def invitations_response(request: Request, consult: ConsultId) -> Response:
    """All links of a consult, by whether they work."""
    registry = services(request).registry
    state, _ = await registry.read(consult)
    all_of_them = [invitation_json(request, state, invitation) for invitation in state.invitations.values()]
    return json_response(
        {
            "invitations": [i for i in all_of_them if i["state"] == "active"],
            "closed": [i for i in all_of_them if i["state"] != "active"],
        }
    )


def link_state(state: State, invitation: Invitation) -> str:
    """active, expired or revoked; of a spoken code also "used"; where the consult is over, and it is no link to read,
    "over", or "reads" where who has come by it may still read the signed note."""
    reason = why_invalid(invitation, now())
    if state.ended and invitation.role != "reader":
        took = any(seat.invitation == invitation.id and seat.is_in for seat in state.seats.values())
        reads = reason is None and took and invitation.role != "host" and has_signed(state, state.current)
        return "reads" if reads else "over"
    if reason is None and invitation.spoken:
        ended = invitation.joins_until is not None and now() >= invitation.joins_until
        return "used" if seats_taken(state, invitation) else "expired" if ended else "active"
    return reason or "active"


def invitation_json(request: Request, state: State, invitation: Invitation) -> dict[str, Any]:
    """A link as the API represents it; its address only while it works."""
    registry = services(request).registry
    consult = state.consult_id
    works = link_state(state, invitation) == "active" and not invitation.spoken
    link = registry.link(consult, invitation.id, invitation.role)
    return {
        **(link_json(request, link) if works else {"invitation": invitation.id, "role": invitation.role}),
        "state": link_state(state, invitation),
        "label": invitation.label,
        "case": invitation.case,
        "expires_at": invitation.joins_until if invitation.spoken else invitation.expires_at,
        "own": invitation.role == "host" and invitation.name != "",
        "lobby": invitation.lobby,
        "pin": pin_of(registry, state, invitation) if works else "",
        "spoken": invitation.spoken,
        "people": invitation.max_seats,
        "used": seats_taken(state, invitation),
        "seats": [
            {"name": seat["name"], "online": seat["online"]}
            for seat in seats_json(registry, state)
            if seat["invitation"] == invitation.id
        ],
    }


def pin_of(registry: Registry, state: State, invitation: Invitation) -> str:
    """The PIN of a link, as it is said: "418 205"; "": it asks for none."""
    pin = registry.keys.invitation_pin(state.consult_id, invitation.id)
    return f"{pin[:3]} {pin[3:]}" if invitation.pin else ""


def seats_json(registry: Registry, state: State) -> list[dict[str, Any]]:
    """Who has a seat, and who is here now."""
    runner = registry.running(state.consult_id)
    return [
        {
            "name": seat.name,
            "role": seat.role,
            "invitation": seat.invitation,
            "online": runner is not None and runner.is_online(seat.id),
        }
        for seat in state.seats.values()
        if seat.is_in
    ]


def link_url(request: Request, link: Link) -> str:
    """The whole address of a link."""
    return base_url(request) + link.path


def link_json(request: Request, link: Link) -> dict[str, str]:
    """A link that works, as the API represents it."""
    return {"invitation": link.invitation, "role": link.role, "url": link_url(request, link)}


PATHS = ("/api/consults/{consult}/invitations", "/seat/{seat}/invitations")
"""For the home, by the host's token; for a host who is in the consult, by the seat's cookie."""
routes = [
    route
    for path in PATHS
    for route in (
        Route(path, list_invitations, methods=["GET"]),
        Route(path, invite, methods=["POST"]),
        Route(path, revoke, methods=["DELETE"]),
        Route(path + "/{invitation}/qr.svg", qr_code, methods=["GET"]),
        Route(path.replace("invitations", "codes"), make_code, methods=["POST"]),
    )
]
