"""Addresses that lead nowhere: a page for people, the usual error for programs."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consult.http.pages.languages import language_of
from consult.http.pages.static import language_headers, site
from consult.http.responses import error_response

CODES = {404: "not_found", 405: "method_not_allowed"}
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not do that.",
}


async def on_http_error(request: Request, error: Exception) -> Response:
    """What Starlette refuses: no such address, or no such method there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and request.method in ("GET", "HEAD") and wants_page(request):
        return not_found_page(request)
    sentence = SENTENCES.get(error.status_code, error.detail)
    response = error_response(CODES.get(error.status_code, "refused"), sentence, error.status_code)
    response.headers.update(error.headers or {})
    return response


def wants_page(request: Request) -> bool:
    """A person's browser asks."""
    return "text/html" in request.headers.get("accept", "")


def not_found_page(request: Request) -> Response:
    """The page, whose addresses are relative to the path asked for: they hold below any prefix of a proxy."""
    edition = site.now()
    language = language_of(request, edition.pages)
    root = "../" * (request.scope["path"].count("/") - 1) or "./"
    html = edition.render("not_found.html", language, root=root, static=f"{root}static/{edition.version}")
    return HTMLResponse(html, 404, {"Cache-Control": "no-store", **language_headers(language)})
