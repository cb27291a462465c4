"""The pages and static files as responses."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from consult.http.pages.languages import language_of
from consult.http.pages.site import Site

PACKAGED = Path(__file__).parents[2] / "web"
CHECKED_OUT = Path(__file__).parents[3] / "web"
WEB = PACKAGED if PACKAGED.is_dir() else CHECKED_OUT
"""web/ in a wheel, else beside the package in a checkout."""

LOOK_EVERY_S = 1.0
site = Site(WEB, look_every_s=LOOK_EVERY_S)
FOR_EVER = "public, max-age=31536000, immutable"


def page(request: Request, name: str, status: int = 200) -> Response:
    """One of web/templates in the browser's language, never used from a cache without asking."""
    pages = site.now().pages
    language = language_of(request, pages)
    headers = {"Cache-Control": "no-cache", **language_headers(language)}
    return Response(pages[language][name], status, headers, "text/html; charset=utf-8")


def language_headers(language: str) -> dict[str, str]:
    """In which language a page is, and that another browser may get it in another."""
    return {"Content-Language": language, "Vary": "Cookie, Accept-Language"}


async def asset(request: Request) -> Response:
    """GET /static/VERSION/NAME: js, css and glyphs; cached for ever, since another version has another name."""
    found = site.asset(request.path_params["version"], request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file in this version.\n", 404)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.zipped, headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.body, headers=headers, media_type=found.media_type)


routes = [Route("/static/{version}/{name:path}", asset, methods=["GET"])]
