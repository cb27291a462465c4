"""The users of a server, where they are signed in, and which launch links were used.

Rules:
- A user has one name, folded (NFKC, lower case): two that people take for one are one.
- Of a password its hash is kept (PHC string of Argon2id), of a session's secret what the server's key makes of it: who
  reads the file has neither, and a new key file ends all sessions.
- All users of a server are hosts of it, and see all its consults: a department.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, Protocol

from msgspec import Struct

from consult.model.errors import Refused

Way = Literal["password", "provider", "launch", "token"]
"""How somebody has signed in: `provider`: by the site's OpenID provider; `token`: the server's, which is nobody's."""
MAX_SIGN_INS = 64
"""Of one user at a time; one more ends the one that was not used for longest."""
USER_NAME = re.compile(r"[\w.@+-]{1,80}")
MAX_FULL_NAME = 80


class User(Struct, frozen=True):
    """Somebody who may host.

    Attributes:
        name: what they sign in with.
        full_name: as others read it.
        title: their role, as a note is signed with it ("Consultant radiologist"); "": none is known.
        subject: `ISSUER SUB` of who signs in by the OpenID provider (OpenID Connect Core 1.0, 5.7); "": nobody does.
        created_at: seconds since 1970.
        has_password: they may sign in with one.
    """

    name: str
    full_name: str
    title: str = ""
    subject: str = ""
    created_at: float = 0.0
    has_password: bool = False


class SignIn(Struct, frozen=True):
    """A browser that is signed in.

    Attributes:
        id: names it; not what opens it.
        user: name of the user; "": by the server's token.
        browser: as people call it ("Firefox, Linux").
        address: that it came from.
        began_at, used_at: seconds since 1970.
    """

    id: str
    user: str
    way: Way
    browser: str
    address: str
    began_at: float
    used_at: float


class SessionTimes(Struct, frozen=True):
    """When a session ends by itself, in seconds: after it was last used, and after it began."""

    idle_s: float
    max_s: float


class AccountStore(Protocol):
    """Users, sign-ins and used launch links; tests/contract/test_accounts.py is its meaning.

    All of it raises StoreFailed where it cannot be read or written. What changes something is stored when it returns.
    """

    async def users(self) -> list[User]:
        """All of them, by name."""

    async def user(self, name: str) -> User | None:
        """The user of that name."""

    async def user_of_subject(self, subject: str) -> User | None:
        """Who signs in by the OpenID provider as that subject."""

    async def has_passwords(self) -> bool:
        """Somebody may sign in with a password."""

    async def password_of(self, name: str) -> str:
        """The hash of a user's password; "": there is none, or no such user."""

    async def add(self, user: User, password: str = "") -> None:
        """A new user; `password`: its hash, "": none. Raises Refused: "user_exists"; StoreFailed: their subject is
        somebody else's."""

    async def describe(self, user: User) -> None:
        """What others read of a user, and the subject, are now as given. Raises StoreFailed as `add`."""

    async def set_password(self, name: str, password: str, *, but: str = "") -> None:
        """Another password, by its hash: where they are signed in they are no more, but by the session of that id.

        Raises:
            Refused: "unknown_user".
        """

    async def rehash_password(self, name: str, former: str, password: str) -> None:
        """The same password under a hash of today's strength, unless it was changed meanwhile."""

    async def remove(self, name: str) -> None:
        """A user is no more, nor signed in anywhere. Raises Refused: "unknown_user"."""

    async def begin(self, proof: str, sign_in: SignIn, times: SessionTimes) -> None:
        """Somebody is signed in, by a browser whose secret is known by that proof; what is over is forgotten."""

    async def sign_in(self, proof: str, now: float, times: SessionTimes) -> SignIn | None:
        """Whose browser it is, where that is not over: of a user that there is, or of who has the server's token."""

    async def sign_ins(self, user: str, now: float, times: SessionTimes) -> list[SignIn]:
        """Where a user is signed in, the last used first."""

    async def last_used(self) -> dict[str, float]:
        """When each user that is signed in somewhere was last here."""

    async def touch(self, session: str, now: float) -> None:
        """That session is used."""

    async def end(self, user: str, session: str) -> bool:
        """End a session of a user; whether there was one."""

    async def end_others(self, user: str, but: str) -> int:
        """End all sessions of a user but that of this id; how many."""

    async def use_launch(self, signature: str, until: float, now: float) -> bool:
        """A launch link is used, which would be valid until then; False: it was used before."""

    async def close(self) -> None:
        """Finish."""


def unknown_user(name: str) -> Refused:
    """There is no user of that name."""
    return Refused("unknown_user", f"There is no user {name!r} here.")


def user_exists(name: str) -> Refused:
    """There is a user of that name."""
    return Refused("user_exists", f"There is a user {name!r} already.")


def user_name(text: str) -> str:
    """A user's name as it is kept.

    Raises:
        Refused: "bad_user_name".
    """
    name = unicodedata.normalize("NFKC", text.strip()).casefold()
    if not USER_NAME.fullmatch(name):
        raise Refused(
            "bad_user_name", f"{text[:80]!r} is no user name: letters, digits and . _ - @ +, at most 80 of them."
        )
    return name
