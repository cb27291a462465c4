"""The host's home: the page, which is the same for everybody; a session fills it (`http/sign_in`)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consult.http.pages.static import page


async def home_page(request: Request) -> Response:
    """GET: the page; without a session it asks who one is."""
    return page(request, "home.html")


routes = [Route("/", home_page, methods=["GET"])]
