"""What watches the server asks: whether it lives, whether it is ready, its numbers. None of it wants the host's token.

Rules of this file:
- `/livez`, `/healthz` and `/readyz` are for anybody, and say one word or one sentence, without a path and without a
  name. An answer of `/readyz` holds for a second (`store.log.readiness`).
- `/metrics` wants its own token where one is set. Without one it answers who asks on this very machine and past any
  proxy: behind one, everybody's requests come from there.
"""

from __future__ import annotations

import ipaddress

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from consult.access.keys import same_secret
from consult.http.security.address import OWN_NAMES, host_name
from consult.http.services import services
from consult.model.errors import Refused
from consult.monitoring.metrics import CONTENT_TYPE

OF_PROXIES = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers that proxies add; the one of docker/nginx.conf adds two."""


async def livez(_: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """Store, disk and workers do their work. Anybody may ask, so nothing is read. Raises StoreFailed: a sentence."""
    await services(request).readiness.check()
    return PlainTextResponse("ready\n")


async def metrics(request: Request) -> Response:
    """The numbers, for Prometheus."""
    check_may_read(request)
    return Response(services(request).metrics.text(), headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE)


def check_may_read(request: Request) -> None:
    """Let pass who may read the numbers.

    Raises:
        Refused: "no_token".
    """
    token = services(request).metrics.token
    given = request.headers.get("authorization", "")
    if token and not same_secret(given.removeprefix("Bearer "), token):
        raise Refused("no_token", "/metrics wants `Authorization: Bearer TOKEN`; the token is metrics_token.")
    if not token and not is_on_this_machine(request):
        raise Refused("no_token", "/metrics answers this machine alone, past any proxy; else set metrics_token.")


def is_on_this_machine(request: Request) -> bool:
    """Who asks does so from this machine, under its own name, and no proxy says that it asks for somebody else."""
    try:
        is_near = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:  # not an address: a socket of the file system, or a proxy that says "unknown"
        return False
    return is_near and host_name(request) in OWN_NAMES and not any(name in request.headers for name in OF_PROXIES)


routes = [
    Route("/livez", livez),
    Route("/healthz", livez),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
]
