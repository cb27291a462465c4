"""Whose matter a request is: a consult's, the house's, the pages' of a release, or anybody's."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote

from starlette.types import Scope

from consult.store.leases import HOUSE

NEW = "@new"
"""A consult that there is not yet."""
STATIC = "@static/"
"""Before the version of a release's files."""
NO_CONSULTS = ("import",)
"""Words that stand where a consult's id does."""
HOUSE_PATHS = ("uploads", "set-aside", "demo")
"""Below /api: what one node does for all."""


def place_of(scope: Scope) -> str:
    """The id of the consult whose matter it is, or one of `NEW`, `HOUSE`, `STATIC`; "": any node answers.

    Nothing is checked here: the node that answers does that.
    """
    parts = [unquote(part) for part in scope["path"].split("/")[1:]]
    method = scope.get("method", "GET")
    match parts:
        case ["seat", seat, *_]:
            return consult_of_seat(scope, seat)
        case ["join", consult, *_] if method == "POST":
            return consult
        case ["join"] if method == "POST":
            return HOUSE
        case ["api", "consults" | "boards"] if method == "POST":
            return NEW
        case ["api", "consults", consult, *_] if consult not in NO_CONSULTS:
            return consult
        case ["api", kind, *_] if kind in HOUSE_PATHS:
            return HOUSE
        case ["static", version, *_]:
            return f"{STATIC}{version}"
    return ""


def consult_of_seat(scope: Scope, seat: str) -> str:
    """As the seat's cookie says, which the node that answers checks; "": there is none."""
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookie = SimpleCookie(value.decode("latin-1")).get(f"consult-{seat}")
            except CookieError:
                continue
            if cookie is not None:
                return cookie.value.partition(".")[0]
    return ""
