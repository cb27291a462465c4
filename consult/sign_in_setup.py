"""What the settings say of signing in: the accounts, the OpenID provider, the secrets in files."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from consult.access.keys import Keys
from consult.access.oidc.admission import Admission
from consult.access.oidc.client import Client, Provider
from consult.http.sign_in.accounts import Accounts
from consult.model.errors import Refused
from consult.settings import Settings
from consult.store.accounts import SessionTimes
from consult.store.accounts.sqlite import SqliteAccounts

MIN_LAUNCH_SECRET = 32
"""Characters."""
MIN_S, HOUR_S = 60.0, 3600.0


def open_accounts(stack: AsyncExitStack, settings: Settings, keys: Keys) -> Accounts:
    """The users of the data directory; `stack` closes them."""
    store = SqliteAccounts(settings.data)
    stack.push_async_callback(asyncio.to_thread, store.close)
    return Accounts(store, keys, SessionTimes(settings.session_idle_min * MIN_S, settings.session_max_h * HOUR_S))


def open_provider(stack: AsyncExitStack, settings: Settings) -> Provider | None:
    """The OpenID provider, where one is set up; `stack` closes it. Raises Refused: "bad_secret_file"."""
    if not settings.oidc_issuer:
        return None
    from consult.access.oidc.provider import OpenIdProvider  # half a second, which nobody else waits for

    secret = secret_of(settings.oidc_secret_file, "oidc_secret_file")
    client = Client(settings.oidc_issuer, settings.oidc_client_id, secret, settings.oidc_name)
    provider = OpenIdProvider(client, admission_of(settings))
    stack.callback(provider.close)
    return provider


def admission_of(settings: Settings) -> Admission:
    """Whom of those whom the provider knows this server lets in."""
    emails = frozenset(email.casefold() for email in listed(settings.oidc_allowed_emails))
    return Admission(emails, frozenset(listed(settings.oidc_allowed_groups)), settings.oidc_groups_claim)


def launch_secret(settings: Settings) -> str:
    """By which launch links are signed; "": none is set. Raises Refused: "bad_secret_file"."""
    secret = secret_of(settings.launch_secret_file, "launch_secret_file")
    if settings.launch_secret_file is not None and len(secret) < MIN_LAUNCH_SECRET:
        raise Refused(
            "bad_secret_file",
            f"launch_secret_file {settings.launch_secret_file} holds {len(secret)} characters: it must be "
            f"{MIN_LAUNCH_SECRET} at least. `openssl rand -hex 32` makes good ones.",
        )
    return secret


def secret_of(path: Path | None, setting: str) -> str:
    """What stands in a file, without blanks and ends of lines around it; "": no file is named.

    Raises:
        Refused: "bad_secret_file": it cannot be read.
    """
    if path is None:
        return ""
    try:
        return path.read_text().strip()
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise Refused("bad_secret_file", f"{setting} {path} cannot be read: {reason}.") from None


def listed(text: str) -> list[str]:
    """What stands between commas."""
    return [word for part in text.split(",") if (word := part.strip())]
