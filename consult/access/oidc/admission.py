"""Whom of those that the OpenID provider knows this server lets in, and what they are called here. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consult.model.errors import Refused
from consult.sessions.features.texts import clean_line

EVERYBODY = "*"
MAX_NAME = 80


@dataclass(frozen=True)
class Admission:
    """Who is let in: by e-mail or by group; one of both is enough.

    Attributes:
        emails: addresses; `@hospital.example`: all of that domain; `*`: everybody whom the provider lets in.
        groups: values of the claim `groups_claim`.
    """

    emails: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    groups_claim: str = "groups"

    def check(self, claims: Mapping[str, Any]) -> None:
        """Let somebody pass, by the claims of their ID token.

        Raises:
            Refused: "not_admitted".
        """
        if EVERYBODY in self.emails or self._by_email(verified_email(claims)) or self._by_group(claims):
            return
        raise Refused(
            "not_admitted",
            "You are signed in there, but this account may not host here. Ask whoever runs this server to admit your "
            "e-mail address or group.",
        )

    def _by_email(self, email: str) -> bool:
        return bool(email) and bool(self.emails & {email, f"@{email.rpartition('@')[2]}"})

    def _by_group(self, claims: Mapping[str, Any]) -> bool:
        found = claims.get(self.groups_claim)
        listed = found if isinstance(found, list) else [found]
        return bool(self.groups & {group for group in listed if isinstance(group, str)})


def verified_email(claims: Mapping[str, Any]) -> str:
    """The e-mail address that the provider has checked (Core 5.1, `email_verified`); "": it has not."""
    email = claims.get("email")
    return email.strip().casefold() if isinstance(email, str) and claims.get("email_verified") is True else ""


def full_name_of(claims: Mapping[str, Any]) -> str:
    """How others read somebody's name: `name`, else given and family name, else what they sign in with there."""
    given = " ".join(text_of(claims, part) for part in ("given_name", "family_name"))
    names = (text_of(claims, "name"), given, text_of(claims, "preferred_username"), verified_email(claims))
    return next((clean for name in names if (clean := clean_line(name, MAX_NAME))), text_of(claims, "sub"))


def text_of(claims: Mapping[str, Any], claim: str) -> str:
    """A claim that is a text; "" where it is none."""
    found = claims.get(claim)
    return found if isinstance(found, str) else ""
