"""Where one is signed in: listed, ended one by one or all others; and one's own password."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.access.weak_passwords import check_password
from consult.clock import now, steady
from consult.http.responses import json_response, read_json
from consult.http.security.host import Host, browser_of, check_host
from consult.http.security.ration import Attempt
from consult.http.services import services
from consult.http.sign_in.session import passwords_too_often
from consult.model.errors import Refused
from consult.store.accounts import SignIn

Password = Annotated[str, Meta(max_length=1000)]


class ChangePasswordRequest(Struct, forbid_unknown_fields=True):
    """POST /api/password."""

    current: Password
    new: Password


async def list_sign_ins(request: Request) -> Response:
    """GET /api/sign-ins: those of who asks; of the token's holder, all by the token."""
    return await _listed(request, await check_host(request))


async def end_sign_in(request: Request) -> Response:
    """DELETE /api/sign-ins/ID: that one is over; the list as it is then. Raises Refused: "unknown_sign_in"."""
    host, accounts = await check_host(request), services(request).accounts
    if not await accounts.store.end(host.name, request.path_params["sign_in"]):
        raise Refused("unknown_sign_in", "This sign-in is over already.")
    return await _listed(request, host)


async def end_others(request: Request) -> Response:
    """DELETE /api/sign-ins: all are over but the one that asks; the list as it is then."""
    host, accounts = await check_host(request), services(request).accounts
    await accounts.store.end_others(host.name, host.sign_in.id if host.sign_in else "")
    return await _listed(request, host)


async def _listed(request: Request, host: Host) -> Response:
    accounts, own = services(request).accounts, host.sign_in.id if host.sign_in else ""
    found = await accounts.store.sign_ins(host.name, now(), accounts.times)
    times = {"idle_s": accounts.times.idle_s, "max_s": accounts.times.max_s}
    return json_response({"sign_ins": [sign_in_json(one, own) for one in found], **times})


def sign_in_json(sign_in: SignIn, own: str) -> dict[str, Any]:
    """A session as its user reads it. `own`: id of the one that asks."""
    return {
        "id": sign_in.id,
        "way": sign_in.way,
        "browser": sign_in.browser,
        "address": sign_in.address,
        "began_at": sign_in.began_at,
        "used_at": sign_in.used_at,
        "here": sign_in.id == own,
    }


async def change_password(request: Request) -> Response:
    """POST {"current", "new"}: another password; where else one is signed in one is no more.

    Raises:
        Refused: "no_password": who asks has none; "wrong_password", "weak_password", "too_often".
    """
    host, accounts = await check_host(request), services(request).accounts
    body = await read_json(request, ChangePasswordRequest)
    if host.user is None or host.sign_in is None or not host.user.has_password:
        raise Refused("no_password", "You have no password here: you sign in another way.")
    own = host.sign_in.id
    attempt = Attempt(host.name, browser_of(request).address, own)
    if wait_s := accounts.ration.wait_s(attempt, steady()):
        return passwords_too_often(wait_s)
    accounts.ration.begin(attempt, steady())
    if await accounts.by_password(host.name, body.current) is None:
        raise Refused("wrong_password", "This is not your password as it is now.")
    accounts.ration.right(attempt, steady())
    check_password(body.new, host.name, host.user.full_name)
    hashed = await asyncio.to_thread(accounts.passwords.hash, body.new)
    await accounts.store.set_password(host.name, hashed, but=own)
    services(request).registry.audit.note("account", role="host", user=host.name, what="password_set")
    return await _listed(request, host)


routes = [
    Route("/api/sign-ins", list_sign_ins, methods=["GET"]),
    Route("/api/sign-ins", end_others, methods=["DELETE"]),
    Route("/api/sign-ins/{sign_in}", end_sign_in, methods=["DELETE"]),
    Route("/api/password", change_password, methods=["POST"]),
]
