"""Addresses that lead nowhere: a page for people, the usual error for programs."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from consult.http.pages.static import site
from consult.http.responses import error_response

CODES = {404: "not_found", 405: "method_not_allowed"}
SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not do that.",
}
STYLES = ("tokens", "controls", "join")
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="dark">
<meta name="robots" content="noindex">
<title>Page not found · consult</title>
<link rel="icon" href="{static}/img/icon.svg" type="image/svg+xml">
{styles}
</head>
<body class="page" data-state="ended" data-reason="not_found">
<header class="brand"><span>consult</span></header>
<main id="end"><div class="state-page"><div class="state-column">
<h1>Page not found</h1>
<p>There is nothing at this address. An invitation link works as a whole: copy all of it from the message, or ask the
person who sent it for a new one.</p>
<p>If this is your own server, your studies are at its <a href="{home}">home page</a>.</p>
</div></div></main>
<footer class="foot">Not for primary diagnosis</footer>
</body>
</html>
"""


async def on_http_error(request: Request, error: Exception) -> Response:
    """What Starlette refuses: no such address, or no such method there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and request.method in ("GET", "HEAD") and wants_page(request):
        return HTMLResponse(page_of(request.scope["path"]), 404, {"Cache-Control": "no-store"})
    sentence = SENTENCES.get(error.status_code, error.detail)
    response = error_response(CODES.get(error.status_code, "refused"), sentence, error.status_code)
    response.headers.update(error.headers or {})
    return response


def wants_page(request: Request) -> bool:
    """A person's browser asks."""
    return "text/html" in request.headers.get("accept", "")


def page_of(path: str) -> str:
    """The page, whose addresses are relative to `path`: they hold below any prefix of a proxy."""
    home = "../" * (path.count("/") - 1) or "./"
    static = f"{home}static/{site.now().version}"
    links = "\n".join(f'<link rel="stylesheet" href="{static}/css/{name}.css">' for name in STYLES)
    return PAGE.format(static=static, styles=links, home=home)
