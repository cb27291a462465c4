"""Joining: a link's secret, posted once, buys a seat: a cookie for the paths below `/seat/SEAT/`.

The secret travels in the URL's fragment, which no server and no referrer sees; the page posts it.
"""

from __future__ import annotations

import math
import re
import secrets
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from msgspec import Meta, Struct
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from consult.access.keys import same_secret
from consult.clock import now, steady
from consult.http.pages.static import page
from consult.http.responses import error_response, json_response, read_json, status_of
from consult.http.security.address import base_path, is_secure
from consult.http.security.rationing import address_of
from consult.http.security.seat_access import cookie_name
from consult.http.services import services
from consult.media.webrtc.check_point import CheckPoint
from consult.model.catalogue import Role
from consult.model.errors import Refused
from consult.model.identifiers import ConsultId, InvitationId, SeatId
from consult.model.view import Screen
from consult.runtime.runner import ConsultRunner
from consult.sessions.features.seats.closing import why_out, why_shut
from consult.sessions.features.seats.commands import TakeSeat
from consult.sessions.features.seats.events import Invitation, Seat
from consult.sessions.messages import Reason
from consult.sessions.publishing.document import hides, is_guest

Secret = Annotated[str, Meta(max_length=100)]
JOIN_COOKIE = "consult-seat"
"""Remembers, for one link, the seat that was taken with it."""
KEEPS_COOKIE = "consult-keeps"
"""Comes back with the next request where cookies pass both ways: the browser's settings and a proxy may forbid it."""
COOKIE_AGE_S = 7 * 24 * 3600
CLOSED_LINKS: dict[Reason, str] = {
    "over": "The consult has ended.",
    "revoked": "This link no longer works.",
    "expired": "This link has expired. Ask the person who sent it for a new one.",
}
"""Sentences for a person who has not been in: they know who sent the link, not who hosts."""
MANY = "Many people are coming in by this link just now. Try again in a moment."


class PreviewInvitationRequest(Struct):
    """What the page posts to learn who invites."""

    secret: Secret


class InvitationPreview(Struct):
    """Who invites, to what, as what. Before a PIN, or before a host lets one in, nothing of the consult: no title, no
    people.

    Attributes:
        hospital: where they invite from; "": it is not said.
        lobby: whoever comes by it waits until a host lets them in.
        pin: it wants one.
        name: of the guest, where the link is one person's.
        people: who are here.
        returning: this browser took its seat before and may sit down again without asking.
        sound_elsewhere: they speak by other means, in one room or on the phone: no microphone is asked for.
        voice_check: where the page can find out whether voice would come through; None: nowhere.
    """

    host_name: str
    title: str
    role: Role
    name: str
    people: int
    returning: bool = False
    voice_check: CheckPoint | None = None
    state: Literal["live"] = "live"
    hospital: str = ""
    lobby: bool = False
    pin: bool = False
    sound_elsewhere: bool = False


class TakeSeatRequest(Struct):
    """What the page posts to come in."""

    secret: Secret
    name: Annotated[str, Meta(max_length=80)] = ""
    pin: Annotated[str, Meta(max_length=40)] = ""
    screen: Screen | None = None
    """Of the page once it is in, where it knows that already."""


async def find_invitation(request: Request, secret: str) -> tuple[ConsultRunner, Invitation]:
    """The invitation of a link whose secret is right, within its rate, or that of a seat that this browser has by it.

    Raises:
        Refused: "unknown_link", "too_often".
    """
    registry = services(request).registry
    consult = ConsultId(request.path_params["consult"])
    invitation_id = InvitationId(request.path_params["invitation"])
    right = services(request).keys.invitation_secret(consult, invitation_id)
    if not same_secret(secret, right):
        raise Refused("unknown_link", "This link is not complete or not right. Ask the person who sent it.")
    runner = await registry.find(consult)
    invitation = runner.core.state.invitations.get(invitation_id)
    if invitation is None or invitation.spoken:
        raise Refused("unknown_link", "This link is not known here. Ask the person who sent it.")
    if (seat := remembered_seat(request, runner, invitation)) is not None:
        runner.check_asks(seat.id, "pages")
    elif not runner.may_join(invitation.id):
        raise Refused("too_often", MANY)
    return runner, invitation


def refusal(runner: ConsultRunner, invitation: Invitation) -> Refused | None:
    """Why a link that was once right lets nobody in now."""
    reason = why_shut(runner.core.state, invitation, now())
    return None if reason is None else Refused(reason, CLOSED_LINKS[reason])


def refused_response(request: Request, runner: ConsultRunner, refused: Refused, invitation: Invitation) -> Response:
    """A refusal, with the time until which the link was valid where that is why; once the consult has ended, with the
    seat in which this browser may read its signed note."""
    more = {}
    if refused.code == "expired" and invitation.expires_at is not None:
        more = {"until": datetime.fromtimestamp(invitation.expires_at, UTC).isoformat()}
    seat = remembered_seat(request, runner, invitation) if refused.code == "over" else None
    if seat is not None and why_out(runner.core.state, seat.id, now(), reads=True) is None:
        more = {"seat": seat_address(request, seat.id)}
    return error_response(refused.code, refused.sentence, status_of(refused), **more)


def remembered_seat(request: Request, runner: ConsultRunner, invitation: Invitation) -> Seat | None:
    """The seat that this browser took with this link before."""
    remembered, _, secret = request.cookies.get(JOIN_COOKIE, "").partition(".")
    seat = runner.core.state.seats.get(SeatId(remembered))
    if seat is None or seat.invitation != invitation.id:
        return None
    return seat if same_secret(secret, services(request).keys.seat_secret(runner.id, seat.id)) else None


def former_seat(request: Request, runner: ConsultRunner, invitation: Invitation, name: str) -> SeatId | None:
    """The seat that this browser took with this link before, where it is the same person.

    Also while a page of theirs seems to sit in it: after a change of network nobody knows for a while that the former
    page is gone, and two pages of one person may share a seat. Who was not let in gets it under any name: its page says
    so, and lets them ask once more.

    Raises:
        Refused: "removed": that person was put out.
    """
    seat = remembered_seat(request, runner, invitation)
    if seat is None:
        return None
    if seat.removed and seat.lobby == "":
        raise Refused("removed", "The host removed you from the consult.")
    return seat.id if seat.name == name or seat.removed else None


def voice_check(request: Request) -> CheckPoint | None:
    """Where the page can try whether voice comes through to here."""
    return services(request).voice_check


def set_cookie(request: Request, response: Response, name: str, value: str, path: str) -> None:
    """A cookie that no script reads and no other site sends; `path` is of ours."""
    whole = base_path(request) + path
    response.set_cookie(
        name, value, max_age=COOKIE_AGE_S, path=whole, httponly=True, samesite="strict", secure=is_secure(request)
    )


def seat_address(request: Request, seat: SeatId) -> str:
    """Where somebody sits."""
    return f"{base_path(request)}/seat/{seat}/"


def seat_response(
    request: Request,
    consult: ConsultId,
    seat: SeatId,
    secret: str,
    first: tuple[str, ...] | None = None,
    **more: Any,
) -> Response:
    """{"seat": its address, "enters": whether the page may go on into the consult without asking again, "stills": what
    it is shown first, and more}, and the cookie that lets a browser sit there. `first`: the stills; None: it does not
    enter."""
    answer = {"seat": seat_address(request, seat), "enters": first is not None, "stills": first or (), **more}
    response = json_response(answer)
    set_cookie(request, response, cookie_name(seat), f"{consult}.{secret}", f"/seat/{seat}/")
    return response


async def join_page(request: Request) -> Response:
    """GET: the page a link opens; it learns the rest by posting the secret."""
    return page(request, "join.html")


async def mangled_link(request: Request) -> Response:
    """GET of an address that goes on behind the invitation: a `#` that a message has encoded, a slash, a second paste.

    What follows the invitation goes into the fragment, where the page looks for the secret. Relative: see base.html.
    """
    found = re.fullmatch(r"([\w=-]*)(.*)", request.path_params["mangled"], re.S)
    assert found is not None, "it takes any text"
    invitation, rest = found.groups()
    up = "../" * (request.url.path.count("/", request.url.path.index("/join/")) - 1)
    fragment = f"#{quote(rest.lstrip('#/'), safe='')}" if rest.strip("/") else ""
    return RedirectResponse(f"{up}join/{request.path_params['consult']}/{invitation}{fragment}")


async def preview_invitation(request: Request) -> Response:
    """POST: who invites, to what, as what."""
    body = await read_json(request, PreviewInvitationRequest)
    runner, invitation = await find_invitation(request, body.secret)
    if refused := refusal(runner, invitation):
        return refused_response(request, runner, refused, invitation)
    consult = runner.core.state.consult
    hidden = invitation.lobby or invitation.pin or hides(runner.core.state, invitation.role)
    people = 0 if invitation.lobby or invitation.pin else runner.count_online()
    returning = bool(invitation.name) and former_seat(request, runner, invitation, invitation.name) is not None
    board = runner.core.state.board
    elsewhere = board is not None and board.sound_elsewhere
    reachable = None if invitation.role == "reader" or elsewhere else voice_check(request)
    who = consult.host_name, "" if hidden else consult.title, invitation.role, invitation.name
    preview = InvitationPreview(*who, people, returning, reachable, hospital=services(request).site_name)
    runner.pictures.load()
    preview = replace(preview, lobby=invitation.lobby, pin=invitation.pin, sound_elsewhere=elsewhere)
    response = json_response(preview)
    set_cookie(request, response, KEEPS_COOKIE, "1", request.url.path)
    return response


def wrong_pin(request: Request, runner: ConsultRunner, invitation: Invitation, given: str) -> Response | None:
    """What is answered to a PIN that is not right, or comes too often; None where it is right."""
    pins, link = services(request).pins, f"{runner.id}/{invitation.id}"
    address = address_of(request)
    if wait_s := pins.wait_s(link, address, steady()):
        message = "Too many wrong PINs came. Wait, or ask the person who invited you."
        return error_response("wrong_pin", message, 429, tries_left=0, retry_after_s=math.ceil(wait_s))
    digits = "".join(letter for letter in given if letter.isascii() and letter.isdecimal())
    if same_secret(digits, services(request).keys.invitation_pin(runner.id, invitation.id)):
        return None
    if not digits:
        return error_response("no_pin", "Please give the PIN. The person who invited you has it.", 403)
    left = pins.wrong(link, address, steady())
    services(request).registry.audit.note("refusal", consult=runner.id, what="wrong_pin", outcome="refused")
    return error_response("wrong_pin", "This is not the PIN.", 403, tries_left=left)


async def first_stills(
    request: Request, runner: ConsultRunner, seat: SeatId, screen: Screen | None
) -> tuple[str, ...] | None:
    """What who has just sat down is shown first; None: the page does not go on into the consult by itself. So it is
    before the door, for a reader, and where no cookie passes: of these nobody is told anything of a picture."""
    state = runner.core.state
    if state.seats[seat].role == "reader" or why_out(state, seat, now()) is not None:
        return None
    if KEEPS_COOKIE not in request.cookies:
        return None
    if screen is None:
        return ()
    return await runner.pictures.first_stills(seat, screen, guest=is_guest(state.seats[seat].role))


async def take_seat(request: Request) -> Response:
    """POST .../seat: come in. Sets the cookie of the seat."""
    body = await read_json(request, TakeSeatRequest)
    runner, invitation = await find_invitation(request, body.secret)
    if refused := refusal(runner, invitation):
        return refused_response(request, runner, refused, invitation)
    name = body.name.strip() or invitation.name
    if not name:
        raise Refused("no_name", "Please give your name, as others will see it.")
    seat = former_seat(request, runner, invitation, name)
    if seat is None:
        if invitation.pin and (wrong := wrong_pin(request, runner, invitation, body.pin)) is not None:
            return wrong
        if invitation.role != "reader" and not runner.core.has_place(invitation.role):
            raise Refused("full", "The consult is full. Ask the host to let somebody go.")
        if not runner.may_take_seat(invitation.id):
            raise Refused("too_often", MANY)
        seat = SeatId(secrets.token_urlsafe(9))
        await runner.command(TakeSeat(seat=seat, invitation=invitation.id, name=name))
    secret = services(request).keys.seat_secret(runner.id, seat)
    first = await first_stills(request, runner, seat, body.screen)
    response = seat_response(request, runner.id, seat, secret, first)
    set_cookie(request, response, JOIN_COOKIE, f"{seat}.{secret}", request.url.path.removesuffix("/seat"))
    return response


routes = [
    Route("/join/{consult}/{invitation}", join_page, methods=["GET"]),
    Route("/join/{consult}/{invitation}", preview_invitation, methods=["POST"]),
    Route("/join/{consult}/{invitation}/seat", take_seat, methods=["POST"]),
    Route("/join/{consult}/{mangled:path}", mangled_link, methods=["GET"]),
]
