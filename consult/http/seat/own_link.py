"""The link by which somebody came, below `/seat/SEAT/`: for a phone that points beside their screen. It opens what it
has opened for them, and nothing more: with its PIN, its lobby, and for as many people as it lets in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.api.invitations import link_url, qr_drawing
from consult.http.responses import json_response
from consult.http.security.seat_access import check_seat
from consult.http.services import services
from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.runtime.registry import Link
from consult.sessions.features.seats.closing import refused_for, why_shut
from consult.sessions.features.seats.decide import seats_taken

POINTING: frozenset[Role] = frozenset({"participant", "preparer"})
"""Who comes by such a link points; a host's own link is nobody else's."""


async def own_link(request: Request) -> Response:
    """GET link: {"url"}. Raises as `link_of`."""
    return json_response({"url": link_url(request, await link_of(request))})


async def own_qr_code(request: Request) -> Response:
    """GET link/qr.svg: the same as a QR code; who comes by it has the pointer in hand. Raises as `link_of`."""
    return qr_drawing(request, await link_of(request), points=True)


async def link_of(request: Request) -> Link:
    """The link of whoever has that seat.

    Raises:
        Refused: as `check_seat`; "no_link": they came by a code; "used_up": it lets in nobody else; why it is shut.
    """
    access = await check_seat(request, "lists")
    state, registry = access.runner.core.state, services(request).registry
    invitation = state.invitations.get(state.seats[access.seat].invitation)
    if invitation is not None and invitation.role not in POINTING:
        raise Refused("no_link", "This link is not for others.")
    if invitation is None or invitation.spoken:
        raise Refused("no_link", "You came by a code, which lets in nobody else. Ask the host for a link.")
    if (reason := why_shut(state, invitation, now())) is not None:
        raise refused_for(reason)
    if invitation.max_seats and seats_taken(state, invitation) >= invitation.max_seats:
        raise Refused("used_up", "This link has let in as many people as it may. Ask the host for a new one.")
    return registry.link(access.runner.id, invitation.id, invitation.role)


routes = [
    Route("/seat/{seat}/link", own_link, methods=["GET"]),
    Route("/seat/{seat}/link/qr.svg", own_qr_code, methods=["GET"]),
]
