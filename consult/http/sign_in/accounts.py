"""Who may sign in as a host, and who is: what the routes of signing in work with."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from consult.access.keys import Keys, same_secret
from consult.access.passwords import Passwords
from consult.clock import now
from consult.http.security.ration import Ration
from consult.store.accounts import AccountStore, SessionTimes, SignIn, User, Way

HOUR_S = 3600.0
DEFAULT_TIMES = SessionTimes(idle_s=12 * HOUR_S, max_s=7 * 24 * HOUR_S)
RENEWED_S = 60.0
"""A use of a session is noted so long after the one before, at the soonest."""


@dataclass(frozen=True)
class Browser:
    """Where somebody sits: what the browser calls itself, as people do, and from where it comes."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Accounts:
    """The users of a server, and their sessions.

    Attributes:
        keys: of the server; a session is known by what they make of its secret.
        times: when a session ends by itself.
        ration: of wrong passwords.
    """

    store: AccountStore
    keys: Keys
    times: SessionTimes = DEFAULT_TIMES
    passwords: Passwords = field(default_factory=Passwords)
    ration: Ration = field(default_factory=Ration)

    async def by_password(self, name: str, password: str) -> User | None:
        """The user of that name, where the password is theirs. Raises Refused: "too_often"."""
        kept = await self.store.password_of(name)
        if not await self.passwords.matches(kept, password):
            return None
        if self.passwords.is_outdated(kept):
            hashed = await asyncio.to_thread(self.passwords.hash, password)
            await self.store.rehash_password(name, kept, hashed)
        return await self.store.user(name)

    async def begin(self, user: str, way: Way, browser: Browser) -> str:
        """Somebody has signed in; the secret of their session. `user`: their name; "": by the token."""
        secret, at = secrets.token_urlsafe(32), now()
        sign_in = SignIn(secrets.token_urlsafe(9), user, way, browser.name, browser.address, at, at)
        await self.store.begin(self.keys.session_proof(secret), sign_in, self.times)
        return secret

    async def find(self, secret: str) -> SignIn | None:
        """The session of that secret, where it is not over."""
        return await self.store.sign_in(self.keys.session_proof(secret), now(), self.times) if secret else None

    def seconds_left(self, sign_in: SignIn) -> float:
        """How long a session goes on that is used just now."""
        return max(0.0, min(self.times.idle_s, sign_in.began_at + self.times.max_s - now()))

    async def use(self, sign_in: SignIn) -> bool:
        """A session is used; whether that is noted, so that it ends later."""
        if now() - sign_in.used_at < RENEWED_S:
            return False
        await self.store.touch(sign_in.id, now())
        return True

    def device(self, user: str) -> str:
        """What a browser is given by which a user has signed in, to be known by later."""
        name = secrets.token_urlsafe(9)
        return f"{name}.{self.keys.device_proof(user, name)}"

    def known_device(self, user: str, cookie: str) -> str:
        """Names the browser, where that user has signed in by it before; "": they have not."""
        name, _, proof = cookie.partition(".")
        return name if same_secret(proof, self.keys.device_proof(user, name)) else ""
