"""Before the door: what the page of somebody who waits asks below `/seat/SEAT/`, and all that it is told.

Rules of this file:
- Who waits is told who hosts, and the hospital, and nothing of the consult: no title, no patient, nobody's name.
- A question is answered when something has changed, or after HELD_S: so the page comes in at once, and goes on asking
  in a tab that nobody looks at, whose timers a browser stops.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.clock import now
from consult.http.responses import error_response, json_response
from consult.http.security.host import check_origin
from consult.http.security.seat_access import SeatAccess, check_holder, refused_seat
from consult.http.services import services
from consult.sessions.features.seats.closing import why_out
from consult.sessions.features.seats.commands import AskAgain
from consult.sessions.features.seats.lobby import MAX_ASKS
from consult.sessions.presence.lobby import GONE_S

HELD_S = GONE_S / 2


async def where(request: Request) -> Response:
    """GET lobby: {"state": "lobby" or "in"}, as it is now. Raises Refused: why the seat is out for good."""
    return answer(request, await check_holder(request, "lobby"))


async def lobby(request: Request) -> Response:
    """POST lobby: wait on; the same, once that has changed or after HELD_S."""
    access = await check_holder(request, "lobby")
    await access.runner.wait_in_lobby(access.seat, HELD_S)
    return answer(request, access)


async def ask_again(request: Request) -> Response:
    """POST lobby/ask: ask once more to be let in. Raises Refused: "denied" where that was done already."""
    access = await check_holder(request, "lobby")
    check_origin(request)
    await access.runner.command(AskAgain(seat=access.seat))
    return answer(request, access)


def answer(request: Request, access: SeatAccess) -> Response:
    """Where somebody stands before the door."""
    state = access.runner.core.state
    seat, reason = state.seats[access.seat], why_out(state, access.seat, now())
    if reason == "denied" and seat.lobby == "denied":
        refused = refused_seat(reason, state, access.seat)
        return error_response(refused.code, refused.sentence, 403, may_ask=seat.asks < MAX_ASKS)
    if reason not in (None, "lobby"):
        raise refused_seat(reason, state, access.seat)
    return json_response(
        {
            "state": "lobby" if reason == "lobby" else "in",
            "host_name": state.consult.host_name,
            "hospital": services(request).site_name,
            "name": seat.name,
            "role": seat.role,
            "asked_at": seat.asked_at,
            "now": now(),
        }
    )


routes = [
    Route("/seat/{seat}/lobby", where, methods=["GET"]),
    Route("/seat/{seat}/lobby", lobby, methods=["POST"]),
    Route("/seat/{seat}/lobby/ask", ask_again, methods=["POST"]),
]
