"""The ASGI application: every route of this room in one list."""

from __future__ import annotations

import asyncio

from starlette.applications import Starlette
from starlette.middleware import Middleware

from consult.http import (
    api,
    control_socket,
    home,
    invitations,
    joining,
    media_socket,
    pages,
    seat,
    studies,
    uploads_api,
)
from consult.http.answers import SecurityHeaders, on_consult_error
from consult.http.throttle import Throttle
from consult.model.errors import ConsultError
from consult.runtime.demo import DemoStudies
from consult.runtime.keys import Keys
from consult.runtime.library import Library
from consult.runtime.registry import Registry
from consult.runtime.uploads import Uploads

ROOMS = (home, api, invitations, studies, uploads_api, joining, seat, control_socket, media_socket, pages)


def make_application(
    registry: Registry, library: Library, keys: Keys, uploads: Uploads, demo: DemoStudies
) -> Starlette:
    """The application over these rooms. `state.public_url`: what links begin with; "": the address that was asked."""
    application = Starlette(
        routes=[route for room in ROOMS for route in room.routes],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={ConsultError: on_consult_error},
    )
    application.state.registry = registry
    application.state.library = library
    application.state.keys = keys
    application.state.uploads = uploads
    application.state.demo = demo
    application.state.throttle = Throttle()
    application.state.receiving = asyncio.Semaphore(uploads_api.MAX_AT_ONCE)
    application.state.public_url = ""
    return application
