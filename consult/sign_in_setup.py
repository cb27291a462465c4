"""What the settings say of signing in: the accounts, and the OpenID provider."""

from __future__ import annotations

from contextlib import AsyncExitStack

from consult.access.keys import Keys
from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client, Provider
from consult.http.sign_in.accounts import Accounts
from consult.settings import Settings
from consult.store.accounts import SessionTimes
from consult.store.backend import Backend

MIN_S, HOUR_S = 60.0, 3600.0


def open_accounts(stack: AsyncExitStack, stores: Backend, settings: Settings, keys: Keys) -> Accounts:
    """The users; `stack` closes them."""
    store = stores.accounts()
    stack.push_async_callback(store.close)
    return Accounts(store, keys, SessionTimes(settings.session_idle_min * MIN_S, settings.session_max_h * HOUR_S))


def open_provider(stack: AsyncExitStack, settings: Settings) -> Provider | None:
    """The OpenID provider, where one is set up; `stack` closes it."""
    if not settings.oidc_issuer:
        return None
    from consult.access.oidc.provider import OpenIdProvider  # half a second, which nobody else waits for

    client = Client(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_secret, settings.oidc_name)
    provider = OpenIdProvider(client, admission_of(settings))
    stack.callback(provider.close)
    return provider


def admission_of(settings: Settings) -> Admission:
    """Whom of those whom the provider knows this server lets in."""
    emails = frozenset(email.casefold() for email in listed(settings.oidc_allowed_emails))
    return Admission(emails, frozenset(listed(settings.oidc_allowed_groups)), settings.oidc_groups_claim)


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return [word for part in text.split(",") if (word := part.strip())]
