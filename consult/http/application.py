"""The ASGI application: every route of this room in one list."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware

from consult.http import api, control_socket, joining, media_socket, pages, seat
from consult.http.answers import SecurityHeaders, on_consult_error
from consult.model.errors import ConsultError
from consult.runtime.keys import Keys
from consult.runtime.library import Library
from consult.runtime.registry import Registry


def make_application(registry: Registry, library: Library, keys: Keys) -> Starlette:
    """The application over these rooms."""
    application = Starlette(
        routes=[route for room in (api, joining, seat, control_socket, media_socket, pages) for route in room.routes],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={ConsultError: on_consult_error},
    )
    application.state.registry = registry
    application.state.library = library
    application.state.keys = keys
    return application
