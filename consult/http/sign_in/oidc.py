"""Signing in by the site's OpenID provider: a browser goes there, and comes back with a code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from consult.access.oidc.admission import full_name_of, verified_email
from consult.access.oidc.client import Provider
from consult.access.oidc.flow import FLOW_S, opened, sealed
from consult.clock import now
from consult.http.pages.languages import language_of
from consult.http.pages.static import language_headers, site
from consult.http.responses import status_of
from consult.http.security.address import base_path, base_url, is_secure
from consult.http.security.host import begin_session
from consult.http.security.refusals import note_refusal
from consult.http.services import services
from consult.model.errors import ConsultError, Refused
from consult.store.accounts import User, user_name

COOKIE = "consult-provider"
PATH = "/api/oidc"
CALLBACK = f"{PATH}/callback"
NAMESAKE = "There is a user of that name here already, who is not you. Ask whoever runs this server."
Answer = Callable[[Request], Awaitable[Response]]


def as_page(answer: Answer) -> Answer:
    """A person looks at it: what is refused is a page with the sentence and the way back."""

    async def answered(request: Request) -> Response:
        try:
            return await answer(request)
        except ConsultError as error:
            note_refusal(request, error)
            return failed_page(request, error)

    return answered


@as_page
async def start(request: Request) -> Response:
    """GET /api/oidc/start: on to the provider. Raises Refused: "no_provider", "provider_silent", "unknown_host"."""
    provider = provider_of(request)
    url, flow = await provider.begin(redirect_uri(request))
    response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    _set_cookie(request, response, sealed(flow, services(request).keys), int(FLOW_S))
    return response


@as_page
async def callback(request: Request) -> Response:
    """GET /api/oidc/callback?code=...&state=...: back from there; the browser has a session, and goes to the home.

    Raises:
        Refused: "strange_answer", "turned_away", "provider_silent", "unsound_answer", "not_admitted", "user_exists".
    """
    provider, query = provider_of(request), request.query_params
    if "code" not in query and "error" in query:  # whoever's answer it is: nobody is signed in by it
        raise Refused("turned_away", "Your organization's sign-in page has not signed you in.")
    flow = opened(request.cookies.get(COOKIE, ""), query.get("state", ""), services(request).keys, now())
    claims = await provider.claims(query.get("code", ""), flow, redirect_uri(request))
    provider.admission.check(claims)
    user = await user_of(request, provider.client.issuer, claims)
    response = RedirectResponse("../../", 303, {"Cache-Control": "no-store"})
    await begin_session(request, response, user.name, "provider")
    _set_cookie(request, response, "", 0)
    return response


async def user_of(request: Request, issuer: str, claims: dict[str, Any]) -> User:
    """The user that these claims are of: known by issuer and subject, made when they come first.

    Who was added without a password under somebody's e-mail address is that person, once the provider has verified it.

    Raises:
        Refused: "user_exists": the name that they would have is somebody else's; "bad_user_name".
    """
    store, subject = services(request).accounts.store, f"{issuer} {claims['sub']}"
    name, email = full_name_of(claims), verified_email(claims)
    if (known := await store.user_of_subject(subject)) is not None:
        await store.describe(replace(known, full_name=name))
        return replace(known, full_name=name)
    own = user_name(email or str(claims.get("preferred_username") or claims["sub"]))
    found = await store.user(own)
    if found is None:
        made = User(own, name, subject=subject, created_at=now())
        await store.add(made)
        return made
    if found.subject or found.has_password or own != email:
        raise Refused("user_exists", NAMESAKE)
    taken = replace(found, subject=subject, full_name=name)
    await store.describe(taken)
    return taken


def provider_of(request: Request) -> Provider:
    """The site's provider. Raises Refused: "no_provider"."""
    if (provider := services(request).provider) is None:
        raise Refused("no_provider", "This server is not set up for signing in by an organization's account.")
    return provider


def redirect_uri(request: Request) -> str:
    """Where the provider sends the browser back to; it must be known there."""
    return base_url(request) + CALLBACK


def failed_page(request: Request, error: ConsultError) -> Response:
    """Why one is not signed in, and the way back."""
    edition = site.now()
    language = language_of(request, edition.pages)
    sentence = edition.catalogues[language].server.get(error.sentence, error.sentence)
    html = edition.render(
        "sign_in_failed.html", language, sentence=sentence, root="../../", static=f"../../static/{edition.version}"
    )
    return HTMLResponse(html, status_of(error), {"Cache-Control": "no-store", **language_headers(language)})


def _set_cookie(request: Request, response: Response, value: str, seconds: int) -> None:
    """SameSite=Lax: the provider's page is another site, and leads back here."""
    path = base_path(request) + PATH
    response.set_cookie(
        COOKIE, value, max_age=seconds, path=path, httponly=True, samesite="lax", secure=is_secure(request)
    )


routes = [Route(f"{PATH}/start", start, methods=["GET"]), Route(CALLBACK, callback, methods=["GET"])]
