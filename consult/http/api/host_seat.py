"""The host's way into a consult from the home: a seat without a link, also to read a consult that has ended."""

from __future__ import annotations

import secrets
from itertools import count

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.access.keys import USER_SEAT
from consult.clock import now
from consult.http.seat.joining import seat_response
from consult.http.security.host import Host, check_host
from consult.http.services import services
from consult.model.identifiers import ConsultId, InvitationId, SeatId
from consult.runtime.registry import LINK_S, Registry
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import why_out, why_shut
from consult.sessions.features.seats.commands import TakeSeat
from consult.store.accounts import User

HOST = "Host"
"""Who sits down by the token in a user's consult: not under that user's name."""


async def take_host_seat(request: Request) -> Response:
    """POST /api/consults/ID/seat: {"seat": its address}, and its cookie. Raises Refused("unknown_consult", "full")."""
    host = await check_host(request)
    registry = services(request).registry
    runner = await registry.find(ConsultId(request.path_params["consult"]))
    seat = await seat_of(request, runner, host)
    if host.user:
        registry.audit.note("seat", consult=runner.id, who=seat, role="host", user=host.name)
    return seat_response(request, runner.id, seat, services(request).keys.seat_secret(runner.id, seat))


async def seat_of(request: Request, runner: ConsultRunner, host: Host) -> SeatId:
    """Where the host sits: a user in a seat of their own, under their own name; by the token wherever nobody sits."""
    found = services(request)
    if host.user:
        return await users_seat(found.registry, runner, host.user)
    state = runner.core.state
    names = {user.full_name for user in await found.accounts.store.users()}
    name = HOST if state.consult.host_name in names else state.consult.host_name
    return free_host_seat(runner, name) or await new_host_seat(found.registry, runner, name)


async def users_seat(registry: Registry, runner: ConsultRunner, user: User) -> SeatId:
    """The user's seat, the same one whenever they come; a further one where it was closed with its link."""
    state = runner.core.state
    for number in count():
        seat = registry.keys.user_seat(runner.id, user.name, number)
        if seat not in state.seats:
            return await new_host_seat(registry, runner, user.full_name, seat)
        if why_out(state, seat, now()) is None:
            return seat
    raise AssertionError("there are numbers without end")


def free_host_seat(runner: ConsultRunner, name: str) -> SeatId | None:
    """The newest host's seat of that name, which is no user's, in which nobody sits now."""
    state = runner.core.state
    for seat in reversed(state.seats.values()):
        own = seat.role == "host" and seat.name == name and not seat.id.startswith(USER_SEAT)
        if own and why_out(state, seat.id, now()) is None and not runner.is_online(seat.id):
            return seat.id
    return None


async def new_host_seat(registry: Registry, runner: ConsultRunner, name: str, seat: SeatId | None = None) -> SeatId:
    """A seat by a host's link that works; where none does (any more), by a new one."""
    if (invitation := host_invitation(runner)) is None:
        invitation = (await registry.invite(runner.id, "host", expires_at=now() + LINK_S)).invitation
    seat = seat or SeatId(secrets.token_urlsafe(9))
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
