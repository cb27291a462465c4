"""The ASGI application: every route of this package in one list."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.middleware import Middleware

from consult.access.keys import Keys
from consult.demo.demo_studies import DemoStudies
from consult.http.answers import SecurityHeaders, on_consult_error
from consult.http.api import consults, invitations, studies, uploads
from consult.http.pages import home, templates
from consult.http.seat import joining, seat
from consult.http.security.throttle import Throttle
from consult.http.sockets import control_socket, media_socket
from consult.library.library import Library
from consult.library.uploads import Uploads
from consult.model.errors import ConsultError
from consult.runtime.registry import Registry

MODULES = (home, consults, invitations, studies, uploads, joining, seat, control_socket, media_socket, templates)


def make_application(
    registry: Registry, library: Library, keys: Keys, upload_store: Uploads, demo: DemoStudies
) -> Starlette:
    """The application. `state.public_url`: what links begin with; "": the address that was asked."""
    application = Starlette(
        routes=[route for module in MODULES for route in module.routes],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={ConsultError: on_consult_error},
    )
    application.state.registry = registry
    application.state.library = library
    application.state.keys = keys
    application.state.uploads = upload_store
    application.state.demo = demo
    application.state.throttle = Throttle()
    application.state.receiving = asyncio.Semaphore(uploads.MAX_AT_ONCE)
    application.state.public_url = ""
    return application
