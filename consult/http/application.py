"""The ASGI application: every route of this package in one list."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect

from consult.http import health
from consult.http.api import (
    boards,
    consults,
    documents,
    host_seat,
    invitations,
    keeping,
    record,
    set_aside,
    studies,
    turnaround,
    uploads,
)
from consult.http.pages import home, static
from consult.http.pages.not_found import on_http_error
from consult.http.responses import SecurityHeaders, on_cut_body
from consult.http.seat import joining, lobby, magnifying, own_link, photos, prepared, reading, seat_page, spoken, values
from consult.http.security.acts import NotedActs
from consult.http.security.address import Prefix
from consult.http.security.rationing import Rationed
from consult.http.security.refusals import on_consult_error
from consult.http.services import Services, attach
from consult.http.sign_in import launch, oidc, session, sign_ins
from consult.http.sockets import control_socket, media_socket, picture_socket
from consult.model.errors import ConsultError

API = (boards, consults, documents, host_seat, invitations, keeping, record, set_aside, studies, turnaround, uploads)
SIGN_IN = (session, sign_ins, oidc, launch)
SEAT = (joining, lobby, magnifying, own_link, photos, prepared, reading, seat_page, spoken, values)
MODULES = (home, *SIGN_IN, *API, health, *SEAT, control_socket, media_socket, picture_socket, static)


def make_application(services: Services) -> Starlette:
    """The application over these services."""
    application = Starlette(
        routes=[route for module in MODULES for route in module.routes],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Prefix, services.public_url),
            *bridging(services),
            Middleware(Rationed),
            Middleware(NotedActs),
        ],
        exception_handlers={
            ConsultError: on_consult_error,
            HTTPException: on_http_error,
            ClientDisconnect: on_cut_body,
        },
    )
    attach(application, services)
    return application


def bridging(services: Services) -> list[Middleware]:
    """What passes requests on to other nodes, where there are any."""
    if services.bridge is None:
        return []
    from consult.http.bridging.bridge import Bridged

    return [Middleware(Bridged)]
