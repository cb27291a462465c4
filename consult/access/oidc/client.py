"""How this server is known to the OpenID provider, and what it wants of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from consult.access.oidc.admission import Admission
from consult.access.oidc.flow import Flow


@dataclass(frozen=True)
class Client:
    """This server, as a client of the provider.

    Attributes:
        issuer: the provider's address, exactly as its metadata and ID tokens say it.
        id: client id.
        secret: "": it has none (a public client; PKCE alone).
        name: of the provider, as people call it.
    """

    issuer: str
    id: str
    secret: str = ""
    name: str = ""

    @property
    def shown_name(self) -> str:
        """What stands on the button."""
        return self.name or urlsplit(self.issuer).hostname or self.issuer


class Provider(Protocol):
    """The provider, as the routes of signing in see it; `provider.py` has it, which is loaded where one is set up."""

    @property
    def client(self) -> Client:
        """This server, as its client."""

    @property
    def admission(self) -> Admission:
        """Whom of those whom it knows this server lets in."""

    async def begin(self, redirect_uri: str) -> tuple[str, Flow]:
        """Where to send a browser, and what it keeps meanwhile. Raises Refused: "provider_silent", "unsound_answer"."""

    async def claims(self, code: str, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        """Who has signed in there: the claims of the ID token that the code buys.

        Raises:
            Refused: "provider_silent"; "unsound_answer": it is not verified.
        """
