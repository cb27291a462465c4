"""The host's way into a consult from the home: a seat without a link, also to read a consult that has ended."""

from __future__ import annotations

import secrets

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.seat.joining import seat_response
from consult.http.security.host import check_host
from consult.http.services import services
from consult.model.identifiers import ConsultId, InvitationId, SeatId
from consult.runtime.registry import LINK_S, Registry
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import why_out, why_shut
from consult.sessions.features.seats.commands import TakeSeat


async def take_host_seat(request: Request) -> Response:
    """POST /api/consults/ID/seat: {"seat": its address}, and its cookie. Raises Refused("unknown_consult", "full")."""
    check_host(request)
    registry = services(request).registry
    runner = await registry.find(ConsultId(request.path_params["consult"]))
    seat = free_host_seat(runner) or await new_host_seat(registry, runner)
    return seat_response(request, runner.id, seat, services(request).keys.seat_secret(runner.id, seat))


def free_host_seat(runner: ConsultRunner) -> SeatId | None:
    """The newest of the host's own name in which nobody sits now."""
    state = runner.core.state
    for seat in reversed(state.seats.values()):
        own = seat.role == "host" and seat.name == state.consult.host_name
        if own and why_out(state, seat.id, now()) is None and not runner.is_online(seat.id):
            return seat.id
    return None


async def new_host_seat(registry: Registry, runner: ConsultRunner) -> SeatId:
    """A seat by a host's link that works; where none does (any more), by a new one."""
    if (invitation := host_invitation(runner)) is None:
        invitation = (await registry.invite(runner.id, "host", expires_at=now() + LINK_S)).invitation
    seat = SeatId(secrets.token_urlsafe(9))
    name = runner.core.state.consult.host_name
    await runner.command(TakeSeat(seat=seat, invitation=invitation, name=name))
    return seat


def host_invitation(runner: ConsultRunner) -> InvitationId | None:
    """A link of the host's that works now."""
    state = runner.core.state
    for invitation in state.invitations.values():
        if invitation.role == "host" and why_shut(state, invitation, now()) is None:
            return invitation.id
    return None


routes = [Route("/api/consults/{consult}/seat", take_host_seat, methods=["POST"])]
"""Only with the host's token or session: whoever has these may sit down as the host."""
